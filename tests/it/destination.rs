//! Where people are sent: a path of this site, named by `next` or by a `callbackURL`, and nowhere else.

use crate::support::{
    PASSWORD,
    app::{App, ORIGIN, request},
};
use axum::body::Body;
use http::{Method, StatusCode};
use latchkey::domain::Error;
use serde_json::{Value, json};

fn maya(callback: &str) -> Value {
    json!({ "email": "maya@example.org", "password": PASSWORD, "callbackURL": callback })
}

#[tokio::test]
async fn a_callback_may_have_our_origin_before_it_and_comes_back_as_it_was_given() {
    let app = App::open().await;
    app.person("Maya").await;
    for ours in [
        "/settings".to_owned(),
        format!("{ORIGIN}/settings?x=1"),
        ORIGIN.to_owned(),
        "http://127.0.0.1:3000/dashboard".to_owned(),
    ] {
        let answer = app
            .browser()
            .calls("/api/auth/sign-in", &maya(&ours))
            .await
            .is(StatusCode::OK)
            .json();
        assert_eq!(
            (&answer["redirect"], &answer["url"]),
            (&json!(true), &json!(ours))
        );
    }
}

#[tokio::test]
async fn b19_a_callback_that_leads_elsewhere_is_refused() {
    let app = App::open().await;
    app.person("Maya").await;
    for evil in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://localhost:3001/",
        "https://localhost:3000/",
        "http://localhost:3000@evil.example/",
        "http://maya@localhost:3000/",
        "http://localhost:3000.evil.example/",
        "http:\\\\localhost:3000\\settings",
        "h\tttp://localhost:3000/",
        "http://localhost:3000//evil.example",
        "http://localhost:3000/%2f%2fevil.example",
    ] {
        let answer = app
            .browser()
            .calls("/api/auth/sign-in", &maya(evil))
            .await
            .says(Error::InvalidCallbackUrl);
        assert!(answer.headers.get("set-cookie").is_none(), "{evil:?}");
    }
    let bob = json!({
        "name": "Bob", "email": "bob@example.org", "password": PASSWORD, "callbackURL": "//evil.example",
    });
    app.browser()
        .calls("/api/auth/sign-up", &bob)
        .await
        .says(Error::InvalidCallbackUrl);
}

#[tokio::test]
async fn a_form_is_sent_on_to_its_callback() {
    let app = App::open().await;
    app.person("Maya").await;
    let absolute = format!("{ORIGIN}/settings");
    for callback in ["/settings", absolute.as_str()] {
        let form = [
            ("email", "maya@example.org"),
            ("password", PASSWORD),
            ("callbackURL", callback),
        ];
        let answer = app.browser().form("/api/auth/sign-in", &form).await;
        assert_eq!(answer.is(StatusCode::SEE_OTHER).location(), "/settings");
    }
}

#[tokio::test]
async fn b19_a_next_that_leads_elsewhere_stands_nowhere_on_the_page() {
    let app = App::open().await;
    for evil in [
        "//evil.example",
        "https%3A%2F%2Fevil.example",
        "%2F%5Cevil.example",
    ] {
        for page in ["/signin", "/signup"] {
            let path = format!("{page}?next={evil}");
            let text = app.browser().get(&path).await.is(StatusCode::OK).text();
            assert!(!text.contains("evil"), "{path}");
        }
    }
    let form = [
        ("email", "x"),
        ("password", "y"),
        ("next", "//evil.example"),
    ];
    let page = app.browser().form("/signin", &form).await;
    assert!(!page.is(StatusCode::BAD_REQUEST).text().contains("evil"));
    let page = app.browser().get("/signin?next=/settings").await.text();
    assert!(page.contains(r#"name="next" value="/settings""#), "{page}");
}

#[tokio::test]
async fn a_page_takes_no_other_method_from_anybody() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let stranger = app.browser();
    for browser in [&maya, &stranger] {
        for path in ["/dashboard", "/settings"] {
            for method in [Method::POST, Method::PUT, Method::DELETE] {
                let asked = request(method, path)
                    .header("origin", ORIGIN)
                    .body(Body::empty())
                    .expect("a request");
                let answer = browser.send(asked).await.says(Error::MethodNotAllowed);
                assert_eq!(answer.header("allow"), "GET,HEAD");
            }
        }
    }
}
