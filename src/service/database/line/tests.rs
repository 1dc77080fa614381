use super::*;
use futures::{FutureExt, poll};
use sea_orm::sqlx::{Sqlite, sqlite::SqlitePoolOptions};
use std::{pin::pin, time::Duration};
use tokio::task::yield_now;

/// A line before one connection.
async fn line() -> Arc<Line<Sqlite>> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_millis(200))
        .connect("sqlite::memory:")
        .await
        .unwrap();
    Line::before(&pool)
}

/// A connection in the pool that nobody has: it comes back there in a task of its own.
async fn comes_back(line: &Line<Sqlite>) {
    while line.pool.num_idle() == 0 {
        yield_now().await;
    }
}

fn is_empty(line: &Line<Sqlite>) -> bool {
    let waiting = line.waiting();
    waiting.count == 0 && waiting.kept.is_empty() && line.seats.available_permits() == 1
}

#[tokio::test]
async fn whoever_waits_gets_the_connection_of_whoever_is_done() {
    let line = line().await;
    let first = line.lent().await.unwrap();
    let mut next = pin!(line.lent());
    assert!(poll!(&mut next).is_pending());
    line.leave(first);
    assert_eq!(line.pool.num_idle(), 0, "it did not go back to the pool");
    let next = next.await.unwrap();
    assert_eq!(next.baton.turns, 1);
    line.leave(next);
    comes_back(&line).await;
    assert!(is_empty(&line));
}

#[tokio::test]
async fn after_sixteen_statements_it_goes_back_though_somebody_waits() {
    let line = line().await;
    let mut lent = line.lent().await.unwrap();
    lent.baton.turns = TURNS - 1;
    let mut next = pin!(line.lent());
    assert!(poll!(&mut next).is_pending());
    line.leave(lent);
    let next = next.await.unwrap();
    assert_eq!(next.baton.turns, 0);
}

#[tokio::test]
async fn whoever_gives_up_waiting_leaves_nothing_behind() {
    let line = line().await;
    let lent = line.lent().await.unwrap();
    for _ in 0..3 {
        assert!(line.lent().now_or_never().is_none());
    }
    assert_eq!(line.waiting().count, 0);

    // Even when a connection was left to it already.
    let mut next = Box::pin(line.lent());
    assert!(poll!(&mut next).is_pending());
    line.leave(lent);
    assert_eq!(line.waiting().kept.len(), 1);
    drop(next);
    comes_back(&line).await;
    assert!(is_empty(&line));
}

#[tokio::test]
async fn whoever_comes_first_takes_what_was_left_for_another() {
    let line = line().await;
    let lent = line.lent().await.unwrap();
    // Counted, and not in the line yet.
    line.waiting().count += 1;
    let counted = Counted(&line);
    line.leave(lent);
    assert_eq!(line.lent().await.unwrap().baton.turns, 1);
    drop(counted);
    comes_back(&line).await;
    assert!(is_empty(&line));
}

#[tokio::test]
async fn whoever_waits_too_long_or_when_all_is_closed_is_told() {
    let line = line().await;
    let lent = line.lent().await.unwrap();
    let late = line.lent().await.map(drop);
    assert_eq!(late, Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)));

    let mut next = pin!(line.lent());
    assert!(poll!(&mut next).is_pending());
    line.close();
    let closed = Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed));
    assert_eq!(next.await.map(drop), closed);
    assert_eq!(line.lent().await.map(drop), closed);
    line.leave(lent);
    assert_eq!(line.waiting().count, 0);
}
