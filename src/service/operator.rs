//! What the operator does to accounts, from the command line.

use super::entity::user;
use crate::{
    domain::{Email, Event, Moment, Result, UserId},
    service::{
        Config, Database, Source, access_token,
        audit::{self, Entry},
        clock, farewell, second_factor, session,
        verification::{self, Purpose},
    },
};
use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde::Serialize;

/// An account, as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// Whose it is.
    pub id: UserId,
    /// The address as it was typed.
    pub email: String,
    /// What the person is called.
    pub name: String,
    /// Whether the address was proven to be the person's.
    pub email_verified: bool,
    /// Since when nobody can sign in, if so.
    pub disabled_at: Option<Moment>,
    /// When the account was made.
    pub created_at: Moment,
}

impl From<user::Model> for Listed {
    fn from(row: user::Model) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            email_verified: row.email_verified,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
        }
    }
}

/// All accounts, oldest first.
pub async fn list(db: &Database) -> Result<Vec<Listed>> {
    let rows = user::Entity::find()
        .order_by_asc(user::Column::CreatedAt)
        .order_by_asc(user::Column::Id)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// The account of an address, if there is one.
pub async fn find(db: &Database, email: &Email) -> Result<Option<Listed>> {
    let row = user::Entity::find()
        .filter(user::Column::EmailKey.eq(email.key()))
        .one(db.read())
        .await?;
    Ok(row.map(Listed::from))
}

/// Where the person of an account is.
pub async fn zone(db: &Database, user: UserId) -> Result<TimeZone> {
    let person = user::Entity::find_by_id(user).one(db.read()).await?;
    Ok(person.map_or(TimeZone::UTC, |person| session::wishes(&person).zone()))
}

/// Closes an account: nobody can sign in, and every session, token and link ends at once.
pub async fn disable(db: &Database, source: &Source, user: UserId) -> Result<()> {
    let all = db.transaction().await?;
    user::Entity::update_many()
        .col_expr(user::Column::DisabledAt, Expr::value(clock::now()))
        .col_expr(user::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(user::Column::Id.eq(user))
        .filter(user::Column::DisabledAt.is_null())
        .exec(&all)
        .await?;
    session::end_all(&all, user, None).await?;
    access_token::revoke_all(&all, user).await?;
    verification::void_all(&all, user).await?;
    second_factor::forget_browsers(&all, user).await?;
    all.commit().await?;
    audit::record(db, source, Entry::done(Event::Disabled, user)).await;
    Ok(())
}

/// Opens an account again. What was ended stays ended.
pub async fn enable(db: &Database, source: &Source, user: UserId) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::DisabledAt, Expr::value(None::<i64>))
        .col_expr(user::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(user::Column::Id.eq(user))
        .exec(db.write())
        .await?;
    audit::record(db, source, Entry::done(Event::Enabled, user)).await;
    Ok(())
}

/// A link at which the person chooses a password: good once, for half an hour, and instead of the ones before.
pub async fn reset_link(
    db: &Database,
    config: &Config,
    source: &Source,
    user: UserId,
) -> Result<String> {
    let token = verification::issue(db, Purpose::PasswordReset, user).await?;
    audit::record(db, source, Entry::done(Event::PasswordResetRequested, user)).await;
    Ok(config.link(&format!("/reset-password?token={token}")))
}

/// Deletes an account with all that is the person's. What the log says of it stays as long as the log keeps anything.
pub async fn delete(db: &Database, source: &Source, user: UserId) -> Result<()> {
    let all = db.transaction().await?;
    farewell::erase(&all, user).await?;
    all.commit().await?;
    audit::record(db, source, Entry::done(Event::Deleted, user)).await;
    Ok(())
}
