//! One's own sessions: listed, and ended one by one or all at once.

use crate::support::app::{Answer, App, Browser, ORIGIN, request};
use axum::body::Body;
use http::{Method, StatusCode, header};
use latchkey::domain::Error;
use serde_json::{Value, json};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A browser in which a person who has an account signs in.
async fn signs_in<'a>(app: &'a App, name: &str, agent: &str) -> Browser<'a> {
    let browser = app.browser();
    let claim = json!({
        "email": format!("{}@example.org", name.to_lowercase()),
        "password": crate::support::PASSWORD,
    });
    let request = request(Method::POST, "/api/auth/sign-in")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, ORIGIN)
        .header(header::USER_AGENT, agent)
        .body(claim.to_string().into())
        .expect("a request");
    browser.send(request).await.is(StatusCode::OK);
    browser
}

async fn listed(browser: &Browser<'_>) -> Vec<Value> {
    let answer = browser.reads("/api/auth/list-sessions").await;
    let list = answer.is(StatusCode::OK).json();
    list.as_array().expect("an array").clone()
}

async fn is_signed_in(browser: &Browser<'_>) -> bool {
    browser.reads("/api/auth/session").await.text() != "null"
}

async fn revokes(browser: &Browser<'_>, token: &Value) -> Answer {
    browser
        .calls("/api/auth/revoke-session", &json!({ "token": token }))
        .await
}

#[tokio::test]
async fn a13_a_person_sees_where_they_are_signed_in_and_nothing_that_opens_a_door() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let other = signs_in(&app, "Maya", FIREFOX).await;
    app.person("Bob").await;

    let list = listed(&maya).await;

    assert_eq!(list.len(), 2, "{list:?}");
    assert_eq!(
        (&list[0]["current"], &list[1]["current"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(list[1]["userAgent"], FIREFOX);
    let mut members: Vec<_> = list[0].as_object().expect("an object").keys().collect();
    members.sort();
    assert_eq!(
        members,
        [
            "createdAt",
            "current",
            "expiresAt",
            "id",
            "ipAddress",
            "lastSeenAt",
            "token",
            "updatedAt",
            "userAgent",
            "userId"
        ]
    );
    let whole = json!(list).to_string();
    for secret in app.house.column("SELECT token FROM session").await {
        assert!(!whole.contains(&secret), "a hash is in the list");
    }
    for browser in [&maya, &other] {
        let cookie = browser.cookie_header().expect("a cookie");
        let value = cookie.split_once('=').expect("a pair").1;
        assert!(!whole.contains(value), "a cookie is in the list");
    }
    for session in &list {
        let token = session["token"].as_str().expect("text");
        let mut program = app.program();
        program.token = Some(token.to_owned());
        program.get("/api/tasks").await.says(Error::InvalidToken);
        let asked = request(Method::GET, "/api/auth/session")
            .header(header::COOKIE, format!("latchkey_session={token}"))
            .body(Body::empty())
            .expect("a request");
        assert_eq!(app.ask(asked).await.text(), "null");
    }
}

#[tokio::test]
async fn a13_a_revoked_session_is_over_with_the_next_request_for_pages_and_programs() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let other = signs_in(&app, "Maya", FIREFOX).await;
    let program = other.program().await;
    program.get("/api/tasks").await.is(StatusCode::OK);

    let answer = revokes(&maya, &listed(&maya).await[1]["token"]).await;

    assert_eq!(answer.is(StatusCode::OK).json(), json!({ "status": true }));
    assert!(!is_signed_in(&other).await);
    program.get("/api/tasks").await.says(Error::InvalidToken);
    assert!(is_signed_in(&maya).await);
    let log = app
        .house
        .column("SELECT event FROM audit_event WHERE event = 'session_revoked'")
        .await;
    assert_eq!(log.len(), 1);
}

#[tokio::test]
async fn a28_somebody_elses_session_lives_on_and_nothing_tells() {
    let app = App::open().await;
    let (maya, bob) = (app.person("Maya").await, app.person("Bob").await);
    let of_bob = listed(&bob).await[0]["token"].clone();
    let unknown = json!("01234567-89ab-7def-8123-456789abcdef");
    for token in [&of_bob, &unknown, &json!(""), &json!("../x' OR 1=1")] {
        let answer = revokes(&maya, token).await.is(StatusCode::OK);
        assert_eq!(answer.json(), json!({ "status": true }), "{token}");
    }
    assert!(is_signed_in(&bob).await && is_signed_in(&maya).await);
    let log = app
        .house
        .column("SELECT event FROM audit_event WHERE event = 'session_revoked'")
        .await;
    assert!(log.is_empty());
    let nothing = maya.calls("/api/auth/revoke-session", &json!({})).await;
    assert_eq!(
        nothing.says(Error::Validation).faults(),
        [("token".to_owned(), "VALIDATION_ERROR".to_owned())]
    );
}

#[tokio::test]
async fn every_other_session_is_ended_and_this_one_goes_on() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let others = [
        signs_in(&app, "Maya", FIREFOX).await,
        signs_in(&app, "Maya", "curl/8.5.0").await,
    ];
    let bob = app.person("Bob").await;
    let answer = maya
        .calls("/api/auth/revoke-other-sessions", &json!({}))
        .await;
    assert_eq!(answer.is(StatusCode::OK).json(), json!({ "status": true }));
    for other in &others {
        assert!(!is_signed_in(other).await);
    }
    assert!(is_signed_in(&maya).await && is_signed_in(&bob).await);
    assert_eq!(listed(&maya).await.len(), 1);
    let lines = "SELECT DISTINCT session_id FROM audit_event WHERE event = 'session_revoked'";
    assert_eq!(app.house.column(lines).await.len(), 2);
}

