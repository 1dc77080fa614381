//! Who one is: the session, its token, and the guard before the pages.

use crate::support::{
    PASSWORD,
    app::{App, request},
};
use axum::body::Body;
use http::{Method, StatusCode};
use latchkey::domain::Error;
use serde_json::Value;

#[tokio::test]
async fn a104_a_strangers_session_is_null_with_200() {
    let app = App::open().await;
    for path in ["/api/auth/session", "/api/auth/get-session"] {
        let answer = app.browser().reads(path).await.is(StatusCode::OK);
        assert_eq!(
            (answer.text().as_str(), answer.header("cache-control")),
            ("null", "no-store")
        );
        assert!(
            answer.headers.get("set-cookie").is_none(),
            "a stranger gets no cookie"
        );
    }
}

#[tokio::test]
async fn a16_session_token_is_the_bearer_token_as_the_plan_writes_it() {
    let app = App::open().await;
    let browser = app.person("Maya").await;

    let answer = browser
        .reads("/api/auth/session")
        .await
        .is(StatusCode::OK)
        .json();

    let mut program = app.program();
    program.token = answer["session"]["token"].as_str().map(str::to_owned);
    program.get("/api/tasks").await.is(StatusCode::OK);
    let members: Vec<_> = answer["session"]
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    let mut expected = [
        "id",
        "token",
        "userId",
        "expiresAt",
        "createdAt",
        "updatedAt",
        "ipAddress",
        "userAgent",
    ];
    expected.sort_unstable();
    let mut members_sorted = members.clone();
    members_sorted.sort();
    assert_eq!(members_sorted, expected);
    for time in ["expiresAt", "createdAt", "updatedAt"] {
        let text = answer["session"][time].as_str().expect("a time");
        assert!(
            text.len() == 24 && text.ends_with('Z') && text.as_bytes()[19] == b'.',
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_token_is_read_or_posted_and_says_when_it_ends() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    for answer in [
        browser.reads("/api/auth/token").await,
        browser
            .calls("/api/auth/token", &Value::Object(serde_json::Map::new()))
            .await,
    ] {
        let body = answer.is(StatusCode::OK).json();
        assert_eq!(body["tokenType"], "Bearer");
        assert!(body["expiresAt"].is_string() && body["token"].is_string());
    }
    app.browser()
        .reads("/api/auth/token")
        .await
        .says(Error::Unauthorized);
}

#[tokio::test]
async fn a2_a_cookie_alone_is_never_enough_at_the_api() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let answer = browser.reads("/api/tasks").await.says(Error::Unauthorized);
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Bearer realm="latchkey""#
    );
}

