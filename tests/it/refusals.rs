//! What is refused at the front door, wherever: a whole problem for programs, a whole page for people, and nothing of the inside.

use crate::support::app::{Answer, App};
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use latchkey::domain::Error;
use serde_json::json;

const HOST: (&str, &str) = ("host", "tasks.example.org");
const OURS: (&str, &str) = ("origin", "https://tasks.example.org");
const JSON: (&str, &str) = ("content-type", "application/json");
const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

const SIGN_IN: &str = "/api/auth/sign-in";

/// A request that is refused, and with what.
struct Case {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: String,
    error: Error,
}

fn case(method: Method, path: &str, headers: &[(&'static str, &str)], error: Error) -> Case {
    let named = headers.iter().any(|(name, _)| *name == "host");
    let host = (!named).then_some(HOST);
    Case {
        method,
        path: path.to_owned(),
        headers: headers
            .iter()
            .copied()
            .chain(host)
            .map(|(name, value)| (name, value.to_owned()))
            .collect(),
        body: String::new(),
        error,
    }
}

fn posts(path: &str, headers: &[(&'static str, &str)], body: &str, error: Error) -> Case {
    Case {
        body: body.to_owned(),
        ..case(Method::POST, path, headers, error)
    }
}

async fn house() -> App {
    App::with(|config| {
        config.public_url = "https://tasks.example.org".parse().expect("an address");
        config.rate_limit = false;
    })
    .await
}

async fn sends(app: &App, case: &Case, more: &[(&str, &str)]) -> Answer {
    let asked = Request::builder()
        .method(case.method.clone())
        .uri(&case.path);
    let asked = case
        .headers
        .iter()
        .fold(asked, |asked, (name, value)| asked.header(*name, value));
    let asked = more
        .iter()
        .fold(asked, |asked, (name, value)| asked.header(*name, *value));
    let asked = asked.body(Body::from(case.body.clone()));
    app.ask(asked.expect("a request")).await
}

/// What every way of refusing there is looks like, with a token of Maya's.
fn cases(token: &str) -> Vec<Case> {
    let bearer = format!("Bearer {token}");
    let maya = ("authorization", bearer.as_str());
    let large = format!(r#"{{"title":"{}"}}"#, "x".repeat(70_000));
    // Within the limit of a body, and deeper than any stack likes.
    let deep = format!(
        r#"{{"title":{}{}}}"#,
        "[".repeat(30_000),
        "]".repeat(30_000)
    );
    let cookie = "__Host-latchkey_session=AAAAAAAAAAAAAAAAAAAAAA";
    let (get, put, delete) = (Method::GET, Method::PUT, Method::DELETE);
    vec![
        case(get.clone(), "/nothing", &[], Error::NotFound),
        case(get.clone(), "/api/nothing", &[], Error::NotFound),
        case(get.clone(), "/pkg/nothing.js", &[], Error::NotFound),
        case(put, "/signin", &[OURS], Error::MethodNotAllowed),
        case(delete, "/api/tasks", &[], Error::MethodNotAllowed),
        case(
            get.clone(),
            "/signin",
            &[("host", "evil.example")],
            Error::Misdirected,
        ),
        case(get.clone(), "/api/tasks", &[], Error::Unauthorized),
        case(
            get.clone(),
            "/api/tasks",
            &[("authorization", "Bearer a.b.c")],
            Error::InvalidToken,
        ),
        case(get.clone(), "/api/tasks/x", &[maya], Error::TaskNotFound),
        case(
            get.clone(),
            "/api/tasks?limit=0",
            &[maya],
            Error::Unprocessable,
        ),
        case(
            get.clone(),
            "/action/admin/people/list",
            &[],
            Error::Unauthorized,
        ),
        case(get, "/api/auth/token", &[], Error::Unauthorized),
        posts("/api/tasks", &[maya, JSON], "[[[", Error::Malformed),
        posts("/api/tasks", &[maya, JSON], &deep, Error::Malformed),
        posts("/api/tasks", &[maya, JSON], "{}", Error::Unprocessable),
        posts("/api/tasks", &[maya], "{}", Error::UnsupportedMediaType),
        posts("/api/tasks", &[maya, JSON], &large, Error::PayloadTooLarge),
        posts(SIGN_IN, &[OURS, JSON], "{", Error::Malformed),
        posts(SIGN_IN, &[OURS, JSON], &deep, Error::Malformed),
        posts(SIGN_IN, &[OURS, JSON], r#"{"email":1}"#, Error::Validation),
        posts(
            SIGN_IN,
            &[OURS, JSON],
            r#"{"email":"maya@example.org","password":"wrong"}"#,
            Error::InvalidCredentials,
        ),
        posts(
            SIGN_IN,
            &[OURS, ("content-type", "application/xml")],
            "<a/>",
            Error::UnsupportedMediaType,
        ),
        posts(
            SIGN_IN,
            &[("origin", "https://evil.example"), JSON],
            "{}",
            Error::InvalidOrigin,
        ),
        posts(
            SIGN_IN,
            &[("cookie", cookie), JSON],
            "{}",
            Error::MissingOrigin,
        ),
        posts(
            "/api/auth/reset-password",
            &[OURS, JSON],
            r#"{"token":"x","newPassword":"another three words"}"#,
            Error::InvalidResetToken,
        ),
    ]
}

/// What only the machinery says.
const INSIDE: [&str; 13] = [
    "sqlx",
    "sea_orm",
    "SeaORM",
    "DbErr",
    "panicked",
    "axum",
    "leptos_",
    "leptos::",
    "server function",
    "serde",
    "missing field",
    "src/",
    "SELECT ",
];

#[track_caller]
fn is_protected(answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "strict-transport-security",
            "max-age=31536000; includeSubDomains",
        ),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert!(!answer.header("permissions-policy").is_empty());
    assert!(!answer.headers.contains_key(header::SERVER));
    let text = answer.text();
    for word in INSIDE {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[track_caller]
fn is_a_problem(answer: Answer, error: Error) {
    is_protected(&answer);
    let policy = answer.header(header::CONTENT_SECURITY_POLICY);
    assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
    let answer = answer.says(error);
    let body = answer.json();
    for member in ["type", "title", "detail", "instance", "code"] {
        let is_said = body[member].as_str().is_some_and(|said| !said.is_empty());
        assert!(is_said, "{member}: {body}");
    }
    let id = answer.header("x-request-id");
    assert!(!id.is_empty() && body["instance"] == id, "{body}");
}

#[track_caller]
fn is_a_page(answer: &Answer, error: Error) {
    is_protected(answer);
    assert_eq!(answer.status, error.status(), "{error:?}");
    let kind = answer.header(header::CONTENT_TYPE);
    assert!(kind.starts_with("text/html"), "{error:?}: {kind}");
    let (policy, page) = (
        answer.header(header::CONTENT_SECURITY_POLICY),
        answer.text(),
    );
    assert!(
        policy.contains("script-src 'self' 'nonce-") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    assert!(page.contains("<h1") && page.contains("</html>"), "{page}");
}

#[tokio::test]
async fn a18_a19_a23_b29_whatever_is_refused_at_the_front_door_is_a_whole_problem_without_inside_words()
 {
    let app = house().await;
    let token = token(&app).await;
    for case in cases(&token) {
        is_a_problem(sends(&app, &case, &[]).await, case.error);
    }
    app.house.db.close().await;
    let maya = format!("Bearer {token}");
    for (path, more) in [
        ("/api/tasks", ("authorization", maya.as_str())),
        (
            "/api/auth/list-sessions",
            ("cookie", "__Host-latchkey_session=AAAAAAAAAAAAAAAAAAAAAA"),
        ),
    ] {
        let case = case(Method::GET, path, &[more], Error::Unavailable);
        is_a_problem(sends(&app, &case, &[]).await, case.error);
    }
}

/// The same at the doors of people.
fn cases_of_people() -> Vec<Case> {
    let form = ("content-type", "application/x-www-form-urlencoded");
    let long = format!("email={}", "x".repeat(70_000));
    let cookie = "__Host-latchkey_session=AAAAAAAAAAAAAAAAAAAAAA";
    vec![
        case(Method::GET, "/nothing", &[], Error::NotFound),
        case(Method::GET, "/settings/nothing", &[], Error::NotFound),
        case(Method::PUT, "/signin", &[OURS], Error::MethodNotAllowed),
        case(
            Method::GET,
            "/",
            &[("host", "evil.example")],
            Error::Misdirected,
        ),
        posts("/signin", &[OURS, form], &long, Error::PayloadTooLarge),
        posts(
            "/signin",
            &[OURS, ("content-type", "text/xml")],
            "<a/>",
            Error::UnsupportedMediaType,
        ),
        posts(
            "/signin",
            &[("origin", "null"), form],
            "",
            Error::InvalidOrigin,
        ),
        posts(
            "/signin",
            &[("cookie", cookie), form],
            "",
            Error::MissingOrigin,
        ),
        posts(
            "/signin",
            &[OURS, form],
            "email=maya%40example.org&password=wrong",
            Error::InvalidCredentials,
        ),
        posts(
            "/signup",
            &[OURS, form],
            "name=Maya&email=maya%40example.org&password=short",
            Error::PasswordTooShort,
        ),
        posts(
            "/reset-password",
            &[OURS, form],
            "token=x&newPassword=another+three+words",
            Error::InvalidResetToken,
        ),
    ]
}

#[tokio::test]
async fn a19_a21_a22_people_get_a_page_that_says_it_and_runs_nothing_but_ours() {
    let app = house().await;
    token(&app).await;
    for case in cases_of_people() {
        is_a_page(&sends(&app, &case, &[HTML]).await, case.error);
    }
}

#[tokio::test]
async fn a18_whoever_ranks_a_problem_above_a_page_or_refuses_pages_gets_a_problem() {
    let app = house().await;
    let case = case(Method::GET, "/nothing", &[], Error::NotFound);
    for accept in [
        "text/html;q=0",
        "application/problem+json, text/html;q=0.1",
        "*/*",
    ] {
        is_a_problem(
            sends(&app, &case, &[("accept", accept)]).await,
            Error::NotFound,
        );
    }
    for accept in ["TEXT/HTML", "application/json;q=0.9, text/html"] {
        is_a_page(
            &sends(&app, &case, &[("accept", accept)]).await,
            Error::NotFound,
        );
    }
}

/// Somebody to be refused, and their token.
async fn token(app: &App) -> String {
    let account = json!({ "name": "Maya", "email": "maya@example.org", "password": crate::support::PASSWORD });
    let case = posts(
        "/api/auth/sign-up",
        &[OURS, JSON],
        &account.to_string(),
        Error::Internal,
    );
    let answer = sends(app, &case, &[]).await.is(StatusCode::OK).json();
    answer["token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn f4_the_page_and_the_api_say_the_same_of_the_same_fault() {
    let app = App::with(|config| config.rate_limit = false).await;
    app.person("Maya").await;
    let with = |email: &'static str, password: &'static str| {
        [("name", "Maya"), ("email", email), ("password", password)]
    };
    for (page, path, fields) in [
        (
            "/signup",
            "/api/auth/sign-up",
            with("maya@example", "three words apart"),
        ),
        (
            "/signup",
            "/api/auth/sign-up",
            with("ada@example.org", "short"),
        ),
        (
            "/signup",
            "/api/auth/sign-up",
            with("ada@example.org", "password1"),
        ),
        (
            "/signup",
            "/api/auth/sign-up",
            with("maya@example.org", "three words apart"),
        ),
        (
            "/signin",
            SIGN_IN,
            with("maya@example.org", "not the password"),
        ),
        (
            "/signin",
            SIGN_IN,
            with("nobody@example.org", "three words apart"),
        ),
        ("/signin", SIGN_IN, with("no address", "three words apart")),
    ] {
        let body: serde_json::Map<_, _> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let problem = app.browser().calls(path, &body.into()).await;
        let said = problem.json();
        let said = said["errors"][0]["message"]
            .as_str()
            .or(said["detail"].as_str())
            .expect("a message");
        let shown = app.browser().form_from(page, page, &fields).await;
        assert_eq!(shown.status, problem.status, "{fields:?}");
        assert!(shown.text().contains(said), "{said}: {}", shown.text());
    }
}
