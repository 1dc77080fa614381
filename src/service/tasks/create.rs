//! New tasks: plainly, or once for each idempotency key.

use super::{
    MOST, owned_by,
    row::{new_row, seen},
};
use crate::{
    domain::{Error, NewTask, Result, Task, UserId},
    service::{
        Database,
        entity::task,
        idempotency::{self, Seen},
    },
};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

/// Makes a task.
pub async fn create(db: &Database, owner: UserId, new: NewTask) -> Result<Task> {
    check_room(db.read(), owner).await?;
    insert(db.write(), owner, new).await
}

/// Makes a task once: who comes again with the same key and body gets the first one's answer. Task and answer are written together, so that
/// a crash leaves both or neither.
pub async fn create_once(
    db: &Database,
    owner: UserId,
    new: NewTask,
    (key, body): (&str, &[u8]),
) -> Result<Task> {
    if let Seen::Answered(answer) = idempotency::begin(db, owner, key, body).await? {
        return answered(&answer);
    }
    let made = make(db, owner, new, key).await;
    idempotency::settle(db, owner, key, made).await
}

async fn make(db: &Database, owner: UserId, new: NewTask, key: &str) -> Result<Task> {
    let both = db.transaction().await?;
    check_room(&both, owner).await?;
    let task = insert(&both, owner, new).await?;
    // The version is not part of a task's JSON, and the answer's ETag is made of it.
    let answer = serde_json::to_string(&(task.version, &task)).map_err(|_| Error::Internal)?;
    idempotency::finish(&both, owner, key, &answer).await?;
    both.commit().await?;
    Ok(task)
}

fn answered(answer: &str) -> Result<Task> {
    let (version, task): (i64, Task) = serde_json::from_str(answer).map_err(|_| Error::Internal)?;
    Ok(Task { version, ..task })
}

async fn check_room(db: &impl ConnectionTrait, owner: UserId) -> Result<()> {
    let last = task::Entity::find()
        .select_only()
        .column(task::Column::Id)
        .filter(owned_by(owner))
        .offset(MOST - 1)
        .limit(1)
        .into_tuple::<String>()
        .one(db)
        .await?;
    last.map_or(Ok(()), |_| Err(Error::TooManyTasks))
}

async fn insert(db: &impl ConnectionTrait, owner: UserId, new: NewTask) -> Result<Task> {
    let row = new_row(owner, new);
    task::Entity::insert(task::ActiveModel::from(row.clone()))
        .exec_without_returning(db)
        .await?;
    Ok(seen(row))
}
