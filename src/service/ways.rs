//! Which ways lead into somebody's account. One of them stays, whatever is taken away.

use super::entity::{account, passkey, user};
use crate::{
    domain::{Error, Result, UserId, Ways},
    service::{AppState, auth, provider},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect,
};

/// Those of this person that work in this house: a passkey is none where no browser uses one, nor is the identity of another provider.
pub async fn of(state: &AppState, user: UserId) -> Result<Ways> {
    seen_by(state, state.db.read(), user).await
}

async fn seen_by(state: &AppState, db: &impl ConnectionTrait, user: UserId) -> Result<Ways> {
    let rows = account::Entity::find()
        .filter(account::Column::UserId.eq(user))
        .all(db)
        .await?;
    let has_passkey = passkey::Entity::find()
        .filter(passkey::Column::UserId.eq(user))
        .count(db)
        .await?
        > 0;
    let provider = state.provider.as_ref();
    Ok(Ways {
        password: rows
            .iter()
            .any(|row| row.provider_id == auth::CREDENTIAL && row.password.is_some()),
        passkey: has_passkey && state.passkeys.origin().is_some(),
        provider: rows.iter().any(|row| {
            row.provider_id == provider::ID
                && provider.is_some_and(|provider| provider.vouches_for(&row.account_id))
        }),
    })
}

/// Holds the person's row while one way is taken away, so that of two at once the second sees what the first has left.
pub(super) async fn hold(all: &DatabaseTransaction, user: UserId) -> Result<()> {
    let person = user::Entity::find_by_id(user).lock_exclusive();
    person.one(all).await?.ok_or(Error::Unauthorized)?;
    Ok(())
}

/// Refuses what would leave no way in.
pub(super) async fn keep_one(
    state: &AppState,
    all: &DatabaseTransaction,
    user: UserId,
) -> Result<()> {
    if seen_by(state, all, user).await?.any() {
        Ok(())
    } else {
        Err(Error::LastWayIn)
    }
}
