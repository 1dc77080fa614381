//! What pages have in common.

pub mod house;
pub mod sheet;
