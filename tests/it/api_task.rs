//! `/api/tasks`: what a program may do with its person's tasks.

use crate::support::api::{Answer, Api, Program};
use axum::{body::Body, extract::Request};
use futures::future::join_all;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use latchkey::{domain::Error, http::api::body::new_task};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

const JSON: (&str, &str) = ("content-type", "application/json");

#[track_caller]
fn faults(answer: Answer) -> Vec<(String, String)> {
    answer.says(Error::Unprocessable).faults()
}

fn fault(field: &str, error: Error) -> (String, String) {
    (field.to_owned(), error.code().to_owned())
}

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
    for name in ["title", "description", "completed", "priority", "position"] {
        let told = faults(ada.patch(&path, &json!({ name: null })).await);
        assert_eq!(told.len(), 1, "{name} cannot be taken away");
        assert_eq!(told[0].0, name);
    }
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
    keyed(&ada, "", body)
        .await
        .says(Error::InvalidIdempotencyKey);
    assert_eq!(ada.titles("/api/tasks").await, ["Changed"]);
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
async fn a_list_is_walked_by_its_links_without_loss_or_repetition() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    for number in 0..23 {
        let body = json!({ "title": format!("t{}", number % 7), "priority": "low" });
        ada.post("/api/tasks", &body).await.is(StatusCode::CREATED);
    }
    for sort in [
        "createdAt",
        "-createdAt",
        "title",
        "-title",
        "dueDate",
        "-priority",
        "position",
    ] {
        let (mut seen, mut path) = (
            Vec::new(),
            format!("/api/tasks?limit=5&sort={sort}&q=T&priority=low"),
        );
        loop {
            let page = ada.get(&path).await.is(StatusCode::OK);
            let list = page.json();
            let ids = list["tasks"].as_array().expect("tasks").iter();
            seen.extend(ids.map(|task| task["id"].as_str().expect("an id").to_owned()));
            let Some(cursor) = list["nextCursor"].as_str() else {
                assert_eq!(page.header("link"), "");
                break;
            };
            let link = page.header("link").strip_prefix('<').expect("a link");
            let (next, relation) = link.split_once('>').expect("a link");
            assert_eq!(relation, "; rel=\"next\"");
            assert!(next.contains("priority=low") && next.ends_with(&format!("cursor={cursor}")));
            next.clone_into(&mut path);
        }
        assert_eq!(seen.len(), 23, "{sort}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 23, "{sort}");
    }
}

#[tokio::test]
async fn b29_a_cursor_of_another_person_or_order_is_refused() {
    let api = Api::open().await;
    let ((ada, _), (grace, _)) = (api.person("Ada").await, api.person("Grace").await);
    for title in ["a", "b"] {
        ada.makes(title).await;
        grace.makes(title).await;
    }
    let cursor = ada.get("/api/tasks?limit=1").await.json()["nextCursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    let path = format!("/api/tasks?cursor={cursor}");
    assert_eq!(ada.titles(&path).await, ["b"]);
    grace.get(&path).await.says(Error::InvalidCursor);
    ada.get(&format!("{path}&sort=title"))
        .await
        .says(Error::InvalidCursor);
    ada.get(&format!("{path}A"))
        .await
        .says(Error::InvalidCursor);
    for bad in [
        "limit=0",
        "limit=101",
        "limit=%2B1",
        "sort=user_id",
        "completed=1",
        "order=asc",
        "q=",
        "limit=1&limit=1",
    ] {
        ada.get(&format!("/api/tasks?{bad}"))
            .await
            .says(Error::Unprocessable);
    }
}

#[tokio::test]
async fn b27_a_search_is_taken_literally() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    for title in ["50% off", "a_b", "back\\slash", "it's", "Straße"] {
        ada.makes(title).await;
    }
    for (q, found) in [
        ("%25", "50% off"),
        ("_", "a_b"),
        ("%5C", "back\\slash"),
        ("%27", "it's"),
        ("STRAßE", "Straße"),
    ] {
        let q = q.replace('ß', "%C3%9F");
        assert_eq!(ada.titles(&format!("/api/tasks?q={q}")).await, [found]);
    }
    for none in [
        "%27%20OR%20%271%27=%271",
        "%22;%20DROP%20TABLE%20task;--",
        "a%25b",
    ] {
        assert!(
            ada.titles(&format!("/api/tasks?q={none}")).await.is_empty(),
            "{none}"
        );
    }
}

#[tokio::test]
async fn filters_narrow_a_list_together() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    for (title, priority, due, completed) in [
        ("a", "high", json!("2026-11-20"), false),
        ("b", "high", json!("2026-11-21"), true),
        ("c", "low", json!("2026-11-22"), false),
        ("d", "none", Value::Null, false),
    ] {
        let body =
            json!({ "title": title, "priority": priority, "dueDate": due, "completed": completed });
        ada.post("/api/tasks", &body).await.is(StatusCode::CREATED);
    }
    for (query, titles) in [
        ("completed=false", vec!["a", "c", "d"]),
        ("completed=true&priority=high", vec!["b"]),
        ("dueAfter=2026-11-20&dueBefore=2026-11-22", vec!["b"]),
        ("sort=-dueDate", vec!["c", "b", "a", "d"]),
        ("sort=-priority&priority=low", vec!["c"]),
        ("sort=-title&limit=2", vec!["d", "c"]),
    ] {
        assert_eq!(
            ada.titles(&format!("/api/tasks?{query}")).await,
            titles,
            "{query}"
        );
    }
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
