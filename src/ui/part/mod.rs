//! The parts that pages are made of.

pub mod alert;
pub mod chapters;
pub mod check;
pub mod choice;
pub mod code;
pub mod due;
pub mod edit;
pub mod empty;
pub mod field;
pub mod find;
pub mod gap;
pub mod group;
pub mod icon;
pub mod kept;
pub mod log;
pub mod more;
pub mod news;
pub mod pager;
pub mod passkey;
pub mod password;
pub mod provider;
pub mod qr;
pub mod quick;
pub mod reader;
#[cfg(test)]
pub mod sample;
pub mod secret;
pub mod stand;
pub mod task;
pub mod toast;
pub mod unconfirmed;
