//! Knocking and guessing: whoever knocks too often, or was wrong too often, is refused and stands in the log.

use crate::{
    domain::{Error, Event, Refusal, Result},
    service::{
        AppState,
        audit::{self, Entry},
        auth,
        entry::Visit,
        limit::{self, Counted, Rule},
    },
};

/// Counts one more, and refuses and notes the one that is too many.
pub(super) async fn knock(
    state: &AppState,
    visit: &Visit,
    rule: Rule,
    subject: &str,
) -> Result<(), Refusal> {
    let verdict = state.limits.count(&state.db, rule, subject).await;
    noted(state, visit, (rule, subject), verdict).await
}

/// Lets somebody try what could be guessed, and counts the try if it comes to one of these `failures`. After too many of them the right answer
/// waits too.
///
/// Nothing is charged beforehand, because a hundred at once who are all right all come in. So whoever is right is asked once more whether
/// others failed meanwhile: a burst of guesses is worth no more than the limit lets through, and what was under way when it was reached.
pub async fn guarded<T>(
    state: &AppState,
    visit: &Visit,
    counted: &[Counted<'_>],
    failures: &[Error],
    attempt: impl Future<Output = Result<T, Refusal>> + Send,
) -> Result<T, Refusal> {
    still_welcome(state, visit, counted).await?;
    let outcome = attempt.await;
    match &outcome {
        Ok(_) => still_welcome(state, visit, counted).await?,
        Err(refusal) if failures.contains(&refusal.error) => {
            for &counted in counted {
                state.limits.add(&state.db, counted).await?;
            }
        }
        Err(_) => {}
    }
    outcome
}

/// Refuses and notes who was counted too often already, without counting.
async fn still_welcome(
    state: &AppState,
    visit: &Visit,
    counted: &[Counted<'_>],
) -> Result<(), Refusal> {
    let verdict = state.limits.check(&state.db, counted).await;
    match counted.first() {
        Some(&first) => noted(state, visit, first, verdict).await,
        None => verdict,
    }
}

/// A few lines a minute for each who knocks too often: whoever goes on does not fill the log.
async fn noted(
    state: &AppState,
    visit: &Visit,
    (rule, subject): Counted<'_>,
    verdict: Result<(), Refusal>,
) -> Result<(), Refusal> {
    if verdict
        .as_ref()
        .is_err_and(|refusal| refusal.error == Error::TooManyRequests)
        && state
            .limits
            .pace(limit::NOTED, &format!("{} {subject}", rule.name))
            .is_ok()
    {
        let entry = Entry::refused(Event::RateLimited, Error::TooManyRequests.code());
        let entry = whose(state, visit, (rule, subject), entry).await;
        audit::record(&state.db, &visit.source, entry).await;
    }
    verdict
}

/// The entry of whom it is about: the owner of the address that is guessed at, else whoever is signed in. Who that is not known keeps nothing
/// from being written.
async fn whose(
    state: &AppState,
    visit: &Visit,
    (rule, subject): Counted<'_>,
    entry: Entry,
) -> Entry {
    if rule.name == limit::SIGN_IN_FAILURES.name {
        let owner = auth::person_of_key(&state.db, subject).await;
        return entry.of(owner.ok().flatten().map(|person| person.id));
    }
    match visit.who(state).await {
        Ok(Some(who)) => entry.of(Some(who.user.id)).through(who.session),
        Ok(None) | Err(_) => entry,
    }
}