#[tokio::test]
async fn a40_a_stranger_is_sent_to_sign_in_with_nothing_of_the_page() {
    let app = App::open().await;
    for (path, to) in [
        ("/dashboard", "/signin?next=%2Fdashboard"),
        (
            "/dashboard?filter=done&q=milk",
            "/signin?next=%2Fdashboard%3Ffilter%3Ddone%26q%3Dmilk",
        ),
        ("/settings", "/signin?next=%2Fsettings"),
        ("/settings/api", "/signin?next=%2Fsettings%2Fapi"),
    ] {
        for accept in ["text/html", "*/*"] {
            let asked = request(Method::GET, path)
                .header("accept", accept)
                .body(Body::empty())
                .expect("a request");
            let answer = app.ask(asked).await.is(StatusCode::SEE_OTHER);
            assert_eq!((answer.location(), answer.body.len()), (to, 0));
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test]
async fn a39_whoever_is_signed_in_is_led_past_the_doors() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    for (path, to) in [
        ("/", "/dashboard"),
        ("/signin", "/dashboard"),
        ("/signup", "/dashboard"),
        ("/signin?next=/settings", "/settings"),
        ("/signin?next=//evil", "/dashboard"),
    ] {
        assert_eq!(
            browser.get(path).await.is(StatusCode::SEE_OTHER).location(),
            to,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_leads_back_to_where_one_was() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    app.house.run("DELETE FROM session").await;

    let id = uuid::Uuid::now_v7().to_string();
    let answer = browser
        .form_from(
            "/dashboard?filter=all",
            "/action/tasks/complete",
            &[("id", &id), ("completed", "true")],
        )
        .await;

    assert_eq!(
        answer.is(StatusCode::SEE_OTHER).location(),
        "/signin?next=%2Fdashboard%3Ffilter%3Dall"
    );
}

#[tokio::test]
async fn what_was_written_when_the_session_ended_stands_above_the_sign_in() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    app.house.run("DELETE FROM session").await;

    let page = browser
        .form_from(
            "/dashboard?filter=all",
            "/action/tasks/create",
            &[("title", "Milk & <b>honey</b>")],
        )
        .await
        .is(StatusCode::UNAUTHORIZED)
        .text();

    assert!(
        page.contains("You were signed out, so this was not saved."),
        "{page}"
    );
    assert!(page.contains("Milk &amp; &lt;b>honey&lt;/b>"), "{page}");
    assert!(
        page.contains(r#"name="next" value="/dashboard?filter=all""#),
        "{page}"
    );
}

#[tokio::test]
async fn b39_only_the_exact_cookie_counts_and_two_of_them_are_none() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let good = browser.cookie_header().expect("a cookie");
    let other = app.person("Grace").await.cookie_header().expect("a cookie");
    let seen = async |cookie: String| {
        let asked = request(Method::GET, "/api/auth/session")
            .header("cookie", cookie)
            .body(Body::empty())
            .expect("a request");
        app.ask(asked).await.is(StatusCode::OK).text()
    };

    assert!(seen(good.clone()).await.contains("Maya"));
    assert!(
        seen(format!("__Host-latchkey_session=ATT; {good}"))
            .await
            .contains("Maya")
    );
    assert_eq!(seen(format!("{good}; {other}")).await, "null");
    assert_eq!(seen(format!("{good}; latchkey_session=x")).await, "null");
    assert_eq!(seen("latchkey_session=%00%ff;;;=".to_owned()).await, "null");
}

#[tokio::test]
async fn b12_a_slow_request_cannot_bring_a_session_back() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let cookie = browser.cookie_header().expect("a cookie");
    let slow = request(Method::POST, "/action/tasks/create")
        .header("cookie", &cookie)
        .header("content-type", "application/json")
        .header("origin", crate::support::app::ORIGIN);
    let go_on = std::sync::Arc::new(tokio::sync::Notify::new());
    let wait = go_on.clone();
    let body = Body::from_stream(futures::stream::once(async move {
        wait.notified().await;
        Ok::<_, std::convert::Infallible>(r#"{"title":"late"}"#)
    }));

    let late = app.ask(slow.body(body).expect("a request"));
    let out = async {
        browser
            .calls("/api/auth/sign-out", &serde_json::json!({}))
            .await
            .is(StatusCode::OK);
        go_on.notify_one();
    };
    let (late, ()) = tokio::join!(late, out);

    late.says(Error::Unauthorized);
    let asked = request(Method::GET, "/api/auth/session")
        .header("cookie", cookie)
        .body(Body::empty())
        .expect("a request");
    assert_eq!(app.ask(asked).await.text(), "null");
    assert!(app.house.column("SELECT id FROM session").await.is_empty());
}

#[tokio::test]
async fn a_disabled_or_deleted_person_is_signed_out_at_once() {
    for end in [
        "UPDATE \"user\" SET disabled_at = 1",
        "DELETE FROM \"user\"",
    ] {
        let app = App::open().await;
        let browser = app.person("Maya").await;
        let program = browser.program().await;

        app.house.run(end).await;

        assert_eq!(
            browser.reads("/api/auth/session").await.text(),
            "null",
            "{end}"
        );
        program.get("/api/tasks").await.says(Error::InvalidToken);
        let again = serde_json::json!({ "email": "maya@example.org", "password": PASSWORD });
        app.browser()
            .calls("/api/auth/sign-in", &again)
            .await
            .says(Error::InvalidCredentials);
    }
}

#[tokio::test]
async fn f90_other_lengths_of_time_hold_at_the_door() {
    let app = App::with(|config| {
        (config.session_ttl, config.token_ttl) = (7200, 600);
    })
    .await;
    let browser = app.person("Maya").await;
    let signed_in = browser
        .calls(
            "/api/auth/sign-in",
            &serde_json::json!({ "email": "maya@example.org", "password": PASSWORD }),
        )
        .await
        .is(StatusCode::OK);
    let cookie = signed_in.header("set-cookie");
    let age = cookie.split("Max-Age=").nth(1).expect("an age");
    let age: i64 = age.split(';').next().unwrap_or(age).parse().expect("it");
    assert!((7000..=7200).contains(&age), "{cookie}");

    let token = browser.reads("/api/auth/token").await.is(StatusCode::OK);
    let token = token.json()["token"].as_str().map(str::to_owned);
    let mut program = app.program();
    program.token.clone_from(&token);
    program.get("/api/tasks").await.is(StatusCode::OK);
    let claims = app.state.keys.read(&token.expect("a token"));
    let claims = claims.expect("a good one");
    assert_eq!(claims.exp - claims.iat, 600);

    // The session goes first when it is the shorter of the two.
    let hour = "UPDATE session SET expires_at = expires_at - 7200000 + 300000";
    app.house.run(hour).await;
    let token = browser.reads("/api/auth/token").await.json()["token"].clone();
    let claims = app.state.keys.read(token.as_str().expect("a token"));
    let claims = claims.expect("a good one");
    assert!(claims.exp - claims.iat <= 300, "{claims:?}");
    app.house
        .run("UPDATE session SET expires_at = expires_at - 300000")
        .await;
    assert_eq!(browser.reads("/api/auth/session").await.text(), "null");
}
