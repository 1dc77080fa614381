//! Who may call `/api/tasks`: whoever holds a token whose session lives, and nobody else.

use crate::support::api::{Answer, Api, SlowBody};
use axum::{body::Body, extract::Request};
use futures::future::join_all;
use http::{Method, StatusCode, header};
use latchkey::{
    domain::Error,
    service::{clock, session},
};
use serde_json::json;

const CHALLENGE: &str = r#"Bearer realm="latchkey""#;
const BAD: &str = r#"Bearer realm="latchkey", error="invalid_token""#;

#[track_caller]
fn is_unauthorized(answer: Answer, error: Error) {
    let challenge = if error == Error::Unauthorized {
        CHALLENGE
    } else {
        BAD
    };
    let answer = answer.says(error);
    assert_eq!(answer.header("www-authenticate"), challenge);
}

#[tokio::test]
async fn a17_no_token_and_a_bad_one_are_told_apart_on_every_call() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let task = ada.makes("Water").await;
    let calls = [
        (Method::GET, "/api/tasks"),
        (Method::GET, "/api/tasks?limit=0"),
        (Method::POST, "/api/tasks"),
        (Method::GET, &task),
        (Method::PATCH, &task),
        (Method::DELETE, &task),
    ];
    for (method, path) in calls {
        for (authorization, error) in [
            ("", Error::Unauthorized),
            ("Basic YTpi", Error::Unauthorized),
            ("Bearer", Error::Unauthorized),
            ("Bearer null", Error::InvalidToken),
            ("Bearer undefined", Error::InvalidToken),
            ("Bearer a b", Error::InvalidToken),
        ] {
            let answer = api
                .program(authorization)
                .sends(method.clone(), path, &[], "")
                .await;
            is_unauthorized(answer, error);
        }
    }
    assert_eq!(ada.titles("/api/tasks").await, ["Water"]);
}

#[tokio::test]
async fn b8_two_headers_and_one_of_a_megabyte_are_refused() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let twice = [(header::AUTHORIZATION.as_str(), ada.authorization.as_str())];
    is_unauthorized(
        ada.sends(Method::GET, "/api/tasks", &twice, "").await,
        Error::InvalidToken,
    );
    let long = format!("Bearer {}", "a".repeat(1_000_000));
    is_unauthorized(
        api.program(&long).get("/api/tasks").await,
        Error::InvalidToken,
    );
    let quiet = ada.authorization.replace("Bearer", "bearer");
    api.program(&quiet)
        .get("/api/tasks")
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn b10_a_token_in_the_query_or_a_cookie_is_none() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let token = ada.authorization.strip_prefix("Bearer ").expect("a token");
    for name in ["access_token", "token"] {
        let request = Request::get(format!("/api/tasks?{name}={token}"))
            .body(Body::empty())
            .expect("a request");
        is_unauthorized(api.ask(request).await, Error::Unauthorized);
    }
    let request = Request::get("/api/tasks")
        .header(
            header::COOKIE,
            format!("latchkey_session={token}; token={token}"),
        )
        .body(Body::empty())
        .expect("a request");
    is_unauthorized(api.ask(request).await, Error::Unauthorized);
}

#[tokio::test]
async fn b12_a_token_is_dead_on_every_call_as_soon_as_its_session_has_ended() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    let task = ada.makes("Water").await;
    let other = {
        let browser = api.house.browser();
        let who = api.house.signs_in(&browser, &who.user).await;
        let (token, _) = api.house.keys.issue(&who).expect("a token");
        api.program(&format!("Bearer {token}"))
    };

    session::end_all(
        api.house.db.write(),
        who.user.id,
        Some(other_session(&api, &other)),
    )
    .await
    .expect("ended");

    for path in [
        "/api/tasks",
        "/api/tasks?q=nothing",
        "/api/tasks?limit=0",
        "/api/tasks?cursor=x",
        &task,
    ] {
        is_unauthorized(ada.get(path).await, Error::InvalidToken);
    }
    is_unauthorized(
        ada.post("/api/tasks", &json!({ "title": "x" })).await,
        Error::InvalidToken,
    );
    is_unauthorized(
        ada.patch(&task, &json!({ "title": "x" })).await,
        Error::InvalidToken,
    );
    is_unauthorized(ada.delete(&task).await, Error::InvalidToken);
    assert_eq!(other.titles("/api/tasks").await, ["Water"]);
}

