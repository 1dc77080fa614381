//! `GET /api/tasks`: pages, order, search and filters.

use crate::support::api::Api;
use http::StatusCode;
use latchkey::domain::Error;
use serde_json::{Value, json};

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
        "completedAt",
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
    for answer in [
        grace.get(&path).await,
        ada.get(&format!("{path}&sort=title")).await,
        ada.get(&format!("{path}A")).await,
    ] {
        let answer = answer.says(Error::Unprocessable);
        let fault = ("cursor".to_owned(), Error::InvalidCursor.code().to_owned());
        assert_eq!(answer.faults(), [fault]);
    }
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
        ("sort=completedAt&limit=1", vec!["b"]),
        ("sort=-completedAt", vec!["b", "d", "c", "a"]),
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
