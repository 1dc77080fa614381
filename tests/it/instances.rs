//! Another process on the same database: after a restart, beside the first, or with another secret.

use crate::support::{
    House, PASSWORD,
    app::{Answer, App, ORIGIN, request},
    binary::Server,
    wire::{self, Caller, Reply},
};
use axum::body::Body;
use http::{Method, StatusCode};
use latchkey::{
    domain::Error,
    service::config::{Config, Secret},
};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};

/// Another process on the database of this one.
pub async fn beside(app: &App, change: impl FnOnce(&mut Config)) -> App {
    let house = House::with(|config| {
        *config = app.house.config.clone();
        change(config);
    });
    App::of(house.await)
}

async fn session(app: &App, cookie: &str) -> Answer {
    let asked = request(Method::GET, "/api/auth/session")
        .header("cookie", cookie)
        .body(Body::empty())
        .expect("a request");
    app.ask(asked).await.is(StatusCode::OK)
}

async fn tasks(app: &App, token: Option<&String>) -> Answer {
    let mut program = app.program();
    program.token = token.cloned();
    program.get("/api/tasks").await
}

#[tokio::test]
async fn f57_accounts_and_sessions_outlive_a_restart() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let program = maya.program().await;
    program
        .post("/api/tasks", &json!({ "title": "Water the plants" }))
        .await
        .is(StatusCode::CREATED);
    let (cookie, token) = (maya.cookie_header().expect("a cookie"), program.token);

    let restarted = beside(&app, |_| {}).await;

    assert!(session(&restarted, &cookie).await.text().contains("Maya"));
    let kept = tasks(&restarted, token.as_ref()).await.is(StatusCode::OK);
    assert_eq!(kept.json()["tasks"][0]["title"], "Water the plants");
    let again = json!({ "email": "maya@example.org", "password": PASSWORD });
    restarted
        .browser()
        .calls("/api/auth/sign-in", &again)
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn b12_signing_out_at_one_instance_is_over_at_the_other() {
    let one = App::open().await;
    let other = beside(&one, |_| {}).await;
    let maya = one.person("Maya").await;
    let (cookie, token) = (
        maya.cookie_header().expect("a cookie"),
        maya.program().await.token,
    );
    tasks(&other, token.as_ref()).await.is(StatusCode::OK);
    assert!(session(&other, &cookie).await.text().contains("Maya"));

    maya.calls("/api/auth/sign-out", &json!({}))
        .await
        .is(StatusCode::OK);

    for _ in 0..500 {
        for app in [&other, &one] {
            let refused = tasks(app, token.as_ref()).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        }
    }
    for app in [&other, &one] {
        assert_eq!(session(app, &cookie).await.text(), "null");
    }
}

#[tokio::test]
async fn b12_of_many_calls_during_a_sign_out_none_passes_after_its_answer() {
    let app = App::with(|config| config.rate_limit = false).await;
    let maya = app.person("Maya").await;
    let token = maya.program().await.token;
    let is_over = AtomicBool::new(false);

    let calls = (0..20).map(async |_| {
        let mut passed = 0;
        loop {
            let begins_after = is_over.load(Ordering::SeqCst);
            let answer = tasks(&app, token.as_ref()).await;
            if begins_after {
                answer.says(Error::InvalidToken);
                return passed;
            }
            match answer.status {
                StatusCode::OK => passed += 1,
                _ => drop(answer.says(Error::InvalidToken)),
            }
        }
    });
    let out = async {
        maya.calls("/api/auth/sign-out", &json!({}))
            .await
            .is(StatusCode::OK);
        is_over.store(true, Ordering::SeqCst);
    };
    let (passed, ()) = futures::join!(futures::future::join_all(calls), out);

    assert!(passed.iter().sum::<usize>() > 0, "they did not meet");
}

#[tokio::test]
async fn b20_two_instances_count_failures_together() {
    let one = App::open().await;
    let other = beside(&one, |_| {}).await;
    one.person("Maya").await;
    let wrong = json!({ "email": "maya@example.org", "password": "not the password" });
    for app in [&one, &other, &one, &other, &one] {
        app.browser()
            .calls("/api/auth/sign-in", &wrong)
            .await
            .says(Error::InvalidCredentials);
    }
    for app in [&other, &one] {
        app.browser()
            .calls("/api/auth/sign-in", &wrong)
            .await
            .says(Error::TooManyRequests);
    }
}

