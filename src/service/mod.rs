//! Floor 1, server only: what the house does. Nobody above can write a query.

mod entity;
mod fault;
mod foreign;
mod memory;
mod pace;

pub mod access_token;
pub mod account;
pub mod address;
pub mod audit;
pub mod auth;
pub mod change_password;
pub mod claimant;
pub mod clock;
pub mod config;
pub mod confirm;
pub mod database;
pub mod device;
pub mod entry;
pub mod farewell;
pub mod house_log;
pub mod idempotency;
pub mod import;
pub mod invitation;
pub mod key;
pub mod limit;
pub mod log;
pub mod mail;
pub mod operator;
pub mod password;
pub mod people;
pub mod seal;
pub mod session;
pub mod source;
pub mod state;
pub mod stopping;
pub mod takeout;
pub mod tasks;
pub mod token;
pub mod upkeep;
pub mod verification;

pub use config::Config;
pub use database::Database;
pub use source::Source;
pub use state::AppState;
