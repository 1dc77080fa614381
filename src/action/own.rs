//! What is done to an account by whoever gives its password once more: another password, or the end.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::{Flag, Input};
use crate::{
    action::{account::Status, auth::Entered},
    domain::{Refusal, WayIn},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The account is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deleted {
    /// Always true.
    pub success: bool,
    /// Always `User deleted`.
    pub message: String,
}

/// Sets another password. Every other session ends, whatever `revokeOtherSessions` says, and this one goes on under a new cookie and token.
#[server(prefix = "/api/auth", endpoint = "change-password", input = Input, output = Json)]
pub async fn change_password(
    #[server(rename = "currentPassword")] current_password: String,
    #[server(rename = "newPassword")] new_password: String,
    #[server(default)]
    #[server(rename = "revokeOtherSessions")]
    revoke_other_sessions: Option<Flag>,
) -> Result<Entered, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    use crate::{domain::Password, service::change_password};
    let _ = revoke_other_sessions;
    let (who, state, visit) = (signed_in().await?, state()?, visit()?);
    let chosen =
        Password::chosen(&new_password).map_err(|error| Refusal::about("newPassword", error))?;
    let after = change_password::change(&state, &visit, &who, &current_password, chosen).await?;
    let (token, _) = state.keys.first(&after)?;
    go_to("/settings/security?done=password");
    Ok(Entered {
        token: Some(token),
        user: after.user,
    })
}

/// Whether this is one's password.
#[server(prefix = "/api/auth", endpoint = "verify-password", input = Input, output = Json)]
pub async fn verify_password(password: String) -> Result<Status, Refusal> {
    use super::context::{signed_in, state, visit};
    use crate::service::confirmation;
    let who = signed_in().await?;
    confirmation::is_password(&state()?, &visit()?, &who, &password).await?;
    Ok(Status { status: true })
}

/// Deletes one's account with all that is in it. Our own page asks for the address too. A token is what the link of a letter would hold; no such
/// letter is sent, so whoever gives one means something else than what would happen.
#[server(prefix = "/api/auth", endpoint = "delete-user", input = Input, output = Json)]
pub async fn delete_user(
    #[server(default)] password: Option<String>,
    #[server(default)] email: Option<String>,
    #[server(default)] token: Option<String>,
    #[server(default)]
    #[server(rename = "callbackURL")]
    callback_url: Option<String>,
) -> Result<Deleted, Refusal> {
    use super::context::{callback, go_to, signed_in, state, visit};
    use crate::{
        domain::{Error, Next},
        service::farewell,
    };
    let (who, state) = (signed_in().await?, state()?);
    if token.is_some_and(|token| !token.is_empty()) {
        return Err(Error::InvalidDeletionToken.into());
    }
    let next = callback(&state, callback_url.as_deref())?;
    let (password, email) = (password.as_deref(), email.as_deref());
    farewell::leave(&state, &visit()?, &who, password, email).await?;
    go_to(next.as_ref().map_or("/?done=deleted", Next::as_str));
    Ok(Deleted {
        success: true,
        message: "User deleted".to_owned(),
    })
}

/// The ways of signing in to one's account.
#[server(prefix = "/api/auth", endpoint = "list-accounts", input = GetUrl, output = Json)]
pub async fn list_accounts() -> Result<Vec<WayIn>, Refusal> {
    use super::context::{signed_in, state};
    let who = signed_in().await?;
    Ok(crate::service::auth::ways_in(&state()?.db, who.user.id).await?)
}