#[tokio::test]
async fn every_session_is_ended_and_the_cookie_goes_with_this_one() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let other = signs_in(&app, "Maya", FIREFOX).await;
    let program = maya.program().await;
    let answer = maya.form("/api/auth/revoke-sessions", &[]).await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/signin?done=signed-out-everywhere");
    assert!(answer.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert!(!is_signed_in(&other).await && !is_signed_in(&maya).await);
    program.get("/api/tasks").await.says(Error::InvalidToken);
    let page = maya.get(answer.location()).await.text();
    assert!(page.contains("You are signed out everywhere."), "{page}");
}

#[tokio::test]
async fn whoever_ends_the_session_they_are_in_is_signed_out() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let token = listed(&maya).await[0]["token"].clone();
    let form = [("token", token.as_str().expect("text"))];
    let answer = maya.form("/api/auth/revoke-session", &form).await;
    assert_eq!(
        answer.is(StatusCode::SEE_OTHER).location(),
        "/signin?done=signed-out"
    );
    assert!(!is_signed_in(&maya).await);
}

#[tokio::test]
async fn without_javascript_sessions_have_names_and_are_ended_by_a_button() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let other = signs_in(&app, "Maya", FIREFOX).await;
    let page = maya.get("/settings/sessions").await.is(StatusCode::OK);
    let page = page.text();
    assert!(page.contains("Firefox on Linux"), "{page}");
    assert_eq!(page.matches(">This one<").count(), 1, "{page}");
    assert_eq!(page.matches("/api/auth/revoke-session\"").count(), 1);
    let token = listed(&maya).await[1]["token"].clone();
    let form = [("token", token.as_str().expect("text"))];
    let answer = maya
        .form_from("/settings/sessions", "/api/auth/revoke-session", &form)
        .await
        .is(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/settings/sessions?done=ended");
    assert!(!is_signed_in(&other).await);
    let page = maya.get(answer.location()).await.text();
    assert!(page.contains("The session has ended."), "{page}");
    assert!(!page.contains("Firefox"), "{page}");
}

#[tokio::test]
async fn when_a_session_was_last_used_is_known_to_within_five_minutes() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let seen = async || {
        let seen = app
            .house
            .column("SELECT CAST(seen_at AS TEXT) FROM session")
            .await;
        seen[0].parse::<i64>().expect("a number")
    };
    let began = seen().await;
    maya.get("/settings").await.is(StatusCode::OK);
    assert_eq!(seen().await, began, "reading pages does not write");
    let earlier = began - 5 * 60_000 - 1;
    app.house
        .run(&format!("UPDATE session SET seen_at = {earlier}"))
        .await;
    maya.get("/settings").await.is(StatusCode::OK);
    assert!(seen().await >= began);
}

#[tokio::test]
async fn a_stranger_has_no_sessions_to_look_at() {
    let app = App::open().await;
    for path in ["/api/auth/list-sessions", "/api/auth/list-accounts"] {
        app.browser().reads(path).await.says(Error::Unauthorized);
    }
    for path in [
        "/api/auth/revoke-session",
        "/api/auth/revoke-sessions",
        "/api/auth/revoke-other-sessions",
    ] {
        let body = json!({ "token": "01234567-89ab-7def-8123-456789abcdef" });
        app.browser()
            .calls(path, &body)
            .await
            .says(Error::Unauthorized);
    }
}

#[tokio::test]
async fn a_session_is_ended_by_the_token_that_it_is_read_with_and_only_by_its_person() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let noor = app.person("Noor").await;
    let elsewhere = signs_in(&app, "Maya", FIREFOX).await;
    let session = elsewhere.reads("/api/auth/get-session").await.json();
    let body = json!({ "token": session["session"]["token"] });
    noor.calls("/api/auth/revoke-session", &body)
        .await
        .is(StatusCode::OK);
    let still = elsewhere.reads("/api/auth/get-session").await;
    assert_ne!(still.text(), "null");
    maya.calls("/api/auth/revoke-session", &body)
        .await
        .is(StatusCode::OK);
    let gone = elsewhere.reads("/api/auth/get-session").await;
    assert_eq!(gone.text(), "null");
}
