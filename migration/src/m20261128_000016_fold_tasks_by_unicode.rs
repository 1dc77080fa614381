//! What tasks are searched and sorted by is folded by Unicode's rules instead of written in lower case: `Straße` is `STRASSE`, and `Ärger`
//! stands before `Zebra`. Only tasks with more than ASCII letters differ.
//!
//! A few hundred at a time, each of them as it is in that moment: a server that runs meanwhile waits for no more than that, and what it
//! writes stays as it wrote it.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, FromQueryResult, Statement},
};
use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const AT_ONCE: usize = 500;
const WRITE: &str =
    "UPDATE task SET title_key = $1, search_key = $2 WHERE id = $3 AND version = $4";

#[derive(FromQueryResult)]
struct Row {
    id: String,
    title: String,
    description: String,
    version: i64,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rewrite(manager, without_marks, fold).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rewrite(manager, lower, lower).await
    }
}

async fn rewrite(
    manager: &SchemaManager<'_>,
    sorted: fn(&str) -> String,
    searched: fn(&str) -> String,
) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let mut after = String::new();
    loop {
        let ask = Statement::from_sql_and_values(backend, read(backend), [after.clone().into()]);
        let rows = Row::find_by_statement(ask)
            .all(manager.get_connection())
            .await?;
        let some = manager.begin().await?;
        for row in &rows {
            let search = format!("{}\n{}", searched(&row.title), searched(&row.description));
            let values = [
                sorted(&row.title).into(),
                search.into(),
                row.id.clone().into(),
                row.version.into(),
            ];
            let write = Statement::from_sql_and_values(backend, WRITE, values);
            some.get_connection().execute_raw(write).await?;
        }
        some.commit().await?;
        match rows.last() {
            Some(last) if rows.len() == AT_ONCE => after = last.id.clone(),
            _ => return Ok(()),
        }
    }
}

/// Those with more than ASCII letters. PostgreSQL counts letters as bytes in some encodings, so there they are looked for by name.
fn read(backend: DbBackend) -> String {
    let is_more = match backend {
        DbBackend::Postgres => r"(title || description) ~ '[^\x01-\x7f]'",
        _ => "length(CAST(title || description AS BLOB)) <> length(title || description)",
    };
    format!(
        "SELECT id, title, description, version FROM task WHERE id > $1 AND {is_more} ORDER BY id LIMIT {AT_ONCE}"
    )
}

fn fold(text: &str) -> String {
    let text: String = text.nfd().collect();
    UniCase::unicode(text).to_folded_case().nfc().collect()
}

fn without_marks(title: &str) -> String {
    let is_mark = |letter: &char| ('\u{300}'..='\u{36f}').contains(letter);
    fold(title)
        .nfd()
        .filter(|letter| !is_mark(letter))
        .nfc()
        .collect()
}

fn lower(text: &str) -> String {
    text.nfc().collect::<String>().to_lowercase()
}
