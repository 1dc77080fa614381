//! Bearer tokens at the door of the API: what is none, what was meant for something else, and what stands in the wrong place.

use crate::support::app::{Answer, App, request};
use axum::body::Body;
use http::{HeaderValue, Method, StatusCode, header};
use latchkey::{
    domain::Error,
    service::verification::{self, Purpose},
};
use serde_json::json;

async fn knocks(app: &App, headers: &[&[u8]]) -> Answer {
    let mut asked = request(Method::GET, "/api/tasks")
        .body(Body::empty())
        .expect("a request");
    for value in headers {
        let value = HeaderValue::from_bytes(value).expect("a header");
        asked.headers_mut().append(header::AUTHORIZATION, value);
    }
    app.ask(asked).await
}

#[tokio::test]
async fn b8_no_header_breaks_the_door_and_only_a_good_one_opens_it() {
    let app = App::with(|config| config.rate_limit = false).await;
    let token = app.person("Maya").await.program().await.token.expect("one");

    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        knocks(&app, &[format!("{scheme} {token}").as_bytes()])
            .await
            .is(StatusCode::OK);
    }

    let (padded, twice) = (
        format!("Bearer {token}="),
        format!("Bearer {token} {token}"),
    );
    let (long, glued) = (
        format!("Bearer {}", "a".repeat(1 << 20)),
        format!("Bearer{token}"),
    );
    let dots = format!("Bearer {}", ".".repeat(9000));
    let good = format!("Bearer {token}");
    for odd in [
        &[b"".as_slice()] as &[&[u8]],
        &[b"Bearer"],
        &[b"Bearer "],
        &[b"Bearer null"],
        &[b"Bearer undefined"],
        &[b"Bearer a b"],
        &[b"Bearer a.b.c"],
        &[b"Bearer ..."],
        &[b"Bearer \xff\xfe.\x80.\xc3"],
        &[b"Basic bWF5YTpwYXNzd29yZA=="],
        &[b"Token abc"],
        &[dots.as_bytes()],
        &[padded.as_bytes()],
        &[twice.as_bytes()],
        &[long.as_bytes()],
        &[glued.as_bytes()],
        &[token.as_bytes()],
        &[good.as_bytes(), good.as_bytes()],
        &[b"Basic abc", good.as_bytes()],
        &[good.as_bytes(), b"Bearer x"],
    ] {
        let shown = odd.first().map(|one| &one[..one.len().min(40)]);
        let answer = knocks(&app, odd).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{shown:?}");
        assert!(
            answer
                .header("www-authenticate")
                .starts_with(r#"Bearer realm="latchkey""#),
            "{shown:?}"
        );
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.text().contains(&token), "{shown:?}");
    }
}

#[tokio::test]
async fn b9_a_value_of_another_purpose_is_no_token_and_a_token_none_of_those() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let session = browser.reads("/api/auth/session").await.json();
    let token = session["session"]["token"].as_str().expect("a token");
    let maya = session["user"]["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let reset = verification::issue(&app.house.db, Purpose::PasswordReset, maya)
        .await
        .expect("a link's value");
    let cookie = browser.cookie_header().expect("a cookie");
    let value = cookie.split_once('=').expect("a value").1;

    for other in [
        reset.as_str(),
        value,
        session["session"]["id"].as_str().expect("an id"),
    ] {
        knocks(&app, &[format!("Bearer {other}").as_bytes()])
            .await
            .says(Error::InvalidToken);
    }
    let chosen = "another three words";
    for other in [token, value] {
        let body = json!({ "token": other, "newPassword": chosen });
        app.browser()
            .calls("/api/auth/reset-password", &body)
            .await
            .says(Error::InvalidResetToken);
    }
    let as_cookie = request(Method::GET, "/api/auth/session")
        .header("cookie", format!("latchkey_session={token}"))
        .body(Body::empty())
        .expect("a request");
    assert_eq!(app.ask(as_cookie).await.text(), "null");
}

#[tokio::test]
async fn b10_a_token_in_the_address_is_no_token() {
    let app = App::open().await;
    let token = app.person("Maya").await.program().await.token.expect("one");
    for path in [
        format!("/api/tasks?access_token={token}"),
        format!("/api/tasks?token={token}"),
        format!("/api/tasks?authorization=Bearer%20{token}"),
    ] {
        let answer = app.program().get(&path).await.says(Error::Unauthorized);
        assert_eq!(
            answer.header("www-authenticate"),
            r#"Bearer realm="latchkey""#
        );
    }
    let in_a_form = request(Method::POST, "/api/tasks")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("access_token={token}&title=Mine").into())
        .expect("a request");
    app.ask(in_a_form).await.says(Error::Unauthorized);
}
