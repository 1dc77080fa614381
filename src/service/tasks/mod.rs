//! Tasks. Whose they are is part of every statement: this is the one place of authorisation, and the only file that names the table.

mod adopt;
mod before;
mod create;
mod cursor;
mod list;

pub use adopt::adopt;
pub(super) use adopt::give;
pub use create::{create, create_once};
pub use list::{list, list_as};

use super::entity::{deleted_task, task};
use crate::{
    domain::{
        Error, Moment, NewTask, Priority, Result, Task, TaskChange, TaskCount, TaskId, UserId,
    },
    service::{Database, clock},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// How many tasks a person can have.
pub const MOST: u64 = 10_000;
/// How long a deleted task can be brought back.
pub const UNDO_SECONDS: i64 = 24 * 60 * 60;

/// Whose tasks these are. Every query in this room starts here.
fn owned_by(owner: UserId) -> Condition {
    Condition::all().add(task::Column::UserId.eq(owner))
}

fn one(owner: UserId, id: TaskId) -> Condition {
    owned_by(owner).add(task::Column::Id.eq(id))
}

/// Which version of a task a change was meant for: any, or one of these.
pub type Expected<'a> = Option<&'a [i64]>;

/// The task, if it is this person's.
pub async fn read(db: &Database, owner: UserId, id: TaskId) -> Result<Task> {
    task::Entity::find()
        .filter(one(owner, id))
        .one(db.read())
        .await?
        .map(seen)
        .ok_or(Error::TaskNotFound)
}

/// Changes what is to be changed. With `expected`, only if the task is at one of these versions.
///
/// The row is written only over the version that was read, so that of two at once neither is lost; without `expected` the change is
/// then made again, on top of the other one.
pub async fn change(
    db: &Database,
    owner: UserId,
    id: TaskId,
    change: &TaskChange,
    expected: Expected<'_>,
) -> Result<Task> {
    loop {
        let found = task::Entity::find()
            .filter(one(owner, id))
            .one(db.write())
            .await?;
        let before = found.ok_or(Error::TaskNotFound)?;
        if expected.is_some_and(|versions| !versions.contains(&before.version)) {
            return Err(Error::PreconditionFailed);
        }
        let version = before.version;
        let after = changed(before, change);
        let written = task::Entity::update_many()
            .set(task::ActiveModel::from(after.clone()).reset_all())
            .filter(one(owner, id))
            .filter(task::Column::Version.eq(version))
            .exec(db.write())
            .await?;
        if written.rows_affected == 1 {
            return Ok(seen(after));
        }
    }
}

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
    both.commit().await?;
    Ok(Some(task))
}

/// The title of a task that can still be brought back.
pub async fn read_deleted(db: &Database, owner: UserId, id: TaskId) -> Result<Task> {
    let kept = deleted_task::Entity::find()
        .filter(one_deleted(owner, id))
        .one(db.read())
        .await?;
    serde_json::from_str(&kept.ok_or(Error::TaskNotFound)?.task).map_err(|_| Error::Internal)
}

/// Brings a deleted task back as it was.
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
    task::Entity::insert(task::ActiveModel::from(row.clone()))
        .exec_without_returning(&both)
        .await?;
    both.commit().await?;
    Ok(seen(row))
}

/// How many tasks are open, and how many done.
pub async fn count(db: &Database, owner: UserId) -> Result<TaskCount> {
    let open = task::Entity::find()
        .filter(owned_by(owner))
        .filter(task::Column::CompletedAt.is_null())
        .count(db.read())
        .await?;
    let done = task::Entity::find()
        .filter(owned_by(owner))
        .filter(task::Column::CompletedAt.is_not_null())
        .count(db.read())
        .await?;
    Ok(TaskCount { open, done })
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

/// What sorting and searching go by: NFC in lower case, so that both databases, which fold differently, agree.
fn folded(text: &str) -> String {
    text.nfc().collect::<String>().to_lowercase()
}

fn keys(title: &str, description: &str) -> (String, String) {
    let title = folded(title);
    let search = format!("{title}\n{}", folded(description));
    (title, search)
}

fn new_row(owner: UserId, new: NewTask) -> task::Model {
    let now = clock::now();
    let (title_key, search_key) = keys(new.title.as_str(), new.description.as_str());
    task::Model {
        id: TaskId(Uuid::now_v7()),
        user_id: owner,
        title: new.title.into(),
        description: new.description.as_str().to_owned(),
        completed_at: new.completed.then_some(now),
        priority: rank(new.priority),
        due_date: new.due_date.map(|date| date.to_string()),
        // Later ones stand further down, without asking where the last one is.
        position: new.position.unwrap_or(now.0),
        created_at: now,
        updated_at: now,
        version: 1,
        title_key,
        search_key,
    }
}

fn changed(mut row: task::Model, change: &TaskChange) -> task::Model {
    let now = clock::now();
    if let Some(title) = &change.title {
        title.as_str().clone_into(&mut row.title);
    }
    if let Some(description) = &change.description {
        description.as_str().clone_into(&mut row.description);
    }
    if let Some(completed) = change.completed {
        row.completed_at = if completed {
            row.completed_at.or(Some(now))
        } else {
            None
        };
    }
    if let Some(priority) = change.priority {
        row.priority = rank(priority);
    }
    if let Some(date) = change.due_date {
        row.due_date = date.map(|date| date.to_string());
    }
    row.position = change.position.unwrap_or(row.position);
    (row.title_key, row.search_key) = keys(&row.title, &row.description);
    row.updated_at = now;
    row.version += 1;
    row
}

/// A task that comes back: its version goes on, so that an ETag from before never fits again.
fn stored(owner: UserId, task: &Task) -> task::Model {
    let (title_key, search_key) = keys(&task.title, &task.description);
    task::Model {
        id: task.id,
        user_id: owner,
        title: task.title.clone(),
        description: task.description.clone(),
        completed_at: task.completed_at,
        priority: rank(task.priority),
        due_date: task.due_date.map(|date| date.to_string()),
        position: task.position,
        created_at: task.created_at,
        updated_at: clock::now(),
        version: clock::now().0,
        title_key,
        search_key,
    }
}

fn rank(priority: Priority) -> i16 {
    match priority {
        Priority::None => 0,
        Priority::Low => 1,
        Priority::Medium => 2,
        Priority::High => 3,
    }
}

fn priority(rank: i16) -> Priority {
    match rank {
        1 => Priority::Low,
        2 => Priority::Medium,
        3 => Priority::High,
        _ => Priority::None,
    }
}

fn seen(row: task::Model) -> Task {
    Task {
        id: row.id,
        title: row.title,
        description: row.description,
        completed: row.completed_at.is_some(),
        completed_at: row.completed_at,
        priority: priority(row.priority),
        due_date: row.due_date.and_then(|date| date.parse().ok()),
        position: row.position,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}
