//! The `session` table, as tower-sessions sees it.

use super::{
    SIGNED_IN, STANDS_AS,
    person::{seen, wishes},
    rows::{self, keep_newest, person},
};
use crate::{
    domain::{Error, Result, Role, SessionId, SignedIn},
    service::{
        Database, clock,
        entity::{session, user},
        key::digest,
        people,
    },
};
use async_trait::async_trait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, SqlErr,
    sea_query::Expr,
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

/// Whoever is deleted while they come in is nobody any more.
fn gone(cause: sea_orm::DbErr, refusal: Error) -> Error {
    match cause.sql_err() {
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => refusal,
        _ => cause.into(),
    }
}

/// Puts a session in the place of one that still stands, and says under which id: nobody who ends it in the meantime is passed over. The
/// person is held first, as by whoever ends sessions, so that the two never wait for each other.
pub(super) async fn replace(db: &Database, before: SessionId, who: &SignedIn) -> Result<Id> {
    let (id, user, all) = (Id::default(), who.user.id, db.transaction().await?);
    people::hold(&all, user).await?;
    let ended = session::Entity::delete_many()
        .filter(session::Column::Id.eq(before))
        .filter(session::Column::UserId.eq(user))
        .filter(session::Column::ExpiresAt.gt(clock::now()))
        .exec(&all)
        .await?;
    if ended.rows_affected == 0 {
        return Err(Error::Unauthorized);
    }
    rows::insert(&all, user, row(id, who))
        .await
        .map_err(|cause| gone(cause, Error::Unauthorized))?;
    all.commit().await?;
    Ok(id)
}

fn row(id: Id, who: &SignedIn) -> session::ActiveModel {
    session::ActiveModel {
        id: Set(who.session),
        user_id: Set(who.user.id),
        token: Set(hashed(id)),
        data: Set(data(who)),
        expires_at: Set(who.expires_at),
        ip_address: Set(who.ip_address.clone()),
        user_agent: Set(who.user_agent.clone()),
        created_at: Set(who.created_at),
        updated_at: Set(who.updated_at),
        confirmed_at: Set(who.confirmed_at),
        seen_at: Set(who.created_at),
    }
}

/// The id of a row that [`replace`] wrote already.
fn stands_as(record: &Record) -> Option<Id> {
    record.data.get(STANDS_AS)?.as_str()?.parse().ok()
}

fn signed_in(record: &Record) -> session_store::Result<SignedIn> {
    let value = record.data.get(SIGNED_IN).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|cause| session_store::Error::Decode(cause.to_string()))
}

#[async_trait]
impl SessionStore for SessionTable {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        if let Some(id) = stands_as(record) {
            record.id = id;
        } else {
            // A record that was flushed and filled again still has its old id: a new session never lives under it.
            record.id = Id::default();
            let who = signed_in(record)?;
            let (user, row) = (who.user.id, row(record.id, &who));
            let many = rows::insert(self.0.write(), user, row).await;
            let many = many.map_err(|cause| {
                let refusal = gone(cause, Error::InvalidCredentials);
                session_store::Error::Backend(refusal.code().to_owned())
            })?;
            if many {
                keep_newest(&self.0, user).await.map_err(backend)?;
            }
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
