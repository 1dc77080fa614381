//! A copy of all that is kept of a person.

use crate::support::{
    app::{App, Browser, request},
    authenticator::Authenticator,
};
use axum::body::Body;
use http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use latchkey::{domain::Error, service::database::TABLES};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DOWNLOAD: &str = "/settings/download";

async fn copy(browser: &Browser<'_>) -> Value {
    browser.get(DOWNLOAD).await.is(StatusCode::OK).json()
}

#[tokio::test]
async fn everything_of_ones_own_is_in_the_copy_and_nothing_secret_or_of_others() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let task = json!({
        "title": "Water the plants", "description": "The <basil> too.", "priority": "high", "dueDate": "2026-11-21",
    });
    maya.program()
        .await
        .post("/api/tasks", &task)
        .await
        .is(StatusCode::CREATED);
    let new = json!({ "name": "Home server", "scope": "tasks:read" });
    let made = maya.calls("/action/tokens/create", &new).await.json();
    Authenticator::new().is_added(&maya).await;
    let bob = app.person("Bob").await;
    bob.program()
        .await
        .post("/api/tasks", &json!({ "title": "Bob’s own" }))
        .await
        .is(StatusCode::CREATED);

    let answer = maya.get(DOWNLOAD).await.is(StatusCode::OK);

    assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let file = answer.header(header::CONTENT_DISPOSITION);
    assert!(
        file.starts_with("attachment; filename=\"latchkey-20") && file.ends_with(".json\""),
        "{file}"
    );
    let whole = answer.json();
    assert_eq!(whole["profile"]["email"], "maya@example.org");
    for (member, value) in task.as_object().expect("an object") {
        assert_eq!(&whole["tasks"][0][member], value, "{member}");
    }
    for member in [
        "id",
        "completedAt",
        "position",
        "createdAt",
        "updatedAt",
        "version",
    ] {
        assert!(whole["tasks"][0].get(member).is_some(), "{member}");
    }
    assert_eq!(whole["accounts"][0]["providerId"], "credential");
    assert_eq!(whole["sessions"][0]["current"], true);
    assert_eq!(whole["sessions"][0].get("token"), None);
    assert_eq!(whole["accessTokens"][0]["name"], "Home server");
    assert_eq!(whole["devices"].as_array().map(Vec::len), Some(1));
    let passkey = whole["passkeys"][0].as_object().expect("a passkey");
    let members: BTreeSet<&str> = passkey.keys().map(String::as_str).collect();
    let seen = ["backedUp", "createdAt", "deviceType", "lastUsedAt", "name"];
    assert_eq!(members, BTreeSet::from(seen));
    let events: Vec<_> = whole["activity"]
        .as_array()
        .expect("a log")
        .iter()
        .map(|row| row["event"].as_str().expect("text"))
        .collect();
    assert!(
        events.starts_with(&["sign_up"]) && events.ends_with(&["data_downloaded"]),
        "{events:?}"
    );

    let text = answer.text();
    assert!(!text.contains("Bob") && !text.contains("bob@example.org"));
    let mut secrets = vec![made["token"].as_str().expect("a token").to_owned()];
    let cookie = maya.cookie_header().expect("a cookie");
    secrets.extend(cookie.split_once('=').map(|(_, value)| value.to_owned()));
    for column in [
        "SELECT token FROM session",
        "SELECT hash FROM access_token",
        "SELECT password FROM account",
        "SELECT credential_id FROM passkey",
    ] {
        secrets.extend(app.house.column(column).await);
    }
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} is in the copy");
    }
}

