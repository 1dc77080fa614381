//! `/api/tasks`: what a program may do with its person's tasks.

use crate::support::api::{Answer, Api, Program};
use futures::future::join_all;
use http::{Method, StatusCode};
use latchkey::{domain::Error, service::idempotency};
use serde_json::{Value, json};
use uuid::Uuid;

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn a_new_task_is_answered_with_its_address_and_version_and_read_again_as_it_was() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let sent = json!({
        "title": " Water ", "description": "a\r\nb", "completed": true, "priority": "high", "dueDate": "2026-11-21", "position": -5,
    });
    let made = ada.post("/api/tasks", &sent).await.is(StatusCode::CREATED);
    assert_eq!(made.header("content-type"), "application/json");
    assert_eq!(made.header("cache-control"), "no-store");
    let task = made.json();
    assert_eq!(task["title"], "Water");
    assert_eq!(task["description"], "a\nb");
    assert_eq!(
        (&task["completed"], &task["priority"]),
        (&json!(true), &json!("high"))
    );
    assert_eq!(
        (&task["dueDate"], &task["position"]),
        (&json!("2026-11-21"), &json!(-5))
    );
    assert!(task["completedAt"].is_string() && task.get("userId").is_none());
    let path = format!("/api/tasks/{}", task["id"].as_str().expect("an id"));
    assert_eq!(made.header("location"), path);
    let read = ada.get(&path).await.is(StatusCode::OK);
    assert_eq!(read.json(), task);
    assert_eq!(read.header("etag"), made.header("etag"));

    let plain = ada
        .post("/api/tasks", &json!({ "title": "x" }))
        .await
        .json();
    assert_eq!(
        (
            &plain["completed"],
            &plain["priority"],
            &plain["dueDate"],
            &plain["description"]
        ),
        (&json!(false), &json!("none"), &Value::Null, &json!(""))
    );
}

#[tokio::test]
async fn b24_a_strangers_task_is_answered_like_one_that_never_was() {
    let api = Api::open().await;
    let ((ada, _), (grace, _)) = (api.person("Ada").await, api.person("Grace").await);
    let hers = ada.makes("Water").await;
    let none = format!("/api/tasks/{}", Uuid::now_v7());
    let change = json!({ "title": "Mine" });
    for other in [
        none.as_str(),
        "/api/tasks/x",
        "/api/tasks/%FF",
        "/api/tasks/1'%20OR",
    ] {
        for (there, not_there) in [
            (grace.get(&hers).await, grace.get(other).await),
            (
                grace.patch(&hers, &change).await,
                grace.patch(other, &change).await,
            ),
            (grace.delete(&hers).await, grace.delete(other).await),
        ] {
            let (there, not_there) = (
                there.says(Error::TaskNotFound),
                not_there.says(Error::TaskNotFound),
            );
            assert_eq!(there.headers, not_there.headers, "{other}");
            assert_eq!(
                there.without_instance(),
                not_there.without_instance(),
                "{other}"
            );
        }
    }
    let tag = [("if-none-match", "\"1\""), ("if-match", "\"9\""), JSON];
    grace
        .sends(Method::GET, &hers, &tag, "")
        .await
        .says(Error::TaskNotFound);
    grace
        .sends(Method::PATCH, &hers, &tag, "{}")
        .await
        .says(Error::TaskNotFound);
    grace
        .sends(Method::DELETE, &hers, &tag, "")
        .await
        .says(Error::TaskNotFound);
    assert!(grace.titles("/api/tasks").await.is_empty());
    assert!(grace.titles("/api/tasks?q=water").await.is_empty());
    assert_eq!(ada.titles("/api/tasks").await, ["Water"]);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let sent = json!({ "title": "Water", "description": "notes", "dueDate": "2026-11-21" });
    let made = ada.post("/api/tasks", &sent).await;
    let path = made.header("location").to_owned();

    let changed = ada
        .patch(&path, &json!({ "completed": true }))
        .await
        .is(StatusCode::OK);
    assert_ne!(changed.header("etag"), made.header("etag"));
    let (before, mut after) = (made.json(), changed.json());
    assert!(after["completedAt"].is_string());
    for name in ["completed", "completedAt", "updatedAt"] {
        after[name] = before[name].clone();
    }
    assert_eq!(after, before);

    let cleared = ada
        .patch(&path, &json!({ "dueDate": null }))
        .await
        .is(StatusCode::OK);
    assert_eq!(cleared.json()["dueDate"], Value::Null);
    let same = ada.patch(&path, &json!({})).await.is(StatusCode::OK);
    assert_eq!(
        (same.header("etag"), same.json()),
        (cleared.header("etag"), cleared.json())
    );
}

