//! Who a Bearer token says is calling. Until the database has said that the session lives, this opens nothing.

use crate::{
    domain::{Error, Event, Result, SessionId, UserId},
    service::{
        AppState, Database, Source,
        audit::{self, Entry},
        limit, session,
        token::Keys,
    },
};

/// The name in a token that we signed and whose time has come and not gone. Whether its session lives is asked in [`Claimant::admitted`],
/// or in the same statement as the work ([`crate::service::tasks::list_as`]); the name itself is not handed out before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimant {
    pub(super) user: UserId,
    pub(super) session: SessionId,
}

/// Reads a token; the database is not asked.
pub fn claimed(keys: &Keys, token: &str) -> Result<Claimant> {
    let claims = keys.read(token)?;
    tracing::Span::current().record("user.id", tracing::field::display(claims.sub));
    Ok(Claimant {
        user: claims.sub,
        session: claims.sid,
    })
}

impl Claimant {
    /// The person and the session, if the session lives. A database that is away is `Unavailable`, never "not you".
    pub async fn admitted(self, db: &Database) -> Result<(UserId, SessionId)> {
        if session::is_open(db, self.session, self.user).await? {
            Ok((self.user, self.session))
        } else {
            Err(Error::InvalidToken)
        }
    }

    /// Under what this caller's requests are counted.
    #[must_use]
    pub fn counted_as(&self) -> String {
        self.user.to_string()
    }
}

/// Writes down that a token of ours was refused, where its account is known: nobody can fill the log with tokens that we never signed, and a
/// program that goes on with a dead one leaves a few lines a minute.
pub async fn note_refusal(state: &AppState, source: &Source, token: &str, error: Error) {
    let Some(claims) = state.keys.read_expired(token) else {
        return;
    };
    let subject = format!("{}{}", claims.sid, error.code());
    if state.limits.pace(limit::NOTED, &subject).is_ok() {
        let entry = Entry::refused(Event::TokenRefused, error.code())
            .of(Some(claims.sub))
            .through(claims.sid);
        audit::record(&state.db, source, entry).await;
    }
}

/// Writes down that this caller asks too often.
pub async fn note_haste(state: &AppState, source: &Source, claimant: Claimant) {
    if state
        .limits
        .pace(limit::NOTED, &claimant.counted_as())
        .is_ok()
    {
        let entry = Entry::refused(Event::RateLimited, Error::TooManyRequests.code())
            .of(Some(claimant.user))
            .through(claimant.session);
        audit::record(&state.db, source, entry).await;
    }
}
