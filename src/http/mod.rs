//! Floor 4, server only: the front door.

pub mod api;
pub mod assets;
pub mod cors;
pub mod door;
pub mod front;
pub mod limits;
pub mod page;
pub mod reply;
pub mod router;
pub mod shield;
pub mod source;

#[cfg(test)]
mod support;
