//! Showing once more that one is oneself, while signed in: what may only be done by the person themselves asks for it.

use crate::{
    domain::{Error, Event, Refusal, Result, SignedIn},
    service::{
        AppState,
        audit::{self, Entry},
        confirm,
        entry::{self, Proof, Visit},
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

async fn noted<T>(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    verdict: Result<T, Refusal>,
) -> Result<T, Refusal> {
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

/// Whether this is the person's password. A wrong one stands in the log, and nothing else comes of it.
pub async fn is_password(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    claimed: &str,
) -> Result<(), Refusal> {
    let verdict = confirm::password(state, visit, who, ("password", claimed)).await;
    noted(state, visit, who, verdict).await.map(drop)
}

/// Confirms with the password: the session goes on under a new id.
pub async fn with_password(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
    claimed: &str,
) -> Result<SignedIn, Refusal> {
    let verdict = confirm::password(state, visit, &who, ("password", claimed)).await;
    let hash = noted(state, visit, &who, verdict).await?;
    confirmed(state, visit, who, Some(Proof::Password(hash))).await
}

/// The person has shown that it is them, in whatever way: the session goes on under a new id, and is fresh. What they have shown it by, where it
/// is more than a code that is used up, is looked at again when that stands.
pub async fn confirmed(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
    proof: Option<Proof>,
) -> Result<SignedIn, Refusal> {
    let who = entry::renew(state, visit, who).await?;
    let entry = Entry::done(Event::Confirmed, who.user.id).through(who.session);
    audit::record(&state.db, &visit.source, entry).await;
    match proof {
        Some(proof) => entry::stay(state, visit, who, &proof).await,
        None => Ok(who),
    }
}
