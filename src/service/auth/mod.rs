//! Accounts: making one, signing in to it, and asking who comes with a token.

mod sign_up;

pub use sign_up::{Admission, NewAccount, Welcome, sign_up, sign_up_with};
pub(super) use sign_up::{Vouched, sign_up_vouched, signed_up};

use super::{
    entity::{account, user},
    session::{seen, wishes},
};
use crate::{
    domain::{Email, Error, Event, Password, Result, SessionId, User, UserId, WayIn, Wishes},
    service::{
        Database, Source,
        audit::{self, Entry},
        clock, confirm,
        password::{self, Hasher, PasswordHash},
        session,
        token::Keys,
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

/// The one way of signing in that has a password.
pub(super) const CREDENTIAL: &str = "credential";

/// The person of an address, if there is one.
pub(super) async fn person_of(db: &Database, email: &Email) -> Result<Option<user::Model>> {
    person_of_key(db, email.key()).await
}

/// The same by [`Email::key`].
pub(super) async fn person_of_key(db: &Database, key: &str) -> Result<Option<user::Model>> {
    let person = user::Entity::find()
        .filter(user::Column::EmailKey.eq(key))
        .one(db.read())
        .await?;
    Ok(person)
}

/// Somebody whose address and password belong together.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who they are.
    pub user: User,
    /// How they like their pages.
    pub wishes: Wishes,
    /// What their password is hashed to.
    pub hash: PasswordHash,
}

/// Who this is, if address and password belong together. Nobody, a wrong password and a disabled account get the same answer after the
/// same work.
pub async fn sign_in(
    db: &Database,
    hasher: &Hasher,
    source: &Source,
    email: &Email,
    claimed: Password,
) -> Result<Known> {
    let (person, hash) = with_password(db, email).await?.unzip();
    let hash = hash.flatten();
    let matches = hasher.matches(claimed.clone(), hash.clone()).await?;
    let enabled = person
        .as_ref()
        .filter(|person| person.disabled_at.is_none());
    let (true, Some(person), Some(mut hash)) = (matches, enabled, hash) else {
        let entry = Entry::refused(Event::SignIn, Error::InvalidCredentials.code())
            .of(person.map(|person| person.id));
        audit::record(db, source, entry).await;
        return Err(Error::InvalidCredentials);
    };
    if password::is_outdated(&hash) {
        hash = renewed(db, hasher, person.id, claimed, &hash).await?;
    }
    Ok(Known {
        user: seen(person.clone()),
        wishes: wishes(person),
        hash,
    })
}

/// The person of this address with their password's hash, in one statement.
async fn with_password(
    db: &Database,
    email: &Email,
) -> Result<Option<(user::Model, Option<PasswordHash>)>> {
    let credential = user::Entity::belongs_to(account::Entity)
        .from(user::Column::Id)
        .to(account::Column::UserId)
        .into();
    let found = user::Entity::find()
        .join(JoinType::InnerJoin, credential)
        .select_also(account::Entity)
        .filter(user::Column::EmailKey.eq(email.key()))
        .filter(account::Column::ProviderId.eq(CREDENTIAL))
        .one(db.read())
        .await?;
    Ok(found.map(|(person, account)| {
        (
            person,
            account
                .and_then(|account| account.password)
                .map(PasswordHash::stored),
        )
    }))
}

/// The ways in that a person has.
pub async fn ways_in(db: &Database, user: UserId) -> Result<Vec<WayIn>> {
    let rows = account::Entity::find()
        .filter(account::Column::UserId.eq(user))
        .order_by_asc(account::Column::CreatedAt)
        .order_by_asc(account::Column::Id)
        .all(db.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| WayIn {
            id: row.id,
            account_id: row.account_id,
            provider_id: row.provider_id,
            user_id: row.user_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
            scopes: Vec::new(),
        })
        .collect())
}

/// Replaces a person's password.
pub(super) async fn store_password(
    db: &impl ConnectionTrait,
    user: UserId,
    hash: &PasswordHash,
) -> Result<(), sea_orm::DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::Password, Expr::value(hash.as_str()))
        .col_expr(account::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(account::Column::UserId.eq(user))
        .filter(account::Column::ProviderId.eq(CREDENTIAL))
        .exec(db)
        .await
        .map(drop)
}

/// The hash of this password that stands from now on. Of several sign-ins at once one renews it; the others take what they find, if it is of
/// the same password.
async fn renewed(
    db: &Database,
    hasher: &Hasher,
    user: UserId,
    claimed: Password,
    old: &PasswordHash,
) -> Result<PasswordHash> {
    let new = hasher.hash(claimed.clone()).await?;
    if renew_hash(db, user, old, &new).await? {
        return Ok(new);
    }
    let found = confirm::stored(db, user).await?;
    let matches = hasher.matches(claimed, found.clone()).await?;
    found.filter(|_| matches).ok_or(Error::InvalidCredentials)
}

/// The same password in today's form; says whether it was written. One that was set in the meantime stays.
async fn renew_hash(
    db: &Database,
    user: UserId,
    old: &PasswordHash,
    new: &PasswordHash,
) -> Result<bool, sea_orm::DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::Password, Expr::value(new.as_str()))
        .filter(account::Column::UserId.eq(user))
        .filter(account::Column::ProviderId.eq(CREDENTIAL))
        .filter(account::Column::Password.eq(old.as_str()))
        .exec(db.write())
        .await
        .map(|done| done.rows_affected == 1)
}

/// Whose token this is, if it is good and its session lives. A database that is away is `Unavailable`, never "not you".
pub async fn by_bearer(db: &Database, keys: &Keys, token: &str) -> Result<(UserId, SessionId)> {
    let claims = keys.read(token)?;
    if session::is_open(db, claims.sid, claims.sub).await? {
        Ok((claims.sub, claims.sid))
    } else {
        Err(Error::InvalidToken)
    }
}
