//! Readers in line before a pool. While others wait, a connection goes from one of them to the next, instead of back to the pool, which
//! asks the database each time whether it is still there.

use sea_orm::{
    ConnAcquireErr, DbErr, QueryResult, RuntimeErr, Statement,
    sea_query::Values,
    sqlx::{
        self, AssertSqlSafe, Database, Executor, IntoArguments, Pool, pool::PoolConnection,
        query::Query,
    },
};
use sea_query_sqlx::SqlxValues;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// After so many statements a connection goes back, though others wait to read: on PostgreSQL, whoever waits to write waits for the same pool.
const TURNS: u32 = 16;

/// Readers before a pool. As many of them read at once as it has connections; the others wait here.
#[derive(Debug)]
pub(super) struct Line<D: Database> {
    pool: Pool<D>,
    seats: Semaphore,
    waiting: Mutex<Waiting<D>>,
}

/// How many wait for a seat, and connections for them: never more than can be used at once.
#[derive(Debug)]
struct Waiting<D: Database> {
    count: usize,
    kept: Vec<Baton<D>>,
}

/// A connection, and how many statements in a row it was used for. Dropped, it goes back to the pool.
#[derive(Debug)]
struct Baton<D: Database> {
    connection: PoolConnection<D>,
    turns: u32,
}

/// Whoever reads: has a seat, and a connection.
struct Lent<'a, D: Database> {
    baton: Baton<D>,
    _seat: SemaphorePermit<'a>,
}

/// Whoever waits is counted, even when it gives up.
struct Counted<'a, D: Database>(&'a Line<D>);

impl<D: Database> Line<D> {
    pub fn before(pool: &Pool<D>) -> Arc<Self> {
        let seats = usize::try_from(pool.options().get_max_connections());
        Arc::new(Self {
            pool: pool.clone(),
            seats: Semaphore::new(seats.unwrap_or(Semaphore::MAX_PERMITS)),
            waiting: Mutex::new(Waiting {
                count: 0,
                kept: Vec::new(),
            }),
        })
    }

    /// Lets nobody in any more, and tells whoever waits.
    pub fn close(&self) {
        self.seats.close();
    }

    /// A seat and a connection, waited for no longer than the pool lets anybody wait.
    async fn lent(&self) -> Result<Lent<'_, D>, DbErr> {
        if let Ok(seat) = self.seats.try_acquire() {
            let kept = self.kept();
            return self.seated(seat, kept).await;
        }
        let patience = self.pool.options().get_acquire_timeout();
        timeout(patience, self.waited())
            .await
            .unwrap_or_else(|_| Err(none(sqlx::Error::PoolTimedOut)))
    }

    async fn waited(&self) -> Result<Lent<'_, D>, DbErr> {
        self.waiting().count += 1;
        let counted = Counted(self);
        let seat = self.seats.acquire().await;
        // Before it counts no longer: what is kept is kept for those who wait.
        let kept = self.kept();
        drop(counted);
        let seat = seat.map_err(|_| none(sqlx::Error::PoolClosed))?;
        self.seated(seat, kept).await
    }

    /// With the connection of whoever sat there before, or with one of the pool's.
    async fn seated<'a>(
        &'a self,
        seat: SemaphorePermit<'a>,
        kept: Option<Baton<D>>,
    ) -> Result<Lent<'a, D>, DbErr> {
        let baton = match kept {
            Some(baton) => baton,
            None => Baton {
                connection: self.pool.acquire().await.map_err(none)?,
                turns: 0,
            },
        };
        Ok(Lent { baton, _seat: seat })
    }

    /// Leaves a connection that has answered to the next of those who wait, and then the seat.
    fn leave(&self, mut lent: Lent<'_, D>) {
        lent.baton.turns += 1;
        let mut waiting = self.waiting();
        let is_wanted = waiting.kept.len() < waiting.count && !self.pool.is_closed();
        if is_wanted && lent.baton.turns < TURNS {
            waiting.kept.push(lent.baton);
        }
    }

    fn kept(&self) -> Option<Baton<D>> {
        self.waiting().kept.pop()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<D>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Database> Drop for Counted<'_, D> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting();
        waiting.count -= 1;
        let most = waiting.count;
        waiting.kept.truncate(most);
    }
}

/// Only a connection that has answered is handed on. One of a statement that failed, or that nobody waits for any longer, the pool looks at.
impl<D> Line<D>
where
    D: Database,
    SqlxValues: IntoArguments<D>,
    QueryResult: From<D::Row>,
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    pub async fn one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut lent = self.lent().await?;
        let found = query(statement)
            .fetch_optional(&mut *lent.baton.connection)
            .await;
        let row = found.map_err(failed)?;
        self.leave(lent);
        Ok(row.map(QueryResult::from))
    }

    pub async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut lent = self.lent().await?;
        let found = query(statement)
            .fetch_all(&mut *lent.baton.connection)
            .await;
        let rows = found.map_err(failed)?;
        self.leave(lent);
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }
}

fn query<D>(statement: Statement) -> Query<'static, D, SqlxValues>
where
    D: Database,
    SqlxValues: IntoArguments<D>,
{
    let values = statement.values.unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

/// As `SeaORM` says it.
fn failed(cause: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(cause.into()))
}

/// As `SeaORM` says it.
fn none(cause: sqlx::Error) -> DbErr {
    match cause {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        cause => DbErr::Conn(RuntimeErr::SqlxError(cause.into())),
    }
}

#[cfg(test)]
mod tests;
