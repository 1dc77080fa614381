//! Confirming that it is oneself, for what only the person may do.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::Input;
use crate::{
    action::account::Status,
    domain::{Refusal, Ways},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};

/// Confirms with the password; the session goes on under a new id.
#[server(prefix = "/action", endpoint = "confirm", input = Input, output = Json)]
pub async fn confirm(password: String) -> Result<Status, Refusal> {
    use super::context::{signed_in, state, visit};
    use crate::service::confirmation;
    let who = signed_in().await?;
    confirmation::with_password(&state()?, &visit()?, who, &password).await?;
    Ok(Status { status: true })
}

/// With what one can confirm.
#[server(prefix = "/action", endpoint = "confirm/ways", input = GetUrl, output = Json)]
pub async fn ways_to_confirm() -> Result<Ways, Refusal> {
    use super::context::{signed_in, state};
    let who = signed_in().await?;
    Ok(crate::service::ways::of(&state()?, who.user.id).await?)
}
