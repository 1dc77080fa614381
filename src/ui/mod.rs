//! Floor 3, browser and server: what is seen.

pub mod asked;
pub mod live;
pub mod loader;

pub use asked::{Asked, Assets, Page, RefusedForm};
