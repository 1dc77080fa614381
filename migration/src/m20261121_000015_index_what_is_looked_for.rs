//! Indexes for what was looked for row by row; and one-time values begin with whose they are, so that those of a person are a range.

use super::index;
use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const INDEXES: &[(&str, &[&str])] = &[
    ("verification", &["expires_at"]),
    ("audit_event", &["actor_id", "at"]),
    ("access_token", &["revoked_at"]),
    ("invitation", &["created_by"]),
    ("invitation", &["used_by"]),
];

/// From `purpose:user` or `purpose:detail:user`; a user's id has 36 letters.
const USER_FIRST: &str = "UPDATE verification SET identifier = \
    substr(identifier, length(identifier) - 35) || ':' || substr(identifier, 1, length(identifier) - 37) || \
    CASE WHEN substr(identifier, 1, length(identifier) - 37) LIKE '%:%' THEN '' ELSE ':' END";

/// From `user:purpose:detail`, where the detail may be empty.
const USER_LAST: &str = "UPDATE verification SET identifier = \
    substr(identifier, 38, length(identifier) - CASE WHEN identifier LIKE '%:' THEN 38 ELSE 37 END) || ':' || \
    substr(identifier, 1, 36)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        collate(manager, "C").await?;
        let db = manager.get_connection();
        db.execute_unprepared(USER_FIRST).await?;
        for &(table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for &(table, columns) in INDEXES {
            let name = format!("{table}_{}_idx", columns.join("_"));
            manager
                .drop_index(Index::drop().name(name).table(table).to_owned())
                .await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(USER_LAST).await?;
        collate(manager, "default").await
    }
}

/// A range is one of bytes: SQLite compares so, and PostgreSQL when told.
async fn collate(manager: &SchemaManager<'_>, collation: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let alter = format!(
            r#"ALTER TABLE verification ALTER COLUMN identifier TYPE text COLLATE "{collation}""#
        );
        manager.get_connection().execute_unprepared(&alter).await?;
    }
    Ok(())
}
