//! What it takes to look after people: a role, who did what for whom, and invitations. The oldest person becomes administrator, so that
//! a house with people in it is never without one.

use super::{id, index, moment, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const APPOINT_THE_OLDEST: &str = r#"UPDATE "user" SET role = 'admin' WHERE id = (
    SELECT id FROM "user" ORDER BY CASE WHEN disabled_at IS NULL THEN 0 ELSE 1 END, created_at, id LIMIT 1
)"#;

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
                    .add_column(text("role").default("member"))
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("audit_event")
                    .add_column(ColumnDef::new("actor_id").string_len(36))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("invitation")
                    .col(id("id").primary_key())
                    .col(text("token").unique_key())
                    .col(ColumnDef::new("email").text())
                    .col(ColumnDef::new("email_key").text())
                    .col(ColumnDef::new("note").text())
                    .col(ColumnDef::new("created_by").string_len(36))
                    .col(moment("created_at"))
                    .col(moment("expires_at"))
                    .col(ColumnDef::new("used_at").big_integer())
                    .col(ColumnDef::new("used_by").string_len(36))
                    .foreign_key(&mut outlives_user("created_by"))
                    .foreign_key(&mut outlives_user("used_by"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("invitation", &["expires_at"]))
            .await?;
        manager
            .get_connection()
            .execute_unprepared(APPOINT_THE_OLDEST)
            .await
            .map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("invitation").if_exists().to_owned())
            .await?;
        for (table, column) in [("audit_event", "actor_id"), ("user", "role")] {
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// An invitation stays what it was when its person is gone.
fn outlives_user(column: &'static str) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("invitation_{column}_fk"))
        .from("invitation", column)
        .to("user", "id")
        .on_delete(ForeignKeyAction::SetNull);
    key
}
