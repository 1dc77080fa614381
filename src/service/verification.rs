//! One-time values: made for one purpose and one subject, stored as their SHA-256, good once and for a while.

use super::entity::verification;
use crate::{
    domain::{Error, Moment, Result, UserId, VerificationId},
    service::{Database, clock, key},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

/// How long a value that is over can still be told from one that never was.
const REMEMBERED_SECONDS: i64 = 24 * 60 * 60;

/// What a value is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Setting a new password.
    PasswordReset,
    /// Showing that an address is its owner's.
    VerifyEmail,
    /// The same of an address that an account is to have.
    EmailChange,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::PasswordReset => "password-reset",
            Self::VerifyEmail => "verify-email",
            Self::EmailChange => "email-change",
        }
    }

    /// What it is written under: whose it is, its word, and what it is about if about something. In this order, so that all of a person's and
    /// all of one purpose begin alike.
    fn of(self, user: UserId, detail: &str) -> String {
        format!("{user}:{}:{detail}", self.word())
    }

    pub(super) const fn seconds(self) -> i64 {
        match self {
            Self::PasswordReset => 30 * 60,
            Self::VerifyEmail => 24 * 60 * 60,
            Self::EmailChange => 60 * 60,
        }
    }

    /// Never was, was used or was voided.
    const fn unknown(self) -> Error {
        match self {
            Self::PasswordReset => Error::InvalidResetToken,
            Self::VerifyEmail | Self::EmailChange => Error::InvalidLink,
        }
    }

    /// Was good once.
    const fn over(self) -> Error {
        match self {
            Self::PasswordReset => Error::InvalidResetToken,
            Self::VerifyEmail | Self::EmailChange => Error::LinkExpired,
        }
    }
}

/// Whom and what a value is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Whose it is.
    pub user: UserId,
    /// What else it was made for; nothing, for most.
    pub detail: String,
}

/// Makes a value for this person and voids the ones before it. It is shown once and never stored.
pub async fn issue(db: &Database, purpose: Purpose, user: UserId) -> Result<String> {
    let both = db.transaction().await?;
    let secret = issue_in(&both, purpose, user, "").await?;
    both.commit().await?;
    Ok(secret)
}

/// The same in a transaction that does more, about something in particular.
pub async fn issue_in(
    db: &impl ConnectionTrait,
    purpose: Purpose,
    user: UserId,
    detail: &str,
) -> Result<String, DbErr> {
    let (secret, now) = (key::random_secret(), clock::now());
    void(db, purpose, user).await?;
    let row = verification::ActiveModel {
        id: Set(VerificationId(Uuid::now_v7())),
        identifier: Set(purpose.of(user, detail)),
        value: Set(key::digest(secret.as_bytes())),
        expires_at: Set(now.plus_seconds(purpose.seconds())),
        created_at: Set(now),
        updated_at: Set(now),
    };
    verification::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(secret)
}

/// Voids what was made for this person and is not used yet.
pub async fn void(db: &impl ConnectionTrait, purpose: Purpose, user: UserId) -> Result<(), DbErr> {
    void_under(db, &format!("{user}:{}", purpose.word())).await
}

/// Voids whatever was made for this person, for whatever purpose.
pub async fn void_all(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    Ok(void_under(db, &user.to_string()).await?)
}

/// A range of identifiers, which their index serves: after ':' comes ';'.
async fn void_under(db: &impl ConnectionTrait, beginning: &str) -> Result<(), DbErr> {
    verification::Entity::delete_many()
        .filter(verification::Column::Identifier.gte(format!("{beginning}:")))
        .filter(verification::Column::Identifier.lt(format!("{beginning};")))
        .exec(db)
        .await?;
    Ok(())
}

/// Whose value this is, if it is good. It stays good.
pub async fn read(db: &impl ConnectionTrait, purpose: Purpose, secret: &str) -> Result<UserId> {
    Ok(find(db, purpose, secret).await?.1.user)
}

/// The same, and says what it is about.
pub async fn read_about(
    db: &impl ConnectionTrait,
    purpose: Purpose,
    secret: &str,
) -> Result<About> {
    Ok(find(db, purpose, secret).await?.1)
}

/// Uses a value up, and says whose it was. Called in the transaction of what it allows, so that both happen or neither; of many at once
/// one wins, because one statement deletes.
pub async fn consume(db: &impl ConnectionTrait, purpose: Purpose, secret: &str) -> Result<UserId> {
    Ok(consume_about(db, purpose, secret).await?.user)
}

/// The same, and says what it was about.
pub async fn consume_about(
    db: &impl ConnectionTrait,
    purpose: Purpose,
    secret: &str,
) -> Result<About> {
    let (id, about) = find(db, purpose, secret).await?;
    let gone = verification::Entity::delete_by_id(id).exec(db).await?;
    if gone.rows_affected == 1 {
        Ok(about)
    } else {
        Err(purpose.unknown())
    }
}

async fn find(
    db: &impl ConnectionTrait,
    purpose: Purpose,
    secret: &str,
) -> Result<(VerificationId, About)> {
    let row = verification::Entity::find()
        .filter(verification::Column::Value.eq(key::digest(secret.as_bytes())))
        .one(db)
        .await?
        .ok_or(purpose.unknown())?;
    let about = about(&row.identifier, purpose).ok_or(purpose.unknown())?;
    if row.expires_at <= clock::now() {
        return Err(purpose.over());
    }
    Ok((row.id, about))
}

fn about(identifier: &str, purpose: Purpose) -> Option<About> {
    let (user, rest) = identifier.split_once(':')?;
    let detail = rest.strip_prefix(purpose.word())?.strip_prefix(':')?;
    Some(About {
        user: user.parse().ok()?,
        detail: detail.to_owned(),
    })
}

/// Forgets values that nobody used.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    Ok(verification::Entity::delete_many()
        .filter(verification::Column::ExpiresAt.lt(now.plus_seconds(-REMEMBERED_SECONDS)))
        .exec(db.write())
        .await?
        .rows_affected)
}
