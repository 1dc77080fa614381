//! What a program of one's own carries. `hash` is the SHA-256 of the token.

use crate::domain::{AccessTokenId, Moment, UserId};
use sea_orm::entity::prelude::*;

/// A row. One that was revoked stays for a while, so that the log can say whose token is still tried.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccessTokenId,
    pub user_id: UserId,
    pub name: String,
    pub scope: String,
    pub hash: String,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
    pub expires_at: Moment,
    pub revoked_at: Option<Moment>,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
