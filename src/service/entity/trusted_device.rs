//! A browser that need not give the second factor for a while. `hash` is the SHA-256 of its cookie's value.

use crate::domain::{DeviceId, Moment, UserId};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trusted_device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeviceId,
    pub user_id: UserId,
    pub hash: String,
    pub ip_address: String,
    pub user_agent: String,
    pub created_at: Moment,
    pub last_used_at: Moment,
    pub expires_at: Moment,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
