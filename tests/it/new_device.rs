//! A device that was not known: its owner hears of it wherever else they are signed in.

use crate::support::{
    PASSWORD,
    app::{App, Browser, ORIGIN, request},
};
use http::{Method, StatusCode, header};
use serde_json::{Value, json};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const NEXT_FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
const SAFARI: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";

/// Maya's browser, which calls itself so.
async fn signs_in<'a>(app: &'a App, agent: &str) -> Browser<'a> {
    let browser = app.browser();
    let claim = json!({ "email": "maya@example.org", "password": PASSWORD });
    let request = request(Method::POST, "/api/auth/sign-in")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, ORIGIN)
        .header(header::USER_AGENT, agent)
        .body(claim.to_string().into())
        .expect("a request");
    browser.send(request).await.is(StatusCode::OK);
    browser
}

async fn news(browser: &Browser<'_>) -> Value {
    let answer = browser.reads("/action/devices/news").await;
    answer.is(StatusCode::OK).json()
}

async fn events(app: &App, event: &str) -> usize {
    let all = format!("SELECT event FROM audit_event WHERE event = '{event}'");
    app.house.column(&all).await.len()
}

#[tokio::test]
async fn the_first_device_is_no_news_and_the_next_is_told_elsewhere_until_it_is_answered() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    assert_eq!(news(&maya).await, Value::Null);
    let page = maya.get("/dashboard").await.text();
    assert!(!page.contains("Was that you?"), "{page}");

    let there = signs_in(&app, FIREFOX).await;

    assert_eq!(news(&maya).await["device"], "Firefox on Linux");
    assert_eq!(news(&there).await, Value::Null, "it is told elsewhere");
    assert_eq!(events(&app, "new_device").await, 1);
    let page = maya.get("/dashboard").await.text();
    assert!(page.contains("New sign-in from Firefox on Linux"), "{page}");
    let answer = maya
        .form("/action/devices/accept", &[("device", "Firefox on Linux")])
        .await;
    assert_eq!(answer.is(StatusCode::SEE_OTHER).location(), "/dashboard");
    assert_eq!(news(&maya).await, Value::Null);

    // A newer version of the same program is no other device.
    signs_in(&app, NEXT_FIREFOX).await;
    assert_eq!(news(&maya).await, Value::Null);
    assert_eq!(events(&app, "new_device").await, 1);
}

#[tokio::test]
async fn whoever_it_was_is_signed_out_and_is_news_again_when_they_come_again() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let mine = signs_in(&app, SAFARI).await;
    let theirs = [signs_in(&app, FIREFOX).await, signs_in(&app, FIREFOX).await];
    let program = theirs[1].program().await;

    let answer = maya
        .form("/action/devices/deny", &[("device", "Firefox on Linux")])
        .await
        .is(StatusCode::SEE_OTHER);

    assert_eq!(answer.location(), "/settings/security?done=denied");
    let page = maya.get(answer.location()).await.text();
    assert!(page.contains("change it now"), "{page}");
    for browser in &theirs {
        assert_eq!(browser.reads("/api/auth/session").await.text(), "null");
    }
    program
        .get("/api/tasks")
        .await
        .says(latchkey::domain::Error::InvalidToken);
    for browser in [&maya, &mine] {
        assert_ne!(browser.reads("/api/auth/session").await.text(), "null");
    }
    assert_eq!(events(&app, "session_revoked").await, 2);
    assert_eq!(news(&maya).await["device"], "Safari on iPhone");

    signs_in(&app, FIREFOX).await;
    assert_eq!(events(&app, "new_device").await, 3);
}

#[tokio::test]
async fn a_new_device_cannot_answer_for_itself_nor_for_somebody_else() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let there = signs_in(&app, FIREFOX).await;
    let bob = app.person("Bob").await;
    let body = json!({ "device": "Firefox on Linux" });
    for path in ["/action/devices/accept", "/action/devices/deny"] {
        for browser in [&there, &bob] {
            browser.calls(path, &body).await.is(StatusCode::OK);
        }
    }
    assert_eq!(news(&maya).await["device"], "Firefox on Linux");
    assert_eq!(news(&bob).await, Value::Null);
    assert_ne!(there.reads("/api/auth/session").await.text(), "null");
    app.browser()
        .calls("/action/devices/accept", &body)
        .await
        .says(latchkey::domain::Error::Unauthorized);
}

#[tokio::test]
async fn a_device_that_calls_itself_something_else_is_shown_as_text() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    signs_in(&app, "<script>alert(1)</script>").await;
    let page = maya.get("/dashboard").await.text();
    assert!(page.contains("New sign-in from &lt;script&gt;"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
}
