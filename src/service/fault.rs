//! Other people's errors become rows of the table here, and are logged here, once, with their cause.

use crate::domain::{Error, Refusal};
use sea_orm::{DbErr, RuntimeErr};

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        let error = row_for(&cause);
        if error == Self::Internal {
            tracing::error!(%cause, "the database refused a statement");
        } else {
            tracing::warn!(%cause, code = error.code(), "the database is not at hand");
        }
        error
    }
}

impl From<DbErr> for Refusal {
    fn from(cause: DbErr) -> Self {
        Error::from(cause).into()
    }
}

/// A database that is away, busy or starting is `Unavailable`: never "not signed in", never an empty list.
fn row_for(cause: &DbErr) -> Error {
    use sea_orm::sqlx::Error as Sqlx;
    match cause {
        DbErr::ConnectionAcquire(_) => Error::Unavailable,
        DbErr::Conn(inner) | DbErr::Exec(inner) | DbErr::Query(inner) => match inner {
            RuntimeErr::SqlxError(sqlx) => match &**sqlx {
                Sqlx::Database(database) => match database.code().as_deref() {
                    // SQLITE_FULL, and PostgreSQL's disk_full.
                    Some("13" | "53100") => Error::StorageFull,
                    // SQLITE_BUSY, _LOCKED, _READONLY, _IOERR, _CANTOPEN, _PROTOCOL and what extends them; PostgreSQL's connection, resource and operator classes,
                    // its statement and lock time-outs, a server that starts up or is read-only, and one that does not let us in.
                    Some(code) if is_passing_code(code) => Error::Unavailable,
                    // The tables are still being made, by us or by an instance beside us.
                    _ if is_missing_table(&**database) => Error::Unavailable,
                    _ => Error::Internal,
                },
                Sqlx::Io(_)
                | Sqlx::PoolTimedOut
                | Sqlx::PoolClosed
                | Sqlx::WorkerCrashed
                | Sqlx::Tls(_)
                | Sqlx::Protocol(_) => Error::Unavailable,
                _ => Error::Internal,
            },
            RuntimeErr::Internal(_) => Error::Unavailable,
            #[expect(
                unreachable_patterns,
                reason = "the enum grows with features of the crate"
            )]
            _ => Error::Internal,
        },
        _ => Error::Internal,
    }
}

/// Whether waiting may help.
pub(super) fn is_passing(cause: &DbErr) -> bool {
    row_for(cause) == Error::Unavailable
}

fn is_passing_code(code: &str) -> bool {
    match code.parse::<i64>() {
        Ok(sqlite) if code.len() < 5 => matches!(sqlite & 0xff, 5 | 6 | 8 | 10 | 14 | 15),
        _ => {
            matches!(code.get(..2), Some("08" | "28" | "53" | "57"))
                || matches!(code, "3D000" | "55P03" | "25006" | "40001" | "40P01")
        }
    }
}

fn is_missing_table(cause: &dyn sea_orm::sqlx::error::DatabaseError) -> bool {
    match cause.code().as_deref() {
        Some("42P01") => true,
        Some("1") => cause.message().starts_with("no such table"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_a_database_that_is_away_is_unavailable_and_never_anything_else() {
        let away = DbErr::Conn(RuntimeErr::SqlxError(
            sea_orm::sqlx::Error::PoolTimedOut.into(),
        ));
        assert_eq!(Error::from(away), Error::Unavailable);
        assert!(
            is_passing_code("5")
                && is_passing_code("261")
                && is_passing_code("1032")
                && is_passing_code("57P01")
                && is_passing_code("08006")
                && !is_passing_code("23505")
                && !is_passing_code("1")
        );
    }
}
