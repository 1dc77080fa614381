//! The database: one pool on PostgreSQL; on SQLite many readers and one writer, so that writers queue instead of colliding.

mod copy;
mod file;
mod trouble;

pub use copy::NotCopied;
pub use trouble::Trouble;

use crate::{
    domain::{Error, Moment, Result},
    service::Config,
};
use file::SqliteFile;
use migration::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::time::Duration;
use tokio::time::sleep;

/// A session-level advisory lock's key: "latchkey" in ASCII.
const MIGRATION_LOCK: i64 = 0x6c61_7463_686b_6579;

/// How often, and after how long each time, a SQLite file is tried again: a process that comes first or goes last has the file for itself,
/// and SQLite then refuses the others without waiting for its time-out.
const TRIES: u32 = 200;
const BREATH: Duration = Duration::from_millis(50);

/// Every table of the house.
pub const TABLES: &[&str] = &[
    "user",
    "session",
    "account",
    "verification",
    "task",
    "deleted_task",
    "audit_event",
    "rate_limit",
    "idempotency",
    "access_token",
];

/// Where everything is kept.
#[derive(Clone, Debug)]
pub struct Database {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    file: Option<SqliteFile>,
}

impl Database {
    /// Prepares the pools. A file is opened at once; PostgreSQL is connected to when first asked, so that it may come late.
    pub async fn open(config: &Config) -> Result<Self, DbErr> {
        let url = config.database_url.expose();
        if let Some(path) = config.sqlite_path() {
            let file = SqliteFile::make(&path);
            let writer = open_file(url, 1).await?;
            // The writer's first connection creates the file and turns WAL on before a reader opens it.
            let reader = open_file(url, 8).await?;
            Ok(Self {
                reader,
                writer,
                file: Some(file),
            })
        } else {
            let pool = sea_orm::Database::connect(postgres(url)).await?;
            Ok(Self {
                reader: pool.clone(),
                writer: pool,
                file: None,
            })
        }
    }

    /// For statements that only read.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For statements that write.
    #[must_use]
    pub const fn write(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Several statements that are done together or not at all. On SQLite the write lock is taken at once: a transaction that begins
    /// with a read and then writes fails when another one was quicker, and no time-out helps.
    pub async fn transaction(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.writer.begin_with_options(options).await
    }

    /// SQLite or PostgreSQL.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// Whether it answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reader.execute_unprepared("SELECT 1").await.map(drop)?)
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if self.backend() == DbBackend::Postgres {
            "PostgreSQL"
        } else {
            "SQLite"
        }
    }

    /// Whether it answers and takes the lock that writing needs.
    pub async fn probe(&self) -> Result<(), DbErr> {
        self.transaction().await?.rollback().await
    }

    /// What its clock says, if it has one of its own.
    pub async fn clock(&self) -> Result<Option<Moment>, DbErr> {
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let now = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        let ask = Statement::from_string(DbBackend::Postgres, now);
        let row = self.reader.query_one_raw(ask).await?;
        row.map(|row| row.try_get_by_index(0).map(Moment))
            .transpose()
    }

    /// Which of [`TABLES`] are not there.
    pub async fn missing_tables(&self) -> Result<Vec<&'static str>, DbErr> {
        let schema = SchemaManager::new(&self.reader);
        let mut missing = Vec::new();
        for &table in TABLES {
            if !schema.has_table(table).await? {
                missing.push(table);
            }
        }
        Ok(missing)
    }

    /// Brings the tables up to date, and says which migrations ran; several instances may do so at once.
    pub async fn migrate(&self) -> Result<Vec<String>, DbErr> {
        self.locked(|db| async move {
            let pending = Migrator::get_pending_migrations_read_only(&db).await?;
            Migrator::up(&db, None).await?;
            Ok(pending.iter().map(|each| each.name().to_owned()).collect())
        })
        .await
    }

    /// Takes the last migration back.
    pub async fn migrate_down(&self) -> Result<(), DbErr> {
        self.locked(|db| async move { Migrator::down(&db, Some(1)).await })
            .await
    }

    /// The names of the migrations, and whether each has run. Looking makes no table: that would race with whoever migrates.
    pub async fn migrations(&self) -> Result<Vec<(String, bool)>, DbErr> {
        let done = Migrator::get_applied_migrations_read_only(&self.reader).await?;
        Ok(Migrator::migrations()
            .iter()
            .map(|each| {
                (
                    each.name().to_owned(),
                    done.iter().any(|one| one.name() == each.name()),
                )
            })
            .collect())
    }

    /// Whether every migration has run. A newer latchkey's tables have all of ours, so that one that runs goes on while it is replaced.
    pub async fn is_migrated(&self) -> Result<bool> {
        match Migrator::get_pending_migrations_read_only(&self.reader).await {
            Ok(pending) => Ok(pending.is_empty()),
            Err(cause) if trouble::is_newer(&cause) => Ok(true),
            Err(cause) => Err(Error::from(cause)),
        }
    }

    /// sea-orm-migration takes no lock of its own: two instances that start on an empty database would trip over each other. On PostgreSQL
    /// the lock lives in a transaction of another connection, on SQLite in an open file, so it is gone when that is, however this ends.
    async fn locked<F, Done, T>(&self, work: F) -> Result<T, DbErr>
    where
        F: FnOnce(DatabaseConnection) -> Done,
        Done: Future<Output = Result<T, DbErr>>,
    {
        if let Some(file) = &self.file {
            let _lock = file.lock().await?;
            return work(self.writer.clone()).await;
        }
        let lock = self.writer.begin().await?;
        lock.execute_unprepared("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0").await?;
        let take = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [MIGRATION_LOCK.into()],
        );
        lock.execute_raw(take).await?;
        let done = work(self.writer.clone()).await;
        lock.commit().await?;
        done
    }
}

async fn open_file(url: &str, most: u32) -> Result<DatabaseConnection, DbErr> {
    for _ in 0..TRIES {
        match sea_orm::Database::connect(sqlite(url, most)).await {
            Err(cause) if Trouble::of(&cause).passes() => sleep(BREATH).await,
            done => return done,
        }
    }
    sea_orm::Database::connect(sqlite(url, most)).await
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

/// `synchronous=FULL`: what was acknowledged survives a power cut too.
fn sqlite(url: &str, most: u32) -> ConnectOptions {
    let mut options = common(url, most);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .statement_cache_capacity(128)
    });
    options
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = common(url, 16);
    options
        .min_connections(0)
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("latchkey").options([
                ("statement_timeout", "5000"),
                ("lock_timeout", "3000"),
                ("idle_in_transaction_session_timeout", "10000"),
            ])
        });
    options
}
