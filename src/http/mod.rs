//! Floor 4, server only: the front door.

pub mod api;
pub mod door;
pub mod front;
pub mod page;
pub mod reply;
pub mod router;
