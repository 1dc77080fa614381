//! Tasks from before accounts: the first administrator gets them, whole, and nobody else.

use crate::support::{
    House, PASSWORD,
    better_auth::{BetterAuth, Dialect},
};
use latchkey::{
    domain::Password,
    service::{
        Database, Source,
        auth::{self, NewAccount},
        upkeep,
    },
};

async fn with_old_tasks() -> House {
    let house = House::empty().await;
    house
        .run("CREATE TABLE task (id INTEGER PRIMARY KEY, title VARCHAR(500) NOT NULL, completed BOOLEAN, tags TEXT, created_at TIMESTAMP)")
        .await;
    house
        .run("INSERT INTO task VALUES (1, 'Water the plants', false, NULL, '2025-01-02 03:04:05'), (2, 'Book the dentist', true, 'health', '2025-01-03 00:00:00')")
        .await;
    house.db.migrate().await.expect("up");
    house
}

async fn has_table(house: &House, name: &str) -> bool {
    house.tables().await.iter().any(|table| table == name)
}

#[tokio::test]
async fn the_first_person_gets_the_tasks_from_before_accounts_and_the_second_does_not() {
    let house = with_old_tasks().await;
    let ada = house.sign_up("Ada").await;
    house.sign_up("Bob").await;

    assert_eq!(
        house
            .column("SELECT title || ' | ' || description || ' | ' || CASE WHEN completed_at IS NULL THEN 'open' ELSE 'done' END FROM task ORDER BY created_at")
            .await,
        ["Water the plants |  | open", "Book the dentist | tags: health | done"]
    );
    assert_eq!(
        house.column("SELECT DISTINCT user_id FROM task").await,
        [ada.id.to_string()]
    );
    assert_eq!(
        house
            .column("SELECT CAST(MIN(created_at) AS TEXT) FROM task")
            .await,
        ["1735787045000"]
    );
    assert!(!has_table(&house, "ownerless_task").await);
}

#[tokio::test]
async fn of_two_first_people_at_once_one_gets_them_all() {
    let house = with_old_tasks().await;
    let other = Database::open(&house.config).await.expect("a pool");
    let new = |name: &str| NewAccount {
        name: name.parse().expect("a name"),
        email: format!("{name}@example.org").parse().expect("an address"),
        password: Some(Password::chosen(PASSWORD).expect("a password")),
        time_zone: None,
    };
    let source = Source::operator();
    let (one, two) = tokio::join!(
        auth::sign_up(&house.db, &house.hasher, &source, new("ada")),
        auth::sign_up(&other, &house.hasher, &source, new("bob")),
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(house.column("SELECT title FROM task").await.len(), 2);
    assert_eq!(
        house
            .column("SELECT DISTINCT user_id FROM task")
            .await
            .len(),
        1
    );
}

/// Something refers to the old table and does not let it go.
async fn hold_on(house: &House) {
    house
        .run(if house.is_postgres() {
            "CREATE VIEW remark AS SELECT title FROM ownerless_task"
        } else {
            "CREATE TABLE remark (task_id INTEGER NOT NULL REFERENCES ownerless_task(id)); INSERT INTO remark VALUES (1)"
        })
        .await;
}

async fn let_go(house: &House) {
    let kind = if house.is_postgres() { "VIEW" } else { "TABLE" };
    house.run(&format!("DROP {kind} remark")).await;
}

/// Whose tasks there are, and how many have nobody.
async fn owners(house: &House) -> (Vec<String>, usize) {
    let whose = "SELECT u.name || ': ' || t.title FROM task t JOIN \"user\" u ON u.id = t.user_id ORDER BY t.created_at";
    let left = if has_table(house, "ownerless_task").await {
        house.column("SELECT title FROM ownerless_task").await.len()
    } else {
        0
    };
    (house.column(whose).await, left)
}

fn all_of(name: &str) -> (Vec<String>, usize) {
    let titles = ["Water the plants", "Book the dentist"];
    (titles.map(|title| format!("{name}: {title}")).to_vec(), 0)
}

#[tokio::test]
async fn tasks_that_cannot_be_adopted_keep_nobody_out_and_wait_for_the_next_time() {
    for by_start in [false, true] {
        let house = with_old_tasks().await;
        hold_on(&house).await;
        house.sign_up("Ada").await;
        house.sign_up("Bob").await;
        assert_eq!(owners(&house).await, (Vec::new(), 2));

        let_go(&house).await;
        if by_start {
            upkeep::migrate(&house.db).await.expect("the start");
        } else {
            house.sign_up("Eve").await;
        }

        assert_eq!(owners(&house).await, all_of("Ada"));
    }
}

#[tokio::test]
async fn tasks_from_before_accounts_go_to_whoever_looks_after_those_who_moved_in() {
    let from = BetterAuth::open(Dialect::Own).await;
    from.signs_up("aB3", "Maya", "maya@example.org").await;
    from.signs_up("aB4", "Eve", "eve@example.org").await;
    let house = with_old_tasks().await;

    let done = house.runs(&["import", "better-auth", &from.url, "--apply"]);

    assert_eq!(done.status, Some(0), "{done:?}");
    let administrator = house
        .column("SELECT name FROM \"user\" WHERE role = 'admin'")
        .await;
    assert_eq!(owners(&house).await, all_of(&administrator[0]));
}

#[tokio::test]
async fn a_start_without_anybody_leaves_tasks_from_before_accounts_where_they_are() {
    let house = with_old_tasks().await;
    upkeep::migrate(&house.db).await.expect("the start");
    assert_eq!(owners(&house).await, (Vec::new(), 2));
    house.sign_up("Ada").await;
    assert_eq!(owners(&house).await, all_of("Ada"));
}
