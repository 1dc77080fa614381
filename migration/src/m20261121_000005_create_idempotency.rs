//! The first answer to a request that a program may repeat.

use super::{id, index, moment, owned_by_user, text};
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
                    .table("idempotency")
                    .col(id("user_id"))
                    .col(text("key"))
                    .col(text("fingerprint"))
                    .col(ColumnDef::new("answer").text())
                    .col(moment("expires_at"))
                    .primary_key(
                        Index::create()
                            .name("idempotency_pkey")
                            .col("user_id")
                            .col("key"),
                    )
                    .foreign_key(&mut owned_by_user("idempotency"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("idempotency", &["expires_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("idempotency").if_exists().to_owned())
            .await
    }
}
