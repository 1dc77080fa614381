//! How many tasks a person has at most, and how many of what they deleted.

use crate::support::{House, titled};
use futures::{future::join_all, join};
use latchkey::{
    domain::{Error, UserId},
    service::tasks,
};

/// The numbers from 1 to this one, as `n` and as the last part of an id.
fn numbers(house: &House, most: u64) -> String {
    let digits = if house.is_postgres() {
        "lpad(n::text, 12, '0')"
    } else {
        "printf('%012d', n)"
    };
    format!(
        "(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {most})
          SELECT n, '00000000-0000-7000-8000-' || {digits} AS id FROM numbers) AS numbers"
    )
}

/// A person who has room for one task more.
async fn with_room_for_one(house: &House) -> UserId {
    let ada = house.sign_up("Ada").await.id;
    let from = numbers(house, tasks::MOST - 1);
    house
        .run(&format!(
            "INSERT INTO task (id, user_id, title, description, priority, position, created_at, updated_at, version, title_key, search_key)
             SELECT id, '{ada}', 't', '', 0, 0, 0, 0, 1, 't', 't' FROM {from}"
        ))
        .await;
    ada
}

async fn count_of(house: &House, table: &str) -> u64 {
    let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}");
    let count = house.column(&count).await;
    count[0].parse().expect("a number")
}

#[tokio::test]
async fn a32_the_ten_thousand_and_first_task_is_refused() {
    let house = House::open().await;
    let ada = with_room_for_one(&house).await;
    let last = tasks::create(&house.db, ada, titled("the last"))
        .await
        .expect("a task");
    assert_eq!(
        tasks::create(&house.db, ada, titled("too many")).await,
        Err(Error::TooManyTasks)
    );
    tasks::delete(&house.db, ada, last.id, None)
        .await
        .expect("deleted");
    assert!(
        tasks::create(&house.db, ada, titled("room again"))
            .await
            .is_ok()
    );
    assert_eq!(
        tasks::restore(&house.db, ada, last.id).await,
        Err(Error::TooManyTasks)
    );
    let kept = tasks::read_deleted(&house.db, ada, last.id).await;
    assert_eq!(
        kept.map(|task| task.title),
        Ok("the last".to_owned()),
        "what found no room can be brought back later"
    );
}

#[tokio::test]
async fn a32_of_many_at_once_none_is_one_too_many_whichever_way_it_comes() {
    let house = House::open().await;
    let ada = with_room_for_one(&house).await;
    let db = &house.db;
    let gone = tasks::create(db, ada, titled("gone"))
        .await
        .expect("a task");
    tasks::delete(db, ada, gone.id, None)
        .await
        .expect("deleted");

    let made = join_all((0..8).map(|_| tasks::create(db, ada, titled("made"))));
    let once = join_all((0..8).map(async |number: u32| {
        let key = number.to_string();
        tasks::create_once(db, ada, titled("once"), (&key, b"{}")).await
    }));
    let (made, once, back) = join!(made, once, tasks::restore(db, ada, gone.id));

    let all: Vec<_> = made.into_iter().chain(once).chain([back]).collect();
    let there = all.iter().filter(|one| one.is_ok()).count();
    assert_eq!(there, 1, "{all:?}");
    let refused = |one: &latchkey::domain::Result<_>| {
        one.as_ref()
            .map_or_else(|error| *error == Error::TooManyTasks, |_| true)
    };
    assert!(all.iter().all(refused), "{all:?}");
    assert_eq!(count_of(&house, "task").await, tasks::MOST);
}

#[tokio::test]
async fn a32_of_what_somebody_deletes_the_newest_thousand_can_be_brought_back() {
    let house = House::open().await;
    let (ada, grace) = (
        house.sign_up("Ada").await.id,
        house.sign_up("Grace").await.id,
    );
    let from = numbers(&house, tasks::MOST_DELETED);
    house
        .run(&format!(
            "INSERT INTO deleted_task (id, user_id, task, deleted_at) SELECT id, '{ada}', '{{}}', n FROM {from}"
        ))
        .await;
    for owner in [ada, grace] {
        let task = tasks::create(&house.db, owner, titled("one more"))
            .await
            .expect("a task");
        tasks::delete(&house.db, owner, task.id, None)
            .await
            .expect("deleted");
        tasks::restore(&house.db, owner, task.id)
            .await
            .expect("brought back");
    }
    assert_eq!(
        count_of(&house, "deleted_task").await,
        tasks::MOST_DELETED - 1
    );
    let oldest = house
        .column("SELECT CAST(MIN(deleted_at) AS TEXT) FROM deleted_task")
        .await;
    assert_eq!(oldest, ["2"], "the oldest made room");
}
