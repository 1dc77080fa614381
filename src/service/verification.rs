//! One-time values: made for one purpose and one subject, stored as their SHA-256, good once and for a while.

use super::entity::verification;
use crate::{
    domain::{Error, Moment, Result, UserId, VerificationId},
    service::{Database, clock, key},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// What a value is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Setting a new password.
    PasswordReset,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::PasswordReset => "password-reset",
        }
    }

    fn of(self, user: UserId) -> String {
        format!("{}:{user}", self.word())
    }

    pub(super) const fn seconds(self) -> i64 {
        match self {
            Self::PasswordReset => 30 * 60,
        }
    }
}

/// Makes a value for this person and voids the ones before it. It is shown once and never stored.
pub async fn issue(db: &Database, purpose: Purpose, user: UserId) -> Result<String> {
    let (secret, now) = (key::random_secret(), clock::now());
    let both = db.transaction().await?;
    void(&both, purpose, user).await?;
    let row = verification::ActiveModel {
        id: Set(VerificationId(Uuid::now_v7())),
        identifier: Set(purpose.of(user)),
        value: Set(key::digest(secret.as_bytes())),
        expires_at: Set(now.plus_seconds(purpose.seconds())),
        created_at: Set(now),
        updated_at: Set(now),
    };
    verification::Entity::insert(row)
        .exec_without_returning(&both)
        .await?;
    both.commit().await?;
    Ok(secret)
}

/// Voids what was made for this person and is not used yet.
pub async fn void(db: &impl ConnectionTrait, purpose: Purpose, user: UserId) -> Result<()> {
    verification::Entity::delete_many()
        .filter(verification::Column::Identifier.eq(purpose.of(user)))
        .exec(db)
        .await?;
    Ok(())
}

/// Voids whatever was made for this person, for whatever purpose: identifiers end with whose they are.
pub async fn void_all(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    verification::Entity::delete_many()
        .filter(verification::Column::Identifier.ends_with(format!(":{user}")))
        .exec(db)
        .await?;
    Ok(())
}

/// Whose value this is, if it is good. It stays good.
pub async fn read(db: &impl ConnectionTrait, purpose: Purpose, secret: &str) -> Result<UserId> {
    Ok(find(db, purpose, secret).await?.1)
}

/// Uses a value up, and says whose it was. Called in the transaction of what it allows, so that both happen or neither; of many at once
/// one wins, because one statement deletes.
pub async fn consume(db: &impl ConnectionTrait, purpose: Purpose, secret: &str) -> Result<UserId> {
    let (id, user) = find(db, purpose, secret).await?;
    let gone = verification::Entity::delete_by_id(id).exec(db).await?;
    if gone.rows_affected == 1 {
        Ok(user)
    } else {
        Err(Error::InvalidResetToken)
    }
}

async fn find(
    db: &impl ConnectionTrait,
    purpose: Purpose,
    secret: &str,
) -> Result<(VerificationId, UserId)> {
    let row = verification::Entity::find()
        .filter(verification::Column::Value.eq(key::digest(secret.as_bytes())))
        .filter(verification::Column::ExpiresAt.gt(clock::now()))
        .one(db)
        .await?
        .ok_or(Error::InvalidResetToken)?;
    let user = row
        .identifier
        .strip_prefix(purpose.word())
        .and_then(|rest| rest.strip_prefix(':'))
        .and_then(|id| id.parse().ok());
    Ok((row.id, user.ok_or(Error::InvalidResetToken)?))
}

/// Forgets values that nobody used.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    Ok(verification::Entity::delete_many()
        .filter(verification::Column::ExpiresAt.lt(now))
        .exec(db.write())
        .await?
        .rows_affected)
}
