//! What the codes of a person's authenticator app are checked against. It counts once `user.two_factor_enabled` says so.

use crate::domain::{Moment, UserId};
use sea_orm::entity::prelude::*;

/// A row. `seed` is encrypted under the key that `key_id` names.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "totp")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub seed: String,
    pub key_id: String,
    pub last_step: i64,
    pub failures: i32,
    pub locked_until: Moment,
    pub created_at: Moment,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