#[tokio::test]
async fn however_much_there_is_every_row_is_in_the_copy_once() {
    let app = App::with(|config| config.rate_limit = false).await;
    let maya = app.person("Maya").await;
    for (tasks, deleted) in [(100, 0), (101, 100), (150, 150)] {
        let program = maya.program().await;
        let before = copy(&maya).await["tasks"].as_array().expect("tasks").len();
        for number in before..tasks {
            let task = json!({ "title": format!("Task {number}") });
            program
                .post("/api/tasks", &task)
                .await
                .is(StatusCode::CREATED);
        }
        let mut list = copy(&maya).await;
        assert_eq!(ids(&list, "tasks").len(), tasks);
        let log = app.house.column("SELECT id FROM audit_event").await.len();
        let gone: Vec<_> = ids(&list, "tasks").into_iter().take(deleted).collect();
        for id in &gone {
            maya.calls("/action/tasks/delete", &json!({ "id": id }))
                .await
                .is(StatusCode::OK);
        }
        list = copy(&maya).await;
        assert_eq!(ids(&list, "tasks").len(), tasks - deleted);
        assert_eq!(ids(&list, "deletedTasks").len(), gone.len());
        assert_eq!(ids(&list, "activity").len(), log + 1);
        for id in &gone {
            maya.calls("/action/tasks/restore", &json!({ "id": id }))
                .await
                .is(StatusCode::OK);
        }
    }
    // A log of several pages: each copy leaves a line in it.
    for _ in 0..100 {
        copy(&maya).await;
    }
    let log = ids(&copy(&maya).await, "activity").len();
    assert!(log > 100, "{log}");
    assert_eq!(
        log,
        app.house.column("SELECT id FROM audit_event").await.len()
    );
}

/// Where the rows of a table are in the copy.
const KEPT: [(&str, &str); 9] = [
    ("user", "profile"),
    ("account", "accounts"),
    ("session", "sessions"),
    ("device", "devices"),
    ("access_token", "accessTokens"),
    ("passkey", "passkeys"),
    ("task", "tasks"),
    ("deleted_task", "deletedTasks"),
    ("audit_event", "activity"),
];

/// What is told in one member, because each row alone is a secret or its hash.
const TOLD: [(&str, &str); 3] = [
    ("totp", "secondFactor"),
    ("recovery_code", "secondFactor"),
    ("trusted_device", "secondFactor"),
];

/// What is left out, and why.
const LEFT_OUT: [(&str, &str); 8] = [
    ("verification", "hashes of links, for a day at most"),
    ("challenge", "hashes of sign-ins that wait, for minutes"),
    ("spent_challenge", "hashes, and nobody's"),
    (
        "provider_errand",
        "hashes of ways to the provider, for minutes",
    ),
    (
        "idempotency",
        "hashes of requests, and tasks that are there",
    ),
    ("mail", "sealed, and gone when they are sent"),
    ("rate_limit", "hashed, and nobody can say whose"),
    (
        "invitation",
        "the house's, which keeps it when its maker goes",
    ),
];

#[tokio::test]
async fn every_table_is_in_the_copy_or_left_out_for_a_reason() {
    let mut named: Vec<_> = [&KEPT[..], &TOLD, &LEFT_OUT].concat();
    named.sort_unstable();
    let mut all = TABLES.to_vec();
    all.sort_unstable();
    assert_eq!(
        named.iter().map(|(table, _)| *table).collect::<Vec<_>>(),
        all
    );

    let app = App::open().await;
    let whole = copy(&app.person("Maya").await).await;
    for (table, member) in KEPT.iter().chain(&TOLD) {
        assert!(whole.get(member).is_some(), "{table}: {member}");
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_breaks_the_copy_off_instead_of_being_left_out() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let program = maya.program().await;
    for number in 0..3 {
        let task = json!({ "title": format!("Task {number}") });
        let made = program.post("/api/tasks", &task).await;
        program
            .delete(made.location())
            .await
            .is(StatusCode::NO_CONTENT);
    }
    let broken = "UPDATE deleted_task SET task = '{' WHERE id = (SELECT MIN(id) FROM deleted_task)";
    app.house.run(broken).await;

    let request = request(Method::GET, DOWNLOAD)
        .header(header::COOKIE, maya.cookie_header().expect("a cookie"))
        .body(Body::empty())
        .expect("a request");
    let body = app.begins(request).await.into_body().collect().await;

    assert!(body.is_err());
}

/// The ids of a list, none of them twice.
fn ids(whole: &Value, list: &str) -> BTreeSet<String> {
    let rows = whole[list].as_array().expect("a list");
    let ids: BTreeSet<_> = rows
        .iter()
        .map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(ids.len(), rows.len(), "one is in {list} twice");
    ids
}

#[tokio::test]
async fn a_stranger_signs_in_first_and_takes_nothing_along() {
    let app = App::open().await;
    app.person("Maya").await;
    let answer = app.browser().get(DOWNLOAD).await.is(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/signin?next=%2Fsettings%2Fdownload");
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn copies_are_counted() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    for _ in 0..20 {
        copy(&maya).await;
    }
    let answer = maya.reads(DOWNLOAD).await;
    answer.says(Error::TooManyRequests);
}
