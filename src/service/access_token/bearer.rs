//! A token that comes with a request: whose it is, what it may do, and whether it lives.

use super::{Secret, Uses};
use crate::{
    domain::{AccessTokenId, Error, Result, Scopes, UserId},
    service::{
        Database, clock,
        entity::{access_token, user},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    RelationDef, Select, sea_query::SelectStatement,
};

/// A token that lived a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Its row.
    pub id: AccessTokenId,
    /// Whose it is.
    pub user: UserId,
    /// What it may do.
    pub scopes: Scopes,
}

/// Whose token this is, if it lives. What is misspelled is not looked for.
pub async fn present(db: &Database, uses: &Uses, text: &str) -> Result<Presented> {
    let secret = Secret::parse(text).ok_or(Error::InvalidToken)?;
    let row = living()
        .filter(access_token::Column::Hash.eq(secret.hash()))
        .one(db.read())
        .await?
        .ok_or(Error::InvalidToken)?;
    let scopes = row.scope.parse().map_err(|_| {
        tracing::error!(id = %row.id, "an access token has a scope that is none");
        Error::Internal
    })?;
    uses.note(db, row.id, row.last_used_at);
    Ok(Presented {
        id: row.id,
        user: row.user_id,
        scopes,
    })
}

/// The row of this token, if it lives and its person may come in: for a statement that does its work only then.
pub fn open(id: AccessTokenId, owner: UserId) -> SelectStatement {
    living()
        .select_only()
        .column(access_token::Column::Id)
        .filter(access_token::Column::Id.eq(id))
        .filter(access_token::Column::UserId.eq(owner))
        .into_query()
}

/// Whether this token of this person still lives.
pub async fn is_open(db: &Database, id: AccessTokenId, owner: UserId) -> Result<bool> {
    Ok(db.read().query_one(&open(id, owner)).await?.is_some())
}

/// Which token this was and whose, alive or not: for the log, never for letting anybody in.
pub async fn remembered(db: &Database, text: &str) -> Option<(AccessTokenId, UserId)> {
    access_token::Entity::find()
        .select_only()
        .columns([access_token::Column::Id, access_token::Column::UserId])
        .filter(access_token::Column::Hash.eq(Secret::parse(text)?.hash()))
        .into_tuple()
        .one(db.read())
        .await
        .ok()
        .flatten()
}

fn living() -> Select<access_token::Entity> {
    access_token::Entity::find()
        .join(JoinType::InnerJoin, person())
        .filter(access_token::Column::RevokedAt.is_null())
        .filter(access_token::Column::ExpiresAt.gt(clock::now()))
        .filter(user::Column::DisabledAt.is_null())
}

fn person() -> RelationDef {
    access_token::Entity::belongs_to(user::Entity)
        .from(access_token::Column::UserId)
        .to(user::Column::Id)
        .into()
}
