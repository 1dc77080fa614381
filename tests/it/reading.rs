//! Many who read at once: one connection serves them in turn, and neither a writer nor a reader who gives up is the worse for it.

use crate::support::House;
use futures::future::join_all;
use latchkey::service::Database;
use sea_orm::{ConnectionTrait, DbErr, Statement};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::time::timeout;

/// More than any pool has connections.
const MANY: usize = 64;

/// What the database says to this question with this value.
async fn said(db: &Database, number: i64) -> Result<i64, DbErr> {
    let ask = match db.name() {
        "PostgreSQL" => "SELECT $1::bigint FROM generate_series(1, 3)",
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

#[tokio::test]
async fn each_reader_of_many_is_told_what_it_asked() {
    let house = House::open().await;
    let asked = (0..).take(MANY).map(async |number| {
        for round in 0..20 {
            let number = number * 100 + round;
            assert_eq!(said(&house.db, number).await, Ok(number));
        }
    });
    join_all(asked).await;
}

#[tokio::test]
async fn a_write_gets_its_turn_though_reads_never_stop() {
    let house = House::open().await;
    let written = AtomicBool::new(false);
    let reading = (0..).take(MANY).map(async |number| {
        while !written.load(Ordering::Relaxed) {
            assert_eq!(said(&house.db, number).await, Ok(number));
        }
    });
    let writing = async {
        for name in ["Ada", "Grace", "Maya"] {
            house.sign_up(name).await;
        }
        written.store(true, Ordering::Relaxed);
    };
    futures::join!(join_all(reading), writing);
}

#[tokio::test]
async fn a_reader_that_gives_up_spoils_no_other() {
    let house = House::open().await;
    let asked = (0..).take(MANY).map(async |number| {
        for round in 0..20 {
            let number = number * 100 + round;
            let patience = Duration::from_micros(50 * u64::try_from(number % 23).expect("small"));
            if let Ok(answer) = timeout(patience, said(&house.db, number)).await {
                assert_eq!(answer, Ok(number));
            }
        }
    });
    join_all(asked).await;
    let afterwards = (0..).take(MANY).map(|number| said(&house.db, number));
    for (number, answer) in (0..).zip(join_all(afterwards).await) {
        assert_eq!(answer, Ok(number));
    }
}

#[tokio::test]
async fn a_statement_that_is_refused_spoils_no_other() {
    let house = House::open().await;
    let asked = (0..).take(MANY).map(async |number| {
        let wrong = Statement::from_string(house.db.backend(), "SELECT nothing FROM nowhere");
        for _ in 0..5 {
            assert!(house.db.read().query_all_raw(wrong.clone()).await.is_err());
            assert_eq!(said(&house.db, number).await, Ok(number));
        }
    });
    join_all(asked).await;
}
