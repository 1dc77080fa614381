//! A passkey's public half. `credential` is what the library keeps of it, as JSON.

use crate::domain::{Moment, PasskeyId, UserId};
use sea_orm::entity::prelude::*;

/// A row. `counter` stands beside the credential, so that one statement compares and raises it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PasskeyId,
    pub user_id: UserId,
    pub name: String,
    pub credential_id: String,
    pub credential: String,
    pub counter: i64,
    pub transports: String,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
