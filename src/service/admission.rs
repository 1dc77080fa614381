//! The one gate of coming in: whoever has shown that it is them passes here, whichever way they came, and the second factor is asked for.

use crate::{
    domain::{Error, Event, Moment, Refusal, Result, SignedIn, User, Wishes},
    service::{
        AppState, address,
        audit::{self, Entry},
        device as remembered,
        entry::{self, Visit},
        proof::Proof,
        second_factor::{challenge, device},
        session::NewSession,
    },
};

/// Which way somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// With address and password.
    Password,
    /// With a passkey: it is had and unlocked, which is two factors at once.
    Passkey,
    /// Through another provider.
    Provider,
    /// By a link that was sent.
    Link,
}

impl Way {
    /// As the database writes it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::Link => "link",
        }
    }

    /// The one that the database wrote so.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Password, Self::Passkey, Self::Provider, Self::Link];
        all.into_iter().find(|way| way.word() == word)
    }

    /// Whether nothing more is asked of who came this way.
    #[must_use]
    pub const fn is_two_factors(self) -> bool {
        matches!(self, Self::Passkey)
    }
}

/// What came of it.
#[expect(
    clippy::large_enum_variant,
    reason = "it is made once and taken apart at once"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// A session has begun.
    In(SignedIn),
    /// The second factor is asked for first, at `/two-factor`. There is no session; the browser holds the challenge's cookie.
    Challenged,
}

/// Lets in somebody who has shown who they are, or asks for the second factor. Any session that the request came with ends either way. To be
/// called when everything else about the person has just been read and found right; when the session stands, it is asked whether that still
/// holds. Where addresses must be confirmed, one that is not gets another letter, and nobody in.
pub async fn admit(
    state: &AppState,
    visit: &Visit,
    user: User,
    wishes: Wishes,
    proof: Proof,
    remember: bool,
) -> Result<Entered, Refusal> {
    let way = proof.way();
    if state.config.require_verified_email && !user.email_verified {
        address::remind(state, &user).await?;
        let entry = Entry::refused(Event::SignIn, Error::EmailNotVerified.code());
        audit::record(&state.db, &visit.source, entry.of(Some(user.id))).await;
        return Err(Error::EmailNotVerified.into());
    }
    let is_asked = !way.is_two_factors() && user.two_factor_enabled;
    if is_asked && !device::is_trusted(&state.db, visit, user.id).await? {
        challenge::issue(state, visit, user.id, way, remember).await?;
        return Ok(Entered::Challenged);
    }
    challenge::give_up(&state.db, visit).await?;
    let new = NewSession {
        user,
        wishes,
        remember,
    };
    let who = welcome(state, visit, new, Some(way), Some(&proof)).await?;
    Ok(Entered::In(who))
}

/// Lets a session that has just begun go on, if what it was begun by still holds.
pub(super) async fn stay(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
    proof: &Proof,
) -> Result<SignedIn, Refusal> {
    match proof.holds(&state.db, &who.user).await {
        Ok(()) => Ok(who),
        Err(error) => Err(turned_away(state, visit, error).await),
    }
}

/// Ends the session that stands for no good reason.
async fn turned_away(state: &AppState, visit: &Visit, error: Error) -> Refusal {
    let left = entry::leave(state, visit).await;
    left.err().unwrap_or(error).into()
}

/// Begins the session of somebody who has shown everything that is asked for, and lets it go on if the proof still holds. The log says which
/// way they came, unless it is the usual one.
pub(super) async fn welcome(
    state: &AppState,
    visit: &Visit,
    new: NewSession,
    way: Option<Way>,
    proof: Option<&Proof>,
) -> Result<SignedIn, Refusal> {
    let who = entry::begin(state, visit, new).await?;
    let mut entry = Entry::done(Event::SignIn, who.user.id).through(who.session);
    if let Some(way) = way.filter(|way| *way != Way::Password) {
        entry = entry.by(way.word());
    }
    match told(state, visit, &who, entry, proof).await {
        Ok(seen) => {
            entry::greet(state, visit, &who, seen).await;
            Ok(who)
        }
        Err(error) => Err(turned_away(state, visit, error).await),
    }
}

/// Writes the entry; says when this device was last seen, if the proof still holds.
async fn told(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    entry: Entry,
    proof: Option<&Proof>,
) -> Result<Option<Moment>> {
    let mut questions = vec![remembered::last_seen(who)];
    questions.extend(proof.map(|proof| proof.question(&who.user)));
    let (db, source) = (&state.db, &visit.source);
    let answers = audit::record_and_ask(db, source, entry, questions).await?;
    if let Some(proof) = proof {
        proof.answered(answers.try_get_by_index(1)?)?;
    }
    Ok(answers.try_get_by_index(0)?)
}
