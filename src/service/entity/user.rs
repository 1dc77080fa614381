//! The person.

use crate::domain::{Moment, UserId};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub email_key: String,
    pub email_verified: bool,
    pub image: Option<String>,
    pub theme: Option<String>,
    pub time_zone: Option<String>,
    pub role: String,
    pub disabled_at: Option<Moment>,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub two_factor_enabled: bool,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
