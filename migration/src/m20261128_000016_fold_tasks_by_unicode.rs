//! What tasks are searched and sorted by is folded by Unicode's rules instead of written in lower case: `Straße` is `STRASSE`, and `Ärger`
//! stands before `Zebra`. Only rows with more than ASCII letters differ.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, FromQueryResult, Statement},
};
use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// So many rows are held at once; a description has up to 10,000 letters.
const AT_ONCE: usize = 500;
const WRITE: &str = "UPDATE task SET title_key = $1, search_key = $2 WHERE id = $3";

#[derive(FromQueryResult)]
struct Row {
    id: String,
    title: String,
    description: String,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        let mut after = String::new();
        loop {
            let ask = Statement::from_sql_and_values(backend, read(backend), [after.into()]);
            let rows = Row::find_by_statement(ask).all(db).await?;
            for row in &rows {
                let (title, description) = (fold(&row.title), fold(&row.description));
                let title_key: String = title
                    .nfd()
                    .filter(|&letter| !is_mark(letter))
                    .nfc()
                    .collect();
                let search_key = format!("{title}\n{description}");
                let values = [title_key.into(), search_key.into(), row.id.clone().into()];
                let write = Statement::from_sql_and_values(backend, WRITE, values);
                db.execute_raw(write).await?;
            }
            match rows.last() {
                Some(last) if rows.len() == AT_ONCE => after = last.id.clone(),
                _ => return Ok(()),
            }
        }
    }

    /// Lower case is written by what came before whenever a task is saved, and folded keys serve it until then.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

fn read(backend: DbBackend) -> String {
    let bytes = match backend {
        DbBackend::Postgres => "octet_length(search_key)",
        _ => "length(CAST(search_key AS BLOB))",
    };
    format!(
        "SELECT id, title, description FROM task WHERE id > $1 AND {bytes} <> length(search_key) ORDER BY id LIMIT {AT_ONCE}"
    )
}

fn fold(text: &str) -> String {
    let text: String = text.nfd().collect();
    UniCase::unicode(text).to_folded_case().nfc().collect()
}

fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}
