//! Whatever another site makes a browser send: it changes nothing.

use crate::{
    secrets::everything,
    support::{
        PASSWORD,
        app::{App, Browser, request},
    },
};
use axum::body::Body;
use http::{Method, StatusCode};
use latchkey::domain::Error;
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;

/// A form as another site could send it, with the person's cookie: path, content type, body.
const FORMS: [(&str, &str, &str); 11] = [
    (
        "/api/auth/sign-out",
        "application/x-www-form-urlencoded",
        "",
    ),
    (
        "/api/auth/update-user",
        "application/x-www-form-urlencoded",
        "name=Eve",
    ),
    (
        "/action/tasks/create",
        "application/x-www-form-urlencoded",
        "title=Evil",
    ),
    ("/action/tasks/create", "text/plain", r#"{"title":"Evil"}"#),
    (
        "/action/tasks/create",
        "application/json",
        r#"{"title":"Evil"}"#,
    ),
    (
        "/action/tasks/create",
        "multipart/form-data; boundary=x",
        "--x--",
    ),
    (
        "/api/auth/change-password",
        "application/x-www-form-urlencoded",
        "currentPassword=three+words+apart&newPassword=chosen+by+eve",
    ),
    (
        "/api/auth/delete-user",
        "application/x-www-form-urlencoded",
        "password=three+words+apart",
    ),
    (
        "/api/auth/revoke-sessions",
        "application/x-www-form-urlencoded",
        "",
    ),
    (
        "/action/settings/look",
        "application/x-www-form-urlencoded",
        "theme=dark",
    ),
    ("/action/tasks/create", "", "title=Evil"),
];

/// What a browser says of a request that another site made.
const ELSEWHERE: [&[(&str, &str)]; 5] = [
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("sec-fetch-site", "cross-site")],
    &[
        ("sec-fetch-site", "same-site"),
        ("origin", "http://localhost:3001"),
    ],
    &[
        ("sec-fetch-site", "cross-site"),
        ("origin", "http://localhost:3000"),
    ],
];

async fn send(
    browser: &Browser<'_>,
    (path, kind, body): (&str, &str, &str),
    more: &[(&str, &str)],
) -> crate::support::app::Answer {
    let mut asked = request(Method::POST, path);
    if !kind.is_empty() {
        asked = asked.header("content-type", kind);
    }
    for &(name, value) in more {
        asked = asked.header(name, value);
    }
    let asked = asked.body(Body::from(body.to_owned())).expect("a request");
    browser.send(asked).await
}

/// All that could have been changed.
async fn state(app: &App) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "SELECT id FROM session ORDER BY id",
        "SELECT title FROM task ORDER BY id",
        "SELECT password FROM account ORDER BY id",
        "SELECT name || COALESCE(theme, '') FROM \"user\" ORDER BY id",
    ] {
        all.extend(app.house.column(sql).await);
    }
    all
}

