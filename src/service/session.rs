//! Sessions: one row a sign-in, the bolt of both doors. tower-sessions carries the cookie; this is the only file that knows its keys.

use super::entity::{session, user};
use crate::{
    domain::{Error, Moment, Result, SessionId, SignedIn, Theme, User, UserId, Wishes},
    service::{Config, Database, Source, clock, key::digest},
};
use async_trait::async_trait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, Select, sea_query::Expr,
};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionStore,
    session::{Id, Record},
    session_store,
};
use uuid::Uuid;

/// What the cookie's record holds under its one key.
const SIGNED_IN: &str = "signed_in";
/// Marks a record that `create` wrote in this request, so that it is not written twice.
const WRITTEN: &str = "written";
/// A session that is used is renewed this often, so that reading pages does not write.
const RENEWED_EVERY: i64 = 24 * 60 * 60;
/// Without "keep me signed in".
const SHORT_TTL: i64 = 24 * 60 * 60;
/// However much it is used, a session ends.
const LONGEST: i64 = 30 * 24 * 60 * 60;
/// How many live sessions a person has at most; the oldest go.
const MOST: u64 = 50;

/// What a new session is made of.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Who signs in.
    pub user: User,
    /// How they like their pages.
    pub wishes: Wishes,
    /// Whether the cookie outlives the browser.
    pub remember: bool,
}

/// Begins a session under a new id, and ends the one that the request came with.
pub async fn begin(
    cookie: &Session,
    config: &Config,
    source: &Source,
    new: NewSession,
) -> Result<SignedIn> {
    if cookie.id().is_some() {
        cookie.flush().await.map_err(fault)?;
    }
    let now = clock::now();
    let who = SignedIn {
        user: new.user,
        wishes: new.wishes,
        session: SessionId(Uuid::now_v7()),
        expires_at: end(config, new.remember, now, now),
        created_at: now,
        updated_at: now,
        remember: new.remember,
        ip_address: source.address_text(),
        user_agent: source.user_agent.clone(),
    };
    write(cookie, &who).await?;
    cookie.save().await.map_err(fault)?;
    Ok(who)
}

/// Who is signed in with this cookie, if anybody is. Renews the session when it was used and not renewed for a day.
pub async fn by_cookie(cookie: &Session, config: &Config) -> Result<Option<SignedIn>> {
    let Some(mut who) = cookie.get::<SignedIn>(SIGNED_IN).await.map_err(fault)? else {
        return Ok(None);
    };
    let now = clock::now();
    if who.updated_at.plus_seconds(RENEWED_EVERY) <= now {
        who.updated_at = now;
        who.expires_at = end(config, who.remember, who.created_at, now);
        write(cookie, &who).await?;
    }
    Ok(Some(who))
}

/// Ends the session of this cookie: its row, and with it every token that names it.
pub async fn end_by_cookie(cookie: &Session) -> Result<()> {
    if cookie.id().is_some() {
        cookie.flush().await.map_err(fault)
    } else {
        Ok(())
    }
}

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

/// Whether this session of this person lives: what every Bearer token is asked.
pub async fn is_open(db: &Database, id: SessionId, user: UserId) -> Result<bool> {
    let found = open(id, user).into_tuple::<String>().one(db.read()).await?;
    Ok(found.is_some())
}

/// The row of this session, if it lives and its person may come in: for a statement that does its work only then.
pub(super) fn open(id: SessionId, user: UserId) -> Select<session::Entity> {
    session::Entity::find_by_id(id)
        .select_only()
        .column(session::Column::Id)
        .join(JoinType::InnerJoin, person())
        .filter(session::Column::UserId.eq(user))
        .filter(session::Column::ExpiresAt.gt(clock::now()))
        .filter(user::Column::DisabledAt.is_null())
}

fn person() -> RelationDef {
    session::Entity::belongs_to(user::Entity)
        .from(session::Column::UserId)
        .to(user::Column::Id)
        .into()
}

/// Removes sessions that have ended.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    let gone = session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lte(now))
        .exec(db.write())
        .await?;
    Ok(gone.rows_affected)
}

fn end(config: &Config, remember: bool, began: Moment, now: Moment) -> Moment {
    let ttl = if remember {
        config.session_ttl
    } else {
        config.session_ttl.min(SHORT_TTL)
    };
    now.plus_seconds(ttl)
        .min(began.plus_seconds(LONGEST.max(config.session_ttl)))
}

async fn write(cookie: &Session, who: &SignedIn) -> Result<()> {
    let age = (who.expires_at.0 - clock::now().0).max(0);
    cookie.set_expiry(Some(if who.remember {
        Expiry::OnInactivity(time::Duration::milliseconds(age))
    } else {
        Expiry::OnSessionEnd
    }));
    cookie.insert(SIGNED_IN, who).await.map_err(fault)
}

/// The store's errors pass through tower-sessions as text: the row of the table, by its code.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn fault(error: tower_sessions::session::Error) -> Error {
    if let tower_sessions::session::Error::Store(session_store::Error::Backend(code)) = &error
        && let Some(&row) = Error::ALL.iter().find(|row| row.code() == code)
    {
        return row;
    }
    tracing::error!(cause = %error, "a session's record could not be read or written");
    Error::Internal
}

fn backend(cause: sea_orm::DbErr) -> session_store::Error {
    session_store::Error::Backend(Error::from(cause).code().to_owned())
}

/// The `session` table, as tower-sessions sees it.
#[derive(Clone, Debug)]
pub struct SessionTable(pub Database);

/// The table knows the cookie's value only by its SHA-256.
fn hashed(id: Id) -> String {
    digest(id.to_string().as_bytes())
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
        };
        session::Entity::insert(row)
            .exec_without_returning(self.0.write())
            .await
            .map_err(backend)?;
        keep_newest(&self.0, who.user.id).await.map_err(backend)?;
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
        user: seen(person),
        session: row.id,
        expires_at: row.expires_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
        remember: row.data.contains("true"),
        ip_address: row.ip_address,
        user_agent: row.user_agent,
    }
}

/// A person's row, as others may see it.
pub(super) fn seen(person: user::Model) -> User {
    User {
        id: person.id,
        name: person.name,
        email: person.email,
        email_verified: person.email_verified,
        image: person.image,
        created_at: person.created_at,
        updated_at: person.updated_at,
    }
}

/// How a person likes their pages.
pub(super) fn wishes(person: &user::Model) -> Wishes {
    let theme = person
        .theme
        .as_deref()
        .and_then(|theme| theme.parse().ok())
        .unwrap_or(Theme::Automatic);
    Wishes {
        theme,
        time_zone: person.time_zone.clone(),
    }
}

async fn keep_newest(db: &Database, user: UserId) -> Result<(), sea_orm::DbErr> {
    let too_old: Vec<SessionId> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::UserId.eq(user))
        .order_by_desc(session::Column::CreatedAt)
        .order_by_desc(session::Column::Id)
        .offset(MOST)
        .limit(1000)
        .into_tuple()
        .all(db.write())
        .await?;
    if !too_old.is_empty() {
        session::Entity::delete_many()
            .filter(session::Column::Id.is_in(too_old))
            .exec(db.write())
            .await?;
    }
    Ok(())
}
