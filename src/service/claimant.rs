//! Who a Bearer token says is calling. Until the database has said that the token lives, this opens nothing.

use crate::{
    domain::{AccessTokenId, Error, Event, Refusal, Result, Scope, Scopes, SessionId, UserId},
    service::{
        AppState, Database, Source, access_token,
        audit::{self, Entry},
        limit, session,
        token::Keys,
    },
};
use sea_orm::sea_query::SelectStatement;

/// The name in a token: in a JWT that we signed and whose time has come and not gone, or in an access token that lived a moment ago. Whether
/// it lives is asked in [`Claimant::admitted`], or in the same statement as the work ([`crate::service::tasks::list_as`]); the name itself is
/// not handed out before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimant {
    pub(super) user: UserId,
    bolt: Bolt,
    scopes: Scopes,
}

/// The row that a token lives by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bolt {
    Session(SessionId),
    Access(AccessTokenId),
}

/// Reads a token. For a JWT the database is not asked; an access token is nothing without its row.
pub async fn claimed(state: &AppState, token: &str) -> Result<Claimant> {
    let claimant = if token.starts_with(access_token::PREFIX) {
        let presented = access_token::present(&state.db, &state.uses, token).await?;
        Claimant {
            user: presented.user,
            bolt: Bolt::Access(presented.id),
            scopes: presented.scopes,
        }
    } else {
        signed(&state.keys, token)?
    };
    tracing::Span::current().record("user.id", tracing::field::display(claimant.user));
    Ok(claimant)
}

fn signed(keys: &Keys, token: &str) -> Result<Claimant> {
    let claims = keys.read(token)?;
    Ok(Claimant {
        user: claims.sub,
        bolt: Bolt::Session(claims.sid),
        scopes: Scopes::EVERY,
    })
}

impl Claimant {
    /// Refuses what the token was not made for.
    pub fn may(&self, scope: Scope) -> Result<(), Refusal> {
        if self.scopes.has(scope) {
            Ok(())
        } else {
            Err(Refusal::lacking(scope))
        }
    }

    /// The person, if the token still lives. A database that is away is `Unavailable`, never "not you".
    pub async fn admitted(self, db: &Database) -> Result<UserId> {
        let lives = match self.bolt {
            Bolt::Session(id) => session::is_open(db, id, self.user).await?,
            Bolt::Access(id) => access_token::is_open(db, id, self.user).await?,
        };
        if lives {
            Ok(self.user)
        } else {
            Err(Error::InvalidToken)
        }
    }

    /// Finds a row while the token lives: for a statement that does its work only then.
    pub(super) fn lives(&self) -> SelectStatement {
        match self.bolt {
            Bolt::Session(id) => session::open(id, self.user),
            Bolt::Access(id) => access_token::open(id, self.user),
        }
    }

    /// Under what this caller's requests are counted.
    #[must_use]
    pub fn counted_as(&self) -> String {
        self.user.to_string()
    }

    fn noted(&self, event: Event, error: Error) -> Entry {
        let session = match self.bolt {
            Bolt::Session(id) => Some(id),
            Bolt::Access(_) => None,
        };
        Entry {
            session,
            ..Entry::refused(event, error.code()).of(Some(self.user))
        }
    }
}

/// Writes down that a token of ours was refused, where its account is known: nobody can fill the log with tokens that we never made, and a
/// program that goes on with a dead one leaves a few lines a minute.
pub async fn note_refusal(state: &AppState, source: &Source, token: &str, error: Error) {
    let known = if token.starts_with(access_token::PREFIX) {
        let remembered = access_token::remembered(&state.db, token).await;
        remembered.map(|(id, user)| (user, Bolt::Access(id)))
    } else {
        let claims = state.keys.read_expired(token);
        claims.map(|claims| (claims.sub, Bolt::Session(claims.sid)))
    };
    if let Some((user, bolt)) = known {
        let scopes = Scopes::EVERY;
        note(
            state,
            source,
            Claimant { user, bolt, scopes },
            (Event::TokenRefused, error),
        )
        .await;
    }
}

/// Writes down that this caller was refused: a few lines a minute for each cause.
pub async fn note(
    state: &AppState,
    source: &Source,
    claimant: Claimant,
    (event, error): (Event, Error),
) {
    let whose = match claimant.bolt {
        _ if event == Event::RateLimited => claimant.counted_as(),
        Bolt::Session(id) => format!("{id}{}", error.code()),
        Bolt::Access(id) => format!("{id}{}", error.code()),
    };
    if state.limits.pace(limit::NOTED, &whose).is_ok() {
        audit::record(&state.db, source, claimant.noted(event, error)).await;
    }
}
