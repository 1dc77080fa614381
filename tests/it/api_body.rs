//! What a program sends: JSON of the members that there are, and every fault of it told at once.

use crate::support::api::{Answer, Api};
use axum::{body::Body, extract::Request};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use latchkey::{domain::Error, http::api::body::new_task};
use proptest::prelude::*;
use serde_json::json;

const JSON: (&str, &str) = ("content-type", "application/json");

#[track_caller]
fn faults(answer: Answer) -> Vec<(String, String)> {
    answer.says(Error::Unprocessable).faults()
}

fn fault(field: &str, error: Error) -> (String, String) {
    (field.to_owned(), error.code().to_owned())
}

#[tokio::test]
async fn b25_what_is_not_the_callers_to_say_is_refused_and_changes_nothing() {
    let api = Api::open().await;
    let ((ada, _), (_, grace)) = (api.person("Ada").await, api.person("Grace").await);
    let path = ada.makes("Water").await;
    let before = ada.get(&path).await.text();
    for name in [
        "id",
        "userId",
        "user_id",
        "createdAt",
        "created_at",
        "updatedAt",
        "completedAt",
        "version",
        "Title",
    ] {
        let body = json!({ "title": "x", name: grace.user.id });
        for answer in [
            ada.patch(&path, &body).await,
            ada.post("/api/tasks", &body).await,
        ] {
            assert_eq!(
                faults(answer),
                [fault(name, Error::UnknownMember)],
                "{name}"
            );
        }
    }
    let twice = r#"{"title":"a","title":"b"}"#;
    for (method, path) in [(Method::PATCH, path.as_str()), (Method::POST, "/api/tasks")] {
        let answer = ada.sends(method, path, &[JSON], twice).await;
        assert_eq!(faults(answer), [fault("title", Error::RepeatedMember)]);
    }
    assert_eq!(ada.get(&path).await.text(), before);
    assert_eq!(ada.titles("/api/tasks").await, ["Water"]);
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let path = ada.makes("Water").await;
    let body = json!({
        "title": "a\u{0}b", "description": 7, "completed": "true", "priority": "HIGH", "dueDate": "2026-02-29", "position": 1.5, "color": "red",
    });
    let mut wanted = vec![
        fault("title", Error::InvalidTitle),
        fault("description", Error::InvalidDescription),
        fault("completed", Error::InvalidCompleted),
        fault("priority", Error::InvalidPriority),
        fault("dueDate", Error::InvalidDueDate),
        fault("position", Error::InvalidPosition),
        fault("color", Error::UnknownMember),
    ];
    wanted.sort();
    for answer in [
        ada.post("/api/tasks", &body).await,
        ada.patch(&path, &body).await,
    ] {
        let mut told = faults(answer);
        told.sort();
        assert_eq!(told, wanted);
    }
    assert_eq!(
        faults(ada.post("/api/tasks", &json!({})).await),
        [fault("title", Error::InvalidTitle)]
    );
    for name in ["title", "completed", "priority", "position"] {
        let told = faults(ada.patch(&path, &json!({ name: null })).await);
        assert_eq!(told.len(), 1, "{name} cannot be taken away");
        assert_eq!(told[0].0, name);
    }
}

#[tokio::test]
async fn a_whole_number_is_one_however_it_is_written() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    for (written, meant) in [("7", 7), ("7.0", 7), ("1e3", 1000), ("-0", 0)] {
        let body = format!(r#"{{"title":"Water","position":{written}}}"#);
        let answer = ada
            .sends(Method::POST, "/api/tasks", &[JSON], &body)
            .await
            .is(StatusCode::CREATED);
        assert_eq!(answer.json()["position"], meant, "{written}");
    }
}

