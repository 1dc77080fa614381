//! Tasks: whose they are, how they are listed, and what two writers do to one.

use crate::support::{House, stranger, titled};
use futures::{future::join_all, join};
use latchkey::{
    domain::{Error, Priority, Sort, TaskChange, TaskId, TaskQuery, UserId, task::due_date},
    service::{idempotency, idempotency::Seen, tasks},
};
use uuid::Uuid;

async fn titles(house: &House, owner: UserId, query: &TaskQuery, limit: u64) -> Vec<String> {
    let (mut titles, mut cursor) = (Vec::new(), None);
    loop {
        let page = tasks::list(
            &house.db,
            &house.cursors,
            owner,
            query,
            (limit, cursor.as_deref()),
        )
        .await
        .expect("a page");
        assert!(page.tasks.len() as u64 <= limit);
        titles.extend(page.tasks.into_iter().map(|task| task.title));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return titles;
        }
    }
}

#[tokio::test]
async fn b24_a_strangers_task_is_not_found_whatever_one_does() {
    let house = House::open().await;
    let (ada, grace) = (
        house.sign_up("Ada").await.id,
        house.sign_up("Grace").await.id,
    );
    let task = tasks::create(&house.db, ada, titled("Water the plants"))
        .await
        .expect("a task");
    let renamed = TaskChange {
        title: Some("Mine".parse().expect("a title")),
        ..TaskChange::default()
    };

    assert_eq!(
        tasks::read(&house.db, grace, task.id).await,
        Err(Error::TaskNotFound)
    );
    assert_eq!(
        tasks::change(&house.db, grace, task.id, &renamed, None).await,
        Err(Error::TaskNotFound)
    );
    assert_eq!(
        tasks::delete(&house.db, grace, task.id, None).await,
        Err(Error::TaskNotFound)
    );
    assert!(
        titles(&house, grace, &TaskQuery::default(), 50)
            .await
            .is_empty()
    );
    assert_eq!(tasks::read(&house.db, ada, task.id).await, Ok(task.clone()));

    tasks::delete(&house.db, ada, task.id, None)
        .await
        .expect("deleted");
    assert_eq!(
        tasks::restore(&house.db, grace, task.id).await,
        Err(Error::TaskNotFound)
    );
    assert_eq!(
        tasks::read_deleted(&house.db, grace, task.id).await,
        Err(Error::TaskNotFound)
    );
}

#[tokio::test]
async fn a_task_needs_an_owner_who_exists() {
    let house = House::open().await;
    assert_eq!(
        tasks::create(&house.db, stranger(), titled("Nobody's")).await,
        Err(Error::Internal)
    );
}

#[tokio::test]
async fn a_deleted_task_comes_back_as_it_was_and_its_old_etag_does_not_fit() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    let mut new = titled("Send the lease");
    new.priority = Priority::High;
    new.due_date = Some(due_date("2026-11-19").expect("a day"));
    let task = tasks::create(&house.db, ada, new).await.expect("a task");

    tasks::delete(&house.db, ada, task.id, None)
        .await
        .expect("deleted");
    assert_eq!(
        tasks::read(&house.db, ada, task.id).await,
        Err(Error::TaskNotFound)
    );
    let back = tasks::restore(&house.db, ada, task.id)
        .await
        .expect("restored");

    assert_eq!(
        (
            back.id,
            &back.title,
            back.priority,
            back.due_date,
            back.created_at
        ),
        (
            task.id,
            &task.title,
            task.priority,
            task.due_date,
            task.created_at
        )
    );
    assert_ne!(back.version, task.version);
    assert_eq!(
        tasks::restore(&house.db, ada, task.id).await,
        Err(Error::TaskNotFound)
    );
}

