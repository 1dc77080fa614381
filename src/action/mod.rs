//! Floor 2, browser and server: the `#[server]` functions. In the browser a stub, on the server the body.

pub mod account;
pub mod address;
pub mod auth;
pub mod codec;
pub mod confirm;
#[cfg(feature = "ssr")]
pub mod context;
pub mod invitations;
pub mod own;
pub mod passkeys;
pub mod people;
pub mod provider;
pub mod second_factor;
pub mod sessions;
pub mod tasks;
pub mod tokens;

use crate::domain::{Error, Faults, Refusal};
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
                Unread::Members(names) => {
                    let mut faults = Faults::default();
                    for name in names {
                        faults.note(name, Error::Validation);
                    }
                    faults
                        .refuse()
                        .err()
                        .unwrap_or_else(|| Error::Validation.into())
                }
            },
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Error::Validation.into(),
            _ => Error::Internal.into(),
        }
    }
}
