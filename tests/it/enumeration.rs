//! What a stranger learns about who has an account: nothing by signing in, and little by signing up.

use crate::{
    instances::beside,
    support::{PASSWORD, app::App},
};
use http::StatusCode;
use latchkey::{domain::Error, service::config::SignUp};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn claim(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

#[tokio::test]
async fn b21_every_refused_sign_in_is_the_same_answer() {
    let app = App::with(|config| config.rate_limit = false).await;
    for name in ["Maya", "Closed", "Linked"] {
        app.person(name).await;
    }
    app.house
        .run("UPDATE \"user\" SET disabled_at = 1 WHERE email_key = 'closed@example.org'")
        .await;
    app.house
        .run("UPDATE account SET password = NULL WHERE user_id = (SELECT id FROM \"user\" WHERE email_key = 'linked@example.org')")
        .await;

    let mut seen = Vec::new();
    for (email, password) in [
        ("nobody@example.org", PASSWORD),
        ("maya@example.org", "not the password"),
        ("MAYA@example.org", "not the password"),
        ("closed@example.org", PASSWORD),
        ("closed@example.org", "not the password"),
        ("linked@example.org", PASSWORD),
    ] {
        let answer = app
            .browser()
            .calls("/api/auth/sign-in", &claim(email, password))
            .await
            .says(Error::InvalidCredentials);
        let mut body = answer.json();
        body["instance"] = Value::Null;
        let mut headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        seen.push((body, headers));
    }

    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:?}");
}

#[tokio::test]
async fn b22_an_unknown_address_costs_a_hash_too() {
    const PAIRS: usize = 20;
    let app = App::with(|config| config.rate_limit = false).await;
    app.person("Maya").await;
    let browser = app.browser();
    let cost = async |email: String| {
        let begun = Instant::now();
        browser
            .calls("/api/auth/sign-in", &claim(&email, "not the password"))
            .await
            .says(Error::InvalidCredentials);
        begun.elapsed()
    };

    let (mut unknown, mut known) = (Duration::MAX, Duration::MAX);
    for at in 0..PAIRS {
        let (one, other) = (
            format!("nobody{at}@example.org"),
            "maya@example.org".to_owned(),
        );
        if at % 2 == 0 {
            unknown = unknown.min(cost(one).await);
            known = known.min(cost(other).await);
        } else {
            known = known.min(cost(other).await);
            unknown = unknown.min(cost(one).await);
        }
    }

    // The quickest of each, because a busy machine only adds: without a hash one would be many times the other.
    assert!(
        unknown < known * 2 && known < unknown * 2,
        "unknown: {unknown:?}, known: {known:?}"
    );
}

#[tokio::test]
async fn b23_whoever_asks_sign_up_for_addresses_is_stopped_soon() {
    let app = App::open().await;
    app.person("Maya").await;
    let ask = async |email: &str| {
        let body = json!({ "name": "Eve", "email": email, "password": PASSWORD });
        app.browser().calls("/api/auth/sign-up", &body).await
    };

    for _ in 0..2 {
        ask("maya@example.org").await.says(Error::EmailTaken);
    }
    let stopped = ask("maya@example.org").await.says(Error::TooManyRequests);
    assert!(stopped.header("retry-after").parse::<u64>().is_ok());

    let mut allowed = 0;
    for at in 0..10 {
        let answer = ask(&format!("maya{at}@example.org")).await;
        match answer.status {
            StatusCode::OK => allowed += 1,
            _ => drop(answer.says(Error::TooManyRequests)),
        }
    }
    assert_eq!(
        allowed, 6,
        "ten an hour from one network, whatever the address"
    );

    let form = [
        ("name", "Eve"),
        ("email", "maya@example.org"),
        ("password", PASSWORD),
    ];
    let page = app.browser().form("/signup", &form).await;
    let page = page.is(StatusCode::TOO_MANY_REQUESTS);
    assert!(page.header("retry-after").parse::<u64>().is_ok());
}

#[tokio::test]
async fn b23_a_closed_house_answers_every_address_alike() {
    let app = App::open().await;
    app.person("Maya").await;
    let closed = beside(&app, |config| config.sign_up = SignUp::Closed).await;
    for email in ["maya@example.org", "nobody@example.org"] {
        let body = json!({ "name": "Eve", "email": email, "password": PASSWORD });
        closed
            .browser()
            .calls("/api/auth/sign-up", &body)
            .await
            .says(Error::SignUpClosed);
    }
}
