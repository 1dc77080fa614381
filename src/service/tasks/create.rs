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
        people,
    },
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, Iterable, ModelTrait, QueryFilter,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use tracing::Instrument as _;

/// With fewer than so many there is room, however many are made at once: nothing is locked.
const PLENTY: u64 = MOST - 1_000;

/// Makes a task.
pub async fn create(db: &Database, owner: UserId, new: NewTask) -> Result<Task> {
    let row = new_row(owner, new);
    if insert_if_fewer(db.write(), &row, PLENTY).await? {
        return Ok(seen(row));
    }
    let all = db.transaction().await?;
    insert_last(&all, &row).await?;
    all.commit().await?;
    Ok(seen(row))
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
    // To its end, whoever hangs up meanwhile: or the key would stay taken by a request that nobody makes any more.
    let (db, key) = (db.clone(), key.to_owned());
    let work = async move {
        let made = make(&db, owner, new, &key).await;
        idempotency::settle(&db, owner, &key, made).await
    };
    tokio::spawn(work.in_current_span())
        .await
        .map_err(|cause| {
            tracing::error!(%cause, "a task was not made");
            Error::Internal
        })?
}

async fn make(db: &Database, owner: UserId, new: NewTask, key: &str) -> Result<Task> {
    let both = db.transaction().await?;
    let row = new_row(owner, new);
    insert(&both, &row).await?;
    let task = seen(row);
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

/// Writes a task down, if there is room for it.
pub(super) async fn insert(all: &DatabaseTransaction, row: &task::Model) -> Result<()> {
    if insert_if_fewer(all, row, PLENTY).await? {
        Ok(())
    } else {
        insert_last(all, row).await
    }
}

/// The same where there may be no room. The person's row is locked meanwhile, so that of many at once none is one too many.
async fn insert_last(all: &DatabaseTransaction, row: &task::Model) -> Result<()> {
    people::hold(all, row.user_id).await?;
    if insert_if_fewer(all, row, MOST).await? {
        Ok(())
    } else {
        Err(Error::TooManyTasks)
    }
}

/// Writes a task down where its owner has fewer than so many, in one statement; says whether they had.
async fn insert_if_fewer(db: &impl ConnectionTrait, row: &task::Model, most: u64) -> Result<bool> {
    let last = task::Entity::find()
        .select_only()
        .column(task::Column::Id)
        .filter(owned_by(row.user_id))
        .offset(most - 1)
        .limit(1)
        .into_query();
    let values = task::Column::iter().map(|column| Expr::val(row.get(column)));
    let room = Query::select()
        .exprs(values)
        .and_where(Expr::exists(last).not())
        .to_owned();
    let mut insert = Query::insert();
    insert
        .into_table(task::Entity)
        .columns(task::Column::iter())
        .select_from(room)
        .map_err(|_| Error::Internal)?;
    Ok(db.execute(&insert).await?.rows_affected() == 1)
}
