//! Why the database cannot be used, in words for whoever runs it.

use crate::service::fault;
use sea_orm::{DbErr, RuntimeErr, sqlx};
use std::{borrow::Cow, fmt};

/// What is wrong with the database, and what to do about it. It never holds a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    what: String,
    cure: &'static str,
    passes: bool,
}

impl Trouble {
    /// What this error means.
    #[must_use]
    pub fn of(cause: &DbErr) -> Self {
        if is_newer(cause) {
            return Self::lasting(
                "The database was written by a newer latchkey than this one",
                "Start the newer one, or restore a backup from before it",
            );
        }
        match code(cause).as_deref() {
            Some(code) if code.len() == 5 => postgres(code, cause),
            Some(code) => sqlite(code, cause),
            None if fault::is_passing(cause) => Self::passing(
                "The database cannot be reached",
                "Start it, or correct DATABASE_URL",
            ),
            None => other(cause),
        }
    }

    /// Whether it makes sense to wait.
    #[must_use]
    pub const fn passes(&self) -> bool {
        self.passes
    }

    /// What is wrong, without the cure: for a database that is not ours.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    fn passing(what: &str, cure: &'static str) -> Self {
        Self {
            what: what.to_owned(),
            cure,
            passes: true,
        }
    }

    fn lasting(what: &str, cure: &'static str) -> Self {
        Self {
            what: what.to_owned(),
            cure,
            passes: false,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}.", self.what, self.cure)
    }
}

/// Whether a newer latchkey has changed the tables: all that sea-orm-migration says is a text.
pub(super) fn is_newer(cause: &DbErr) -> bool {
    matches!(cause, DbErr::Custom(text) if text.contains("has been applied but its file is missing"))
}

/// Whatever the operator can change on the server without touching this process is worth waiting for.
fn postgres(code: &str, cause: &DbErr) -> Trouble {
    match code {
        "28P01" | "28000" => Trouble::passing(
            "The database refuses the user or the password",
            "Correct them in DATABASE_URL",
        ),
        "3D000" => Trouble::passing(
            "The database server has no database of this name",
            "Make it with createdb, or correct DATABASE_URL",
        ),
        "42501" => Trouble::passing(
            "The database's user may not make or use tables",
            "Let it: GRANT CREATE, USAGE ON SCHEMA public TO the user of DATABASE_URL",
        ),
        "53300" => Trouble::passing(
            "The database has no connection left",
            "Raise its max_connections, or stop what holds them",
        ),
        "42P07" => foreign_tables(),
        "08P01" if cause.to_string().contains("startup parameter") => Trouble::passing(
            "A pooler stands before the database and refuses to be told how requests are held to time",
            "Let DATABASE_URL lead to the database itself, or have the pooler ignore the parameters extra_float_digits and options",
        ),
        _ if fault::is_passing(cause) => Trouble::passing(
            "The database is busy, starting, or read-only",
            "Wait, or look into its own log",
        ),
        _ => other(cause),
    }
}

/// By the low byte of SQLite's result code.
fn sqlite(code: &str, cause: &DbErr) -> Trouble {
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(5 | 6) => Trouble::passing(
            "Another process writes to the database's file",
            "Wait, or stop that process",
        ),
        Ok(8 | 14) => Trouble::lasting(
            "The database's file cannot be made or written",
            "Let the server write to it and to its folder, or name another file in DATABASE_URL",
        ),
        Ok(10 | 13) => Trouble::lasting(
            "The disk of the database's file is full or faulty",
            "Make room, or look into the system's log",
        ),
        Ok(11 | 26) => Trouble::lasting(
            "The database's file is damaged, or no SQLite database",
            "Restore a backup, or name another file in DATABASE_URL",
        ),
        Ok(1) if cause.to_string().contains("already exists") => foreign_tables(),
        _ => other(cause),
    }
}

fn foreign_tables() -> Trouble {
    Trouble::lasting(
        "The database has tables of another program under our names",
        "Give latchkey a database of its own",
    )
}

fn other(cause: &DbErr) -> Trouble {
    Trouble {
        what: format!("The database refused a statement ({cause})"),
        cure: "Restore a backup, or report this",
        passes: false,
    }
}

/// The database's own code for it, if it said anything.
fn code(cause: &DbErr) -> Option<String> {
    let (DbErr::Conn(inner) | DbErr::Exec(inner) | DbErr::Query(inner)) = cause else {
        return None;
    };
    if let RuntimeErr::SqlxError(sqlx) = inner
        && let sqlx::Error::Database(database) = &**sqlx
    {
        return database.code().map(Cow::into_owned);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c9_a_newer_database_is_told_and_not_waited_for() {
        let newer = DbErr::Custom(
            "Migration file of version 'm9' is missing, this migration has been applied but its file is missing".to_owned(),
        );
        let trouble = Trouble::of(&newer);
        assert!(trouble.to_string().contains("newer latchkey") && !trouble.passes());
    }

    #[test]
    fn c3_a_database_that_is_away_is_waited_for() {
        let away = DbErr::Conn(RuntimeErr::SqlxError(sqlx::Error::PoolTimedOut.into()));
        let trouble = Trouble::of(&away);
        assert_eq!(
            trouble.to_string(),
            "The database cannot be reached. Start it, or correct DATABASE_URL."
        );
        assert!(trouble.passes());
    }
}
