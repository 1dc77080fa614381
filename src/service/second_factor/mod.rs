//! The second factor: codes of an authenticator app (RFC 6238), recovery codes that stand in for it, and browsers that need not give it.

pub(super) mod challenge;
pub mod device;
mod guess;
mod recovery;
mod seed;
mod set_up;
mod step;

pub use guess::Given;
pub use seed::Seals;
pub use set_up::{begin, codes, pending, seed_of, turn_off, turn_on};
pub use step::{confirm, is_waited_for, pass, prove};

use crate::{
    domain::{Moment, Result, Standing, UserId},
    service::{
        Database,
        entity::{totp, user},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr,
};

/// After so long a seed that was never confirmed by a code is forgotten.
const PENDING_SECONDS: i64 = 60 * 60;

/// Whether signing in asks this person for it.
pub async fn is_on(db: &Database, user: UserId) -> Result<bool> {
    let found: Option<bool> = user::Entity::find_by_id(user)
        .select_only()
        .column(user::Column::TwoFactorEnabled)
        .into_tuple()
        .one(db.read())
        .await?;
    Ok(found.unwrap_or(false))
}

/// How it stands, for its owner.
pub async fn standing(db: &Database, user: UserId) -> Result<Standing> {
    if !is_on(db, user).await? {
        return Ok(Standing {
            enabled: false,
            codes_left: 0,
            devices: Vec::new(),
        });
    }
    Ok(Standing {
        enabled: true,
        codes_left: recovery::left(db.read(), user).await?,
        devices: device::list(db, user).await?,
    })
}

/// Asks all of a person's browsers again, and ends every sign-in that waits: part of what becomes of a new password.
pub async fn forget_browsers(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    challenge::void(db, user).await?;
    device::forget_all(db, user).await
}

/// Takes the second factor away, with all that belongs to it. Part of a larger change, which ends sessions as it sees fit.
pub async fn forget(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    totp::Entity::delete_by_id(user).exec(db).await?;
    recovery::forget(db, user).await?;
    forget_browsers(db, user).await?;
    user::Entity::update_many()
        .col_expr(user::Column::TwoFactorEnabled, Expr::value(false))
        .filter(user::Column::Id.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets what is over: sign-ins that nobody finished, browsers that were not used, seeds that were never confirmed.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    let on = sea_orm::sea_query::Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::Column::TwoFactorEnabled.eq(true))
        .to_owned();
    let unconfirmed = totp::Entity::delete_many()
        .filter(totp::Column::CreatedAt.lt(now.plus_seconds(-PENDING_SECONDS)))
        .filter(totp::Column::UserId.not_in_subquery(on))
        .exec(db.write())
        .await?;
    Ok(
        challenge::sweep(db, now).await?
            + device::sweep(db, now).await?
            + unconfirmed.rows_affected,
    )
}
