//! Floor 4, server only: the front door.

pub mod api;
pub mod assets;
pub mod cors;
pub mod limits;
pub mod metrics;
pub mod reply;
pub mod serve;
pub mod shield;
pub mod source;

#[cfg(test)]
mod support;
