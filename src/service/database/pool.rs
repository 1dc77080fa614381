//! How the database is connected to: what each connection is told, and how long one is waited for.

use super::Trouble;
use sea_orm::{ConnectOptions, DatabaseConnection, DbErr};
use std::{thread, time::Duration};
use tokio::time::sleep;

/// How often, and after how long each time, a SQLite file is tried again: a process that comes first or goes last has the file for itself,
/// and SQLite then refuses the others without waiting for its time-out.
const TRIES: u32 = 200;
const BREATH: Duration = Duration::from_millis(50);

/// A connection that was used so short a time ago is there still: asking each time doubles the way to the server and back. One that was lost
/// meanwhile costs the one request that finds it.
const FRESH: Duration = Duration::from_secs(1);

/// How many connections to a PostgreSQL server there are at least and at most, on machines small and large.
const FEWEST: u32 = 8;
const MOST: u32 = 16;

type Limits = [(&'static str, &'static str); 3];

/// What a PostgreSQL server holds the statements of a request to, in milliseconds.
const BRISK: Limits = [
    ("statement_timeout", "5000"),
    ("lock_timeout", "3000"),
    ("idle_in_transaction_session_timeout", "10000"),
];
const PATIENT: Limits = [
    ("statement_timeout", "0"),
    ("lock_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
];

/// Connections to a file, all of them opened at the start: later there may be no file of the system's left to open.
pub(super) async fn file(url: &str, most: u32) -> Result<DatabaseConnection, DbErr> {
    for _ in 0..TRIES {
        match sea_orm::Database::connect(sqlite(url, most)).await {
            Err(cause) if Trouble::of(&cause).passes() => sleep(BREATH).await,
            done => return done,
        }
    }
    sea_orm::Database::connect(sqlite(url, most)).await
}

/// Connections to a PostgreSQL server, none of them opened yet. They are used in turn, and each has a process with memory of its own behind it:
/// more of them than the cores can serve push each other out of the caches.
pub(super) async fn server(url: &str) -> Result<DatabaseConnection, DbErr> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let most = u32::try_from(cores * 4).map_or(MOST, |many| many.clamp(FEWEST, MOST));
    sea_orm::Database::connect(postgres(url, most, &BRISK)).await
}

/// Two connections to a PostgreSQL server that wait for each statement as long as it takes.
pub(super) async fn patient(url: &str) -> Result<DatabaseConnection, DbErr> {
    sea_orm::Database::connect(postgres(url, 2, &PATIENT)).await
}

/// One connection to a PostgreSQL server, which is opened at once.
pub(super) async fn alone(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = postgres(url, 1, &BRISK);
    options.connect_lazy(false);
    sea_orm::Database::connect(options).await
}

fn common(url: &str, most: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(most)
        .acquire_timeout(Duration::from_secs(3))
        .connect_timeout(Duration::from_secs(3))
        .connect_lazy(true)
        .sqlx_logging(false);
    options
}

/// `synchronous=FULL`: what was acknowledged survives a power cut too. The file is there already and stays open: to open another one that
/// stands in its place, beside its write-ahead log, would spoil both.
fn sqlite(url: &str, most: u32) -> ConnectOptions {
    let mut options = common(url, most);
    options.min_connections(most);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .statement_cache_capacity(128)
    });
    // A file is not lost meanwhile: there is nothing to ask for.
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
    });
    options
}

fn postgres(url: &str, most: u32, limits: &'static Limits) -> ConnectOptions {
    let mut options = common(url, most);
    options
        .min_connections(0)
        .test_before_acquire_if_idle_for(FRESH)
        .map_sqlx_postgres_opts(|postgres| {
            postgres
                .application_name("latchkey")
                .options(limits.iter().copied())
        });
    options
}
