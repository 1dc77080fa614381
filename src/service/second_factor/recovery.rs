//! Recovery codes: ten at a time, shown once, each good once, known here by their hash.

use crate::{
    domain::{RecoveryCode, Result, UserId},
    service::{clock, entity::recovery_code, key},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};

/// How many there are at first.
const MANY: usize = 10;

/// 80 random bits need no slow hash, and no key that a rotation of the secret would take away. The person is hashed along, so that a row is
/// worth nothing to anybody else.
fn hash(user: UserId, code: &RecoveryCode) -> String {
    key::digest(format!("{user}:{}", code.expose()).as_bytes())
}

/// Makes new codes; the ones before are dead.
pub(super) async fn renew(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<RecoveryCode>> {
    forget(db, user).await?;
    let codes: Vec<_> = (0..MANY)
        .map(|_| RecoveryCode::of(rand::random()))
        .collect();
    let now = clock::now();
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        user_id: Set(user),
        hash: Set(hash(user, code)),
        created_at: Set(now),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(codes)
}

/// Uses a code up, if it is one: of many at once one does, because one statement deletes.
pub(super) async fn use_up(
    db: &impl ConnectionTrait,
    user: UserId,
    code: &RecoveryCode,
) -> Result<bool> {
    let gone = recovery_code::Entity::delete_by_id((user, hash(user, code)))
        .exec(db)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// How many are left.
pub(super) async fn left(db: &impl ConnectionTrait, user: UserId) -> Result<u64> {
    let codes = recovery_code::Entity::find().filter(recovery_code::Column::UserId.eq(user));
    Ok(codes.count(db).await?)
}

/// Forgets all of a person's codes.
pub(super) async fn forget(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}
