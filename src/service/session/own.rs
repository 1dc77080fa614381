//! One's own sessions, as their owner sees and ends them.

use super::end_by_cookie;
use crate::{
    domain::{Event, ListedSession, Result, SessionId, SignedIn, UserId},
    service::{
        AppState, Database,
        audit::{self, Entry},
        clock,
        entity::session,
        entry::Visit,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

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
    let Ok(id) = token.parse::<SessionId>() else {
        return Ok(false);
    };
    end_these(state, visit, who, &[id]).await?;
    if id == who.session {
        end_by_cookie(&visit.cookie).await?;
    }
    Ok(id == who.session)
}

/// Ends every other session of the person.
pub async fn revoke_others(state: &AppState, visit: &Visit, who: &SignedIn) -> Result<()> {
    let sessions = list(&state.db, who).await?;
    let others: Vec<_> = sessions
        .iter()
        .filter(|session| !session.current)
        .map(|session| session.id)
        .collect();
    end_these(state, visit, who, &others).await
}

/// Ends every session of the person, this one too.
pub async fn revoke_every(state: &AppState, visit: &Visit, who: &SignedIn) -> Result<()> {
    let sessions = list(&state.db, who).await?;
    let all: Vec<_> = sessions.iter().map(|session| session.id).collect();
    end_these(state, visit, who, &all).await?;
    end_by_cookie(&visit.cookie).await
}

/// Ends these, as far as they are the person's, and says so in the log.
pub(in crate::service) async fn end_these(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    ids: &[SessionId],
) -> Result<()> {
    for &id in ids {
        let gone = session::Entity::delete_by_id(id)
            .filter(session::Column::UserId.eq(who.user.id))
            .exec(state.db.write())
            .await?;
        if gone.rows_affected == 1 {
            let entry = Entry::done(Event::SessionRevoked, who.user.id).through(id);
            audit::record(&state.db, &visit.source, entry).await;
        }
    }
    Ok(())
}
