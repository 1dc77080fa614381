//! A sign-in that lives. `token` is the SHA-256 of the cookie's value.

use crate::domain::{Moment, SessionId, UserId};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub user_id: UserId,
    pub token: String,
    pub data: String,
    pub expires_at: Moment,
    pub ip_address: String,
    pub user_agent: String,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub confirmed_at: Moment,
    pub seen_at: Moment,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
