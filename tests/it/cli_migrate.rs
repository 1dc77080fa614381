//! `latchkey migrate`: by hand, by many at once, and over a database from the future.

use crate::support::{House, binary::ended};
use std::process::Child;

#[tokio::test]
async fn migrate_goes_up_down_and_tells_how_things_stand() {
    let house = House::empty().await;
    let up = house.runs(&["migrate"]);
    assert_eq!(up.status, Some(0), "{up:?}");
    let all = up.out.lines().count();
    assert!(all >= 5 && up.out.lines().all(|line| line.starts_with("done")));
    assert_eq!(
        house.runs(&["migrate", "up"]).out,
        "The tables are up to date.\n"
    );

    let down = house.runs(&["migrate", "down"]);
    assert!(
        down.status == Some(0) && down.out.starts_with("undone"),
        "{down:?}"
    );
    let status = house.runs(&["migrate", "status"]).out;
    assert_eq!(status.matches("done  ").count(), all - 1, "{status}");
    assert_eq!(status.matches("pending  ").count(), 1, "{status}");
}

#[tokio::test]
async fn without_a_database_every_change_is_pending_and_looking_makes_none() {
    let house = House::empty().await;
    let path = house.folder.path().join("none.db");
    let url = format!("sqlite://{}", path.display());
    let status = ended(
        house
            .binary(&["migrate", "status"])
            .env("DATABASE_URL", url),
    );
    assert_eq!(status.status, Some(0), "{status:?}");
    assert!(
        status.out.lines().count() >= 5
            && status.out.lines().all(|line| line.starts_with("pending  ")),
        "{status:?}"
    );
    assert!(!path.exists());
}

#[tokio::test]
async fn c9_several_processes_migrate_an_empty_database_at_once() {
    let house = House::empty().await;
    let all: Vec<Child> = (0..6)
        .map(|_| house.binary(&["migrate"]).spawn().expect("it starts"))
        .collect();
    for child in all {
        let done = child.wait_with_output().expect("its end");
        assert!(done.status.success(), "{done:?}");
    }
    assert_eq!(
        house
            .column("SELECT version FROM seaql_migrations")
            .await
            .len(),
        house.db.migrations().await.expect("the list").len()
    );
}

#[tokio::test]
async fn c9_several_servers_start_on_an_empty_database_at_once() {
    let house = House::empty().await;
    let servers: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..3).map(|_| scope.spawn(|| house.serves())).collect();
        starts
            .into_iter()
            .map(|start| start.join().expect("it listens"))
            .collect()
    });
    for server in servers {
        server.is_ready().await;
        assert_eq!(server.stops(), Some(0));
    }
}

#[tokio::test]
async fn c9_an_older_binary_refuses_a_newer_database_and_says_so() {
    let house = House::open().await;
    house
        .run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_from_the_future', 1)")
        .await;
    for words in [
        &["serve"][..],
        &["migrate"],
        &["migrate", "status"],
        &["user", "list"],
    ] {
        let done = house.runs(words);
        assert_eq!(done.status, Some(1), "{done:?}");
        assert!(done.err.contains("written by a newer latchkey"), "{done:?}");
    }
}

#[tokio::test]
async fn c9_a_server_that_runs_goes_on_while_a_newer_one_takes_its_place() {
    let house = House::empty().await;
    let server = house.serves();
    server.is_ready().await;
    house
        .run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_from_the_future', 1)")
        .await;
    assert_eq!(server.status("/readyz"), 200);
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn c9_looking_at_a_database_makes_no_table() {
    let house = House::empty().await;
    assert_eq!(house.db.is_migrated().await, Ok(false));
    assert!(
        house
            .db
            .migrations()
            .await
            .expect("the list")
            .iter()
            .all(|(_, done)| !done)
    );
    assert!(house.tables().await.is_empty());
}
