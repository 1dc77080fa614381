//! Signing in and out, through the front door: by form and by JSON.

use crate::support::{PASSWORD, app::App};
use http::StatusCode;
use latchkey::domain::Error;
use password_hash::PasswordHasher as _;
use serde_json::{Value, json};

fn maya(password: &str) -> Value {
    json!({ "email": "maya@example.org", "password": password })
}

#[tokio::test]
async fn a99_sign_in_answers_with_a_token_that_the_api_takes() {
    let app = App::open().await;
    app.person("Maya").await;

    let answer = app
        .browser()
        .calls("/api/auth/sign-in", &maya(PASSWORD))
        .await
        .is(StatusCode::OK)
        .json();

    assert_eq!(answer["redirect"], false);
    assert!(answer.get("url").is_none());
    let mut program = app.program();
    program.token = answer["token"].as_str().map(str::to_owned);
    program.get("/api/tasks").await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_callback_of_this_site_is_where_the_answer_leads() {
    let app = App::open().await;
    app.person("Maya").await;
    let mut body = maya(PASSWORD);
    body["callbackURL"] = json!("/settings");

    let answer = app
        .browser()
        .calls("/api/auth/sign-in/email", &body)
        .await
        .is(StatusCode::OK)
        .json();

    assert_eq!(
        (&answer["redirect"], &answer["url"]),
        (&json!(true), &json!("/settings"))
    );
    body["callbackURL"] = json!("https://evil.example/");
    app.browser()
        .calls("/api/auth/sign-in", &body)
        .await
        .says(Error::InvalidCallbackUrl);
}

#[tokio::test]
async fn b21_an_unknown_address_and_a_wrong_password_get_the_same_answer() {
    let app = App::open().await;
    app.person("Maya").await;
    let unknown = json!({ "email": "nobody@example.org", "password": PASSWORD });

    let one = app
        .browser()
        .calls("/api/auth/sign-in", &maya("not the password"))
        .await
        .says(Error::InvalidCredentials);
    let other = app
        .browser()
        .calls("/api/auth/sign-in", &unknown)
        .await
        .says(Error::InvalidCredentials);

    let without_id = |mut body: Value| {
        body["instance"] = Value::Null;
        body
    };
    assert_eq!(without_id(one.json()), without_id(other.json()));
    assert!(one.headers.get("set-cookie").is_none() && other.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn a42_without_javascript_a_wrong_password_is_the_same_page_with_the_address_kept() {
    let app = App::open().await;
    app.person("Maya").await;
    let form = [
        ("email", "maya@example.org"),
        ("password", "not the password"),
        ("next", "/settings"),
    ];

    let page = app
        .browser()
        .form("/signin", &form)
        .await
        .is(StatusCode::UNAUTHORIZED)
        .text();

    assert!(page.contains(Error::InvalidCredentials.message()), "{page}");
    assert!(page.contains("value=\"maya@example.org\""));
    assert!(
        page.contains("value=\"/settings\""),
        "it still knows where to go afterwards"
    );
    assert!(!page.contains("not the password"));
}

#[tokio::test]
async fn b19_after_signing_in_one_is_on_this_site_whatever_next_says() {
    let app = App::open().await;
    app.person("Maya").await;
    for evil in [
        "//evil",
        "/\\evil",
        "/%09/evil",
        "https:evil",
        "https://good@evil",
        "\\/\\/evil",
        "/%2f%2fevil",
        "javascript:alert(1)",
        "data:text/html,x",
        "/%0d%0aSet-Cookie:x=1",
        "//evil%2f..",
    ] {
        let form = [
            ("email", "maya@example.org"),
            ("password", PASSWORD),
            ("next", evil),
        ];
        let answer = app
            .browser()
            .form("/signin", &form)
            .await
            .is(StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/dashboard", "{evil:?}");
    }
}

#[tokio::test]
async fn b19_a_referer_of_another_site_is_never_gone_back_to() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let request = crate::support::app::request(http::Method::POST, "/action/tasks/create")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("referer", "https://evil.example/page")
        .body("title=Water+the+plants".into())
        .expect("a request");

    let answer = browser.send(request).await.is(StatusCode::SEE_OTHER);

    assert!(
        answer.location().starts_with("/dashboard?added="),
        "{}",
        answer.location()
    );
}

#[tokio::test]
async fn b19b_the_address_cannot_make_a_page_say_something() {
    let app = App::open().await;
    for text in ["Q2FsbCArMS01NTU=", "eyJlcnJvciI6IkNhbGwgKzEtNTU1In0="] {
        let page = app
            .browser()
            .get(&format!(
                "/signin?__path=/api/auth/sign-in&__err={text}&done=Call+1-555&added=Call+1-555"
            ))
            .await;
        assert!(!page.is(StatusCode::OK).text().contains("1-555"));
    }
}

#[tokio::test]
async fn of_many_who_sign_in_at_once_while_their_hash_is_renewed_all_come_in() {
    let app = App::open().await;
    app.person("Maya").await;
    let weak = argon2::Params::new(4096, 3, 1, None).expect("parameters");
    let weak = argon2::Argon2::from(weak).hash_password(PASSWORD.as_bytes());
    let weak = weak.expect("a hash");
    app.house
        .run(&format!("UPDATE account SET password = '{weak}'"))
        .await;
    let comers = (0..4).map(|_| async {
        let claim = json!({ "email": "maya@example.org", "password": PASSWORD });
        app.browser().calls("/api/auth/sign-in", &claim).await
    });
    for answer in futures::future::join_all(comers).await {
        answer.is(StatusCode::OK);
    }
    let stored = app.house.column("SELECT password FROM account").await;
    assert!(stored[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

#[tokio::test]
async fn without_keep_me_signed_in_the_cookie_ends_with_the_browser_and_the_session_within_a_day() {
    let app = App::open().await;
    app.person("Maya").await;
    let form = |remember: &'static str| {
        [
            ("email", "maya@example.org"),
            ("password", PASSWORD),
            (remember, "true"),
        ]
    };

    let kept = app.browser().form("/signin", &form("rememberMe")).await;
    let short = app.browser().form("/signin", &form("somethingElse")).await;

    assert!(kept.header("set-cookie").contains("Max-Age="));
    let short = short.header("set-cookie");
    assert!(short.starts_with("latchkey_session=") && !short.contains("Max-Age="));
    let ends = app
        .house
        .column("SELECT CAST(MIN(expires_at - created_at) AS TEXT) FROM session")
        .await;
    assert_eq!(ends, [(24 * 60 * 60 * 1000).to_string()]);
}

#[tokio::test]
async fn a_session_that_ends_because_somebody_signs_in_over_it_stands_in_its_owners_log() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let first = browser.reads("/api/auth/session").await.json();
    app.person("Ada").await;
    let ada = json!({ "email": "ada@example.org", "password": PASSWORD });
    browser
        .calls("/api/auth/sign-in", &ada)
        .await
        .is(StatusCode::OK);

    let rows = app
        .house
        .column(
            "SELECT user_id || ' ' || session_id FROM audit_event WHERE event = 'session_revoked'",
        )
        .await;

    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (user, session) = (text(&first["user"]["id"]), text(&first["session"]["id"]));
    assert_eq!(rows, [format!("{user} {session}")]);
}

#[tokio::test]
async fn a102_e_sign_out_ends_the_cookie_and_every_token_of_the_session_and_no_other() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let (first, again) = (browser.program().await, browser.program().await);
    let other = app.browser();
    other
        .calls("/api/auth/sign-in", &maya(PASSWORD))
        .await
        .is(StatusCode::OK);
    let elsewhere = other.program().await;
    let cookie = browser.cookie_header().expect("a cookie");

    let answer = browser
        .calls("/api/auth/sign-out", &json!({}))
        .await
        .is(StatusCode::OK);

    assert_eq!(answer.json(), json!({ "success": true }));
    for _ in 0..20 {
        first.get("/api/tasks").await.says(Error::InvalidToken);
        again.get("/api/tasks").await.says(Error::InvalidToken);
    }
    elsewhere.get("/api/tasks").await.is(StatusCode::OK);
    let with_old_cookie = crate::support::app::request(http::Method::GET, "/api/auth/session")
        .header("cookie", cookie)
        .body(axum::body::Body::empty())
        .expect("a request");
    assert_eq!(app.ask(with_old_cookie).await.text(), "null");
}

#[tokio::test]
async fn b38_sign_out_takes_the_cookie_away_with_the_attributes_it_was_given() {
    let app = App::open().await;
    let browser = app.person("Maya").await;

    let answer = browser
        .form("/api/auth/sign-out", &[])
        .await
        .is(StatusCode::SEE_OTHER);

    assert_eq!(answer.location(), "/signin?done=signed-out");
    assert!(app.house.column("SELECT id FROM session").await.is_empty());
    let cookie = answer.header("set-cookie");
    for attribute in ["latchkey_session=;", "Path=/", "Max-Age=0", "HttpOnly"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert_eq!(
        browser
            .get("/dashboard")
            .await
            .is(StatusCode::SEE_OTHER)
            .location(),
        "/signin?next=%2Fdashboard"
    );
}

#[tokio::test]
async fn a15_signing_out_is_no_get() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let answer = browser
        .reads("/api/auth/sign-out")
        .await
        .says(Error::MethodNotAllowed);
    assert_eq!(answer.header("allow"), "POST");
    browser.get("/dashboard").await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_function_without_input_takes_an_empty_body_without_a_type() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    for path in ["/api/auth/token", "/api/auth/sign-out"] {
        let request = crate::support::app::request(http::Method::POST, path)
            .header("origin", crate::support::app::ORIGIN)
            .body(axum::body::Body::empty())
            .expect("a request");
        browser.send(request).await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn a_function_without_input_refuses_a_body_that_is_no_json() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    let sends = async |path: &str, body: &'static str| {
        let request = crate::support::app::request(http::Method::POST, path)
            .header("origin", crate::support::app::ORIGIN)
            .header("content-type", "application/json")
            .body(body.into())
            .expect("a request");
        browser.send(request).await
    };
    for path in ["/api/auth/token", "/api/auth/sign-out"] {
        for body in ["{", r#"{"a":"#, "{} {", "x"] {
            sends(path, body).await.says(Error::Malformed);
        }
        sends(path, "[]").await.says(Error::Validation);
    }
    sends("/api/auth/token", "{}").await.is(StatusCode::OK);
    sends("/api/auth/sign-out", "{}").await.is(StatusCode::OK);
}

#[tokio::test]
async fn an_odd_callback_is_refused_and_an_empty_one_is_none() {
    let app = App::open().await;
    app.person("Maya").await;
    for (callback, status) in [
        (
            "http://localhost:3000\\@evil.example/",
            StatusCode::FORBIDDEN,
        ),
        ("/dash\\board", StatusCode::FORBIDDEN),
        ("http://localhost:3000/a\tb", StatusCode::FORBIDDEN),
        (" http://localhost:3000/", StatusCode::FORBIDDEN),
        ("", StatusCode::OK),
    ] {
        let claim =
            json!({ "email": "maya@example.org", "password": PASSWORD, "callbackURL": callback });
        let answer = app.browser().calls("/api/auth/sign-in", &claim).await;
        let answer = answer.is(status);
        if status == StatusCode::OK {
            assert_eq!(answer.json()["redirect"], false);
        }
    }
}
