//! Access tokens: made and revoked by their owners, carried by their programs, known here by their hash alone.

mod bearer;
mod secret;
mod uses;

pub use bearer::{Presented, is_open, present, remembered};
pub use secret::{PREFIX, Secret};
pub use uses::Uses;

pub(super) use bearer::open;

use super::entity::access_token;
use crate::{
    domain::{
        AccessToken, AccessTokenId, Error, Event, MadeAccessToken, Moment, Refusal, Result, Scopes,
        SessionId, TokenName, UserId,
    },
    service::{
        AppState, Database, Source,
        audit::{self, Entry},
        clock,
        entry::{self, Visit},
        idempotency::{self, Seen},
        limit, people,
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// How many a person has at most, those that have expired and are still shown among them.
const MOST: u64 = 50;
/// How long one that is over is remembered: its owner sees that it expired, and the log can say whose it is.
const REMEMBERED_SECONDS: i64 = 30 * 24 * 60 * 60;

/// For whom something is done, and through which door.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// Whose token.
    pub user: UserId,
    /// Through which session, if through one.
    pub session: Option<SessionId>,
    /// From where.
    pub source: &'a Source,
}

/// What a new token is made of.
#[derive(Clone, Debug)]
pub struct NewAccessToken {
    /// What it is for.
    pub name: TokenName,
    /// What it may do.
    pub scopes: Scopes,
    /// When it ends.
    pub expires_at: Moment,
}

/// Makes a token for somebody who asks through the front door. A form that says which one it is makes one, however often it arrives: who
/// comes again is told so, for the token itself is kept nowhere.
pub async fn create(
    state: &AppState,
    visit: &Visit,
    owner: Owner<'_>,
    new: NewAccessToken,
    form: Option<String>,
) -> Result<MadeAccessToken, Refusal> {
    let (db, subject) = (&state.db, owner.user.to_string());
    entry::knock(state, visit, limit::ACCESS_TOKEN, &subject).await?;
    let Some(form) = form else {
        return Ok(make(db, owner, new).await?);
    };
    let seen = idempotency::begin(db, owner.user, &form, form.as_bytes()).await?;
    if let Seen::Answered(_) = seen {
        return Err(Error::AccessTokenMade.into());
    }
    let made = make_as(db, owner, new, Some(&form)).await;
    Ok(idempotency::settle(db, owner.user, &form, made).await?)
}

/// Makes a token.
pub async fn make(db: &Database, owner: Owner<'_>, new: NewAccessToken) -> Result<MadeAccessToken> {
    make_as(db, owner, new, None).await
}

async fn make_as(
    db: &Database,
    owner: Owner<'_>,
    new: NewAccessToken,
    form: Option<&str>,
) -> Result<MadeAccessToken> {
    let secret = Secret::fresh();
    let row = access_token::Model {
        id: AccessTokenId(Uuid::now_v7()),
        user_id: owner.user,
        name: new.name.into(),
        scope: new.scopes.to_string(),
        hash: secret.hash(),
        created_at: clock::now(),
        last_used_at: None,
        expires_at: new.expires_at,
        revoked_at: None,
    };
    let all = db.transaction().await?;
    check_room(&all, owner.user).await?;
    access_token::Entity::insert(access_token::ActiveModel::from(row.clone()))
        .exec_without_returning(&all)
        .await?;
    if let Some(form) = form {
        idempotency::finish(&all, owner.user, form, &row.id.to_string()).await?;
    }
    all.commit().await?;
    note(db, owner, Event::TokenCreated).await;
    Ok(MadeAccessToken {
        token: secret.expose(),
        access: seen(row)?,
    })
}

/// The person's row is locked meanwhile, so that of many at once none is one too many.
async fn check_room(all: &DatabaseTransaction, owner: UserId) -> Result<()> {
    people::hold(all, owner).await?;
    let there = of(owner).count(all).await?;
    if there < MOST {
        Ok(())
    } else {
        Err(Error::TooManyAccessTokens)
    }
}

fn of(owner: UserId) -> sea_orm::Select<access_token::Entity> {
    access_token::Entity::find()
        .filter(access_token::Column::UserId.eq(owner))
        .filter(access_token::Column::RevokedAt.is_null())
}

/// A person's tokens, newest first. One that has expired is among them for a while.
pub async fn list(db: &Database, owner: UserId) -> Result<Vec<AccessToken>> {
    let rows = of(owner)
        .order_by_desc(access_token::Column::CreatedAt)
        .order_by_desc(access_token::Column::Id)
        .all(db.read())
        .await?;
    rows.into_iter().map(seen).collect()
}

/// Revokes a token of this person: from now on it opens nothing.
pub async fn revoke(db: &Database, owner: Owner<'_>, id: AccessTokenId) -> Result<()> {
    let gone = revoked()
        .filter(access_token::Column::Id.eq(id))
        .filter(access_token::Column::UserId.eq(owner.user))
        .exec(db.write())
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::AccessTokenNotFound);
    }
    note(db, owner, Event::TokenRevoked).await;
    Ok(())
}

/// Revokes all tokens of a person.
pub async fn revoke_all(db: &impl ConnectionTrait, owner: UserId) -> Result<()> {
    revoked()
        .filter(access_token::Column::UserId.eq(owner))
        .exec(db)
        .await?;
    Ok(())
}

fn revoked() -> sea_orm::UpdateMany<access_token::Entity> {
    access_token::Entity::update_many()
        .col_expr(access_token::Column::RevokedAt, Expr::value(clock::now()))
        .filter(access_token::Column::RevokedAt.is_null())
}

/// Whose token this is: for the operator, who names it by its id alone.
pub async fn owner_of(db: &Database, id: AccessTokenId) -> Result<Option<UserId>> {
    let owner = access_token::Entity::find_by_id(id)
        .select_only()
        .column(access_token::Column::UserId)
        .into_tuple()
        .one(db.read())
        .await?;
    Ok(owner)
}

/// Forgets tokens that have long been over.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    let long_ago = now.plus_seconds(-REMEMBERED_SECONDS);
    let is_over = sea_orm::Condition::any()
        .add(access_token::Column::ExpiresAt.lt(long_ago))
        .add(access_token::Column::RevokedAt.lt(long_ago));
    Ok(access_token::Entity::delete_many()
        .filter(is_over)
        .exec(db.write())
        .await?
        .rows_affected)
}

async fn note(db: &Database, owner: Owner<'_>, event: Event) {
    let entry = Entry {
        session: owner.session,
        ..Entry::done(event, owner.user)
    };
    audit::record(db, owner.source, entry).await;
}

fn seen(row: access_token::Model) -> Result<AccessToken> {
    Ok(AccessToken {
        id: row.id,
        name: row.name,
        scope: row.scope.parse().map_err(|_| Error::Internal)?,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
    })
}
