//! A task, with the keys that sorting and searching go by.

use crate::domain::{Moment, TaskId, UserId};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    pub user_id: UserId,
    pub title: String,
    pub description: String,
    pub completed_at: Option<Moment>,
    pub priority: i16,
    pub due_date: Option<String>,
    pub position: i64,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub version: i64,
    pub title_key: String,
    pub search_key: String,
}

/// It stands alone: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
