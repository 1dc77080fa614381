//! Lists of tasks: their order, what is searched, and where a page begins.

use crate::support::{House, titled};
use latchkey::{
    domain::{Error, Priority, Sort, TaskQuery, UserId, task::due_date},
    service::tasks,
};

pub async fn titles(house: &House, owner: UserId, query: &TaskQuery, limit: u64) -> Vec<String> {
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

/// All tasks in this order.
fn by(sort: Sort) -> TaskQuery {
    TaskQuery {
        sort,
        ..TaskQuery::default()
    }
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
        ("Äpfel", Priority::Medium, None),
    ] {
        let mut new = titled(title);
        new.priority = priority;
        new.due_date = due.map(|day| due_date(day).expect("a day"));
        tasks::create(&house.db, ada, new).await.expect("a task");
    }
    for (title, at) in [("cherry", 1_000), ("banana", 2_000), ("apple pie", 2_000)] {
        let done = format!("UPDATE task SET completed_at = {at} WHERE title = '{title}'");
        house.run(&done).await;
    }
    let asked: [(Sort, [&str; 5]); 8] = [
        (
            Sort::Title,
            ["Äpfel", "Apple", "apple pie", "banana", "cherry"],
        ),
        (
            Sort::TitleDown,
            ["cherry", "banana", "apple pie", "Apple", "Äpfel"],
        ),
        (
            Sort::DueDate,
            ["cherry", "banana", "apple pie", "Apple", "Äpfel"],
        ),
        (
            Sort::DueDateDown,
            ["apple pie", "banana", "cherry", "Äpfel", "Apple"],
        ),
        (
            Sort::CompletedAt,
            ["cherry", "banana", "apple pie", "Apple", "Äpfel"],
        ),
        (
            Sort::CompletedAtDown,
            ["apple pie", "banana", "cherry", "Äpfel", "Apple"],
        ),
        (
            Sort::Priority,
            ["cherry", "banana", "Äpfel", "Apple", "apple pie"],
        ),
        (
            Sort::PriorityDown,
            ["apple pie", "Apple", "Äpfel", "banana", "cherry"],
        ),
    ];
    for (sort, expected) in asked {
        let query = by(sort);
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
        let forth = titles(&house, ada, &by(sort), 2).await;
        let mut back = titles(&house, ada, &by(back), 3).await;
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
        "ΟΔΟΣΗΜΟ",
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
        ("straße", vec!["STRASSE Ärger"]),
        ("arger", vec![]),
        ("οδος", vec!["ΟΔΟΣΗΜΟ"]),
    ] {
        let query = TaskQuery {
            q: Some(q.parse().expect("a query")),
            ..TaskQuery::default()
        };
        assert_eq!(titles(&house, ada, &query, 50).await, expected, "{q}");
    }
}

/// As an older server does that still runs while a newer one takes its place.
#[tokio::test]
async fn a_title_that_another_version_sorts_otherwise_is_listed_once() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await.id;
    for title in ["Apple", "Ärger", "Zebra", "Öl"] {
        let made = tasks::create(&house.db, ada, titled(title)).await;
        made.expect("a task");
    }
    house
        .run("UPDATE task SET title_key = 'ärger' WHERE title = 'Ärger'")
        .await;
    let query = by(Sort::Title);
    for limit in [1, 2, 3, 50] {
        assert_eq!(
            titles(&house, ada, &query, limit).await,
            ["Apple", "Öl", "Zebra", "Ärger"],
            "{limit} a page"
        );
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
