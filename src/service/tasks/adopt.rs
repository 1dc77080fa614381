//! Tasks from before accounts: the first person who has one gets them.

use super::{before, row::stored};
use crate::{
    domain::UserId,
    service::{
        clock,
        entity::{task, user},
        foreign::{self, Row},
    },
};
use migration::SchemaManager;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, PaginatorTrait, Statement,
    TransactionTrait,
};

const OWNERLESS: &str = "ownerless_task";
/// An advisory lock's key: "adoption" in ASCII.
const LOCK: i64 = 0x6164_6f70_7469_6f6e;
/// So many rows in one statement stay far below what either database takes.
const AT_ONCE: usize = 500;

/// Gives the tasks that have no owner to the first person, in the transaction that makes the account. What goes wrong here keeps nobody from
/// signing up: it is logged, and the tasks stay where they are.
pub async fn adopt(db: &DatabaseTransaction, first: UserId) -> Result<(), DbErr> {
    if !is_there(db).await? || user::Entity::find().count(db).await? > 1 {
        return Ok(());
    }
    let part = db.begin().await?;
    match take(&part, first).await {
        Ok(count) => {
            part.commit().await?;
            tracing::info!(count, user.id = %first, "tasks from before accounts have an owner now");
        }
        Err(cause) => {
            part.rollback().await?;
            tracing::error!(%cause, "tasks from before accounts stay without an owner");
        }
    }
    Ok(())
}

async fn is_there(db: &DatabaseTransaction) -> Result<bool, DbErr> {
    SchemaManager::new(db).has_table(OWNERLESS).await
}

/// Of two first people at once one waits here, and then finds nothing to take.
async fn take(db: &DatabaseTransaction, first: UserId) -> Result<usize, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = "SELECT pg_advisory_xact_lock($1)";
        db.execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            lock,
            [LOCK.into()],
        ))
        .await?;
        if !is_there(db).await? {
            return Ok(0);
        }
    }
    let columns = foreign::columns(db, OWNERLESS).await?;
    let rows = foreign::rows(db, OWNERLESS, &columns).await?;
    let count = rows.len();
    give(db, rows.into_iter().map(|row| (first, row))).await?;
    db.execute_unprepared(&format!("DROP TABLE {OWNERLESS}"))
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
