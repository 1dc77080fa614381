//! Sign-ins that wait for their second factor. A row of its own kind, never a session: nothing but the second step looks at it.

use crate::{
    domain::{Error, Event, Moment, Refusal, Result, UserId},
    service::{
        AppState, Database,
        audit::{self, Entry},
        clock,
        entity::challenge,
        entry::{self, Visit, Way},
        key,
        pocket::Keepsake,
    },
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

/// How long it waits.
const SECONDS: i64 = 10 * 60;
/// How many codes may be tried.
const TRIES: i32 = 5;

/// A sign-in that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub hash: String,
    pub user: UserId,
    pub way: Option<Way>,
    pub remember: bool,
}

/// Begins to wait: the browser gets the challenge's cookie, and any session that it came with ends.
pub async fn issue(
    state: &AppState,
    visit: &Visit,
    user: UserId,
    way: Way,
    remember: bool,
) -> Result<()> {
    entry::leave(state, visit).await?;
    give_up(&state.db, visit).await?;
    let (secret, now) = (key::random_secret(), clock::now());
    let row = challenge::ActiveModel {
        hash: Set(key::digest(secret.as_bytes())),
        user_id: Set(user),
        way: Set(way.word().to_owned()),
        remember: Set(remember),
        tries: Set(0),
        expires_at: Set(now.plus_seconds(SECONDS)),
        created_at: Set(now),
    };
    challenge::Entity::insert(row)
        .exec_without_returning(state.db.write())
        .await?;
    visit.pocket.give(Keepsake::Challenge, secret, SECONDS);
    let entry = Entry::done(Event::SecondFactorAsked, user);
    audit::record(&state.db, &visit.source, entry).await;
    Ok(())
}

/// The sign-in that waits in this browser.
pub(super) async fn waiting(db: &Database, visit: &Visit) -> Result<Option<Waiting>> {
    let Some(secret) = visit.pocket.brought(Keepsake::Challenge) else {
        return Ok(None);
    };
    let found = challenge::Entity::find_by_id(key::digest(secret.as_bytes()))
        .filter(challenge::Column::ExpiresAt.gt(clock::now()))
        .one(db.read())
        .await?;
    Ok(found.map(|row| Waiting {
        hash: row.hash,
        user: row.user_id,
        way: Way::from_word(&row.way),
        remember: row.remember,
    }))
}

/// Counts one more try, and says whether it may be made.
pub(super) async fn may_try(db: &impl ConnectionTrait, hash: &str) -> Result<bool> {
    let counted = challenge::Entity::update_many()
        .col_expr(
            challenge::Column::Tries,
            Expr::col(challenge::Column::Tries).add(1),
        )
        .filter(challenge::Column::Hash.eq(hash))
        .filter(challenge::Column::Tries.lt(TRIES))
        .exec(db)
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Ends the waiting: of many at once one ends it, because one statement deletes.
pub(super) async fn finish(
    db: &impl ConnectionTrait,
    visit: &Visit,
    hash: &str,
) -> Result<(), Refusal> {
    let gone = challenge::Entity::delete_by_id(hash.to_owned())
        .exec(db)
        .await?;
    visit.pocket.take(Keepsake::Challenge);
    if gone.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::InvalidChallenge.into())
    }
}

/// Ends the waiting because of too many tries. The row stays until it is swept, for the try that was right and is about to finish.
pub(super) async fn exhaust(db: &impl ConnectionTrait, hash: &str) -> Result<()> {
    challenge::Entity::update_many()
        .col_expr(challenge::Column::ExpiresAt, Expr::value(Moment(0)))
        .filter(challenge::Column::Hash.eq(hash))
        .exec(db)
        .await?;
    Ok(())
}

/// Gives up what waits in this browser, if anything does.
pub async fn give_up(db: &Database, visit: &Visit) -> Result<()> {
    if let Some(secret) = visit.pocket.brought(Keepsake::Challenge) {
        challenge::Entity::delete_by_id(key::digest(secret.as_bytes()))
            .exec(db.write())
            .await?;
        visit.pocket.take(Keepsake::Challenge);
    }
    Ok(())
}

/// Ends every sign-in of this person that waits.
pub(super) async fn void(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    challenge::Entity::delete_many()
        .filter(challenge::Column::UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets those that nobody finished.
pub(super) async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    Ok(challenge::Entity::delete_many()
        .filter(challenge::Column::ExpiresAt.lte(now))
        .exec(db.write())
        .await?
        .rows_affected)
}
