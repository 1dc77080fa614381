//! Floor 3: what is seen. The server makes the pages; of them the browser holds nothing but `live`.

#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "ssr")]
pub mod asked;
pub mod chapter;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
mod inert;
#[cfg(feature = "ssr")]
mod layout;
pub mod live;
#[cfg(feature = "ssr")]
pub mod loader;
#[cfg(feature = "ssr")]
pub mod office;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod part;

#[cfg(feature = "ssr")]
pub use asked::{Asked, Assets, Made, Page, RefusedForm, WRITTEN};
pub use chapter::Chapter;
#[cfg(feature = "ssr")]
pub use document::Document;
#[cfg(feature = "ssr")]
pub use office::Office;
