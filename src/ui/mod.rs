//! Floor 3, browser and server: what is seen.

pub mod asked;

pub use asked::{Asked, Assets, Page, RefusedForm};
