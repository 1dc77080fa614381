//! The four tables of an account: who, through which session, signing in how, and one-time values.

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
                    .table("user")
                    .col(id("id").primary_key())
                    .col(text("name"))
                    .col(text("email"))
                    .col(text("email_key").unique_key())
                    .col(
                        ColumnDef::new("email_verified")
                            .boolean()
                            .not_null()
                            .default(false),
                    )
                    .col(ColumnDef::new("image").text())
                    .col(ColumnDef::new("theme").text())
                    .col(ColumnDef::new("time_zone").text())
                    .col(ColumnDef::new("disabled_at").big_integer())
                    .col(moment("created_at"))
                    .col(moment("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("session")
                    .col(id("id").primary_key())
                    .col(id("user_id"))
                    .col(text("token").unique_key())
                    .col(text("data"))
                    .col(moment("expires_at"))
                    .col(text("ip_address"))
                    .col(text("user_agent"))
                    .col(moment("created_at"))
                    .col(moment("updated_at"))
                    .foreign_key(&mut owned_by_user("session"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("account")
                    .col(id("id").primary_key())
                    .col(id("user_id"))
                    .col(text("account_id"))
                    .col(text("provider_id"))
                    .col(ColumnDef::new("password").text())
                    .col(moment("created_at"))
                    .col(moment("updated_at"))
                    .foreign_key(&mut owned_by_user("account"))
                    .index(
                        Index::create()
                            .unique()
                            .name("account_provider_id_account_id_key")
                            .col("provider_id")
                            .col("account_id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("verification")
                    .col(id("id").primary_key())
                    .col(text("identifier"))
                    .col(text("value").unique_key())
                    .col(moment("expires_at"))
                    .col(moment("created_at"))
                    .col(moment("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("session", &["user_id"])).await?;
        manager
            .create_index(index("session", &["expires_at"]))
            .await?;
        manager.create_index(index("account", &["user_id"])).await?;
        manager
            .create_index(index("verification", &["identifier"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["verification", "account", "session", "user"] {
            manager
                .drop_table(Table::drop().table(table).if_exists().to_owned())
                .await?;
        }
        Ok(())
    }
}
