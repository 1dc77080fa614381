//! A one-time value: subject and purpose in `identifier`, the SHA-256 of the secret in `value`.

use crate::domain::{Moment, VerificationId};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "verification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VerificationId,
    pub identifier: String,
    pub value: String,
    pub expires_at: Moment,
    pub created_at: Moment,
    pub updated_at: Moment,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
