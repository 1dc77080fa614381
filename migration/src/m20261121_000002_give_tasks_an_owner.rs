//! The task table, with an owner. A `task` table from before accounts keeps its rows: they wait in `ownerless_task` for the first
//! person who signs up; adopting them is the server's work, because ids and search keys are its words.

use super::{id, index, moment, owned_by_user, text};
use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const LISTED_BY: [&str; 5] = [
    "created_at",
    "due_date",
    "priority",
    "title_key",
    "position",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let before_accounts = manager.has_table("task").await?;
        if before_accounts {
            manager
                .rename_table(Table::rename().table("task", "ownerless_task").to_owned())
                .await?;
        }
        manager
            .create_table(task_table(manager.get_database_backend()))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("deleted_task")
                    .col(id("id").primary_key())
                    .col(id("user_id"))
                    .col(text("task"))
                    .col(moment("deleted_at"))
                    .foreign_key(&mut owned_by_user("deleted_task"))
                    .to_owned(),
            )
            .await?;
        for column in LISTED_BY {
            manager
                .create_index(index("task", &["user_id", column, "id"]))
                .await?;
        }
        manager
            .create_index(index("task", &["user_id", "completed_at"]))
            .await?;
        manager
            .create_index(index("deleted_task", &["deleted_at"]))
            .await?;
        manager
            .create_index(index("deleted_task", &["user_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["deleted_task", "task"] {
            manager
                .drop_table(Table::drop().table(table).if_exists().to_owned())
                .await?;
        }
        if manager.has_table("ownerless_task").await? {
            manager
                .rename_table(Table::rename().table("ownerless_task", "task").to_owned())
                .await?;
        }
        Ok(())
    }
}

fn task_table(backend: DbBackend) -> TableCreateStatement {
    let mut title_key = text("title_key");
    if backend == DbBackend::Postgres {
        // SQLite compares bytes; PostgreSQL does so when told.
        title_key.extra(r#"COLLATE "C""#);
    }
    Table::create()
        .table("task")
        .col(id("id").primary_key())
        .col(id("user_id"))
        .col(text("title"))
        .col(text("description"))
        .col(ColumnDef::new("completed_at").big_integer())
        .col(
            ColumnDef::new("priority")
                .small_integer()
                .not_null()
                .default(0),
        )
        .col(ColumnDef::new("due_date").string_len(10))
        .col(ColumnDef::new("position").big_integer().not_null())
        .col(moment("created_at"))
        .col(moment("updated_at"))
        .col(
            ColumnDef::new("version")
                .big_integer()
                .not_null()
                .default(1),
        )
        .col(title_key)
        .col(text("search_key"))
        .foreign_key(&mut owned_by_user("task"))
        .to_owned()
}
