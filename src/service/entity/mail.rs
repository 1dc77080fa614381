//! A letter that waits: sealed in `body`, to be tried again at `next_at`, and of no use after `expires_at`.

use crate::domain::{MailId, Moment};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    pub kind: String,
    pub body: String,
    pub attempts: i64,
    pub next_at: Moment,
    pub expires_at: Moment,
    pub created_at: Moment,
}

/// It stands alone: whom it goes to is inside.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
