//! Tasks as they are kept, all of them, for their owner to take along.

use super::{owned_by, row::priority};
use crate::{
    domain::{Error, Moment, Priority, Result, Task, TaskId, UserId},
    service::{
        Database,
        entity::{deleted_task, task},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

/// A task with every column that says something: what only sorts and searches is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// Its id.
    pub id: TaskId,
    title: String,
    description: String,
    completed_at: Option<Moment>,
    priority: Priority,
    due_date: Option<String>,
    position: i64,
    created_at: Moment,
    updated_at: Moment,
    version: i64,
}

impl From<task::Model> for Kept {
    fn from(row: task::Model) -> Self {
        Self {
            id: row.id,
            title: row.title,
            description: row.description,
            completed_at: row.completed_at,
            priority: priority(row.priority),
            due_date: row.due_date,
            position: row.position,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

/// At most `most` tasks of this person behind `after`, in the order of their ids.
pub async fn kept(
    db: &Database,
    owner: UserId,
    after: Option<TaskId>,
    most: u64,
) -> Result<Vec<Kept>> {
    let rows = task::Entity::find()
        .filter(owned_by(owner).add_option(after.map(|id| task::Column::Id.gt(id))))
        .order_by_asc(task::Column::Id)
        .limit(most)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// At most `most` tasks of this person behind `after` that were deleted and can still be brought back. One that cannot be read is a fault, not a
/// gap: nobody would notice it.
pub async fn deleted(
    db: &Database,
    owner: UserId,
    after: Option<TaskId>,
    most: u64,
) -> Result<Vec<Task>> {
    let mut rows = deleted_task::Entity::find().filter(deleted_task::Column::UserId.eq(owner));
    if let Some(after) = after {
        rows = rows.filter(deleted_task::Column::Id.gt(after));
    }
    let rows = rows
        .order_by_asc(deleted_task::Column::Id)
        .limit(most)
        .all(db.read())
        .await?;
    rows.iter().map(readable).collect()
}

fn readable(row: &deleted_task::Model) -> Result<Task> {
    serde_json::from_str(&row.task).map_err(|cause| {
        tracing::error!(%cause, id = %row.id, "a deleted task's row cannot be read");
        Error::Internal
    })
}
