//! Many who read at once: one connection serves them in turn, and neither a writer nor a reader who gives up is the worse for it.

use crate::support::House;
use futures::{future::join_all, poll};
use latchkey::service::Database;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::task::{JoinHandle, yield_now};

/// More than any pool has connections.
const MANY: i64 = 64;

/// What the database says to this question with this value.
async fn said(db: &Database, number: i64) -> Result<i64, DbErr> {
    let ask = match db.backend() {
        DbBackend::Postgres => "SELECT $1::bigint FROM generate_series(1, 3)",
        _ => "SELECT $1 FROM (SELECT 1 UNION SELECT 2 UNION SELECT 3)",
    };
    let statement = Statement::from_sql_and_values(db.backend(), ask, [number.into()]);
    if number % 2 == 0 {
        let row = db.read().query_one_raw(statement).await?;
        return row.expect("a row").try_get_by_index(0);
    }
    let rows = db.read().query_all_raw(statement).await?;
    assert_eq!(rows.len(), 3);
    rows[2].try_get_by_index(0)
}

/// As many as there are, on all threads at once.
async fn each<F>(db: &Database, work: impl Fn(Database, i64) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let at_work: Vec<JoinHandle<()>> = (0..MANY)
        .map(|number| tokio::spawn(work(db.clone(), number)))
        .collect();
    for done in join_all(at_work).await {
        done.expect("no complaint");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_reader_of_many_is_told_what_it_asked() {
    let house = House::open().await;
    each(&house.db, |db, number| async move {
        for round in 0..20 {
            let number = number * 100 + round;
            assert_eq!(said(&db, number).await, Ok(number));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_write_gets_its_turn_though_reads_never_stop() {
    let house = House::open().await;
    let written = Arc::new(AtomicBool::new(false));
    let reading = each(&house.db, |db, number| {
        let written = written.clone();
        async move {
            while !written.load(Ordering::Relaxed) {
                assert_eq!(said(&db, number).await, Ok(number));
            }
        }
    });
    let writing = async {
        for name in ["Ada", "Grace", "Maya"] {
            house.sign_up(name).await;
        }
        written.store(true, Ordering::Relaxed);
    };
    futures::join!(reading, writing);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_that_gives_up_spoils_no_other() {
    let house = House::open().await;
    each(&house.db, |db, number| async move {
        for round in 0..20 {
            let number = number * 100 + round;
            // In the line, while a connection is made, or in the middle of an answer.
            let mut asked = pin!(said(&db, number));
            for _ in 0..=(number + round) % 7 {
                if let std::task::Poll::Ready(answer) = poll!(&mut asked) {
                    assert_eq!(answer, Ok(number));
                    break;
                }
                yield_now().await;
            }
        }
    })
    .await;
    each(&house.db, |db, number| async move {
        assert_eq!(said(&db, number).await, Ok(number));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_broke_is_handed_to_nobody() {
    let house = House::open().await;
    each(&house.db, |db, number| async move {
        let breaks = match db.backend() {
            DbBackend::Postgres => "SELECT pg_terminate_backend(pg_backend_pid())",
            _ => "SELECT nothing FROM nowhere",
        };
        let breaks = Statement::from_string(db.backend(), breaks);
        assert!(db.read().query_all_raw(breaks).await.is_err());
        for _ in 0..5 {
            assert_eq!(said(&db, number).await, Ok(number));
        }
    })
    .await;
}
