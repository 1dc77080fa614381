//! Tasks. Whose they are is part of every statement: this is the one place of authorisation, and the only file that names the table.

mod adopt;
mod before;
mod create;
mod cursor;
mod delete;
mod fold;
mod kept;
mod list;
mod row;

pub(super) use adopt::give;
pub use adopt::{adopt, adopt_at_start};
pub use create::{create, create_once};
pub use delete::{MOST_DELETED, UNDO_SECONDS, delete, read_deleted, restore, sweep};
pub use kept::{deleted, kept};
pub use list::{list, list_as};

use super::entity::task;
use crate::{
    domain::{Error, Result, Task, TaskChange, TaskCount, TaskId, UserId},
    service::Database,
};
use row::{changed, seen};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// How many tasks a person can have.
pub const MOST: u64 = 10_000;

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

/// A task that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// As it was: what undoing leads back to.
    pub before: Task,
    /// As it is.
    pub after: Task,
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
) -> Result<Changed> {
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
        let after = changed(before.clone(), change);
        let written = task::Entity::update_many()
            .set(task::ActiveModel::from(after.clone()).reset_all())
            .filter(one(owner, id))
            .filter(task::Column::Version.eq(version))
            .exec(db.write())
            .await?;
        if written.rows_affected == 1 {
            return Ok(Changed {
                before: seen(before),
                after: seen(after),
            });
        }
    }
}

/// How many tasks are open, and how many done.
pub async fn count(db: &Database, owner: UserId) -> Result<TaskCount> {
    let (all, done) = task::Entity::find()
        .select_only()
        .expr(Expr::col(task::Column::Id).count())
        .expr(Expr::col(task::Column::CompletedAt).count())
        .filter(owned_by(owner))
        .into_tuple::<(i64, i64)>()
        .one(db.read())
        .await?
        .unwrap_or_default();
    Ok(TaskCount {
        open: (all - done).unsigned_abs(),
        done: done.unsigned_abs(),
    })
}
