//! The database: one pool on PostgreSQL; on SQLite many readers and one writer, so that writers queue instead of colliding.

mod copy;
mod file;
mod line;
mod pool;
mod pulse;
mod reader;
mod tables;
mod trouble;

pub use copy::NotCopied;
pub use reader::Reader;
pub use tables::TABLES;
pub use trouble::Trouble;

use crate::{
    domain::{Error, Moment, Result},
    service::Config,
};
use file::SqliteFile;
use migration::SchemaManager;
use pulse::Pulse;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::time::Duration;
use tokio::time::timeout;

/// What is written to see whether it can be; before there are tables, one is made.
const PROBED: &str = "rate_limit";
const WRITE_ROW: &str =
    "INSERT INTO rate_limit (key, window_start, count, expires_at) VALUES ('probe', 0, 0, 0)";
const MAKE_TABLE: &str = "CREATE TABLE latchkey_probe (id integer)";

/// How long the pools may take to close.
const FAREWELL: Duration = Duration::from_secs(1);

/// Where everything is kept.
#[derive(Clone, Debug)]
pub struct Database {
    reader: Reader,
    writer: DatabaseConnection,
    place: Place,
}

/// What stands behind the pools.
#[derive(Clone, Debug)]
enum Place {
    File(SqliteFile),
    Server(Pulse),
}

impl Database {
    /// Prepares the pools. A file is opened at once; PostgreSQL is connected to when first asked, so that it may come late.
    pub async fn open(config: &Config) -> Result<Self, DbErr> {
        let url = config.database_url.expose();
        if let Some(path) = config.sqlite_path() {
            let mut file = SqliteFile::make(&path);
            let writer = pool::file(url, 1).await?;
            // The writer's first connection creates the file and turns WAL on before a reader opens it.
            let reader = pool::file(url, 8).await?;
            file.remember();
            Ok(Self {
                reader: Reader::of(reader),
                writer,
                place: Place::File(file),
            })
        } else {
            let pool = pool::server(url).await?;
            Ok(Self {
                reader: Reader::of(pool.clone()),
                writer: pool,
                place: Place::Server(Pulse::of(config.database_url.clone())),
            })
        }
    }

    /// Closes the pools, readers first. The last connection to a SQLite file writes its log into it and removes the log: one that stayed
    /// behind would be played into whatever file is put in this one's place.
    pub async fn close(&self) {
        let closing = async {
            for closed in [self.reader.close().await, self.writer.close_by_ref().await] {
                if let Err(cause) = closed {
                    tracing::warn!(%cause, "the database was not closed");
                }
            }
        };
        if timeout(FAREWELL, closing).await.is_err() {
            tracing::warn!("the database is in use still, and ends with the process");
        }
    }

    /// For statements that only read.
    #[must_use]
    pub const fn read(&self) -> &Reader {
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

    /// Whether the file that is in use is still where it was. What is written to one that was moved or replaced meanwhile would be
    /// acknowledged and lost.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        match &self.place {
            Place::File(file) => file.is_in_place(),
            Place::Server(_) => true,
        }
    }

    /// What comes of this, unless a server that it waits for has stopped to answer.
    pub async fn unless_it_hangs<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        let Place::Server(pulse) = &self.place else {
            return Ok(work.await);
        };
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = pulse.stops() => Err(Error::Unavailable),
        }
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

    /// Whether it answers and can be written: a database that is read-only gives the lock, and refuses the row. Nothing stays written.
    pub async fn probe(&self) -> Result<(), DbErr> {
        let has_tables = SchemaManager::new(self.reader.pool())
            .has_table(PROBED)
            .await?;
        let transaction = self.transaction().await?;
        let write = if has_tables { WRITE_ROW } else { MAKE_TABLE };
        transaction.execute_unprepared(write).await?;
        transaction.rollback().await
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
}
