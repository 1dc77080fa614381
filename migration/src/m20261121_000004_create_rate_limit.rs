//! How often somebody knocked, counted where every instance sees it.

use super::{index, moment, text};
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
                    .table("rate_limit")
                    .col(text("key"))
                    .col(moment("window_start"))
                    .col(ColumnDef::new("count").big_integer().not_null())
                    .col(moment("expires_at"))
                    .primary_key(
                        Index::create()
                            .name("rate_limit_pkey")
                            .col("key")
                            .col("window_start"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("rate_limit", &["expires_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("rate_limit").if_exists().to_owned())
            .await
    }
}
