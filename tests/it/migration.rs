//! The tables: made, taken back and made again, by several at once, and over a task table from before accounts.

use crate::support::{House, titled};
use latchkey::service::{
    Database,
    database::TABLES,
    tasks,
    verification::{self, Purpose},
};
use sea_orm::ConnectionTrait as _;
use std::collections::BTreeSet;

const ROLES: &str = "m20261121_000011_create_invitation";
const USER_FIRST: &str = "m20261121_000015_index_what_is_looked_for";

const FOLDED: &str = "m20261128_000016_fold_tasks_by_unicode";

/// As the house was before this migration.
async fn before(house: &House, migration: &str) {
    let is_made = async || {
        let all = house.db.migrations().await.expect("the list");
        all.iter().any(|(name, done)| *done && name == migration)
    };
    while is_made().await {
        house.db.migrate_down().await.expect("down");
    }
}

#[tokio::test]
async fn up_down_and_up_again_leaves_a_house_that_works() {
    let house = House::open().await;
    let all = house.db.migrations().await.expect("the list").len();
    for _ in 0..all {
        house.db.migrate_down().await.expect("down");
    }
    assert_eq!(house.db.is_migrated().await, Ok(false));
    house.db.migrate().await.expect("up");
    assert_eq!(house.db.is_migrated().await, Ok(true));
    let ada = house.sign_up("Ada").await;
    assert!(
        tasks::create(&house.db, ada.id, titled("Water the plants"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_tables_that_the_doctor_looks_for_are_all_that_there_are() {
    let house = House::open().await;
    let mut there: BTreeSet<String> = house.tables().await.into_iter().collect();
    assert!(there.remove("seaql_migrations"));
    let known: BTreeSet<String> = TABLES.iter().map(|&table| table.to_owned()).collect();
    assert_eq!(there, known);
}

#[tokio::test]
async fn c9_several_instances_may_start_on_an_empty_database_at_once() {
    let house = House::empty().await;
    let instances = futures::future::join_all((0..4).map(|_| Database::open(&house.config))).await;
    let done = futures::future::join_all(
        instances
            .iter()
            .map(|db| async { db.as_ref().expect("a pool").migrate().await }),
    )
    .await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(
        house
            .column("SELECT version FROM seaql_migrations")
            .await
            .len(),
        house.db.migrations().await.expect("the list").len()
    );
}

#[tokio::test]
async fn a_task_table_from_before_accounts_keeps_its_rows() {
    let house = House::empty().await;
    house
        .run("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT NOT NULL, completed BOOLEAN)")
        .await;
    house
        .run("INSERT INTO task (id, title) VALUES (1, 'Water the plants'), (2, 'Book the dentist')")
        .await;
    house.db.migrate().await.expect("up");
    assert_eq!(
        house
            .column("SELECT title FROM ownerless_task ORDER BY id")
            .await,
        ["Water the plants", "Book the dentist"]
    );
}

#[tokio::test]
async fn the_oldest_person_who_can_come_in_looks_after_the_house_from_now_on() {
    let house = House::open().await;
    before(&house, ROLES).await;
    for (name, disabled, at) in [("Eve", "1", 1), ("Ada", "NULL", 2), ("Bob", "NULL", 3)] {
        house
            .run(&format!(
                "INSERT INTO \"user\" (id, name, email, email_key, email_verified, disabled_at, created_at, updated_at) \
                 VALUES ('01234567-89ab-7def-8123-00000000000{at}', '{name}', '{name}@x.io', '{name}@x.io', false, {disabled}, {at}, {at})"
            ))
            .await;
    }
    house.db.migrate().await.expect("up");
    assert_eq!(
        house
            .column("SELECT name || ' ' || role FROM \"user\" ORDER BY created_at")
            .await,
        ["Eve member", "Ada admin", "Bob member"]
    );
}

#[tokio::test]
async fn f27_f28_f29_f30_f47_the_account_tables_have_the_columns_that_are_asked_for() {
    let house = House::open().await;
    for (table, asked) in [
        (
            "user",
            "id name email email_verified image created_at updated_at",
        ),
        (
            "session",
            "id user_id token expires_at ip_address user_agent created_at updated_at",
        ),
        (
            "account",
            "id user_id account_id provider_id password created_at updated_at",
        ),
        (
            "verification",
            "id identifier value expires_at created_at updated_at",
        ),
        (
            "task",
            "id user_id title description completed_at created_at updated_at",
        ),
    ] {
        let columns = if house.is_postgres() {
            format!(
                "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        let columns = house.column(&columns).await;
        for name in asked.split(' ') {
            assert!(
                columns.iter().any(|column| column == name),
                "{table}: {name}"
            );
        }
    }
    // One address is one person, and the database holds to that by itself.
    house.sign_up("Ada").await;
    let twice = "INSERT INTO \"user\" (id, name, email, email_key, email_verified, created_at, updated_at) \
                 SELECT 'another', name, email, email_key, email_verified, created_at, updated_at FROM \"user\"";
    let twice = house.db.write().execute_unprepared(twice).await;
    assert!(twice.is_err(), "{twice:?}");
}

#[tokio::test]
async fn links_that_are_under_way_while_the_tables_change_still_lead_on() {
    let house = House::open().await;
    let user = house.sign_up("Ada").await.id;
    let mut links = Vec::new();
    for (purpose, detail) in [
        (Purpose::PasswordReset, ""),
        (Purpose::VerifyEmail, "ada@example.org"),
        (Purpose::EmailChange, "a:d@example.org"),
    ] {
        let link = verification::issue_in(house.db.write(), purpose, user, detail).await;
        links.push((purpose, detail, link.expect("a link")));
    }

    before(&house, USER_FIRST).await;
    assert_eq!(
        house
            .column("SELECT identifier FROM verification ORDER BY id")
            .await,
        [
            format!("password-reset:{user}"),
            format!("verify-email:ada@example.org:{user}"),
            format!("email-change:a:d@example.org:{user}"),
        ]
    );
    house.db.migrate().await.expect("up");

    for (purpose, detail, link) in links {
        let about = verification::read_about(house.db.read(), purpose, &link).await;
        let about = about.expect("a good link");
        assert_eq!((about.user, about.detail.as_str()), (user, detail));
    }
}

#[tokio::test]
async fn tasks_from_before_are_found_and_sorted_as_new_ones_are() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    for title in ["Zebra", "Ärger in der Straße", "ΟΔΟΣ"] {
        let made = tasks::create(&house.db, ada, titled(title)).await;
        made.expect("a task");
    }
    let keys = "SELECT title_key || '/' || search_key FROM task ORDER BY id";
    let new = house.column(keys).await;

    before(&house, FOLDED).await;
    assert_eq!(
        house.column(keys).await,
        ["zebra", "ärger in der straße", "οδος"].map(|key| format!("{key}/{key}\n"))
    );
    house.db.migrate().await.expect("up");

    assert_eq!(house.column(keys).await, new);
}
