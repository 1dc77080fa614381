//! When a token was last used: written down once an hour at most, beside the request and never in its way.

use crate::{
    domain::{AccessTokenId, Moment},
    service::{Database, clock, entity::access_token},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// How exact it is.
const EVERY_SECONDS: i64 = 60 * 60;

/// Those that are being written down right now: a flood of requests writes once.
#[derive(Clone, Debug, Default)]
pub struct Uses(Arc<Mutex<HashSet<AccessTokenId>>>);

impl Uses {
    /// Notes that this token is used now, if the hour is over. Comes back at once.
    pub(super) fn note(&self, db: &Database, id: AccessTokenId, last: Option<Moment>) {
        let now = clock::now();
        let is_due = last.is_none_or(|last| last.plus_seconds(EVERY_SECONDS) <= now);
        if !is_due || !self.among().insert(id) {
            return;
        }
        let (uses, db) = (self.clone(), db.clone());
        tokio::spawn(async move {
            if let Err(cause) = write(&db, id, now).await {
                tracing::warn!(%cause, "when an access token was used was not written down");
            }
            uses.among().remove(&id);
        });
    }

    fn among(&self) -> std::sync::MutexGuard<'_, HashSet<AccessTokenId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Another instance may have been quicker.
async fn write(db: &Database, id: AccessTokenId, now: Moment) -> Result<(), sea_orm::DbErr> {
    let is_due = Condition::any()
        .add(access_token::Column::LastUsedAt.is_null())
        .add(access_token::Column::LastUsedAt.lte(now.plus_seconds(-EVERY_SECONDS)));
    access_token::Entity::update_many()
        .col_expr(access_token::Column::LastUsedAt, Expr::value(now))
        .filter(access_token::Column::Id.eq(id))
        .filter(is_due)
        .exec(db.write())
        .await
        .map(drop)
}
