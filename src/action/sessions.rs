//! One's own sessions, and the devices they began on.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::Input;
use crate::{
    action::account::Status,
    domain::{ListedSession, NewDevice, Refusal},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};

/// Where one is signed in: here first.
#[server(prefix = "/api/auth", endpoint = "list-sessions", input = GetUrl, output = Json)]
pub async fn list_sessions() -> Result<Vec<ListedSession>, Refusal> {
    use super::context::{signed_in, state};
    let who = signed_in().await?;
    Ok(crate::service::session::list(&state()?.db, &who).await?)
}

/// Ends one session. What is no session of one's own gets the same answer, and is left alone.
#[server(prefix = "/api/auth", endpoint = "revoke-session", input = Input, output = Json)]
pub async fn revoke_session(token: String) -> Result<Status, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    let who = signed_in().await?;
    let was_here = crate::service::session::revoke(&state()?, &visit()?, &who, &token).await?;
    go_to(if was_here {
        "/signin?done=signed-out"
    } else {
        "/settings/sessions?done=ended"
    });
    Ok(Status { status: true })
}

/// Ends every session but this one.
#[server(prefix = "/api/auth", endpoint = "revoke-other-sessions", input = Input, output = Json)]
pub async fn revoke_other_sessions() -> Result<Status, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    let who = signed_in().await?;
    crate::service::session::revoke_others(&state()?, &visit()?, &who).await?;
    go_to("/settings/sessions?done=others-ended");
    Ok(Status { status: true })
}

/// Ends every session, this one too.
#[server(prefix = "/api/auth", endpoint = "revoke-sessions", input = Input, output = Json)]
pub async fn revoke_sessions() -> Result<Status, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    let who = signed_in().await?;
    crate::service::session::revoke_every(&state()?, &visit()?, &who).await?;
    go_to("/signin?done=signed-out-everywhere");
    Ok(Status { status: true })
}

/// A device that somebody signed in from for the first time, while one has not said whether that was oneself.
#[server(prefix = "/action", endpoint = "devices/news", input = GetUrl, output = Json)]
pub async fn device_news() -> Result<Option<NewDevice>, Refusal> {
    use super::context::{signed_in, state};
    let who = signed_in().await?;
    Ok(crate::service::device::news(&state()?.db, &who).await?)
}

/// That was me.
#[server(prefix = "/action", endpoint = "devices/accept", input = Input, output = Json)]
pub async fn accept_device(device: String) -> Result<Status, Refusal> {
    use super::context::{go_to, signed_in, state};
    let who = signed_in().await?;
    crate::service::device::accept(&state()?.db, &who, &device).await?;
    go_to("/dashboard");
    Ok(Status { status: true })
}

/// That was not me: what was opened from it is shut.
#[server(prefix = "/action", endpoint = "devices/deny", input = Input, output = Json)]
pub async fn deny_device(device: String) -> Result<Status, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    let who = signed_in().await?;
    crate::service::device::deny(&state()?, &visit()?, &who, &device).await?;
    go_to("/settings/security?done=denied");
    Ok(Status { status: true })
}