#[tokio::test]
async fn b45_a_new_secret_ends_every_token_and_no_session() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let (cookie, token) = (
        maya.cookie_header().expect("a cookie"),
        maya.program().await.token,
    );
    let fresh = || Secret::new(b"another secret of the tests, 32 bytes too".to_vec());

    let rotating = beside(&app, |config| {
        config.previous_secret = Some(std::mem::replace(&mut config.secret, fresh()));
    })
    .await;
    tasks(&rotating, token.as_ref()).await.is(StatusCode::OK);

    let rotated = beside(&app, |config| config.secret = fresh()).await;
    tasks(&rotated, token.as_ref())
        .await
        .says(Error::InvalidToken);
    let seen = session(&rotated, &cookie).await.json();
    assert_eq!(
        seen["user"]["name"], "Maya",
        "the cookie does not hang on the secret"
    );
    let renewed = seen["session"]["token"].as_str().map(str::to_owned);
    tasks(&rotated, renewed.as_ref()).await.is(StatusCode::OK);
    tasks(&app, renewed.as_ref())
        .await
        .says(Error::InvalidToken);
}

#[tokio::test]
async fn f31_a_deleted_account_takes_its_tasks_and_sessions_along() {
    let app = App::open().await;
    let (maya, grace) = (app.person("Maya").await, app.person("Grace").await);
    for browser in [&maya, &grace] {
        let form = [("title", "Water the plants")];
        browser
            .form("/action/tasks/create", &form)
            .await
            .is(StatusCode::SEE_OTHER);
    }

    app.house
        .run("DELETE FROM \"user\" WHERE email_key = 'maya@example.org'")
        .await;

    for table in ["task", "session", "account"] {
        let left = app
            .house
            .column(&format!("SELECT user_id FROM {table}"))
            .await;
        assert_eq!(left.len(), 1, "{table}");
    }
    assert!(
        grace
            .get("/dashboard")
            .await
            .text()
            .contains("Water the plants")
    );
}

const DAY: i64 = 24 * 60 * 60 * 1000;

/// As if all that happened had happened so many days ago.
async fn days_pass(app: &App, days: i64) {
    pass(app, days * DAY).await;
}

/// The same in milliseconds.
async fn pass(app: &App, by: i64) {
    let back = format!(
        "UPDATE session SET created_at = created_at - {by}, updated_at = updated_at - {by}, expires_at = expires_at - {by}"
    );
    app.house.run(&back).await;
}

async fn days_left(app: &App) -> i64 {
    let ends = app
        .house
        .column("SELECT CAST(expires_at AS TEXT) FROM session")
        .await;
    let ends: i64 = ends[0].parse().expect("a number");
    let now = latchkey::service::clock::now();
    (ends - now.0 + DAY / 2) / DAY
}

#[tokio::test]
async fn f91_a_session_in_use_slides_and_a_token_of_its_last_day_ends_with_it() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    assert_eq!(days_left(&app).await, 7);

    for _ in 0..8 {
        days_pass(&app, 3).await;
        maya.get("/dashboard").await.is(StatusCode::OK);
    }
    assert_eq!(
        days_left(&app).await,
        6,
        "30 days after it began it ends, however much it is used"
    );

    days_pass(&app, 5).await;
    let answer = maya.reads("/api/auth/session").await.json();
    let ends = answer["session"]["expiresAt"].as_str().expect("a time");
    let token = maya
        .reads("/api/auth/token")
        .await
        .is(StatusCode::OK)
        .json();
    let seconds = |text: &str| text.split('.').next().map(str::to_owned);
    assert_eq!(token["expiresAt"].as_str().and_then(seconds), seconds(ends));

    days_pass(&app, 1).await;
    assert_eq!(maya.reads("/api/auth/session").await.text(), "null");
    tasks(&app, token["token"].as_str().map(str::to_owned).as_ref())
        .await
        .says(Error::InvalidToken);
}

#[tokio::test]
async fn a11_a_session_that_nobody_uses_ends_after_seven_days() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    days_pass(&app, 6).await;
    maya.get("/dashboard").await.is(StatusCode::OK);
    days_pass(&app, 7).await;
    assert_eq!(
        maya.get("/dashboard")
            .await
            .is(StatusCode::SEE_OTHER)
            .location(),
        "/signin?next=%2Fdashboard"
    );
}

#[tokio::test]
async fn f91_a_session_of_a_day_or_an_hour_lives_on_while_it_is_used() {
    for ttl in [24 * 60 * 60, 60 * 60] {
        let app = App::with(|config| config.session_ttl = ttl).await;
        let maya = app.person("Maya").await;
        let renewed = async || {
            let times = app
                .house
                .column("SELECT CAST(updated_at AS TEXT) FROM session");
            times.await
        };

        pass(&app, ttl * 1000 / 3).await;
        let before = renewed().await;
        maya.get("/dashboard").await.is(StatusCode::OK);
        assert_eq!(renewed().await, before, "half of it is not over yet");
        pass(&app, ttl * 1000 / 3).await;
        maya.get("/dashboard").await.is(StatusCode::OK);

        for _ in 0..4 {
            pass(&app, ttl * 1000 * 2 / 3).await;
            maya.get("/dashboard").await.is(StatusCode::OK);
        }
        pass(&app, ttl * 1000).await;
        assert_eq!(
            maya.reads("/api/auth/session").await.text(),
            "null",
            "{ttl}"
        );
    }
}

