//! Floor 4, server only: the front door.

pub mod api;
pub mod assets;
pub mod cors;
pub mod limits;
pub mod reply;
pub mod shield;
pub mod source;

#[cfg(test)]
mod support;
