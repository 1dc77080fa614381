//! From which devices people sign in, and when their sessions were last used.

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
                    .table("device")
                    .col(id("user_id"))
                    .col(text("name"))
                    .col(text("ip_address"))
                    .col(moment("first_seen_at"))
                    .col(moment("last_seen_at"))
                    .col(ColumnDef::new("answered_at").big_integer())
                    .primary_key(Index::create().col("user_id").col("name"))
                    .foreign_key(&mut owned_by_user("device"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("device", &["last_seen_at"]))
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("session")
                    .add_column(moment("seen_at").default(0))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("session")
                    .drop_column("seen_at")
                    .to_owned(),
            )
            .await?;
        manager
            .drop_table(Table::drop().table("device").if_exists().to_owned())
            .await
    }
}
