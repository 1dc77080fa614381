//! Floor 3, browser and server: what is seen.

pub mod address;
pub mod asked;
pub mod document;
pub mod form;
mod layout;
pub mod live;
pub mod loader;
mod page;
mod part;

pub use asked::{Asked, Assets, Page, RefusedForm};
pub use document::Document;
