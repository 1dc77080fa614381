//! Floor 4, server only: the front door.

pub mod api;
pub mod assets;
pub mod cors;
pub mod door;
pub mod front;
pub mod limits;
pub mod metrics;
pub mod page;
mod provider;
pub mod ready;
pub mod reply;
pub mod router;
pub mod serve;
pub mod shield;
pub mod source;
pub mod takeout;

#[cfg(test)]
mod support;
