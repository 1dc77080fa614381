//! Floor 4, server only: the front door.

pub mod api;
pub mod reply;