#[tokio::test]
async fn b43_of_two_writers_none_is_lost() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    let task = tasks::create(&house.db, ada, titled("Draft"))
        .await
        .expect("a task");
    let high = TaskChange {
        priority: Some(Priority::High),
        ..TaskChange::default()
    };
    let done = TaskChange {
        completed: Some(true),
        ..TaskChange::default()
    };

    let (one, two) = tokio::join!(
        tasks::change(&house.db, ada, task.id, &high, None),
        tasks::change(&house.db, ada, task.id, &done, None)
    );
    one.expect("changed");
    two.expect("changed");

    let now = tasks::read(&house.db, ada, task.id)
        .await
        .expect("the task");
    assert_eq!(
        (now.priority, now.completed, now.version),
        (Priority::High, true, 3)
    );
    assert_eq!(
        tasks::change(&house.db, ada, task.id, &high, Some(&[task.version])).await,
        Err(Error::PreconditionFailed)
    );
    assert_eq!(
        tasks::delete(&house.db, ada, task.id, Some(&[task.version])).await,
        Err(Error::PreconditionFailed)
    );
    assert!(
        tasks::change(&house.db, ada, task.id, &high, Some(&[now.version]))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_wanted_state_is_set_and_asking_twice_changes_nothing() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    let task = tasks::create(&house.db, ada, titled("Book the dentist"))
        .await
        .expect("a task");
    let done = TaskChange {
        completed: Some(true),
        ..TaskChange::default()
    };

    let once = tasks::change(&house.db, ada, task.id, &done, None)
        .await
        .expect("changed");
    let twice = tasks::change(&house.db, ada, task.id, &done, None)
        .await
        .expect("changed");

    assert!(once.completed_at.is_some());
    assert_eq!(once.completed_at, twice.completed_at);
}

#[tokio::test]
async fn every_order_is_the_same_on_both_databases_and_pages_join_without_a_seam() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    for (title, priority, due) in [
        ("banana", Priority::Low, Some("2026-11-21")),
        ("Apple", Priority::High, None),
        ("cherry", Priority::None, Some("2026-11-19")),
        ("apple pie", Priority::High, Some("2026-11-21")),
        ("Über", Priority::Medium, None),
    ] {
        let mut new = titled(title);
        new.priority = priority;
        new.due_date = due.map(|day| due_date(day).expect("a day"));
        tasks::create(&house.db, ada, new).await.expect("a task");
    }
    let asked: [(Sort, [&str; 5]); 6] = [
        (
            Sort::Title,
            ["Apple", "apple pie", "banana", "cherry", "Über"],
        ),
        (
            Sort::TitleDown,
            ["Über", "cherry", "banana", "apple pie", "Apple"],
        ),
        (
            Sort::DueDate,
            ["cherry", "banana", "apple pie", "Apple", "Über"],
        ),
        (
            Sort::DueDateDown,
            ["apple pie", "banana", "cherry", "Über", "Apple"],
        ),
        (
            Sort::Priority,
            ["cherry", "banana", "Über", "Apple", "apple pie"],
        ),
        (
            Sort::PriorityDown,
            ["apple pie", "Apple", "Über", "banana", "cherry"],
        ),
    ];
    for (sort, expected) in asked {
        let query = TaskQuery {
            sort,
            ..TaskQuery::default()
        };
        for limit in [1, 2, 3, 50] {
            assert_eq!(
                titles(&house, ada, &query, limit).await,
                expected,
                "{sort}, {limit} a page"
            );
        }
    }
    for (sort, back) in [
        (Sort::CreatedAt, Sort::CreatedAtDown),
        (Sort::Position, Sort::PositionDown),
    ] {
        let forth = titles(
            &house,
            ada,
            &TaskQuery {
                sort,
                ..TaskQuery::default()
            },
            2,
        )
        .await;
        let mut back = titles(
            &house,
            ada,
            &TaskQuery {
                sort: back,
                ..TaskQuery::default()
            },
            3,
        )
        .await;
        back.reverse();
        assert_eq!(forth, back, "{sort}");
    }
}

