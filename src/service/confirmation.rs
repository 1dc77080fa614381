//! Showing once more that one is oneself, while signed in: what may only be done by the person themselves asks for it.

use crate::{
    domain::{Error, Event, Password, Refusal, Result, SignedIn},
    service::{
        AppState,
        audit::{self, Entry},
        auth,
        entry::{self, Visit},
        limit,
    },
};

/// Whether this is the person's password. Every try is counted, and a wrong one stands in the log.
pub async fn check_password(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    claimed: Password,
) -> Result<(), Refusal> {
    let subject = who.user.id.to_string();
    entry::knock(state, visit, limit::CONFIRMATION, &subject).await?;
    if auth::is_password_of(&state.db, &state.hasher, who.user.id, claimed).await? {
        return Ok(());
    }
    let entry = Entry::refused(Event::Confirmed, Error::WrongPassword.code())
        .of(Some(who.user.id))
        .through(who.session);
    audit::record(&state.db, &visit.source, entry).await;
    Err(Error::WrongPassword.into())
}

/// Confirms with the password: the session goes on under a new id.
pub async fn with_password(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
    claimed: Password,
) -> Result<SignedIn, Refusal> {
    check_password(state, visit, &who, claimed).await?;
    Ok(confirm(state, visit, who).await?)
}

/// The person has shown that it is them, in whatever way: the session goes on under a new id, and is fresh.
pub async fn confirm(state: &AppState, visit: &Visit, who: SignedIn) -> Result<SignedIn> {
    let who = entry::renew(state, visit, who).await?;
    let entry = Entry::done(Event::Confirmed, who.user.id).through(who.session);
    audit::record(&state.db, &visit.source, entry).await;
    Ok(who)
}
