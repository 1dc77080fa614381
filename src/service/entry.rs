//! Coming in and going out: limits, account, session and log in one order, whichever door it is.

use crate::{
    domain::{
        Email, Error, Event, Moment, Next, Password, Refusal, Result, SignedIn, User, UserId,
    },
    service::{
        AppState, Source, address,
        audit::{self, Entry},
        auth::{self, NewAccount, Welcome},
        clock, device, invitation, limit,
        pocket::Pocket,
        second_factor::challenge,
        session::{self, NewSession},
    },
};
use tower_sessions::Session;
use uuid::Uuid;

pub use super::{
    admission::{Entered, Way, admit},
    guard::guarded,
    proof::Proof,
};

pub(super) use super::{admission::stay, guard::knock};

/// One request's side of the door: its cookies, and where it came from.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The session's cookie; nothing is read until somebody asks.
    pub cookie: Session,
    /// The small cookies beside it.
    pub pocket: Pocket,
    /// From where the request came.
    pub source: Source,
}

impl Visit {
    /// Who is signed in, if anybody is. The request's log line names them.
    pub async fn who(&self, state: &AppState) -> Result<Option<SignedIn>> {
        let who = session::by_cookie(&self.cookie, &state.config).await?;
        if let Some(who) = &who {
            tracing::Span::current().record("user.id", tracing::field::display(who.user.id));
        }
        Ok(who)
    }
}

/// What came of signing up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Newcomer {
    /// A session has begun.
    In(SignedIn),
    /// The address is to be confirmed first. Whoever signs up with one that is taken gets the same answer, and is nobody.
    Awaited(User),
}

/// What a newcomer wants besides the account.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Whether the session's cookie outlives the browser.
    pub remember: bool,
    /// Where the letter's link leads afterwards.
    pub next: Option<&'a Next>,
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Self {
            remember: true,
            next: None,
        }
    }
}

