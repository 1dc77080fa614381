//! Tasks: whose they are, and what two writers do to one.

use crate::{
    support::{House, stranger, titled},
    task_list::titles,
};
use latchkey::{
    domain::{Error, Priority, TaskChange, TaskId, TaskQuery, task::due_date},
    service::{idempotency, idempotency::Seen, tasks},
};
use uuid::Uuid;

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

    assert_eq!(once.before, task);
    assert!(once.after.completed_at.is_some());
    assert_eq!(once.after.completed_at, twice.after.completed_at);
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