#[tokio::test]
async fn b27_search_takes_every_character_as_itself_and_ignores_case() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    for title in [
        "100 % done",
        "snake_case",
        r"back\slash",
        "it's here",
        "STRASSE Ärger",
        "plain",
    ] {
        tasks::create(&house.db, ada, titled(title))
            .await
            .expect("a task");
    }
    for (q, expected) in [
        ("%", vec!["100 % done"]),
        ("_", vec!["snake_case"]),
        (r"\", vec![r"back\slash"]),
        ("'", vec!["it's here"]),
        ("' OR '1'='1", vec![]),
        ("\"; DROP TABLE task;--", vec![]),
        ("ärGER", vec!["STRASSE Ärger"]),
        ("PLAIN", vec!["plain"]),
        ("a\u{308}rger", vec!["STRASSE Ärger"]),
    ] {
        let query = TaskQuery {
            q: Some(q.parse().expect("a query")),
            ..TaskQuery::default()
        };
        assert_eq!(titles(&house, ada, &query, 50).await, expected, "{q}");
    }
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    for (title, completed, due) in [
        ("one", false, Some("2026-11-20")),
        ("two", true, Some("2026-11-21")),
        ("three", false, None),
    ] {
        let mut new = titled(title);
        new.completed = completed;
        new.due_date = due.map(|day| due_date(day).expect("a day"));
        tasks::create(&house.db, ada, new).await.expect("a task");
    }
    let day = || Some(due_date("2026-11-20").expect("a day"));
    let list = |query: TaskQuery| {
        let house = &house;
        async move { titles(house, ada, &query, 50).await }
    };
    assert_eq!(
        list(TaskQuery {
            completed: Some(false),
            ..Default::default()
        })
        .await,
        ["one", "three"]
    );
    assert_eq!(
        list(TaskQuery {
            completed: Some(true),
            ..Default::default()
        })
        .await,
        ["two"]
    );
    assert_eq!(
        list(TaskQuery {
            due_after: day(),
            ..Default::default()
        })
        .await,
        ["two"]
    );
    assert!(
        list(TaskQuery {
            due_before: day(),
            ..Default::default()
        })
        .await
        .is_empty()
    );
    let count = tasks::count(&house.db, ada).await.expect("a count");
    assert_eq!((count.open, count.done), (2, 1));
}

#[tokio::test]
async fn b29_a_cursor_of_somebody_else_is_refused() {
    let house = House::open().await;
    let (ada, grace) = (
        house.sign_up("Ada").await.id,
        house.sign_up("Grace").await.id,
    );
    for title in ["one", "two"] {
        tasks::create(&house.db, ada, titled(title))
            .await
            .expect("a task");
    }
    let query = TaskQuery::default();
    let page = tasks::list(&house.db, &house.cursors, ada, &query, (1, None))
        .await
        .expect("a page");
    let cursor = page.next_cursor.expect("another page");
    assert_eq!(
        tasks::list(&house.db, &house.cursors, grace, &query, (1, Some(&cursor))).await,
        Err(Error::InvalidCursor)
    );
}

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

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    let begin = |body: &'static [u8]| idempotency::begin(&house.db, ada, "key-1", body);

    assert_eq!(begin(b"a").await, Ok(Seen::First));
    assert_eq!(begin(b"a").await, Err(Error::Conflict));
    idempotency::finish(house.db.write(), ada, "key-1", "the answer")
        .await
        .expect("kept");
    assert_eq!(
        begin(b"a").await,
        Ok(Seen::Answered("the answer".to_owned()))
    );
    assert_eq!(begin(b"b").await, Err(Error::IdempotencyKeyReused));

    let grace = house.sign_up("Grace").await.id;
    assert_eq!(
        idempotency::begin(&house.db, grace, "key-1", b"b").await,
        Ok(Seen::First)
    );
    let refused = Err::<(), _>(Error::Internal);
    assert_eq!(
        idempotency::settle(&house.db, grace, "key-1", refused).await,
        refused
    );
    assert_eq!(
        idempotency::begin(&house.db, grace, "key-1", b"c").await,
        Ok(Seen::First)
    );
}

#[tokio::test]
async fn a_task_that_never_was_is_not_found() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    assert_eq!(
        tasks::read(&house.db, ada, TaskId(Uuid::now_v7())).await,
        Err(Error::TaskNotFound)
    );
}
