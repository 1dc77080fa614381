//! Confirming that it is oneself, for what only the person may do.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::Input;
use crate::{action::account::Status, domain::Refusal};
use leptos::{prelude::*, server_fn::codec::Json};

/// Confirms with the password; the session goes on under a new id.
#[server(prefix = "/action", endpoint = "confirm", input = Input, output = Json)]
pub async fn confirm(password: String) -> Result<Status, Refusal> {
    use super::context::{signed_in, state, visit};
    use crate::{domain::Password, service::confirmation};
    let who = signed_in().await?;
    let claimed = Password::claimed(&password)?;
    confirmation::with_password(&state()?, &visit()?, who, claimed).await?;
    Ok(Status { status: true })
}

/// Whether this is one's password; nothing changes by it.
#[server(prefix = "/api/auth", endpoint = "verify-password", input = Input, output = Json)]
pub async fn verify_password(password: String) -> Result<Status, Refusal> {
    use super::context::{signed_in, state, visit};
    use crate::{domain::Password, service::confirmation};
    let who = signed_in().await?;
    let claimed = Password::claimed(&password)?;
    confirmation::check_password(&state()?, &visit()?, &who, claimed).await?;
    Ok(Status { status: true })
}
