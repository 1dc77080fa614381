//! A browser's errand at the identity provider. `ticket` is the SHA-256 of what its cookie holds.

use crate::domain::{Moment, SessionId, UserId};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_errand")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket: String,
    pub kind: String,
    pub user_id: Option<UserId>,
    pub session_id: Option<SessionId>,
    /// The identity that is to be proven, or the digest of the invitation that somebody comes with.
    pub subject: Option<String>,
    pub next: String,
    pub expires_at: Moment,
    pub created_at: Moment,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
