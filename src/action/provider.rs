//! Coming in with the identity provider, and connecting one's account with it. The way back is no function: `http::provider` takes it.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::{account::Status, codec::Input};
use crate::domain::{Connection, PendingLink, Refusal};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where to send the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Departure {
    /// The provider's address.
    pub url: String,
    /// Always true.
    pub redirect: bool,
}

#[cfg(feature = "ssr")]
fn depart(leaving: crate::service::provider::Leaving) -> Result<Departure, Refusal> {
    let is_https = super::context::state()?.config.is_https();
    super::context::give(leaving.ticket.given(is_https));
    Ok(Departure {
        url: leaving.address,
        redirect: true,
    })
}

#[cfg(feature = "ssr")]
fn ticket() -> Result<Option<crate::service::provider::Ticket>, Refusal> {
    let is_https = super::context::state()?.config.is_https();
    let parts = use_context::<http::request::Parts>();
    Ok(parts.and_then(|parts| crate::service::provider::Ticket::held(&parts.headers, is_https)))
}

/// Sends a browser to the provider, to come in and go on to `callbackURL`; with an `invitation`, to make an account by it.
#[server(prefix = "/api/auth", endpoint = "sign-in/oauth2", input = Input, output = Json)]
pub async fn sign_in_with_provider(
    #[server(rename = "providerId")] provider_id: String,
    #[server(default)]
    #[server(rename = "callbackURL")]
    callback_url: Option<String>,
    #[server(default)] next: Option<String>,
    #[server(default)] invitation: Option<String>,
) -> Result<Departure, Refusal> {
    use super::context::{state, visit};
    use crate::{
        domain::{Error, Next},
        service::provider,
    };
    let state = state()?;
    let next = match callback_url.filter(|url| !url.is_empty()) {
        Some(url) => state
            .config
            .path_of(&url)
            .ok_or(Error::InvalidCallbackUrl)?,
        None => Next::or_home(next.as_deref()),
    };
    let invitation = invitation.as_deref().filter(|token| !token.is_empty());
    let visit = visit()?;
    depart(provider::leave_to_sign_in(&state, &visit, &provider_id, invitation, next).await?)
}

/// Sends a browser to the provider, to confirm that it is still oneself, and go on to `next`.
#[server(prefix = "/action", endpoint = "provider/confirm", input = Input, output = Json)]
pub async fn confirm_with_provider(
    #[server(rename = "providerId")] provider_id: String,
    #[server(default)] next: Option<String>,
) -> Result<Departure, Refusal> {
    use super::context::{signed_in, state, visit};
    use crate::{domain::Next, service::provider};
    let (who, state, visit) = (signed_in().await?, state()?, visit()?);
    let next = Next::or_home(next.as_deref());
    depart(provider::leave_to_confirm(&state, &visit, &provider_id, &who, next).await?)
}

/// Sends a browser to the provider, to connect one's account with it.
#[server(prefix = "/api/auth", endpoint = "oauth2/link", input = Input, output = Json)]
pub async fn link_provider(
    #[server(rename = "providerId")] provider_id: String,
) -> Result<Departure, Refusal> {
    use super::context::{freshly_signed_in, state, visit};
    use crate::service::provider;
    let who = freshly_signed_in().await?;
    depart(provider::leave_to_connect(&state()?, &visit()?, &provider_id, &who).await?)
}

/// Disconnects one's account from the provider, unless that is the only way in.
#[server(prefix = "/api/auth", endpoint = "unlink-account", input = Input, output = Json)]
pub async fn unlink_provider(
    #[server(rename = "providerId")] provider_id: String,
) -> Result<Status, Refusal> {
    use super::context::{freshly_signed_in, go_to, state, visit};
    use crate::service::provider;
    let who = freshly_signed_in().await?;
    provider::disconnect(&state()?, &visit()?, &provider_id, &who).await?;
    go_to("/settings/security?provider=disconnected#provider");
    Ok(Status { status: true })
}

/// Whether one's account is connected with the provider, where there is one.
#[server(prefix = "/action", endpoint = "provider/connection", input = GetUrl, output = Json)]
pub async fn provider_connection() -> Result<Option<Connection>, Refusal> {
    use super::context::{signed_in, state};
    let who = signed_in().await?;
    Ok(crate::service::provider::connection(&state()?, &who).await?)
}

/// The account that waits for this browser to show that it is theirs.
#[server(prefix = "/action", endpoint = "provider/pending", input = GetUrl, output = Json)]
pub async fn link_in_waiting() -> Result<Option<PendingLink>, Refusal> {
    use super::context::{state, visit};
    Ok(crate::service::provider::pending(&state()?, &visit()?, ticket()?.as_ref()).await?)
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    /// Whether it is connected; else the second factor is asked for first.
    pub connected: bool,
}

/// Connects the account that waits, when its password is right.
#[server(prefix = "/action", endpoint = "provider/prove", input = Input, output = Json)]
pub async fn prove_link(#[server(default)] password: Option<String>) -> Result<Proved, Refusal> {
    use super::context::{give, go_to, state, visit};
    use crate::{
        domain::Password,
        service::provider::{self, Proven, Ticket},
    };
    let state = state()?;
    let claimed = password.as_deref().map(Password::claimed).transpose()?;
    let done = provider::prove(&state, &visit()?, ticket()?.as_ref(), claimed).await?;
    match &done {
        Proven::Connected(next) => {
            give(Ticket::taken(state.config.is_https()));
            go_to(next.as_str());
        }
        Proven::Challenged => go_to("/two-factor?next=%2Flink"),
    }
    Ok(Proved {
        connected: matches!(done, Proven::Connected(_)),
    })
}
