//! Requests that a program may repeat: the first one with a key runs, the others get its answer for a day.

use super::entity::idempotency;
use crate::{
    domain::{Error, Moment, Result, UserId},
    service::{Database, clock, key},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, SqlErr,
    sea_query::Expr,
};

/// How long an answer is kept.
const KEPT_SECONDS: i64 = 24 * 60 * 60;
/// After how long a request that never answered may be made again: longer than any request runs.
const ABANDONED_SECONDS: i64 = 60;

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: the request is to be done now.
    First,
    /// It was done; this was the answer.
    Answered(String),
}

/// Takes the key for this request. Another request with the same key is refused; one that still runs is a conflict.
pub async fn begin(db: &Database, user: UserId, given: &str, body: &[u8]) -> Result<Seen> {
    let (key, fingerprint, now) = (
        key::digest(given.as_bytes()),
        key::digest(body),
        clock::now(),
    );
    let over = idempotency::Entity::delete_many()
        .filter(idempotency::Column::UserId.eq(user))
        .filter(idempotency::Column::Key.eq(&key))
        .filter(idempotency::Column::ExpiresAt.lte(now));
    over.exec(db.write()).await?;
    let row = idempotency::ActiveModel {
        user_id: Set(user),
        key: Set(key.clone()),
        fingerprint: Set(fingerprint.clone()),
        answer: Set(None),
        expires_at: Set(now.plus_seconds(ABANDONED_SECONDS)),
    };
    match idempotency::Entity::insert(row)
        .exec_without_returning(db.write())
        .await
    {
        Ok(_) => return Ok(Seen::First),
        Err(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {}
        Err(cause) => return Err(cause.into()),
    }
    let before = idempotency::Entity::find_by_id((user, key))
        .one(db.write())
        .await?
        .ok_or(Error::Conflict)?;
    match before.answer {
        _ if before.fingerprint != fingerprint => Err(Error::IdempotencyKeyReused),
        Some(answer) => Ok(Seen::Answered(answer)),
        None => Err(Error::Conflict),
    }
}

/// Keeps the answer for whoever asks again. In the transaction of the work itself, so that neither is there without the other.
pub async fn finish(
    db: &impl ConnectionTrait,
    user: UserId,
    given: &str,
    answer: &str,
) -> Result<()> {
    idempotency::Entity::update_many()
        .col_expr(idempotency::Column::Answer, Expr::value(answer))
        .col_expr(
            idempotency::Column::ExpiresAt,
            Expr::value(clock::now().plus_seconds(KEPT_SECONDS)),
        )
        .filter(idempotency::Column::UserId.eq(user))
        .filter(idempotency::Column::Key.eq(key::digest(given.as_bytes())))
        .exec(db)
        .await?;
    Ok(())
}

/// Lets go of the key of a request that was refused, so that it may be made again.
pub async fn settle<T>(db: &Database, user: UserId, given: &str, done: Result<T>) -> Result<T> {
    if done.is_err()
        && let Err(error) = abandon(db, user, given).await
    {
        tracing::warn!(
            code = error.code(),
            "an idempotency key stays taken for a minute"
        );
    }
    done
}

/// One that holds an answer is none to let go of: the work was done, and only its confirmation was lost on the way.
async fn abandon(db: &Database, user: UserId, given: &str) -> Result<()> {
    idempotency::Entity::delete_by_id((user, key::digest(given.as_bytes())))
        .filter(idempotency::Column::Answer.is_null())
        .exec(db.write())
        .await?;
    Ok(())
}

/// Forgets answers that are older than they are kept.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    Ok(idempotency::Entity::delete_many()
        .filter(idempotency::Column::ExpiresAt.lt(now))
        .exec(db.write())
        .await?
        .rows_affected)
}
