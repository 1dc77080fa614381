//! What happened to accounts. A row outlives its person, so it has no foreign key.

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
                    .table("audit_event")
                    .col(id("id").primary_key())
                    .col(moment("at"))
                    .col(text("event"))
                    .col(text("outcome"))
                    .col(ColumnDef::new("reason").text())
                    .col(ColumnDef::new("user_id").string_len(36))
                    .col(ColumnDef::new("session_id").string_len(36))
                    .col(text("ip_address"))
                    .col(text("user_agent"))
                    .col(text("request_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("audit_event", &["user_id", "at"]))
            .await?;
        manager.create_index(index("audit_event", &["at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("audit_event").if_exists().to_owned())
            .await
    }
}