#[tokio::test]
async fn notes_that_are_null_are_taken_away() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let body = json!({ "title": "Water", "description": null });
    let made = ada.post("/api/tasks", &body).await.is(StatusCode::CREATED);
    assert_eq!(made.json()["description"], "");

    let path = made.header("location").to_owned();
    ada.patch(&path, &json!({ "description": "The ferns" }))
        .await
        .is(StatusCode::OK);
    let changed = ada.patch(&path, &json!({ "description": null })).await;
    assert_eq!(changed.is(StatusCode::OK).json()["description"], "");
}

#[tokio::test]
async fn b29_what_is_no_json_is_400_and_what_is_no_object_422() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let path = ada.makes("Water").await;
    let deep = format!(
        "{{\"title\":{}1{}}}",
        "[".repeat(30_000),
        "]".repeat(30_000)
    );
    for (method, path) in [(Method::POST, "/api/tasks"), (Method::PATCH, path.as_str())] {
        for bad in [
            "",
            "{",
            r#"{"title":"a"} x"#,
            r#"{"title":"\ud800"}"#,
            "{'title':1}",
            "title=a",
            "[",
            "[1,]",
            "\"a",
            &deep,
        ] {
            let answer = ada.sends(method.clone(), path, &[JSON], bad).await;
            answer.says(Error::Malformed);
        }
        for bad in ["[]", "null", "\"\"", "1", "true"] {
            let answer = ada.sends(method.clone(), path, &[JSON], bad).await;
            answer.says(Error::Unprocessable);
        }
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, &ada.authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(b"{\"title\":\"\xff\"}".to_vec()))
            .expect("a request");
        api.ask(request).await.says(Error::Malformed);
    }
    assert_eq!(ada.titles("/api/tasks").await, ["Water"]);
}

#[tokio::test]
async fn b28_a_body_is_json_as_it_is_and_at_most_64_kib() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let path = ada.makes("Water").await;
    let good = r#"{"title":"a"}"#;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "application/jsonx",
        "",
    ] {
        let kind = [("content-type", kind)];
        ada.sends(Method::POST, "/api/tasks", &kind, good)
            .await
            .says(Error::UnsupportedMediaType);
        ada.sends(Method::PATCH, &path, &kind, good)
            .await
            .says(Error::UnsupportedMediaType);
    }
    ada.sends(Method::POST, "/api/tasks", &[], good)
        .await
        .says(Error::UnsupportedMediaType);
    let packed = [JSON, ("content-encoding", "gzip")];
    ada.sends(Method::POST, "/api/tasks", &packed, good)
        .await
        .says(Error::UnsupportedMediaType);
    let merge = [("content-type", "application/merge-patch+json")];
    ada.sends(Method::POST, "/api/tasks", &merge, good)
        .await
        .says(Error::UnsupportedMediaType);
    for kind in [
        "Application/JSON; Charset=\"UTF-8\"",
        "application/merge-patch+json",
        "application/json",
    ] {
        ada.sends(Method::PATCH, &path, &[("content-type", kind)], good)
            .await
            .is(StatusCode::OK);
    }
    let filled = |bytes: usize| format!("{{\"title\":\"a\"{}}}", " ".repeat(bytes - 13));
    ada.sends(Method::POST, "/api/tasks", &[JSON], &filled(64 * 1024))
        .await
        .is(StatusCode::CREATED);
    ada.sends(Method::POST, "/api/tasks", &[JSON], &filled(64 * 1024 + 1))
        .await
        .says(Error::PayloadTooLarge);
}

#[tokio::test]
async fn b31_markup_comes_back_as_it_was_sent_in_json() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let title = "</script><script>alert(1)</script>";
    let path = ada.makes(title).await;
    let answer = ada.get(&path).await.is(StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.json()["title"], title);
}

proptest! {
    #[test]
    fn b29_whatever_is_sent_is_refused_as_the_callers_fault(body in "\\PC{0,80}", name in "[a-zA-Z]{0,12}", value in "\\PC{0,40}") {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for body in [body, json!({ "title": value, name: 1 }).to_string()] {
            if let Err(refusal) = new_task(&headers, body.as_bytes()) {
                prop_assert!(refusal.error.status().is_client_error());
            }
        }
    }
}
