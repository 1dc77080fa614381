//! Who is on the way to the identity provider and back, for ten minutes.

use super::{index, moment, owned_by_user, text};
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
                    .table("provider_errand")
                    .col(text("ticket").primary_key())
                    .col(text("kind"))
                    .col(ColumnDef::new("user_id").string_len(36))
                    .col(ColumnDef::new("session_id").string_len(36))
                    .col(ColumnDef::new("subject").text())
                    .col(text("next"))
                    .col(moment("expires_at"))
                    .col(moment("created_at"))
                    .foreign_key(&mut owned_by_user("provider_errand"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("provider_errand", &["user_id"]))
            .await?;
        manager
            .create_index(index("provider_errand", &["expires_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(
                Table::drop()
                    .table("provider_errand")
                    .if_exists()
                    .to_owned(),
            )
            .await
    }
}
