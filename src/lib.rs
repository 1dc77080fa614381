//! latchkey: a self-hosted task list with complete accounts. `ARCHITECTURE.md` shows the five floors.

pub mod action;
pub mod domain;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod service;
pub mod ui;
