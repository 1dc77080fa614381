//! What a server function's body stands on: the house, and who called.

use crate::{
    domain::{Error, Refusal, SignedIn},
    service::{AppState, entry::Visit},
};
use http::request::Parts;
use leptos::prelude::use_context;

/// The house.
pub fn state() -> Result<AppState, Refusal> {
    use_context::<AppState>().ok_or_else(missing)
}

/// The caller's side: cookie and source. The session layer put it into the request.
pub fn visit() -> Result<Visit, Refusal> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Visit>().cloned())
        .ok_or_else(missing)
}

/// The person who calls. Every function that is not for strangers begins with this.
pub async fn signed_in() -> Result<SignedIn, Refusal> {
    let (state, visit) = (state()?, visit()?);
    Ok(visit.who(&state).await?.ok_or(Error::Unauthorized)?)
}

fn missing() -> Refusal {
    tracing::error!("a server function was called without its context");
    Error::Internal.into()
}
