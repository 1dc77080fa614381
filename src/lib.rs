//! latchkey: a self-hosted task list with complete accounts. `ARCHITECTURE.md` shows the five floors.

pub mod action;
pub mod domain;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod service;
pub mod ui;

/// Makes the page alive. The loader calls it once the WASM is there.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
