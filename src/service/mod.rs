//! Floor 1, server only: what the house does. Nobody above can write a query.

mod entity;

pub mod config;
pub mod log;
pub mod source;

pub use config::Config;
pub use source::Source;
