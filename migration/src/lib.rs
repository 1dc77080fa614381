//! The database's history. Names are literal and nothing of the house is imported: what ran once must never change.

mod m20261121_000001_create_auth_tables;
mod m20261121_000002_give_tasks_an_owner;
mod m20261121_000003_create_audit_event;
mod m20261121_000004_create_rate_limit;
mod m20261121_000005_create_idempotency;
mod m20261121_000008_create_access_token;
mod m20261121_000009_create_device;
mod m20261121_000010_create_mail;
mod m20261121_000011_create_invitation;
mod m20261121_000012_create_second_factor;
mod m20261121_000013_create_passkey;
mod m20261121_000014_create_provider_errand;
mod m20261121_000015_index_what_is_looked_for;
mod m20261128_000016_fold_tasks_by_unicode;

pub use sea_orm_migration::prelude::*;

/// Runs the migrations, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_auth_tables::Migration),
            Box::new(m20261121_000002_give_tasks_an_owner::Migration),
            Box::new(m20261121_000003_create_audit_event::Migration),
            Box::new(m20261121_000004_create_rate_limit::Migration),
            Box::new(m20261121_000005_create_idempotency::Migration),
            Box::new(m20261121_000008_create_access_token::Migration),
            Box::new(m20261121_000009_create_device::Migration),
            Box::new(m20261121_000010_create_mail::Migration),
            Box::new(m20261121_000011_create_invitation::Migration),
            Box::new(m20261121_000012_create_second_factor::Migration),
            Box::new(m20261121_000013_create_passkey::Migration),
            Box::new(m20261121_000014_create_provider_errand::Migration),
            Box::new(m20261121_000015_index_what_is_looked_for::Migration),
            Box::new(m20261128_000016_fold_tasks_by_unicode::Migration),
        ]
    }
}

/// A column with a UUID as text, which both databases hold and people can read.
fn id(name: &str) -> ColumnDef {
    let mut column = ColumnDef::new(name.to_owned());
    column.string_len(36).not_null();
    column
}

/// A column with milliseconds since 1970 UTC: one order and one meaning in both databases.
fn moment(name: &str) -> ColumnDef {
    let mut column = ColumnDef::new(name.to_owned());
    column.big_integer().not_null();
    column
}

/// A column with text.
fn text(name: &str) -> ColumnDef {
    let mut column = ColumnDef::new(name.to_owned());
    column.text().not_null();
    column
}

/// A foreign key to `user.id`; what a person owns goes with them.
fn owned_by_user(from: &'static str) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("{from}_user_id_fk"))
        .from(from, "user_id")
        .to("user", "id")
        .on_delete(ForeignKeyAction::Cascade);
    key
}

/// An index on these columns, named after table and columns.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("{table}_{}_idx", columns.join("_")))
        .table(table)
        .if_not_exists();
    for column in columns {
        index.col(*column);
    }
    index
}
