//! Tasks from before accounts: the first person gets them, whole, and nobody else.

use crate::support::{House, PASSWORD};
use latchkey::{
    domain::Password,
    service::{
        Database, Source,
        auth::{self, NewAccount},
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

#[tokio::test]
async fn tasks_that_cannot_be_adopted_keep_nobody_out_and_stay() {
    let house = with_old_tasks().await;
    // What refers to the old table does not let it go.
    if house.is_postgres() {
        house
            .run("CREATE VIEW old_titles AS SELECT title FROM ownerless_task")
            .await;
    } else {
        house
            .run("CREATE TABLE remark (task_id INTEGER NOT NULL REFERENCES ownerless_task(id)); INSERT INTO remark VALUES (1)")
            .await;
    }
    house.sign_up("Ada").await;
    house.sign_up("Bob").await;
    assert!(house.column("SELECT title FROM task").await.is_empty());
    assert_eq!(
        house.column("SELECT title FROM ownerless_task").await.len(),
        2
    );
}
