//! What makes the pages quicker: behaviours over the server's markup. Without them every form and link works all the same.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(any(test, target_arch = "wasm32"))]
mod key;
#[cfg(any(test, target_arch = "wasm32"))]
mod verdict;
#[cfg(any(test, target_arch = "wasm32"))]
mod way;

use leptos::prelude::*;

/// Starts every behaviour once it is in the browser. What it shows is a place for words that only a screen reader says.
#[island]
pub fn Live() -> impl IntoView {
    #[cfg(target_arch = "wasm32")]
    browser::start();
    view! { <p class="visually-hidden" role="status" data-said></p> }
}
