//! The second step of signing in, and the same code as a confirmation of who is signed in.

use super::{
    challenge::{self, Waiting},
    device,
    guess::{self, Given},
};
use crate::{
    domain::{Error, Event, Refusal, Result, SessionId, SignedIn, User, UserId, Wishes},
    service::{
        AppState, Database,
        admission::welcome,
        audit::{self, Entry},
        confirmation,
        entity::user,
        entry::{self, Visit},
        limit,
        session::{NewSession, seen, wishes},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// What is said of a wrong code, and of one that comes after too many.
const WRONG: [Error; 4] = [
    Error::InvalidCode,
    Error::InvalidRecoveryCode,
    Error::TooManyAttempts,
    Error::TemporarilyLocked,
];

/// Whether a sign-in waits in this browser.
pub async fn is_waited_for(db: &Database, visit: &Visit) -> Result<bool> {
    Ok(challenge::waiting(db, visit).await?.is_some())
}

/// Finishes the sign-in that waits in this browser; from then on the browser is trusted, if that is wanted.
pub async fn pass(
    state: &AppState,
    visit: &Visit,
    given: &Given,
    is_trusted: bool,
) -> Result<SignedIn, Refusal> {
    let (waiting, user, wishes) = checked(state, visit, given).await?;
    let new = NewSession {
        user,
        wishes,
        remember: waiting.remember,
    };
    let who = welcome(state, visit, new, waiting.way, None).await?;
    if let Err(refusal) = finished(state, visit, &waiting, is_trusted).await {
        entry::leave(state, visit).await?;
        return Err(refusal);
    }
    Ok(who)
}

/// Ends the waiting, now that the session stands, and trusts the browser along with it. Whoever changes the password or the second factor, or
/// shuts the account, voids what waits and ends the sessions there are: this one may have begun a moment later, and then nothing waits here
/// any more.
async fn finished(
    state: &AppState,
    visit: &Visit,
    waiting: &Waiting,
    is_trusted: bool,
) -> Result<(), Refusal> {
    let both = state.db.transaction().await?;
    challenge::finish(&both, visit, &waiting.hash).await?;
    if is_trusted {
        device::trust(&both, visit, waiting.user).await?;
    }
    both.commit().await?;
    if is_trusted {
        let entry = Entry::done(Event::DeviceTrusted, waiting.user);
        audit::record(&state.db, &visit.source, entry).await;
    }
    Ok(())
}

/// Ends the sign-in that waits in this browser with the right code, and begins no session.
pub async fn prove(state: &AppState, visit: &Visit, given: &Given) -> Result<User, Refusal> {
    let (waiting, user, _) = checked(state, visit, given).await?;
    challenge::finish(state.db.write(), visit, &waiting.hash).await?;
    Ok(user)
}

/// The sign-in that waits, now that the code is right, and whose it is.
async fn checked(
    state: &AppState,
    visit: &Visit,
    given: &Given,
) -> Result<(Waiting, User, Wishes), Refusal> {
    let attempt = Box::pin(async {
        let waiting = challenge::waiting(&state.db, visit).await?;
        let waiting = waiting.ok_or(Error::InvalidChallenge)?;
        let outcome = guess::check(state, waiting.user, Some(&waiting.hash), given).await;
        told(state, visit, (waiting.user, None), given, outcome).await?;
        Ok(waiting)
    });
    let waiting = guarded(state, visit, attempt).await?;
    let (user, wishes) = person(&state.db, waiting.user).await?;
    Ok((waiting, user, wishes))
}

/// Lets somebody try a code, unless their network gave too many wrong ones. By person and by challenge a try is charged before.
async fn guarded<T>(
    state: &AppState,
    visit: &Visit,
    attempt: impl Future<Output = Result<T, Refusal>> + Send,
) -> Result<T, Refusal> {
    let network = limit::network(&visit.source);
    let counted = [(limit::SECOND_FACTOR_FAILURES_FROM, network.as_str())];
    entry::guarded(state, visit, &counted, &WRONG, attempt).await
}

/// Confirms with a code that it is the person who is signed in: the session goes on under a new id.
pub async fn confirm(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
    given: &Given,
) -> Result<SignedIn, Refusal> {
    let attempt = Box::pin(async {
        if !who.user.two_factor_enabled {
            return Err(Error::TwoFactorNotEnabled.into());
        }
        let outcome = guess::check(state, who.user.id, None, given).await;
        let whose = (who.user.id, Some(who.session));
        told(state, visit, whose, given, outcome).await
    });
    guarded(state, visit, attempt).await?;
    confirmation::confirmed(state, visit, who, None).await
}

/// Writes down what came of a try.
async fn told(
    state: &AppState,
    visit: &Visit,
    (user, session): (UserId, Option<SessionId>),
    given: &Given,
    outcome: Result<(), Refusal>,
) -> Result<(), Refusal> {
    let by = |entry: Entry| Entry { session, ..entry };
    let Err(refusal) = outcome else {
        if matches!(given, Given::Recovery(_)) {
            let entry = by(Entry::done(Event::RecoveryCodeUsed, user));
            audit::record(&state.db, &visit.source, entry).await;
        }
        return Ok(());
    };
    if WRONG.contains(&refusal.error) {
        let entry = Entry::refused(Event::SecondFactorFailed, refusal.error.code()).of(Some(user));
        audit::record(&state.db, &visit.source, by(entry)).await;
    }
    Err(refusal)
}

/// The person, if they may come in.
async fn person(db: &Database, id: UserId) -> Result<(User, Wishes)> {
    let found = user::Entity::find_by_id(id)
        .filter(user::Column::DisabledAt.is_null())
        .one(db.read())
        .await?;
    let person = found.ok_or(Error::InvalidChallenge)?;
    let wishes = wishes(&person);
    Ok((seen(person), wishes))
}
