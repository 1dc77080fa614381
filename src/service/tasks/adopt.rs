//! Tasks from before accounts: the first person who has one gets them.

use super::{before, row::stored};
use crate::{
    domain::UserId,
    service::{
        clock,
        entity::{task, user},
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
    let now = clock::now();
    let mut tasks = Vec::new();
    for row in rows(db).await? {
        tasks.push(before::read(row, now));
    }
    for some in tasks.chunks(AT_ONCE) {
        let some = some.iter().map(|task| {
            let row = stored(first, task);
            task::ActiveModel::from(row)
        });
        task::Entity::insert_many(some)
            .exec_without_returning(db)
            .await?;
    }
    db.execute_unprepared(&format!("DROP TABLE {OWNERLESS}"))
        .await?;
    Ok(tasks.len())
}

/// Each row as a JSON object, made by the database: nobody knows what columns there are.
async fn rows(db: &DatabaseTransaction) -> Result<Vec<before::Row>, DbErr> {
    let backend = db.get_database_backend();
    let sql = if backend == DbBackend::Postgres {
        format!("SELECT row_to_json(row)::text FROM {OWNERLESS} row ORDER BY ctid")
    } else {
        let members: Vec<String> = columns(db).await?.iter().map(|name| member(name)).collect();
        format!(
            "SELECT json_object({}) FROM {OWNERLESS} ORDER BY rowid",
            members.join(", ")
        )
    };
    let rows = db
        .query_all_raw(Statement::from_string(backend, sql))
        .await?;
    rows.iter()
        .map(|row| {
            let text: String = row.try_get_by_index(0)?;
            serde_json::from_str(&text).map_err(|cause| DbErr::Json(cause.to_string()))
        })
        .collect()
}

async fn columns(db: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
    let sql = format!("SELECT name FROM pragma_table_info('{OWNERLESS}')");
    let rows = db
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// A member of the object; bytes, which JSON does not know, in hexadecimal.
fn member(name: &str) -> String {
    let (text, column) = (name.replace('\'', "''"), name.replace('"', "\"\""));
    format!(
        "'{text}', CASE typeof(\"{column}\") WHEN 'blob' THEN hex(\"{column}\") ELSE \"{column}\" END"
    )
}
