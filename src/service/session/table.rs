//! The `session` table, as tower-sessions sees it.

use super::{
    SIGNED_IN,
    person::{seen, wishes},
    rows::{self, keep_newest, person},
};
use crate::{
    domain::{Error, Role, SignedIn},
    service::{
        Database, clock,
        entity::{session, user},
        key::digest,
    },
};
use async_trait::async_trait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, sea_query::Expr,
};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store,
};

/// Marks a record that `create` wrote in this request, so that it is not written twice.
const WRITTEN: &str = "written";

/// The `session` table, as tower-sessions sees it.
#[derive(Clone, Debug)]
pub struct SessionTable(pub Database);

/// The table knows the cookie's value only by its SHA-256.
fn hashed(id: Id) -> String {
    digest(id.to_string().as_bytes())
}

/// The row of the table of errors, by its code: `super::fault` reads it back.
fn backend(cause: sea_orm::DbErr) -> session_store::Error {
    session_store::Error::Backend(Error::from(cause).code().to_owned())
}

fn signed_in(record: &Record) -> session_store::Result<SignedIn> {
    let value = record.data.get(SIGNED_IN).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|cause| session_store::Error::Decode(cause.to_string()))
}

#[async_trait]
impl SessionStore for SessionTable {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let who = signed_in(record)?;
        // A record that was flushed and filled again still has its old id: a new session never lives under it.
        record.id = Id::default();
        let row = session::ActiveModel {
            id: Set(who.session),
            user_id: Set(who.user.id),
            token: Set(hashed(record.id)),
            data: Set(data(&who)),
            expires_at: Set(who.expires_at),
            ip_address: Set(who.ip_address.clone()),
            user_agent: Set(who.user_agent.clone()),
            created_at: Set(who.created_at),
            updated_at: Set(who.updated_at),
            confirmed_at: Set(who.confirmed_at),
            seen_at: Set(who.created_at),
        };
        let user = who.user.id;
        if rows::insert(&self.0, user, row).await.map_err(backend)? {
            keep_newest(&self.0, user).await.map_err(backend)?;
        }
        record.data.insert(WRITTEN.to_owned(), true.into());
        Ok(())
    }

    /// Never an insert: a slow request that loaded the session before it was ended must not bring it back.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        if record.data.contains_key(WRITTEN) {
            return Ok(());
        }
        let who = signed_in(record)?;
        session::Entity::update_many()
            .col_expr(session::Column::ExpiresAt, Expr::value(who.expires_at))
            .col_expr(session::Column::UpdatedAt, Expr::value(who.updated_at))
            .filter(session::Column::Token.eq(hashed(record.id)))
            .filter(session::Column::ExpiresAt.gt(clock::now()))
            .exec(self.0.write())
            .await
            .map(drop)
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = session::Entity::find()
            .join(JoinType::InnerJoin, person())
            .select_also(user::Entity)
            .filter(session::Column::Token.eq(hashed(*id)))
            .filter(session::Column::ExpiresAt.gt(clock::now()))
            .filter(user::Column::DisabledAt.is_null())
            .one(self.0.read())
            .await
            .map_err(backend)?;
        let Some((row, Some(person))) = found else {
            return Ok(None);
        };
        rows::touch(&self.0, &row).await;
        let who = resolved(row, person);
        let value = serde_json::to_value(&who)
            .map_err(|cause| session_store::Error::Encode(cause.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(who.expires_at.seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Ok(Some(Record {
            id: *id,
            data: [(SIGNED_IN.to_owned(), value)].into(),
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        session::Entity::delete_many()
            .filter(session::Column::Token.eq(hashed(*id)))
            .exec(self.0.write())
            .await
            .map(drop)
            .map_err(backend)
    }
}

/// What a session keeps besides its columns.
fn data(who: &SignedIn) -> String {
    if who.remember {
        r#"{"remember":true}"#.to_owned()
    } else {
        r#"{"remember":false}"#.to_owned()
    }
}

fn resolved(row: session::Model, person: user::Model) -> SignedIn {
    SignedIn {
        wishes: wishes(&person),
        role: Role::stored(&person.role),
        user: seen(person),
        session: row.id,
        expires_at: row.expires_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
        remember: row.data.contains("true"),
        confirmed_at: row.confirmed_at,
        ip_address: row.ip_address,
        user_agent: row.user_agent,
    }
}
