//! Showing once more that one is oneself, while signed in: what may only be done by the person themselves asks for it.

use crate::{
    domain::{Error, Event, Refusal, Result, SignedIn},
    service::{
        AppState,
        audit::{self, Entry},
        confirm,
        entry::{self, Visit},
    },
};

/// What only the person may do asks for this. Every password that is tried is counted, and a wrong one stands in the log.
pub async fn check(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    claimed: Option<&str>,
) -> Result<(), Refusal> {
    let verdict = confirm::required(state, visit, who, ("password", claimed)).await;
    noted(state, visit, who, verdict).await
}

async fn noted(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    verdict: Result<(), Refusal>,
) -> Result<(), Refusal> {
    if let Err(refusal) = &verdict
        && refusal.error == Error::PasswordWrong
    {
        let entry = Entry::refused(Event::Confirmed, refusal.error.code())
            .of(Some(who.user.id))
            .through(who.session);
        audit::record(&state.db, &visit.source, entry).await;
    }
    verdict
}

/// Confirms with the password: the session goes on under a new id.
pub async fn with_password(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
    claimed: &str,
) -> Result<SignedIn, Refusal> {
    let verdict = confirm::password(state, visit, &who, ("password", claimed)).await;
    noted(state, visit, &who, verdict.map(drop)).await?;
    Ok(confirmed(state, visit, who).await?)
}

/// The person has shown that it is them, in whatever way: the session goes on under a new id, and is fresh.
pub async fn confirmed(state: &AppState, visit: &Visit, who: SignedIn) -> Result<SignedIn> {
    let who = entry::renew(state, visit, who).await?;
    let entry = Entry::done(Event::Confirmed, who.user.id).through(who.session);
    audit::record(&state.db, &visit.source, entry).await;
    Ok(who)
}
