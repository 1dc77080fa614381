//! Passkeys, by the names of Better Auth's plugin: added, named, listed and removed by their owner, and signed in with by whoever has one.
//!
//! The two that hand out a challenge are reads: what they ask is marked as ours and kept by the browser, and nothing is kept here.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]
#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "a server function is asynchronous, whether it waits or not"
    )
)]

use super::codec::{Flag, Input};
use crate::{
    action::account::Status,
    domain::{Passkey, PasskeyId, Refusal, SessionView, User},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Signed in with a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnteredWithPasskey {
    /// Whether the caller asked to be sent on.
    pub redirect: bool,
    /// The Bearer token (JWT, RFC 7519) for `/api/tasks`.
    pub token: String,
    /// Where to go, when the caller asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The session; its `token` is the Bearer token.
    pub session: SessionView,
    /// Who.
    pub user: User,
}

/// A passkey that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Renamed {
    /// As it is now.
    pub passkey: Passkey,
}

/// What a browser needs to make a passkey for the person who is signed in.
#[server(prefix = "/api/auth/passkey", endpoint = "generate-register-options", input = GetUrl, output = Json)]
pub async fn generate_register_options() -> Result<Value, Refusal> {
    use super::context::{freshly_signed_in, state, visit};
    let who = freshly_signed_in().await?;
    crate::service::passkey::options_to_add(&state()?, &visit()?, &who).await
}

/// Adds the passkey that the browser made.
#[server(prefix = "/api/auth/passkey", endpoint = "verify-registration", input = Input, output = Json)]
pub async fn verify_registration(
    response: Value,
    #[server(default)] name: Option<String>,
) -> Result<Passkey, Refusal> {
    use super::context::{freshly_signed_in, state, visit};
    let (who, state, visit) = (freshly_signed_in().await?, state()?, visit()?);
    let name = name.map(|name| name.parse()).transpose()?;
    crate::service::passkey::add(&state, &visit, &who, response, name).await
}

/// What a browser needs to sign in with a passkey: the same for everybody.
#[server(prefix = "/api/auth/passkey", endpoint = "generate-authenticate-options", input = GetUrl, output = Json)]
pub async fn generate_authenticate_options() -> Result<Value, Refusal> {
    use super::context::{state, visit};
    Ok(crate::service::passkey::options_to_use(
        &state()?,
        &visit()?,
    )?)
}

/// Signs in with what the browser answered. With a `callbackURL` of this site the answer says where to go.
#[server(prefix = "/api/auth/passkey", endpoint = "verify-authentication", input = Input, output = Json)]
pub async fn verify_authentication(
    response: Value,
    #[server(default)]
    #[server(rename = "rememberMe")]
    remember_me: Option<Flag>,
    #[server(default)]
    #[server(rename = "callbackURL")]
    callback_url: Option<String>,
) -> Result<EnteredWithPasskey, Refusal> {
    use super::context::{state, visit};
    use crate::{domain::Error, service::passkey};
    let (state, visit) = (state()?, visit()?);
    let callback_url = callback_url.filter(|url| !url.is_empty());
    if let Some(url) = &callback_url {
        let path = state.config.path_of(url);
        path.ok_or(Error::InvalidCallbackUrl)?;
    }
    let remember = remember_me.is_none_or(|flag| flag.0);
    let who = passkey::sign_in(&state, &visit, response, remember).await?;
    let (token, _) = state.keys.first(&who)?;
    Ok(EnteredWithPasskey {
        redirect: callback_url.is_some(),
        token: token.clone(),
        url: callback_url,
        session: SessionView::of(&who, token),
        user: who.user,
    })
}

/// One's passkeys, newest first.
#[server(prefix = "/api/auth/passkey", endpoint = "list-user-passkeys", input = GetUrl, output = Json)]
pub async fn list_user_passkeys() -> Result<Vec<Passkey>, Refusal> {
    use super::context::{signed_in, state};
    let who = signed_in().await?;
    Ok(crate::service::passkey::list(&state()?.db, who.user.id).await?)
}

/// Gives a passkey another name.
#[server(prefix = "/api/auth/passkey", endpoint = "update-passkey", input = Input, output = Json)]
pub async fn update_passkey(id: PasskeyId, name: String) -> Result<Renamed, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    use crate::service::passkey;
    let who = signed_in().await?;
    let (db, source, name) = (&state()?.db, &visit()?.source, name.parse()?);
    let passkey = passkey::rename(db, source, &who, id, &name).await?;
    go_to("/settings/security?saved=passkey-name#passkeys");
    Ok(Renamed { passkey })
}

/// Removes a passkey: from now on it opens nothing.
#[server(prefix = "/api/auth/passkey", endpoint = "delete-passkey", input = Input, output = Json)]
pub async fn delete_passkey(id: PasskeyId) -> Result<Status, Refusal> {
    use super::context::{freshly_signed_in, go_to, state, visit};
    let who = freshly_signed_in().await?;
    crate::service::passkey::remove(&state()?, &visit()?.source, &who, id).await?;
    go_to("/settings/security?saved=passkey-removed#passkeys");
    Ok(Status { status: true })
}

/// Confirms with a passkey that it is oneself, for what only the person may do; the session goes on under a new id.
#[server(prefix = "/action/passkeys", endpoint = "confirm", input = Input, output = Json)]
pub async fn confirm_with_passkey(response: Value) -> Result<Status, Refusal> {
    use super::context::{signed_in, state, visit};
    let who = signed_in().await?;
    crate::service::passkey::confirm(&state()?, &visit()?, who, response).await?;
    Ok(Status { status: true })
}
