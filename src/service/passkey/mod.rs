//! Passkeys: made on a person's device for this site, known here by their public half, and as good as two factors.

mod add;
mod enter;
mod site;
mod ticket;

pub use add::{add, options as options_to_add};
pub use enter::{confirm, options as options_to_use, sign_in};
pub use site::Passkeys;

use super::entity::passkey;
use crate::{
    domain::{DeviceType, Error, Event, Passkey, PasskeyId, PasskeyName, Result, SignedIn, UserId},
    service::{
        AppState, Database, Source,
        audit::{self, Entry},
        ways,
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, sea_query::Expr,
};
use webauthn_rs::prelude::{Credential, Passkey as Kept};

pub(super) use ticket::sweep;

/// How many a person has at most.
const MOST: u64 = 10;

/// A person's passkeys, newest first.
pub async fn list(db: &Database, owner: UserId) -> Result<Vec<Passkey>> {
    let rows = of(owner)
        .order_by_desc(passkey::Column::CreatedAt)
        .order_by_desc(passkey::Column::Id)
        .all(db.read())
        .await?;
    rows.into_iter().map(seen).collect()
}

fn of(owner: UserId) -> Select<passkey::Entity> {
    passkey::Entity::find().filter(passkey::Column::UserId.eq(owner))
}

/// Gives a passkey of this person another name.
pub async fn rename(
    db: &Database,
    source: &Source,
    who: &SignedIn,
    id: PasskeyId,
    name: &PasskeyName,
) -> Result<Passkey> {
    let done = passkey::Entity::update_many()
        .col_expr(passkey::Column::Name, Expr::value(name.as_str()))
        .filter(passkey::Column::Id.eq(id))
        .filter(passkey::Column::UserId.eq(who.user.id))
        .exec(db.write())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::PasskeyNotFound);
    }
    note(db, source, who, Event::PasskeyRenamed).await;
    let row = of(who.user.id)
        .filter(passkey::Column::Id.eq(id))
        .one(db.write())
        .await?;
    seen(row.ok_or(Error::PasskeyNotFound)?)
}

/// Removes a passkey of this person, unless nothing else leads in: from now on it opens nothing.
pub async fn remove(
    state: &AppState,
    source: &Source,
    who: &SignedIn,
    id: PasskeyId,
) -> Result<()> {
    let all = state.db.transaction().await?;
    ways::hold(&all, who.user.id).await?;
    let gone = passkey::Entity::delete_many()
        .filter(passkey::Column::Id.eq(id))
        .filter(passkey::Column::UserId.eq(who.user.id))
        .exec(&all)
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::PasskeyNotFound);
    }
    ways::keep_one(state, &all, who.user.id).await?;
    all.commit().await?;
    note(&state.db, source, who, Event::PasskeyRemoved).await;
    Ok(())
}

/// Removes all passkeys of a person, in the transaction of what makes them doubtful.
pub async fn remove_all(db: &impl ConnectionTrait, owner: UserId) -> Result<()> {
    passkey::Entity::delete_many()
        .filter(passkey::Column::UserId.eq(owner))
        .exec(db)
        .await?;
    Ok(())
}

async fn note(db: &Database, source: &Source, who: &SignedIn, event: Event) {
    let entry = Entry::done(event, who.user.id).through(who.session);
    audit::record(db, source, entry).await;
}

/// What the library keeps of a passkey.
fn kept(row: &passkey::Model) -> Result<Kept> {
    serde_json::from_str(&row.credential).map_err(|cause| {
        tracing::error!(%cause, id = %row.id, "a passkey's row cannot be read");
        Error::Internal
    })
}

fn written(kept: &Kept) -> Result<String> {
    serde_json::to_string(kept).map_err(|_| Error::Internal)
}

fn seen(row: passkey::Model) -> Result<Passkey> {
    let credential = Credential::from(kept(&row)?);
    let device_type = if credential.backup_eligible {
        DeviceType::MultiDevice
    } else {
        DeviceType::SingleDevice
    };
    Ok(Passkey {
        id: row.id,
        name: row.name,
        user_id: row.user_id,
        credential_id: row.credential_id,
        counter: row.counter,
        device_type,
        backed_up: credential.backup_state,
        transports: row.transports,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
    })
}
