//! What people sign in with instead of a password: the public half of it. And the challenges that were answered, so that none is answered twice.

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
                    .table("passkey")
                    .col(id("id").primary_key())
                    .col(id("user_id"))
                    .col(text("name"))
                    .col(text("credential_id").unique_key())
                    .col(text("credential"))
                    .col(ColumnDef::new("counter").big_integer().not_null())
                    .col(text("transports"))
                    .col(moment("created_at"))
                    .col(ColumnDef::new("last_used_at").big_integer())
                    .foreign_key(&mut owned_by_user("passkey"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("passkey", &["user_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("spent_challenge")
                    .col(text("hash").primary_key())
                    .col(moment("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("spent_challenge", &["expires_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["spent_challenge", "passkey"] {
            manager
                .drop_table(Table::drop().table(table).if_exists().to_owned())
                .await?;
        }
        Ok(())
    }
}
