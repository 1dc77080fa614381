//! The second factor: whether it is on, what it is checked against, sign-ins that wait for it, and browsers that need not give it.

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
            .alter_table(
                Table::alter()
                    .table("user")
                    .add_column(
                        ColumnDef::new("two_factor_enabled")
                            .boolean()
                            .not_null()
                            .default(false),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("session")
                    .add_column(moment("confirmed_at").default(0))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("totp")
                    .col(id("user_id").primary_key())
                    .col(text("seed"))
                    .col(text("key_id"))
                    .col(moment("last_step"))
                    .col(ColumnDef::new("failures").integer().not_null())
                    .col(moment("locked_until"))
                    .col(moment("created_at"))
                    .foreign_key(&mut owned_by_user("totp"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("recovery_code")
                    .col(id("user_id"))
                    .col(text("hash"))
                    .col(moment("created_at"))
                    .primary_key(Index::create().col("user_id").col("hash"))
                    .foreign_key(&mut owned_by_user("recovery_code"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("challenge")
                    .col(text("hash").primary_key())
                    .col(id("user_id"))
                    .col(text("way"))
                    .col(ColumnDef::new("remember").boolean().not_null())
                    .col(ColumnDef::new("tries").integer().not_null())
                    .col(moment("expires_at"))
                    .col(moment("created_at"))
                    .foreign_key(&mut owned_by_user("challenge"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("trusted_device")
                    .col(id("id").primary_key())
                    .col(id("user_id"))
                    .col(text("hash").unique_key())
                    .col(text("ip_address"))
                    .col(text("user_agent"))
                    .col(moment("created_at"))
                    .col(moment("last_used_at"))
                    .col(moment("expires_at"))
                    .foreign_key(&mut owned_by_user("trusted_device"))
                    .to_owned(),
            )
            .await?;
        for (table, column) in [
            ("challenge", "user_id"),
            ("challenge", "expires_at"),
            ("trusted_device", "user_id"),
            ("trusted_device", "expires_at"),
        ] {
            manager.create_index(index(table, &[column])).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["trusted_device", "challenge", "recovery_code", "totp"] {
            manager
                .drop_table(Table::drop().table(table).if_exists().to_owned())
                .await?;
        }
        for (table, column) in [("session", "confirmed_at"), ("user", "two_factor_enabled")] {
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
