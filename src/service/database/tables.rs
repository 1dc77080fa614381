//! The tables: which there are, and how they are brought up to date by several instances at once.

use super::{Database, Place, pool, trouble};
use crate::domain::{Error, Result};
use migration::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, TransactionTrait};

/// A session-level advisory lock's key: "latchkey" in ASCII.
const MIGRATION_LOCK: i64 = 0x6c61_7463_686b_6579;

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
    "invitation",
    "mail",
    "passkey",
    "spent_challenge",
    "device",
    "totp",
    "recovery_code",
    "challenge",
    "trusted_device",
    "provider_errand",
];

impl Database {
    /// Which of [`TABLES`] are not there.
    pub async fn missing_tables(&self) -> Result<Vec<&'static str>, DbErr> {
        let schema = SchemaManager::new(self.reader.pool());
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

    /// The names of all migrations, in their order.
    #[must_use]
    pub fn all_migrations() -> Vec<String> {
        let all = Migrator::migrations();
        all.iter().map(|each| each.name().to_owned()).collect()
    }

    /// The names of the migrations, and whether each has run. Looking makes no table: that would race with whoever migrates.
    pub async fn migrations(&self) -> Result<Vec<(String, bool)>, DbErr> {
        let done = Migrator::get_applied_migrations_read_only(&self.reader).await?;
        let all = Self::all_migrations().into_iter();
        Ok(all
            .map(|name| {
                let is_done = done.iter().any(|one| one.name() == name);
                (name, is_done)
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
    /// Both connections are of a pool without time-outs: a change of a large table may take its time.
    async fn locked<F, Done, T>(&self, work: F) -> Result<T, DbErr>
    where
        F: FnOnce(DatabaseConnection) -> Done,
        Done: Future<Output = Result<T, DbErr>>,
    {
        let url = match &self.place {
            Place::File(file) => {
                let _lock = file.lock().await?;
                return work(self.writer.clone()).await;
            }
            Place::Server(pulse) => pulse.url.expose(),
        };
        let patient = pool::patient(url).await?;
        let lock = patient.begin().await?;
        let take = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [MIGRATION_LOCK.into()],
        );
        lock.execute_raw(take).await?;
        let done = work(patient.clone()).await;
        lock.commit().await?;
        patient.close().await?;
        done
    }
}
