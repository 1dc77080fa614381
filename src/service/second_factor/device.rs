//! Browsers that need not give the second factor for a while: each is known by a cookie of its own, and here by that cookie's hash.

use crate::{
    domain::{DeviceId, Error, Event, Moment, Result, SignedIn, TrustedDevice, UserId},
    service::{
        Database, Source,
        audit::{self, Entry},
        clock,
        entity::trusted_device,
        entry::Visit,
        key,
        pocket::Keepsake,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use uuid::Uuid;

/// How long one is trusted, from its last sign-in.
const SECONDS: i64 = 30 * 24 * 60 * 60;

/// Trusts this browser from now on.
pub(super) async fn trust(db: &impl ConnectionTrait, visit: &Visit, user: UserId) -> Result<()> {
    let (secret, now) = (key::random_secret(), clock::now());
    let row = trusted_device::ActiveModel {
        id: Set(DeviceId(Uuid::now_v7())),
        user_id: Set(user),
        hash: Set(key::digest(secret.as_bytes())),
        ip_address: Set(visit.source.address_text()),
        user_agent: Set(visit.source.user_agent.clone()),
        created_at: Set(now),
        last_used_at: Set(now),
        expires_at: Set(now.plus_seconds(SECONDS)),
    };
    trusted_device::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    visit.pocket.give(Keepsake::Device, secret, SECONDS);
    Ok(())
}

/// Whether this browser is trusted by this person; then it is so for another while.
pub async fn is_trusted(db: &Database, visit: &Visit, user: UserId) -> Result<bool> {
    let Some(secret) = visit.pocket.brought(Keepsake::Device) else {
        return Ok(false);
    };
    let now = clock::now();
    let known = trusted_device::Entity::update_many()
        .col_expr(trusted_device::Column::LastUsedAt, Expr::value(now))
        .col_expr(
            trusted_device::Column::ExpiresAt,
            Expr::value(now.plus_seconds(SECONDS)),
        )
        .filter(trusted_device::Column::Hash.eq(key::digest(secret.as_bytes())))
        .filter(trusted_device::Column::UserId.eq(user))
        .filter(trusted_device::Column::ExpiresAt.gt(now))
        .exec(db.write())
        .await?;
    if known.rows_affected == 0 {
        return Ok(false);
    }
    let secret = secret.to_owned();
    visit.pocket.give(Keepsake::Device, secret, SECONDS);
    Ok(true)
}

/// The browsers that a person trusts, the last used first.
pub(super) async fn list(db: &Database, user: UserId) -> Result<Vec<TrustedDevice>> {
    let rows = trusted_device::Entity::find()
        .filter(trusted_device::Column::UserId.eq(user))
        .filter(trusted_device::Column::ExpiresAt.gt(clock::now()))
        .order_by_desc(trusted_device::Column::LastUsedAt)
        .order_by_desc(trusted_device::Column::Id)
        .all(db.read())
        .await?;
    let seen = |row: trusted_device::Model| TrustedDevice {
        id: row.id,
        ip_address: row.ip_address,
        user_agent: row.user_agent,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
    };
    Ok(rows.into_iter().map(seen).collect())
}

/// Asks one of a person's browsers for the second factor again.
pub async fn forget(db: &Database, source: &Source, who: &SignedIn, id: DeviceId) -> Result<()> {
    let gone = trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::Id.eq(id))
        .filter(trusted_device::Column::UserId.eq(who.user.id))
        .exec(db.write())
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::DeviceNotFound);
    }
    let entry = Entry::done(Event::DeviceForgotten, who.user.id).through(who.session);
    audit::record(db, source, entry).await;
    Ok(())
}

/// Asks all of a person's browsers again.
pub(super) async fn forget_all(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets those that were not used for long.
pub(super) async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    Ok(trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::ExpiresAt.lte(now))
        .exec(db.write())
        .await?
        .rows_affected)
}
