//! The rows: whether one is there, and how they go.

use crate::{
    domain::{Moment, Result, SessionId, UserId},
    service::{
        Database, clock,
        entity::{session, user},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationDef,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

/// How many live sessions a person has at most; the oldest go.
const MOST: u64 = 50;
/// From so many on the oldest are looked for.
const MANY: i64 = 25;
/// When a session was last used is known to within so many seconds, so that reading pages hardly ever writes.
const SEEN_EVERY: i64 = 5 * 60;

/// Ends all sessions of a person but `kept`; says how many there were.
pub async fn end_all(
    db: &impl ConnectionTrait,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<u64> {
    let mut all = session::Entity::delete_many().filter(session::Column::UserId.eq(user));
    if let Some(kept) = kept {
        all = all.filter(session::Column::Id.ne(kept));
    }
    Ok(all.exec(db).await?.rows_affected)
}

/// Ends once more, when a change stands that ended all sessions but `kept`, what began meanwhile by what was known before it.
pub async fn end_belated(db: &Database, user: UserId, kept: Option<SessionId>) -> Result<()> {
    end_all(db.write(), user, kept).await.map(drop)
}

/// Whether this session of this person lives: what every Bearer token is asked.
pub async fn is_open(db: &Database, id: SessionId, user: UserId) -> Result<bool> {
    Ok(db.read().query_one(&open(id, user)).await?.is_some())
}

/// The row of this session, if it lives and its person may come in: for a statement that does its work only then.
pub(in crate::service) fn open(id: SessionId, user: UserId) -> SelectStatement {
    Query::select()
        .column((session::Entity, session::Column::Id))
        .from(session::Entity)
        .inner_join(user::Entity, person())
        .and_where(session::Column::Id.eq(id))
        .and_where(session::Column::UserId.eq(user))
        .and_where(session::Column::ExpiresAt.gt(clock::now()))
        .and_where(user::Column::DisabledAt.is_null())
        .take()
}

/// From a session to its person.
pub(super) fn person() -> RelationDef {
    session::Entity::belongs_to(user::Entity)
        .from(session::Column::UserId)
        .to(user::Column::Id)
        .into()
}

/// Writes down that a session is used, at most once in a while. When that cannot be written, nothing else is held up by it.
pub(super) async fn touch(db: &Database, row: &session::Model) {
    let now = clock::now();
    if row.seen_at.plus_seconds(SEEN_EVERY) > now {
        return;
    }
    let seen = session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(row.id))
        .exec(db.write())
        .await;
    if let Err(cause) = seen {
        tracing::debug!(%cause, "that a session is used could not be written down");
    }
}

/// Removes sessions that have ended.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    let gone = session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lte(now))
        .exec(db.write())
        .await?;
    Ok(gone.rows_affected)
}

/// Writes a new session down, and says whether its person has so many that the oldest are to go. Of several that begin at once none sees
/// the others: so the answer is yes long before there are too many.
pub(super) async fn insert(
    db: &impl ConnectionTrait,
    user: UserId,
    row: session::ActiveModel,
) -> Result<bool, sea_orm::DbErr> {
    let others = session::Entity::find()
        .select_only()
        .expr(Expr::col(session::Column::Id).count())
        .filter(session::Column::UserId.eq(user))
        .into_query();
    let others = Expr::SubQuery(None, Box::new(others.into()));
    let mut insert = session::Entity::insert(row).into_query();
    insert.returning(Query::returning().expr(others));
    let others: i64 = match db.query_one(&insert).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    Ok(others >= MANY)
}

/// Ends the oldest sessions of a person who has too many.
pub(super) async fn keep_newest(db: &Database, user: UserId) -> Result<(), sea_orm::DbErr> {
    let too_old = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::UserId.eq(user))
        .order_by_desc(session::Column::CreatedAt)
        .order_by_desc(session::Column::Id)
        .offset(MOST)
        .limit(1000)
        .into_query();
    session::Entity::delete_many()
        .filter(session::Column::Id.in_subquery(too_old))
        .exec(db.write())
        .await?;
    Ok(())
}