#[tokio::test]
async fn b13_b15_nothing_is_changed_by_a_form_of_another_site() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let before = state(&app).await;
    let sign_in = format!(
        "email=maya@example.org&password={}",
        PASSWORD.replace(' ', "+")
    );
    let sign_up = format!(
        "name=Eve&email=eve@example.org&password={}",
        PASSWORD.replace(' ', "+")
    );
    let form = "application/x-www-form-urlencoded";

    for elsewhere in ELSEWHERE {
        for sent in FORMS {
            send(&maya, sent, elsewhere)
                .await
                .says(Error::InvalidOrigin);
        }
        for (path, body) in [
            ("/signin", &sign_in),
            ("/api/auth/sign-in", &sign_in),
            ("/signup", &sign_up),
            ("/api/auth/sign-up/email", &sign_up),
        ] {
            let stranger = app.browser();
            let answer = send(&stranger, (path, form, body), elsewhere)
                .await
                .says(Error::InvalidOrigin);
            assert!(answer.headers.get("set-cookie").is_none(), "{path}");
        }
    }
    let silent = send(&maya, FORMS[2], &[]).await;
    silent.says(Error::MissingOrigin);

    assert_eq!(state(&app).await, before);
    maya.get("/dashboard").await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_request_by_another_name_is_told_which_variable_to_set_to_what() {
    let app = App::open().await;
    let ask = async |method: Method, headers: &[(&str, &str)]| {
        let asked = headers
            .iter()
            .fold(
                http::Request::builder().method(method).uri("/signin"),
                |asked, (name, value)| asked.header(*name, *value),
            )
            .body(Body::empty())
            .expect("a request");
        app.ask(asked).await
    };
    let (lan, page) = (("host", "192.168.1.7:3000"), ("accept", "text/html"));
    let wanted = "PUBLIC_URL=http://192.168.1.7:3000";

    let problem = ask(Method::GET, &[lan]).await.says(Error::Misdirected);
    assert!(problem.text().contains(wanted), "{}", problem.text());
    let html = ask(Method::GET, &[lan, page]).await.text();
    assert!(html.contains(wanted), "{html}");

    let behind_tls = [
        ("host", "localhost:3000"),
        ("origin", "https://tasks.example.org"),
        ("sec-fetch-site", "same-origin"),
    ];
    let problem = ask(Method::POST, &behind_tls).await;
    let text = problem.says(Error::InvalidOrigin).text();
    assert!(
        text.contains("PUBLIC_URL=https://tasks.example.org"),
        "{text}"
    );
    let elsewhere = [
        ("host", "localhost:3000"),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let problem = ask(Method::POST, &elsewhere).await;
    assert!(!problem.says(Error::InvalidOrigin).text().contains("evil"));
}

#[tokio::test]
async fn b14_an_origin_that_only_looks_like_ours_is_not_ours() {
    let app = App::with(|config| {
        config.public_url = "https://tasks.example.org".parse().expect("an address");
        config.rate_limit = false;
    })
    .await;
    let body = format!(r#"{{"name":"Maya","email":"maya@example.org","password":"{PASSWORD}"}}"#);
    let ask = async |origin: &str| {
        let asked = http::Request::builder()
            .method(Method::POST)
            .uri("/api/auth/sign-up")
            .header("host", "tasks.example.org")
            .header("content-type", "application/json")
            .header("origin", origin)
            .body(Body::from(body.clone()))
            .expect("a request");
        app.ask(asked).await
    };
    for origin in [
        "http://tasks.example.org",
        "https://tasks.example.org.evil.example",
        "https://tasks.example.org:8443",
        "https://evil-tasks.example.org",
        "https://example.org",
        "https://tasks.example.org@evil.example",
        "https://tasks.example.org/",
        "",
        "null",
    ] {
        ask(origin).await.says(Error::InvalidOrigin);
    }
    assert!(app.house.column("SELECT id FROM \"user\"").await.is_empty());

    ask("https://tasks.example.org").await.is(StatusCode::OK);
}

#[tokio::test]
async fn b16_no_get_changes_anything_and_no_odd_content_type_is_read() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let before = everything(&app).await;
    // Every server function that changes something: one that is added is among them.
    let doors = server_fn_paths().filter(|(_, method)| *method == Method::POST);
    let doors: Vec<_> = doors.map(|(path, _)| path).collect();
    assert!(doors.len() >= 40, "{doors:?}");
    // A letter's link is followed with a GET, which leads a browser to the page (`address.rs`).
    for path in doors
        .into_iter()
        .filter(|path| *path != "/api/auth/verify-email")
    {
        let path = format!("{path}?title=Evil&theme=dark&name=Eve&email=maya@example.org");
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            let asked = request(method.clone(), &path)
                .header("sec-fetch-site", "same-origin")
                .header("x-http-method-override", "POST")
                .body(Body::empty())
                .expect("a request");
            let answer = maya.send(asked).await;
            assert_eq!(
                answer.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            assert_eq!(answer.header("allow"), "POST", "{method} {path}");
        }
    }
    let ours = [("sec-fetch-site", "same-origin")];
    for kind in [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
    ] {
        send(
            &maya,
            ("/action/tasks/create", kind, r#"{"title":"Evil"}"#),
            &ours,
        )
        .await
        .says(Error::UnsupportedMediaType);
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn t2_b16_whatever_is_asked_with_a_get_not_a_row_is_another_afterwards() {
    let app = App::with(|config| config.rate_limit = false).await;
    let (maya, stranger) = (app.person("Maya").await, app.browser());
    let id = maya.reads("/api/auth/session").await.json()["user"]["id"].clone();
    let query = format!("id={}&q=plants&done=1", id.as_str().expect("an id"));
    // That a token was made stands in the log: it is signed and not kept, and nothing else is another for it.
    let rows = async || -> BTreeSet<String> {
        let all = everything(&app).await;
        let kept = all.lines().filter(|row| !row.contains("token_created"));
        kept.map(str::to_owned).collect()
    };
    let before = rows().await;
    let doors = server_fn_paths().filter(|(_, method)| *method == Method::GET);
    let doors: Vec<_> = doors.map(|(path, _)| path).collect();
    assert!(doors.len() >= 20, "{doors:?}");
    for path in doors {
        for browser in [&maya, &stranger] {
            for asked in [path.to_owned(), format!("{path}?{query}")] {
                let answer = browser.reads(&asked).await;
                assert!(!answer.status.is_server_error(), "{asked}");
            }
        }
        let after = rows().await;
        let other: Vec<_> = before.symmetric_difference(&after).collect();
        assert!(other.is_empty(), "{path}: {other:?}");
    }
}

#[tokio::test]
async fn b26_no_header_names_another_path_or_person() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let id = maya.reads("/api/auth/session").await.json()["user"]["id"].clone();
    let id = id.as_str().expect("an id");
    for (name, value) in [
        ("x-original-url", "/dashboard"),
        ("x-rewrite-url", "/dashboard"),
        (
            "x-middleware-subrequest",
            "middleware:middleware:middleware",
        ),
        ("x-user-id", id),
        ("x-forwarded-user", "maya@example.org"),
        ("remote-user", "maya@example.org"),
        ("x-http-method-override", "DELETE"),
    ] {
        let asked = |path| {
            request(Method::GET, path)
                .header(name, value)
                .body(Body::empty())
                .expect("a request")
        };
        let page = app.ask(asked("/dashboard")).await.is(StatusCode::SEE_OTHER);
        assert!(page.body.is_empty(), "{name}");
        app.ask(asked("/signin")).await.is(StatusCode::OK);
        app.ask(asked("/api/tasks")).await.says(Error::Unauthorized);
        assert_eq!(
            app.ask(asked("/api/auth/session")).await.text(),
            "null",
            "{name}"
        );
    }
}

#[tokio::test]
async fn what_another_site_sends_stands_in_the_log_of_whoever_is_signed_in_a_few_times_a_minute() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let sent = |browser: Option<String>| {
        let mut asked = request(Method::POST, "/action/tasks/create")
            .header("origin", "https://evil.example")
            .body(Body::empty())
            .expect("a request");
        if let Some(cookie) = browser {
            let cookie = cookie.parse().expect("a header");
            asked.headers_mut().insert("cookie", cookie);
        }
        app.ask(asked)
    };
    for _ in 0..30 {
        sent(maya.cookie_header()).await.says(Error::InvalidOrigin);
    }
    sent(None).await.says(Error::InvalidOrigin);
    let unknown = "latchkey_session=AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    sent(Some(unknown)).await.says(Error::InvalidOrigin);
    let rows = "SELECT user_id FROM audit_event WHERE event = 'origin_refused'";
    let rows = app.house.column(rows).await.len();
    assert!((10..=20).contains(&rows), "{rows}");
}

#[tokio::test]
async fn a_form_on_another_name_of_home_keeps_its_place() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let asked = request(Method::POST, "/action/tasks/create")
        .header("accept", "text/html")
        .header("origin", "http://127.0.0.1:3000")
        .header("referer", "http://127.0.0.1:3000/dashboard?q=milk")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("title=Milk".into())
        .expect("a request");
    let answer = maya.send(asked).await.is(StatusCode::SEE_OTHER);
    assert!(
        answer.location().contains("q=milk"),
        "{}",
        answer.location()
    );
}

#[tokio::test]
async fn whoever_asks_for_the_head_alone_changes_nothing() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    for (path, allowed) in [
        ("/api/auth/token", "GET,POST"),
        ("/api/auth/verify-email?token=x", "GET,POST"),
    ] {
        let asked = request(Method::HEAD, path).body(Body::empty());
        let answer = maya.send(asked.expect("a request")).await;
        let answer = answer.is(StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
    let rows = "SELECT id FROM audit_event WHERE event = 'token_created'";
    assert!(app.house.column(rows).await.is_empty());
}

#[tokio::test]
async fn of_nothing_it_does_not_matter_what_it_would_have_been() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let asked = request(Method::POST, "/api/auth/sign-out")
        .header("origin", "http://localhost:3000")
        .header("content-type", "text/plain")
        .body(Body::empty())
        .expect("a request");
    maya.send(asked).await.is(StatusCode::OK);
}
