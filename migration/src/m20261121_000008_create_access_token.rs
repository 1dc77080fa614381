//! What programs of one's own carry: by its hash alone.

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
                    .table("access_token")
                    .col(id("id").primary_key())
                    .col(id("user_id"))
                    .col(text("name"))
                    .col(text("scope"))
                    .col(text("hash").unique_key())
                    .col(moment("created_at"))
                    .col(ColumnDef::new("last_used_at").big_integer())
                    .col(moment("expires_at"))
                    .col(ColumnDef::new("revoked_at").big_integer())
                    .foreign_key(&mut owned_by_user("access_token"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("access_token", &["user_id"]))
            .await?;
        manager
            .create_index(index("access_token", &["expires_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("access_token").if_exists().to_owned())
            .await
    }
}
