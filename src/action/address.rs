//! One's address: shown to be one's own, used to find back in, and exchanged for another.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::{account::Status, codec::Input};
use crate::domain::{Refusal, User};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// It was done, as far as anybody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Posted {
    /// Always true.
    pub status: bool,
    /// The same for every address.
    pub message: String,
}

/// The address is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Confirmed {
    /// Always true.
    pub status: bool,
    /// The person with the new address, if it was another one that was confirmed.
    pub user: Option<User>,
}

/// Writes to this address, if it is somebody's who has not confirmed it.
#[server(prefix = "/api/auth", endpoint = "send-verification-email", input = Input, output = Json)]
pub async fn send_verification_email(
    email: String,
    #[server(default)]
    #[server(rename = "callbackURL")]
    callback_url: Option<String>,
) -> Result<Status, Refusal> {
    use super::context::{callback, go_to, state, visit};
    use crate::service::address;
    let state = state()?;
    let next = callback(&state, callback_url.as_deref())?;
    let email = email.parse()?;
    address::ask_again(&state, &visit()?, &email, next.as_ref()).await?;
    go_to("/verify-email?done=sent");
    Ok(Status { status: true })
}

/// Confirms an address with the token of a link.
#[server(prefix = "/api/auth", endpoint = "verify-email", input = Input, output = Json)]
pub async fn verify_email(
    token: String,
    #[server(default)] next: Option<String>,
) -> Result<Confirmed, Refusal> {
    use super::context::{go_to, state, visit};
    use crate::{
        domain::Next,
        service::address::{self, Proven},
    };
    let (state, visit) = (state()?, visit()?);
    let proven = address::prove(&state, &visit, &token).await?;
    let is_in = visit.who(&state).await?.is_some();
    let next = next.and_then(|path| path.parse::<Next>().ok());
    match (&next, is_in, &proven) {
        (Some(next), ..) => go_to(next.as_str()),
        (None, true, Proven::Address) => go_to("/settings?saved=verified"),
        (None, true, Proven::Change(_)) => go_to("/settings?saved=address"),
        (None, false, _) => go_to("/signin?done=verified"),
    }
    Ok(Confirmed {
        status: true,
        user: match proven {
            Proven::Address => None,
            Proven::Change(user) => Some(user),
        },
    })
}

/// Writes to this address, if it is somebody's: the letter's link opens a page where they choose a new password.
#[server(prefix = "/api/auth", endpoint = "request-password-reset", input = Input, output = Json)]
pub async fn request_password_reset(
    email: String,
    #[server(default)]
    #[server(rename = "redirectTo")]
    redirect_to: Option<String>,
) -> Result<Posted, Refusal> {
    use super::context::{go_to, state, visit};
    use crate::{domain::Error, service::address};
    let state = state()?;
    let page = match redirect_to.as_deref().filter(|url| !url.is_empty()) {
        Some(url) => {
            let path = state.config.path_of(url);
            Some(path.ok_or(Error::InvalidRedirectUrl)?)
        }
        None => None,
    };
    let email = email.parse()?;
    address::forgot(&state, &visit()?, &email, page.as_ref()).await?;
    go_to("/forgot-password?done=sent");
    Ok(Posted {
        status: true,
        message: "If there is an account with this address, a letter with a link is on its way."
            .to_owned(),
    })
}

/// Asks for another address. The letter goes there, and nothing changes before its link is opened.
#[server(prefix = "/api/auth", endpoint = "change-email", input = Input, output = Json)]
pub async fn change_email(
    #[server(rename = "newEmail")] new_email: String,
    #[server(default)]
    #[server(rename = "currentPassword")]
    current_password: Option<String>,
    #[server(default)]
    #[server(rename = "callbackURL")]
    callback_url: Option<String>,
) -> Result<Status, Refusal> {
    use super::context::{callback, go_to, signed_in, state, visit};
    use crate::{
        domain::Email,
        service::address::{self, Changed, NewAddress},
    };
    let (who, state) = (signed_in().await?, state()?);
    let next = callback(&state, callback_url.as_deref())?;
    let email: Email = new_email
        .parse()
        .map_err(|error| Refusal::about("newEmail", error))?;
    let new = NewAddress {
        email: &email,
        password: current_password.as_deref(),
        next: next.as_ref(),
    };
    match address::change(&state, &visit()?, &who, new).await? {
        Changed::Asked => go_to("/settings?saved=asked"),
        Changed::Now => go_to("/settings?saved=address"),
    }
    Ok(Status { status: true })
}
