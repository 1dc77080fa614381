//! Deleted tasks, and how they are brought back.

use super::{
    Expected,
    create::insert,
    one,
    row::{seen, stored},
};
use crate::{
    domain::{Error, Moment, Result, Task, TaskId, UserId},
    service::{
        Database, clock,
        entity::{deleted_task, task},
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

/// How long a deleted task can be brought back.
pub const UNDO_SECONDS: i64 = 24 * 60 * 60;
/// How many of a person's can, the newest.
pub const MOST_DELETED: u64 = 1_000;

/// Deletes a task; it can be brought back for a day. One that is changed meanwhile is looked at again.
pub async fn delete(
    db: &Database,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
) -> Result<Task> {
    loop {
        if let Some(task) = delete_as_read(db, owner, id, expected).await? {
            return Ok(task);
        }
    }
}

/// Deletes the version that is read here; nothing if it was changed in between.
async fn delete_as_read(
    db: &Database,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
) -> Result<Option<Task>> {
    let both = db.transaction().await?;
    let found = task::Entity::find()
        .filter(one(owner, id))
        .one(&both)
        .await?;
    let row = found.ok_or(Error::TaskNotFound)?;
    if expected.is_some_and(|versions| !versions.contains(&row.version)) {
        return Err(Error::PreconditionFailed);
    }
    let task = seen(row);
    let kept = deleted_task::ActiveModel {
        id: Set(id),
        user_id: Set(owner),
        task: Set(serde_json::to_string(&task).map_err(|_| Error::Internal)?),
        deleted_at: Set(clock::now()),
    };
    let gone = task::Entity::delete_many()
        .filter(one(owner, id))
        .filter(task::Column::Version.eq(task.version))
        .exec(&both)
        .await?;
    if gone.rows_affected == 0 {
        return Ok(None);
    }
    deleted_task::Entity::insert(kept)
        .exec_without_returning(&both)
        .await?;
    keep_newest(&both, owner).await?;
    both.commit().await?;
    Ok(Some(task))
}

/// Forgets the oldest of a person who has deleted more than are kept.
async fn keep_newest(both: &DatabaseTransaction, owner: UserId) -> Result<()> {
    let too_old = deleted_task::Entity::find()
        .select_only()
        .column(deleted_task::Column::Id)
        .filter(deleted_task::Column::UserId.eq(owner))
        .order_by_desc(deleted_task::Column::DeletedAt)
        .order_by_desc(deleted_task::Column::Id)
        .offset(MOST_DELETED)
        .limit(MOST_DELETED)
        .into_query();
    deleted_task::Entity::delete_many()
        .filter(deleted_task::Column::Id.in_subquery(too_old))
        .exec(both)
        .await?;
    Ok(())
}

/// The title of a task that can still be brought back.
pub async fn read_deleted(db: &Database, owner: UserId, id: TaskId) -> Result<Task> {
    let kept = deleted_task::Entity::find()
        .filter(one_deleted(owner, id))
        .one(db.read())
        .await?;
    serde_json::from_str(&kept.ok_or(Error::TaskNotFound)?.task).map_err(|_| Error::Internal)
}

/// Brings a deleted task back as it was, if there is room for it.
pub async fn restore(db: &Database, owner: UserId, id: TaskId) -> Result<Task> {
    let both = db.transaction().await?;
    let kept = deleted_task::Entity::find()
        .filter(one_deleted(owner, id))
        .one(&both)
        .await?;
    let task: Task = serde_json::from_str(&kept.ok_or(Error::TaskNotFound)?.task)
        .map_err(|_| Error::Internal)?;
    let gone = deleted_task::Entity::delete_many()
        .filter(one_deleted(owner, id))
        .exec(&both)
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::TaskNotFound);
    }
    let row = stored(owner, &task);
    insert(&both, &row).await?;
    both.commit().await?;
    Ok(seen(row))
}

/// Forgets deleted tasks that nobody brought back.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    let old = deleted_task::Column::DeletedAt.lt(now.plus_seconds(-UNDO_SECONDS));
    Ok(deleted_task::Entity::delete_many()
        .filter(old)
        .exec(db.write())
        .await?
        .rows_affected)
}

fn one_deleted(owner: UserId, id: TaskId) -> Condition {
    Condition::all()
        .add(deleted_task::Column::UserId.eq(owner))
        .add(deleted_task::Column::Id.eq(id))
}
