//! Tasks from before accounts: whoever has looked after the house the longest gets them.

use super::{before, row::stored};
use crate::{
    domain::UserId,
    service::{
        Database, clock,
        entity::task,
        foreign::{self, Row},
        people,
    },
};
use migration::{IntoSchemaManagerConnection, SchemaManager};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, TransactionTrait};

const OWNERLESS: &str = "ownerless_task";
/// So many rows in one statement stay far below what either database takes.
const AT_ONCE: usize = 500;

/// Gives the tasks that have no owner to the administrator who is here longest, if there is one by now: in a transaction that holds the lock
/// of the people. What goes wrong here keeps nobody from coming: it is logged, and the tasks stay where they are until the next time.
pub async fn adopt(all: &DatabaseTransaction) -> Result<(), DbErr> {
    if !is_there(all).await? {
        return Ok(());
    }
    let Some(owner) = people::longest_administrator(all).await? else {
        return Ok(());
    };
    let part = all.begin().await?;
    match take(&part, owner).await {
        Ok(count) => {
            part.commit().await?;
            tracing::info!(count, user.id = %owner, "tasks from before accounts have an owner now");
        }
        Err(cause) => {
            part.rollback().await?;
            tracing::error!(%cause, "tasks from before accounts stay without an owner");
        }
    }
    Ok(())
}

/// The same in a transaction of its own: for a house in which people are already.
pub async fn adopt_at_start(db: &Database) -> Result<(), DbErr> {
    if !is_there(db.read().pool()).await? {
        return Ok(());
    }
    let all = db.transaction().await?;
    people::lock(&all).await?;
    adopt(&all).await?;
    all.commit().await
}

async fn is_there<'c>(db: impl IntoSchemaManagerConnection<'c>) -> Result<bool, DbErr> {
    SchemaManager::new(db).has_table(OWNERLESS).await
}

async fn take(part: &DatabaseTransaction, owner: UserId) -> Result<usize, DbErr> {
    let columns = foreign::columns(part, OWNERLESS).await?;
    let rows = foreign::rows(part, OWNERLESS, &columns).await?;
    let count = rows.len();
    give(part, rows.into_iter().map(|row| (owner, row))).await?;
    part.execute_unprepared(&format!("DROP TABLE {OWNERLESS}"))
        .await?;
    Ok(count)
}

/// Makes tasks of another program's rows, each for its owner.
pub(in crate::service) async fn give(
    db: &impl ConnectionTrait,
    rows: impl Iterator<Item = (UserId, Row)>,
) -> Result<(), DbErr> {
    let now = clock::now();
    let tasks: Vec<_> = rows
        .map(|(owner, row)| stored(owner, &before::read(row, now)))
        .collect();
    for some in tasks.chunks(AT_ONCE) {
        let some = some.iter().cloned().map(task::ActiveModel::from);
        task::Entity::insert_many(some)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}
