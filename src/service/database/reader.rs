//! Reading, for whoever asks through `SeaORM`: the same on either kind of database.

use super::line::Line;
use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    sqlx::{Postgres, Sqlite},
};
use std::sync::Arc;

/// Reads with the connections of a pool.
#[derive(Clone, Debug)]
pub struct Reader {
    pool: DatabaseConnection,
    relay: Relay,
}

/// Where connections are handed on, for either kind of database.
#[derive(Clone, Debug)]
enum Relay {
    File(Arc<Line<Sqlite>>),
    Server(Arc<Line<Postgres>>),
}

impl Reader {
    /// Reads with the connections of this pool.
    pub(super) fn of(pool: DatabaseConnection) -> Self {
        let relay = match pool.get_database_backend() {
            DbBackend::Postgres => Relay::Server(Line::before(pool.get_postgres_connection_pool())),
            _ => Relay::File(Line::before(pool.get_sqlite_connection_pool())),
        };
        Self { pool, relay }
    }

    /// The pool itself.
    pub(in crate::service) const fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    /// Closes the pool. Whoever waits to read is told at once.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        match &self.relay {
            Relay::File(line) => line.close(),
            Relay::Server(line) => line.close(),
        }
        self.pool.close_by_ref().await
    }
}

#[async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.pool.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.pool.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.relay {
            Relay::File(line) => line.one(statement).await,
            Relay::Server(line) => line.one(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.relay {
            Relay::File(line) => line.all(statement).await,
            Relay::Server(line) => line.all(statement).await,
        }
    }
}
