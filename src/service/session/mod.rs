//! Sessions: one row a sign-in, the bolt of both doors. tower-sessions carries the cookie; `table` is the only file that knows its keys.

mod own;
mod person;
mod rows;
mod table;

pub(super) use own::end_some;
pub use own::{list, revoke, revoke_every, revoke_others};
pub(super) use person::{seen, wishes};
pub(super) use rows::open;
pub use rows::{end_all, end_belated, is_open, sweep};
pub use table::SessionTable;

use crate::{
    domain::{Error, Moment, Result, Role, SessionId, SignedIn, User, Wishes},
    service::{Config, Database, Source, clock},
};
use tower_sessions::{Expiry, Session, session_store};
use uuid::Uuid;

/// What the cookie's record holds under its one key.
const SIGNED_IN: &str = "signed_in";
/// What it holds besides when the row stands already: the id that the cookie is to have.
const STANDS_AS: &str = "stands_as";
/// A session that is used is renewed this often at most, so that reading pages does not write.
const RENEWED_EVERY: i64 = 24 * 60 * 60;
/// Without "keep me signed in" it ends then, however much it is used.
const SHORT_TTL: i64 = 24 * 60 * 60;
/// With it, then.
const LONGEST: i64 = 30 * 24 * 60 * 60;

/// What a new session is made of.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Who signs in.
    pub user: User,
    /// How they like their pages.
    pub wishes: Wishes,
    /// Whether the cookie outlives the browser.
    pub remember: bool,
}

/// Begins a session under a new id, and ends the one that the request came with.
pub async fn begin(
    cookie: &Session,
    config: &Config,
    source: &Source,
    new: NewSession,
) -> Result<SignedIn> {
    if cookie.id().is_some() {
        cookie.flush().await.map_err(fault)?;
    }
    let now = clock::now();
    let who = SignedIn {
        user: new.user,
        wishes: new.wishes,
        // What the row says counts from the next request on.
        role: Role::default(),
        session: SessionId(Uuid::now_v7()),
        expires_at: end(config, new.remember, now, now),
        created_at: now,
        updated_at: now,
        remember: new.remember,
        confirmed_at: now,
        ip_address: source.address_text(),
        user_agent: source.user_agent.clone(),
    };
    write(cookie, &who, now).await?;
    cookie.save().await.map_err(fault)?;
    Ok(who)
}

/// Goes on with a session under a new id, confirmed now. One that was ended meanwhile stays ended, and the cookie is left as it is.
pub(super) async fn renew(
    db: &Database,
    cookie: &Session,
    config: &Config,
    source: &Source,
    before: SignedIn,
) -> Result<SignedIn> {
    let (now, ended) = (clock::now(), before.session);
    let who = SignedIn {
        session: SessionId(Uuid::now_v7()),
        expires_at: end(config, before.remember, now, now),
        created_at: now,
        updated_at: now,
        confirmed_at: now,
        ip_address: source.address_text(),
        user_agent: source.user_agent.clone(),
        ..before
    };
    let id = table::replace(db, ended, &who).await?;
    cookie.flush().await.map_err(fault)?;
    write(cookie, &who, now).await?;
    let stands_as = id.to_string();
    cookie.insert(STANDS_AS, stands_as).await.map_err(fault)?;
    cookie.save().await.map_err(fault)?;
    Ok(who)
}

/// Who is signed in with this cookie, if anybody is. Renews the session when it was used and not renewed for a day, or for half
/// of a life that is shorter than two.
pub async fn by_cookie(cookie: &Session, config: &Config) -> Result<Option<SignedIn>> {
    let Some(mut who) = cookie.get::<SignedIn>(SIGNED_IN).await.map_err(fault)? else {
        return Ok(None);
    };
    let now = clock::now();
    let every = RENEWED_EVERY.min(config.session_ttl / 2);
    let end = end(config, who.remember, who.created_at, now);
    if who.updated_at.plus_seconds(every) <= now && end != who.expires_at {
        who.updated_at = now;
        who.expires_at = end;
        write(cookie, &who, now).await?;
    }
    Ok(Some(who))
}

/// Ends the session of this cookie: its row, and with it every token that names it.
pub async fn end_by_cookie(cookie: &Session) -> Result<()> {
    if cookie.id().is_some() {
        cookie.flush().await.map_err(fault)
    } else {
        Ok(())
    }
}

fn end(config: &Config, remember: bool, began: Moment, now: Moment) -> Moment {
    let longest = if remember {
        LONGEST.max(config.session_ttl)
    } else {
        SHORT_TTL
    };
    now.plus_seconds(config.session_ttl)
        .min(began.plus_seconds(longest))
}

async fn write(cookie: &Session, who: &SignedIn, now: Moment) -> Result<()> {
    let age = (who.expires_at.0 - now.0).max(0);
    cookie.set_expiry(Some(if who.remember {
        Expiry::OnInactivity(time::Duration::milliseconds(age))
    } else {
        Expiry::OnSessionEnd
    }));
    cookie.insert(SIGNED_IN, who).await.map_err(fault)
}

/// The store's errors pass through tower-sessions as text: the row of the table, by its code.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn fault(error: tower_sessions::session::Error) -> Error {
    if let tower_sessions::session::Error::Store(session_store::Error::Backend(code)) = &error
        && let Some(&row) = Error::ALL.iter().find(|row| row.code() == code)
    {
        return row;
    }
    tracing::error!(cause = %error, "a session's record could not be read or written");
    Error::Internal
}
