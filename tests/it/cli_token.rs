//! `latchkey token`: access tokens without a browser, shown where it counts: at the programs' door.

use crate::support::{api::Api, binary::Done};
use http::StatusCode;
use latchkey::{domain::Error, service::audit};
use serde_json::{Value, json};

fn create(api: &Api, more: &[&str]) -> Done {
    let words = [
        "token",
        "create",
        "--email",
        "Ada@example.org",
        "--name",
        "Nightly backup",
    ];
    api.house.runs(&[&words, more].concat())
}

/// The last line, which holds nothing else.
fn token_in(done: &Done) -> String {
    assert_eq!(done.status, Some(0), "{done:?}");
    let token = done.out.lines().last().expect("a token").to_owned();
    assert!(token.starts_with("lk_") && token.len() == 52, "{done:?}");
    assert!(!done.err.contains(&token), "the log holds the token");
    token
}

fn listed(api: &Api) -> Value {
    let done = api
        .house
        .runs(&["token", "list", "--email", "ada@example.org", "--json"]);
    serde_json::from_str(&done.out).expect("JSON")
}

#[tokio::test]
async fn an_operator_makes_lists_and_revokes_a_token() {
    let api = Api::open().await;
    let (_, who) = api.person("Ada").await;
    let token = token_in(&create(&api, &["--scope", "tasks:read"]));
    let program = api.program(&format!("Bearer {token}"));
    program.get("/api/tasks").await.is(StatusCode::OK);
    program
        .post("/api/tasks", &json!({ "title": "x" }))
        .await
        .says(Error::InsufficientScope);

    let table = api
        .house
        .runs(&["token", "list", "--email", "ada@example.org"])
        .out;
    assert!(
        table.contains("Nightly backup") && table.contains("tasks:read"),
        "{table}"
    );
    assert!(!table.contains(&token), "{table}");
    let list = listed(&api);
    let id = list[0]["id"].as_str().expect("an id");
    let done = api.house.runs(&["token", "revoke", id]);
    assert_eq!(done.status, Some(0), "{done:?}");
    program.get("/api/tasks").await.says(Error::InvalidToken);
    assert_eq!(listed(&api), json!([]));
    assert_eq!(api.house.runs(&["token", "revoke", id]).status, Some(1));

    let log = audit::of_user(&api.house.db, who.user.id, 50)
        .await
        .expect("a log");
    for event in ["token_created", "token_revoked", "token_refused"] {
        assert!(
            log.iter().any(|line| line.event.code() == event),
            "{event}: {log:?}"
        );
    }
}

#[tokio::test]
async fn a_token_lasts_as_long_as_it_is_told() {
    let api = Api::open().await;
    api.person("Ada").await;
    let both = [
        "--scope",
        "tasks:read",
        "--scope",
        "tasks:write",
        "--expires",
        "7d",
    ];
    let token = token_in(&create(&api, &both));
    api.program(&format!("Bearer {token}")).makes("Water").await;
    let list = listed(&api);
    let moment = |name: &str| {
        list[0][name]
            .as_str()
            .and_then(|at| at.parse::<jiff::Timestamp>().ok())
    };
    let lasts = moment("expiresAt")
        .expect("an end")
        .duration_since(moment("createdAt").expect("a beginning"));
    assert!(
        (7 * 86_400 - 60..=7 * 86_400).contains(&lasts.as_secs()),
        "{list}"
    );
    for bad in ["never", "0d", "366d", "2020-01-01"] {
        let done = create(&api, &["--scope", "tasks:read", "--expires", bad]);
        assert_ne!(done.status, Some(0), "{bad}: {done:?}");
        assert!(
            done.err.contains(Error::InvalidExpiry.message()),
            "{bad}: {done:?}"
        );
    }
    assert_eq!(listed(&api).as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn nobody_and_a_shut_account_get_no_token() {
    let api = Api::open().await;
    let done = create(&api, &["--scope", "tasks:read"]);
    assert!(
        done.status == Some(1) && done.err.contains("no account with the address"),
        "{done:?}"
    );
    api.person("Maya").await;
    api.person("Ada").await;
    api.house.runs(&["user", "disable", "ada@example.org"]);
    let done = create(&api, &["--scope", "tasks:read"]);
    assert!(
        done.status == Some(1) && done.err.contains("user enable"),
        "{done:?}"
    );
    let unknown = api
        .house
        .runs(&["token", "revoke", "01234567-89ab-7def-8123-456789abcdef"]);
    assert!(
        unknown.status == Some(1) && unknown.err.contains("token list"),
        "{unknown:?}"
    );
}