fn other_session(
    api: &Api,
    program: &crate::support::api::Program<'_>,
) -> latchkey::domain::SessionId {
    let token = program
        .authorization
        .strip_prefix("Bearer ")
        .expect("a token");
    api.house.keys.read(token).expect("claims").sid
}

#[tokio::test]
async fn b12_a_slow_request_does_not_outlive_its_session() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    let task = ada.makes("Water").await;
    let (body, slow) = SlowBody::new();
    let request = Request::patch(&task)
        .header(header::AUTHORIZATION, &ada.authorization)
        .header(header::CONTENT_TYPE, "application/json")
        .body(body)
        .expect("a request");
    let signs_out = async {
        session::end_all(api.house.db.write(), who.user.id, None)
            .await
            .expect("ended");
    };
    let signs_out = slow.meanwhile(signs_out, r#"{"title":"Changed"}"#);
    let (answer, ()) = tokio::join!(api.ask(request), signs_out);
    is_unauthorized(answer, Error::InvalidToken);
    assert_eq!(api.house.column("SELECT title FROM task").await, ["Water"]);
}

#[tokio::test]
async fn b10_a_token_of_a_shut_or_deleted_account_is_dead() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    ada.get("/api/tasks").await.is(StatusCode::OK);
    api.house
        .run(&format!(
            "UPDATE \"user\" SET disabled_at = 1 WHERE id = '{}'",
            who.user.id
        ))
        .await;
    is_unauthorized(ada.get("/api/tasks").await, Error::InvalidToken);
    api.house
        .run(&format!(
            "DELETE FROM \"user\" WHERE id = '{}'",
            who.user.id
        ))
        .await;
    is_unauthorized(ada.get("/api/tasks").await, Error::InvalidToken);
}

#[tokio::test]
async fn a_database_that_is_away_is_503_and_never_401_or_a_pass() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    api.house.run("ALTER TABLE session RENAME TO away").await;
    for path in [
        "/api/tasks",
        "/api/tasks/00000000-0000-7000-8000-000000000000",
    ] {
        let answer = ada.get(path).await;
        let answer = answer.says(Error::Unavailable);
        assert!(!answer.text().contains("session"), "{}", answer.text());
    }
}

#[tokio::test]
async fn e4_three_hundred_requests_a_minute_are_answered_and_a_dead_token_uses_none_of_them() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    let dead = {
        let browser = api.house.browser();
        let who = api.house.signs_in(&browser, &who.user).await;
        let (token, _) = api.house.keys.issue(&who).expect("a token");
        session::end_by_cookie(&browser).await.expect("ended");
        api.program(&format!("Bearer {token}"))
    };
    for _ in 0..400 {
        is_unauthorized(dead.get("/api/tasks").await, Error::InvalidToken);
    }
    ada.get("/api/tasks").await.is(StatusCode::OK);

    // More than two windows take, so that the minute may turn meanwhile; on a busy machine more than once.
    let began = clock::now().seconds() / 60;
    let answers = join_all((0..700).map(|_| ada.get("/api/tasks"))).await;
    let (good, bad): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.status == StatusCode::OK);
    let turns = usize::try_from(clock::now().seconds() / 60 - began).expect("time passes");
    let most = 300 * (turns + 1).max(2);
    assert!((299..=most).contains(&good.len()), "{}", good.len());
    for answer in bad {
        let answer = answer.says(Error::TooManyRequests);
        let seconds: u64 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&seconds), "{seconds}");
    }
    let (grace, _) = api.person("Grace").await;
    grace.get("/api/tasks").await.is(StatusCode::OK);
    let rows = api
        .house
        .column(
            "SELECT event FROM audit_event WHERE event IN ('token_refused', 'rate_limit_exceeded')",
        )
        .await;
    assert!(rows.contains(&"token_refused".to_owned()), "{rows:?}");
    assert!(rows.contains(&"rate_limit_exceeded".to_owned()), "{rows:?}");
    assert!(
        rows.len() <= 40,
        "a flood does not fill the log: {}",
        rows.len()
    );
}

#[tokio::test]
async fn e4_without_rate_limit_nothing_is_counted() {
    let api = Api::with(|config| config.rate_limit = false).await;
    let (ada, _) = api.person("Ada").await;
    let answers = join_all((0..400).map(|_| ada.get("/api/tasks"))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
}