#[tokio::test]
async fn b43_a_change_meant_for_another_version_is_refused() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let path = ada.makes("Water").await;
    let old = ada.get(&path).await.header("etag").to_owned();
    let with = |tag: &str| [("if-match".to_owned(), tag.to_owned())];
    let change = async |tag: &str, body: &str| {
        let tag = with(tag);
        let headers = [JSON, (tag[0].0.as_str(), tag[0].1.as_str())];
        ada.sends(Method::PATCH, &path, &headers, body).await
    };
    let new = change(&old, r#"{"title":"First"}"#)
        .await
        .is(StatusCode::OK)
        .header("etag")
        .to_owned();
    for stale in [old.as_str(), "\"999\"", &format!("W/{new}"), "nonsense", ""] {
        change(stale, r#"{"title":"Second"}"#)
            .await
            .says(Error::PreconditionFailed);
        change(stale, "{}").await.says(Error::PreconditionFailed);
        let headers = [("if-match", stale)];
        ada.sends(Method::DELETE, &path, &headers, "")
            .await
            .says(Error::PreconditionFailed);
    }
    assert_eq!(ada.titles("/api/tasks").await, ["First"]);
    change(&format!("{old}, {new}"), r#"{"title":"Second"}"#)
        .await
        .is(StatusCode::OK);
    let last = change("*", r#"{"title":"Third"}"#)
        .await
        .is(StatusCode::OK)
        .header("etag")
        .to_owned();
    let headers = [("if-match", last.as_str())];
    let gone = ada
        .sends(Method::DELETE, &path, &headers, "")
        .await
        .is(StatusCode::NO_CONTENT);
    assert!(gone.body.is_empty());
    ada.delete(&path).await.says(Error::TaskNotFound);
}

#[tokio::test]
async fn whoever_has_this_version_gets_no_body() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let path = ada.makes("Water").await;
    let tag = ada.get(&path).await.header("etag").to_owned();
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"7\", {tag}"),
        "*".to_owned(),
    ] {
        let headers = [("if-none-match", known.as_str())];
        let answer = ada
            .sends(Method::GET, &path, &headers, "")
            .await
            .is(StatusCode::NOT_MODIFIED);
        assert_eq!(
            (answer.header("etag"), answer.body.len()),
            (tag.as_str(), 0)
        );
    }
    ada.sends(Method::GET, &path, &[("if-none-match", "\"7\"")], "")
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn b43_a_version_that_is_not_the_one_asked_for_is_not_read() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let made = ada.post("/api/tasks", &json!({ "title": "Water" })).await;
    let (path, tag) = (made.header("location"), made.header("etag"));
    ada.sends(Method::GET, path, &[("if-match", tag)], "")
        .await
        .is(StatusCode::OK);
    ada.sends(Method::GET, path, &[("if-match", "\"7\"")], "")
        .await
        .says(Error::PreconditionFailed);
}

async fn keyed(program: &Program<'_>, key: &str, body: &str) -> Answer {
    let headers = [JSON, ("idempotency-key", key)];
    program
        .sends(Method::POST, "/api/tasks", &headers, body)
        .await
}

#[tokio::test]
async fn a_repeated_request_is_done_once_and_answered_alike() {
    let api = Api::open().await;
    let ((ada, _), (grace, _)) = (api.person("Ada").await, api.person("Grace").await);
    let body = r#"{"title":"Water"}"#;
    keyed(&ada, "k", r#"{"title":""}"#)
        .await
        .says(Error::Unprocessable);
    let first = keyed(&ada, "k", body).await.is(StatusCode::CREATED);
    ada.patch(first.header("location"), &json!({ "title": "Changed" }))
        .await
        .is(StatusCode::OK);
    let again = keyed(&ada, "k", body).await.is(StatusCode::CREATED);
    assert_eq!(
        (again.headers.clone(), again.json()),
        (first.headers.clone(), first.json())
    );
    keyed(&ada, "k", r#"{"title":"Other"}"#)
        .await
        .says(Error::IdempotencyKeyReused);
    keyed(&grace, "k", body).await.is(StatusCode::CREATED);
    assert_eq!(
        keyed(&ada, "", body)
            .await
            .says(Error::Unprocessable)
            .faults(),
        [(
            "Idempotency-Key".to_owned(),
            Error::InvalidIdempotencyKey.code().to_owned()
        )]
    );
    assert_eq!(ada.titles("/api/tasks").await, ["Changed"]);
}

/// The database has kept it, and only its word for it was lost: to the caller that is an error, and they ask again.
#[tokio::test]
async fn what_was_done_is_not_done_again_though_its_confirmation_was_lost() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    let body = r#"{"title":"Water"}"#;
    let first = keyed(&ada, "k", body).await.is(StatusCode::CREATED);
    let (db, user) = (&api.house.db, who.user.id);
    let lost = idempotency::settle::<()>(db, user, "k", Err(Error::Unavailable)).await;
    assert_eq!(lost, Err(Error::Unavailable));
    let again = keyed(&ada, "k", body).await.is(StatusCode::CREATED);
    assert_eq!(again.json(), first.json());
}

#[tokio::test]
async fn of_many_at_once_with_one_key_one_is_done() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let answers = join_all((0..20).map(|_| keyed(&ada, "k", r#"{"title":"Water"}"#))).await;
    for answer in &answers {
        assert!(
            matches!(answer.status, StatusCode::CREATED | StatusCode::CONFLICT),
            "{}",
            answer.text()
        );
    }
    assert!(
        answers
            .iter()
            .any(|answer| answer.status == StatusCode::CREATED)
    );
    assert_eq!(ada.titles("/api/tasks").await, ["Water"]);
}

#[tokio::test]
async fn b16_b26_no_header_turns_one_call_into_another() {
    let api = Api::open().await;
    let ((ada, _), (_, grace)) = (api.person("Ada").await, api.person("Grace").await);
    let path = ada.makes("Water").await;
    let id = grace.user.id.to_string();
    let headers = [
        ("x-http-method-override", "DELETE"),
        ("x-original-url", "/api/docs"),
        ("x-rewrite-url", "/api/docs"),
        ("x-user-id", id.as_str()),
        ("x-forwarded-user", id.as_str()),
    ];
    let answer = ada
        .sends(Method::GET, &path, &headers, "")
        .await
        .is(StatusCode::OK);
    assert_eq!(answer.json()["title"], "Water");
    ada.get(&path).await.is(StatusCode::OK);
}
