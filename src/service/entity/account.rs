//! A way of signing in: `credential` holds a password hash.

use crate::domain::{AccountId, Moment, UserId};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub user_id: UserId,
    pub account_id: String,
    pub provider_id: String,
    pub password: Option<String>,
    pub created_at: Moment,
    pub updated_at: Moment,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
