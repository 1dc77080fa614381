//! The codes of a second factor: each is good once and for its person alone, and guessing is no way in.

use crate::{
    instances::beside,
    second_factor::{is_stranger, log},
    support::{
        PASSWORD,
        app::{App, ORIGIN, request},
        factor::{RECOVER, VERIFY, challenged, texts, with_factor},
    },
};
use axum::body::Body;
use http::{Method, StatusCode};
use latchkey::domain::{Error, Event, Outcome};
use serde_json::json;

#[tokio::test]
async fn b36_a_code_is_good_once_and_only_around_its_time() {
    let app = App::open().await;
    let (_, phone, _) = with_factor(&app, "Maya").await;
    let browser = challenged(&app, "Maya").await;
    let (now, before) = (phone.shows(0), phone.shows(-1));
    let right = json!({ "code": now });
    browser.calls(VERIFY, &right).await.is(StatusCode::OK);
    let browser = challenged(&app, "Maya").await;
    for code in [now, before, phone.shows(-3), phone.shows(3)] {
        browser
            .calls(VERIFY, &json!({ "code": code }))
            .await
            .says(Error::InvalidCode);
    }
    browser
        .calls(VERIFY, &json!({ "code": phone.shows(1) }))
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn b36_of_twenty_posts_of_one_code_at_once_one_comes_in() {
    let app = App::open().await;
    let (_, phone, codes) = with_factor(&app, "Maya").await;
    for path in [VERIFY, RECOVER] {
        let one = challenged(&app, "Maya").await;
        let mut cookies = vec![one.cookie_header().expect("a cookie"); 10];
        for _ in 0..10 {
            let another = challenged(&app, "Maya").await;
            cookies.push(another.cookie_header().expect("a cookie"));
        }
        // Made last: it is good for half a minute, and so many passwords may take longer.
        let code = match path {
            VERIFY => phone.shows(0),
            _ => codes[0].clone(),
        };
        let body = json!({ "code": code }).to_string();
        let posts = cookies.iter().map(|cookie| {
            let asked = request(Method::POST, path)
                .header("cookie", cookie)
                .header("origin", ORIGIN)
                .header("content-type", "application/json")
                .body(Body::from(body.clone()))
                .expect("a request");
            app.ask(asked)
        });
        let answers = futures::future::join_all(posts).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        let came_in = statuses.iter().filter(|status| status.is_success()).count();
        assert_eq!(came_in, 1, "{statuses:?}");
        assert!(
            statuses.iter().all(|status| !status.is_server_error()),
            "{statuses:?}"
        );
        app.house
            .run("UPDATE totp SET failures = 0, locked_until = 0")
            .await;
        app.house.run("DELETE FROM rate_limit").await;
    }
}

#[tokio::test]
async fn b36_the_sixth_try_of_a_challenge_ends_it_even_with_the_right_code() {
    let app = App::open().await;
    let (_, phone, _) = with_factor(&app, "Maya").await;
    let browser = challenged(&app, "Maya").await;
    let wrong = json!({ "code": phone.never_shows() });
    for _ in 0..5 {
        browser.calls(VERIFY, &wrong).await.says(Error::InvalidCode);
    }
    let right = json!({ "code": phone.shows(0) });
    browser
        .calls(VERIFY, &right)
        .await
        .says(Error::TooManyAttempts);
    browser
        .calls(VERIFY, &right)
        .await
        .says(Error::InvalidChallenge);
    assert!(is_stranger(&browser).await);

    challenged(&app, "Maya")
        .await
        .calls(VERIFY, &right)
        .await
        .is(StatusCode::OK);
    let events = log(&app, "maya").await;
    let wrong = (Event::SecondFactorFailed, Outcome::Refused);
    assert_eq!(events.iter().filter(|event| **event == wrong).count(), 6);
    assert!(events.contains(&(Event::SecondFactorAsked, Outcome::Success)));
}

#[tokio::test]
async fn b36_after_ten_wrong_codes_the_right_one_waits_too_and_a_restart_changes_nothing() {
    let app = App::open().await;
    let (maya, phone, codes) = with_factor(&app, "Maya").await;
    let wrong = json!({ "code": phone.never_shows() });
    for _ in 0..2 {
        let browser = challenged(&app, "Maya").await;
        for _ in 0..5 {
            browser.calls(VERIFY, &wrong).await.says(Error::InvalidCode);
        }
    }
    let restarted = beside(&app, |_| {}).await;
    let right = json!({ "code": phone.shows(0) });
    let recovery = json!({ "code": codes[0] });
    for house in [&app, &restarted] {
        let browser = challenged(house, "Maya").await;
        let locked = browser.calls(VERIFY, &right).await;
        let seconds: u64 = locked.header("retry-after").parse().expect("seconds");
        assert!((1..=900).contains(&seconds), "{seconds}");
        locked.says(Error::TemporarilyLocked);
        browser
            .calls(RECOVER, &recovery)
            .await
            .says(Error::TemporarilyLocked);
    }
    assert!(!is_stranger(&maya).await, "who is in stays in");

    app.house.run("UPDATE totp SET locked_until = 1").await;
    challenged(&app, "Maya")
        .await
        .calls(RECOVER, &recovery)
        .await
        .is(StatusCode::OK);
    let counted = app
        .house
        .column("SELECT CAST(failures AS TEXT) FROM totp")
        .await;
    assert_eq!(counted, ["0"], "the right one ends the row");
}

#[tokio::test]
async fn e4_wrong_codes_are_counted_by_network_whoever_they_are_for() {
    let app = App::open().await;
    let (_, phone, _) = with_factor(&app, "Maya").await;
    let wrong = json!({ "code": phone.never_shows() });
    for _ in 0..4 {
        let browser = challenged(&app, "Maya").await;
        for _ in 0..5 {
            browser.calls(VERIFY, &wrong).await.says(Error::InvalidCode);
            app.house
                .run("UPDATE totp SET failures = 0, locked_until = 0")
                .await;
        }
    }
    let browser = challenged(&app, "Maya").await;
    let right = json!({ "code": phone.shows(0) });
    browser
        .calls(VERIFY, &right)
        .await
        .says(Error::TooManyRequests);
}

#[tokio::test]
async fn a35_each_recovery_code_works_once_however_it_is_typed() {
    let app = App::open().await;
    let (maya, _, codes) = with_factor(&app, "Maya").await;
    let spelled = [
        codes[0].clone(),
        codes[1].to_uppercase(),
        codes[2].replace('-', " "),
        codes[3].replace('-', ""),
    ];
    for code in &spelled {
        let browser = challenged(&app, "Maya").await;
        let code = json!({ "code": code });
        let answer = browser
            .calls(RECOVER, &code)
            .await
            .is(StatusCode::OK)
            .json();
        assert_eq!(answer["user"]["name"], "Maya");
        challenged(&app, "Maya")
            .await
            .calls(RECOVER, &code)
            .await
            .says(Error::InvalidRecoveryCode);
    }
    let left = maya.reads("/action/second-factor/standing").await.json();
    assert_eq!(left["codesLeft"], 6);
    let kept = app.house.column("SELECT hash FROM recovery_code").await;
    assert!(
        kept.iter()
            .all(|hash| hash.len() == 64 && !codes.contains(hash))
    );

    let without = json!({ "code": codes[4], "disableSession": true });
    let browser = challenged(&app, "Maya").await;
    let answer = browser
        .calls(RECOVER, &without)
        .await
        .is(StatusCode::OK)
        .json();
    assert!(answer["token"].is_null() && answer["user"]["name"] == "Maya");
    assert!(is_stranger(&browser).await && browser.cookie_header().is_none());

    let generate = "/api/auth/two-factor/generate-backup-codes";
    let wrong = json!({ "password": "not the password" });
    maya.calls(generate, &wrong)
        .await
        .says(Error::PasswordWrong);
    let made = maya.calls(generate, &json!({ "password": PASSWORD })).await;
    let made = texts(&made.is(StatusCode::OK).json()["backupCodes"]);
    challenged(&app, "Maya")
        .await
        .calls(RECOVER, &json!({ "code": codes[9] }))
        .await
        .says(Error::InvalidRecoveryCode);
    challenged(&app, "Maya")
        .await
        .calls(RECOVER, &json!({ "code": made[0] }))
        .await
        .is(StatusCode::OK);
    let events = log(&app, "maya").await;
    for event in [Event::RecoveryCodeUsed, Event::RecoveryCodesMade] {
        assert!(events.contains(&(event, Outcome::Success)), "{event:?}");
    }
}

#[tokio::test]
async fn a_code_of_somebody_else_opens_nothing() {
    let app = App::open().await;
    let (_, _, codes) = with_factor(&app, "Maya").await;
    let (_, phone, _) = with_factor(&app, "Grace").await;
    let browser = challenged(&app, "Maya").await;
    browser
        .calls(VERIFY, &json!({ "code": phone.shows(0) }))
        .await
        .says(Error::InvalidCode);
    challenged(&app, "Grace")
        .await
        .calls(RECOVER, &json!({ "code": codes[0] }))
        .await
        .says(Error::InvalidRecoveryCode);
}
