//! Floor 2, browser and server: the `#[server]` functions. In the browser a stub, on the server the body.

pub mod account;
pub mod auth;
pub mod codec;
#[cfg(feature = "ssr")]
pub mod context;
pub mod tasks;
pub mod tokens;

use crate::domain::{Error, Refusal};
use codec::Unread;
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// What went wrong on the way becomes a row of the table too; `server_fn`'s own words stay behind.
impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Deserialization(text) => match Unread::from_text(&text) {
                Unread::Syntax => Error::Malformed.into(),
                Unread::Member(name) => Self::about(name, Error::Validation),
            },
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Error::Validation.into(),
            _ => Error::Internal.into(),
        }
    }
}
