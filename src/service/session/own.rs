//! One's own sessions, as their owner sees and ends them.

use super::end_by_cookie;
use crate::{
    domain::{Event, ListedSession, Result, SessionId, SignedIn, UserId},
    service::{
        AppState, Database, Source,
        audit::{self, Entry},
        clock,
        entity::session,
        entry::Visit,
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QueryTrait, sea_query::IntoCondition,
};

/// Where the person is signed in: here first, then by when it was used last.
pub async fn list(db: &Database, who: &SignedIn) -> Result<Vec<ListedSession>> {
    let rows = live(who.user.id).all(db.read()).await?;
    let mut sessions: Vec<_> = rows
        .into_iter()
        .map(|row| listed(row, who.session))
        .collect();
    sessions.sort_by_key(|session| (!session.current, std::cmp::Reverse(session.last_seen_at)));
    Ok(sessions)
}

fn live(user: UserId) -> sea_orm::Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::UserId.eq(user))
        .filter(session::Column::ExpiresAt.gt(clock::now()))
        .order_by_desc(session::Column::Id)
}

fn listed(row: session::Model, here: SessionId) -> ListedSession {
    ListedSession {
        id: row.id,
        // Not the cookie's value and not its hash: the id opens nothing.
        token: row.id.to_string(),
        user_id: row.user_id,
        expires_at: row.expires_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
        ip_address: row.ip_address,
        user_agent: row.user_agent,
        last_seen_at: row.seen_at.max(row.updated_at),
        current: row.id == here,
    }
}

/// Ends one session of the person, and says whether it was this one. What is no session of theirs is left alone, and nothing tells.
pub async fn revoke(state: &AppState, visit: &Visit, who: &SignedIn, token: &str) -> Result<bool> {
    let Some(id) = named(state, who.user.id, token) else {
        return Ok(false);
    };
    end_these(state, visit, who, session::Column::Id.eq(id)).await?;
    if id == who.session {
        end_by_cookie(&visit.cookie).await?;
    }
    Ok(id == who.session)
}

/// The session that is meant: by what the list of them says, or by a Bearer token of it, as the session itself is read with.
fn named(state: &AppState, user: UserId, token: &str) -> Option<SessionId> {
    if let Ok(id) = token.parse() {
        return Some(id);
    }
    let claims = state.keys.read_expired(token)?;
    (claims.sub == user).then_some(claims.sid)
}

/// Ends every other session of the person.
pub async fn revoke_others(state: &AppState, visit: &Visit, who: &SignedIn) -> Result<()> {
    end_these(state, visit, who, session::Column::Id.ne(who.session)).await
}

/// Ends every session of the person, this one too.
pub async fn revoke_every(state: &AppState, visit: &Visit, who: &SignedIn) -> Result<()> {
    end_these(state, visit, who, session::Column::UserId.eq(who.user.id)).await?;
    end_by_cookie(&visit.cookie).await
}

/// Ends those of the person's sessions that are `which`, and says so in the log.
async fn end_these(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    which: impl IntoCondition,
) -> Result<()> {
    let all = state.db.transaction().await?;
    let ended = end_some(&all, &visit.source, who.user.id, which).await?;
    all.commit().await?;
    audit::say(&visit.source, &ended);
    Ok(())
}

/// One statement ends them, so that none is left that began while others were looked for, and one writes the log's rows. Gives what is to be
/// said of them once that stands.
pub(in crate::service) async fn end_some(
    all: &DatabaseTransaction,
    source: &Source,
    user: UserId,
    which: impl IntoCondition,
) -> Result<Vec<Entry>> {
    let mut delete = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user))
        .filter(which)
        .into_query();
    delete.returning_col(session::Column::Id);
    let mut ended = Vec::new();
    for row in all.query_all(&delete).await? {
        let id: SessionId = row.try_get_by_index(0)?;
        ended.push(Entry::done(Event::SessionRevoked, user).through(id));
    }
    audit::record_all(all, source, &ended).await?;
    Ok(ended)
}