/// Makes an account where anybody may, by an invitation, or as the first person of all; and signs in to it, unless the address is to be
/// confirmed first.
pub async fn sign_up(
    state: &AppState,
    visit: &Visit,
    new: NewAccount,
    invitation: Option<&str>,
    wanted: Wanted<'_>,
) -> Result<Newcomer, Refusal> {
    let invitation = invitation.map(invitation::digest);
    let admission = invitation::admission(state, visit, &new.email, invitation.as_deref()).await?;
    let key = new.email.key().to_owned();
    knock(
        state,
        visit,
        limit::SIGN_UP_FROM,
        &limit::network(&visit.source),
    )
    .await?;
    knock(state, visit, limit::SIGN_UP, &key).await?;
    let email = new.email.clone();
    let is_required = state.config.require_verified_email;
    let stand_in = is_required.then(|| nobody(&new));
    let welcome = Welcome {
        desk: &state.mail,
        next: wanted.next,
    };
    let (db, hasher, source) = (&state.db, &state.hasher, &visit.source);
    let made = auth::sign_up_with(db, hasher, source, new, admission, Some(welcome)).await;
    match (made, stand_in) {
        (Ok((user, _)), Some(_)) => {
            let entry = Entry::done(Event::SignUp, user.id);
            auth::signed_up(db, source, entry, admission).await;
            Ok(Newcomer::Awaited(user))
        }
        (Err(Error::EmailTaken), Some(nobody)) => {
            address::tell_owner(state, &email).await?;
            Ok(Newcomer::Awaited(nobody))
        }
        (Ok((user, wishes)), None) => {
            let entry = Entry::done(Event::SignUp, user.id);
            let new = NewSession {
                user,
                wishes,
                remember: wanted.remember,
            };
            let begun = first(state, visit, new).await;
            // The account stands, whatever became of its first session.
            let session = begun.as_ref().ok().map(|who| who.session);
            auth::signed_up(db, source, Entry { session, ..entry }, admission).await;
            let who = begun?;
            greet(state, visit, &who, None).await;
            Ok(Newcomer::In(who))
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// Begins the first session of a new account.
async fn first(state: &AppState, visit: &Visit, new: NewSession) -> Result<SignedIn> {
    challenge::give_up(&state.db, visit).await?;
    begin(state, visit, new).await
}

/// Who would be made of this, if the address were free.
fn nobody(new: &NewAccount) -> User {
    let now = clock::now();
    User {
        id: UserId(Uuid::now_v7()),
        name: new.name.as_str().to_owned(),
        email: new.email.as_str().to_owned(),
        email_verified: false,
        image: None,
        two_factor_enabled: false,
        created_at: now,
        updated_at: now,
    }
}

/// Begins a session. The one that the request came with ends, and its owner's log says so.
pub(super) async fn begin(state: &AppState, visit: &Visit, new: NewSession) -> Result<SignedIn> {
    let before = session::by_cookie(&visit.cookie, &state.config).await?;
    let who = session::begin(&visit.cookie, &state.config, &visit.source, new).await?;
    replaced(state, visit, before).await;
    Ok(who)
}

/// Remembers the device. Who is signed in stays signed in, whether that could be done or not: why not, the log says already.
pub(super) async fn greet(state: &AppState, visit: &Visit, who: &SignedIn, seen: Option<Moment>) {
    let _ = device::greet(state, &visit.source, who, seen).await;
}

/// Ends the session that the request came with, because something else takes its place.
pub(super) async fn leave(state: &AppState, visit: &Visit) -> Result<()> {
    let before = session::by_cookie(&visit.cookie, &state.config).await?;
    session::end_by_cookie(&visit.cookie).await?;
    replaced(state, visit, before).await;
    Ok(())
}

async fn replaced(state: &AppState, visit: &Visit, before: Option<SignedIn>) {
    if let Some(before) = before {
        let entry = Entry::done(Event::SessionRevoked, before.user.id).through(before.session);
        audit::record(&state.db, &visit.source, entry).await;
    }
}

/// The same session for the same person under a new id, confirmed now: the old cookie and every token of it are dead. One that was
/// ended meanwhile stays ended.
pub(super) async fn renew(state: &AppState, visit: &Visit, who: SignedIn) -> Result<SignedIn> {
    let (cookie, config, source) = (&visit.cookie, &state.config, &visit.source);
    session::renew(&state.db, cookie, config, source, who).await
}

/// Signs in, if address and password belong together; who has a second factor is asked for it first.
///
/// Failures are counted by address, whether it has an account or not, and by network; the owner's live sessions are never touched.
pub async fn sign_in(
    state: &AppState,
    visit: &Visit,
    email: &Email,
    claimed: Password,
    remember: bool,
) -> Result<Entered, Refusal> {
    let network = limit::network(&visit.source);
    knock(state, visit, limit::SIGN_IN_FROM, &network).await?;
    let counted = [
        (limit::SIGN_IN_FAILURES, email.key()),
        (limit::SIGN_IN_FAILURES_FROM, network.as_str()),
    ];
    let attempt = async {
        let (db, hasher, source) = (&state.db, &state.hasher, &visit.source);
        Ok(auth::sign_in(db, hasher, source, email, claimed).await?)
    };
    let failures = [Error::InvalidCredentials];
    let known = guarded(state, visit, &counted, &failures, attempt).await?;
    let (user, wishes, proof) = (known.user, known.wishes, Proof::Password(known.hash));
    admit(state, visit, user, wishes, proof, remember).await
}

/// Ends the session of this visit, and with it every token that names it. Without one there is nothing to do, and that is fine.
pub async fn sign_out(state: &AppState, visit: &Visit) -> Result<(), Refusal> {
    let who = visit.who(state).await?;
    session::end_by_cookie(&visit.cookie).await?;
    if let Some(who) = who {
        audit::record(
            &state.db,
            &visit.source,
            Entry::done(Event::SignOut, who.user.id).through(who.session),
        )
        .await;
    }
    Ok(())
}

/// A Bearer token for this session, and when it ends.
pub async fn token(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
) -> Result<(String, Moment), Refusal> {
    knock(state, visit, limit::TOKEN, &who.session.to_string()).await?;
    let made = state.keys.issue(who)?;
    audit::record(
        &state.db,
        &visit.source,
        Entry::done(Event::TokenCreated, who.user.id).through(who.session),
    )
    .await;
    Ok(made)
}
