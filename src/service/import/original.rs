//! A Better Auth database, read at one moment and never written to.

use crate::service::{
    config::Elsewhere,
    foreign::{self, Row},
};
use sea_orm::{
    AccessMode, ConnectOptions, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, TransactionTrait,
};
use std::{collections::HashMap, time::Duration};

const PATIENCE: Duration = Duration::from_secs(5);

/// A table of theirs: how it may be called, what it must have, and what else is looked at; all of it, if that is not said.
struct Table {
    names: &'static [&'static str],
    needed: &'static [&'static str],
    wanted: Option<&'static [&'static str]>,
}

const PEOPLE: Table = Table {
    names: &["user", "users"],
    needed: &["id", "email"],
    wanted: Some(&[
        "name",
        "email_verified",
        "image",
        "created_at",
        "updated_at",
        "two_factor_enabled",
        "banned",
        "ban_expires",
    ]),
};
/// The tokens of other providers stay where they are.
const ACCOUNTS: Table = Table {
    names: &["account", "accounts"],
    needed: &["user_id", "provider_id", "password"],
    wanted: Some(&[]),
};
const TASKS: Table = Table {
    names: &["task", "tasks"],
    needed: &["user_id"],
    wanted: None,
};

/// What was read: rows whose columns are in `snake_case`, however they are spelled there.
#[derive(Debug)]
pub struct Original {
    pub(super) people: Vec<Row>,
    /// By the person's id there; what is nobody's, by no letter at all.
    pub(super) accounts: HashMap<String, Vec<Row>>,
    /// By the owner's id there.
    pub(super) tasks: HashMap<String, Vec<Row>>,
}

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    /// The address names a file that is not there.
    #[error("there is no such file")]
    NoFile,
    /// Better Auth has no database without this table.
    #[error("there is no table `{0}`")]
    NoTable(&'static str),
    /// The table lacks what it is asked for.
    #[error("the table `{0}` has no column `{1}`")]
    NoColumn(&'static str, &'static str),
    /// The database does not let itself be read.
    #[error("the database cannot be read: {0}")]
    Database(#[from] DbErr),
}

impl Original {
    /// Reads people and their accounts, and tasks if they are asked for, all as they are at one moment.
    pub async fn read(at: &Elsewhere, with_tasks: bool) -> Result<Self, NotRead> {
        if at.file.as_ref().is_some_and(|file| !file.is_file()) {
            return Err(NotRead::NoFile);
        }
        let db = open(at).await?;
        let view = snapshot(&db).await?;
        let people = PEOPLE.read(&view).await?;
        let accounts = by_person(ACCOUNTS.read(&view).await?);
        let tasks = if with_tasks {
            by_person(TASKS.read(&view).await?)
        } else {
            HashMap::new()
        };
        view.rollback().await?;
        db.close().await?;
        Ok(Self {
            people,
            accounts,
            tasks,
        })
    }
}

/// Their id, which is text, a UUID or a number.
pub(super) fn id(row: &Row, column: &str) -> Option<String> {
    let id = match row.get(column)? {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_plain = (1..=255).contains(&id.len()) && !id.chars().any(char::is_control);
    is_plain.then_some(id)
}

fn by_person(rows: Vec<Row>) -> HashMap<String, Vec<Row>> {
    let mut all: HashMap<String, Vec<Row>> = HashMap::new();
    for row in rows {
        let person = id(&row, "user_id").unwrap_or_default();
        all.entry(person).or_default().push(row);
    }
    all
}

/// One connection that cannot write: SQLite opens the file for reading alone, PostgreSQL holds the transaction to it.
async fn open(at: &Elsewhere) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(at.url.expose());
    options
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .read_only(true)
                .create_if_missing(false)
                .busy_timeout(PATIENCE)
        })
        .map_sqlx_postgres_opts(|postgres| postgres.application_name("latchkey import"));
    sea_orm::Database::connect(options).await
}

async fn snapshot(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        let level = Some(IsolationLevel::RepeatableRead);
        db.begin_with_config(level, Some(AccessMode::ReadOnly))
            .await
    } else {
        db.begin().await
    }
}

impl Table {
    async fn read(&self, db: &DatabaseTransaction) -> Result<Vec<Row>, NotRead> {
        let (name, columns) = self.find(db).await?;
        let has = |column: &str| columns.iter().any(|name| snake(name) == column);
        if let Some(missing) = self.needed.iter().find(|column| !has(column)) {
            return Err(NotRead::NoColumn(name, missing));
        }
        let is_wanted = |column: &str| {
            self.needed.contains(&column) || self.wanted.is_none_or(|all| all.contains(&column))
        };
        let columns: Vec<String> = columns
            .into_iter()
            .filter(|name| is_wanted(&snake(name)))
            .collect();
        let rows = foreign::rows(db, name, &columns).await?;
        Ok(rows.into_iter().map(in_snake_case).collect())
    }

    async fn find(&self, db: &DatabaseTransaction) -> Result<(&'static str, Vec<String>), NotRead> {
        for name in self.names {
            let columns = foreign::columns(db, name).await?;
            if !columns.is_empty() {
                return Ok((name, columns));
            }
        }
        Err(NotRead::NoTable(self.names.first().unwrap_or(&"")))
    }
}

fn in_snake_case(row: Row) -> Row {
    row.into_iter()
        .map(|(name, value)| (snake(&name), value))
        .collect()
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_the_same_in_either_spelling() {
        for (theirs, ours) in [
            ("emailVerified", "email_verified"),
            ("email_verified", "email_verified"),
            ("userId", "user_id"),
            ("Email", "email"),
            ("twoFactorEnabled", "two_factor_enabled"),
        ] {
            assert_eq!(snake(theirs), ours);
        }
    }
}
