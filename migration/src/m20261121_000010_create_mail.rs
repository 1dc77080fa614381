//! Letters that wait to be sent: sealed, because most of them hold a link.

use super::{id, index, moment, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("mail")
                    .col(id("id").primary_key())
                    .col(text("kind"))
                    .col(text("body"))
                    .col(ColumnDef::new("attempts").big_integer().not_null())
                    .col(moment("next_at"))
                    .col(moment("expires_at"))
                    .col(moment("created_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("mail", &["next_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("mail").if_exists().to_owned())
            .await
    }
}