#[tokio::test]
async fn a11_a_session_that_is_not_kept_ends_24_hours_after_signing_in_however_much_it_is_used() {
    const HOUR: i64 = DAY / 24;
    for ttl in [7 * 24 * 60 * 60, 12 * 60 * 60] {
        let app = App::with(|config| config.session_ttl = ttl).await;
        app.person("Maya").await;
        app.house.run("DELETE FROM session").await;
        let maya = app.browser();
        maya.form(
            "/signin",
            &[("email", "maya@example.org"), ("password", PASSWORD)],
        )
        .await
        .is(StatusCode::SEE_OTHER);

        for _ in 0..3 {
            pass(&app, 7 * HOUR).await;
            maya.get("/dashboard").await.is(StatusCode::OK);
        }
        pass(&app, 3 * HOUR).await;
        assert_eq!(
            maya.reads("/api/auth/session").await.text(),
            "null",
            "{ttl}"
        );
    }
}

#[tokio::test]
async fn f121_a_database_without_its_tables_is_not_ready() {
    let app = App::open().await;
    let probe = async |path| {
        let asked = request(Method::GET, path)
            .body(Body::empty())
            .expect("a request");
        app.ask(asked).await
    };
    probe("/readyz").await.is(StatusCode::OK);

    app.house.run("DELETE FROM seaql_migrations").await;

    probe("/readyz").await.says(Error::Unavailable);
    probe("/healthz").await.is(StatusCode::OK);
}

#[tokio::test]
async fn c8_what_ends_at_one_server_is_over_at_another() {
    let house = House::open().await;
    let start = || Server::start(house.binary(&["serve"]).env("RATE_LIMIT", "off"));
    let (one, other) = (start(), start());
    one.is_ready().await;
    other.is_ready().await;
    let status = |answer: std::io::Result<Reply>| answer.expect("an answer").status;

    for round in 0..5 {
        let maya = Caller::new(&one.address, &format!("Maya{round}"));
        let there = maya.at(&other.address);
        assert_eq!(status(there.makes("Water the plants")), 201);
        assert_eq!(status(maya.calls("/api/auth/sign-out", &json!({}))), 200);
        assert_eq!(status(there.tasks()), 401);
        let session = there.reads("/api/auth/session", "application/json");
        assert_eq!(session.expect("an answer").is(200).body, "null");
    }
    let grace = Caller::new(&one.address, "Grace");
    let there = grace.at(&other.address);
    assert_eq!(status(there.tasks()), 200);
    let gone = house.runs(&["user", "delete", "grace@example.org", "--yes"]);
    assert_eq!(gone.status, Some(0), "{gone:?}");
    for caller in [&there, &grace] {
        assert_eq!(status(caller.tasks()), 401);
    }
    assert_eq!((one.stops(), other.stops()), (Some(0), Some(0)));
}

#[tokio::test]
async fn f57_who_signed_up_signs_in_after_the_server_was_started_anew_in_its_folder() {
    let house = House::empty().await;
    let start = || {
        // With nothing said of a secret or a database, both lie in the folder.
        let mut serve = house.binary(&["serve"]);
        if !house.is_postgres() {
            serve.env_remove("DATABASE_URL").env_remove("AUTH_SECRET");
        }
        Server::start(&mut serve)
    };
    let server = start();
    server.is_ready().await;
    let maya = Caller::new(&server.address, "Maya");
    maya.makes("Water the plants").expect("an answer").is(201);
    assert_eq!(server.stops(), Some(0));

    let server = start();
    server.is_ready().await;
    let maya = maya.at(&server.address);
    let tasks = maya.tasks().expect("an answer").is(200).json();
    assert_eq!(tasks["tasks"][0]["title"], "Water the plants");
    let sign_in = json!({ "email": "maya@example.org", "password": PASSWORD });
    let back = maya.calls("/api/auth/sign-in", &sign_in);
    assert_eq!(
        back.expect("an answer").is(200).json()["user"]["name"],
        "Maya"
    );
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn f59_the_first_request_to_a_cold_and_empty_database_finds_its_tables_or_is_told_to_wait() {
    let house = House::empty().await;
    let server = house.serves();
    let account = json!({ "name": "Maya", "email": "maya@example.org", "password": PASSWORD });
    let headers = [("origin", ORIGIN), ("content-type", "application/json")];
    let text = wire::request("POST", "/api/auth/sign-up", &headers, &account.to_string());
    let first = loop {
        let reply = wire::says(&server.address, &text).and_then(Reply::of);
        let reply = reply.expect("an answer");
        if reply.status == 200 {
            break reply;
        }
        reply.says_later();
    };
    assert_eq!(first.json()["user"]["email"], "maya@example.org");
    assert_eq!(server.stops(), Some(0));
}
