//! How a second factor ends, by its person or by whoever runs the server, and what becomes of it meanwhile.

use crate::{
    instances::beside,
    second_factor::{is_stranger, log},
    support::{
        PASSWORD,
        app::App,
        factor::{Phone, RECOVER, VERIFY, challenged, claim, with_factor},
    },
};
use http::StatusCode;
use latchkey::{
    domain::{Error, Event, Outcome},
    service::{
        Source,
        operator::{self, Hand},
    },
};
use serde_json::json;

#[tokio::test]
async fn turning_it_off_takes_the_password_and_leaves_nothing_of_it() {
    let app = App::open().await;
    let (maya, phone, codes) = with_factor(&app, "Maya").await;
    let elsewhere = challenged(&app, "Maya").await;
    let trusts = json!({ "code": phone.shows(0), "trustDevice": true });
    elsewhere.calls(VERIFY, &trusts).await.is(StatusCode::OK);
    let uri = "/api/auth/two-factor/get-totp-uri";
    let (good, wrong) = (
        json!({ "password": PASSWORD }),
        json!({ "password": "wrong" }),
    );
    maya.calls(uri, &wrong).await.says(Error::PasswordWrong);
    let told = maya.calls(uri, &good).await.is(StatusCode::OK).json();
    let same = Phone::told(told["totpURI"].as_str().expect("an address"));
    assert_eq!(same.shows(0), phone.shows(0));

    let disable = "/api/auth/two-factor/disable";
    maya.calls(disable, &wrong).await.says(Error::PasswordWrong);
    let before = maya.cookie_header();
    let off = maya.calls(disable, &good).await.is(StatusCode::OK).json();
    assert_eq!(off, json!({ "status": true }));
    assert_ne!(maya.cookie_header(), before, "a new session");
    assert!(!is_stranger(&maya).await && is_stranger(&elsewhere).await);
    for table in ["totp", "recovery_code", "trusted_device", "challenge"] {
        let rows = app
            .house
            .column(&format!("SELECT user_id FROM {table}"))
            .await;
        assert!(rows.is_empty(), "{table}");
    }
    let answer = app
        .browser()
        .calls("/api/auth/sign-in", &claim("Maya"))
        .await;
    assert!(answer.is(StatusCode::OK).json()["token"].is_string());
    for (path, error) in [
        (disable, Error::TwoFactorNotEnabled),
        (uri, Error::TotpNotEnabled),
        (
            "/api/auth/two-factor/generate-backup-codes",
            Error::TwoFactorNotEnabled,
        ),
        ("/api/auth/two-factor/send-otp", Error::OtpNotConfigured),
    ] {
        maya.calls(path, &good).await.says(error);
    }
    let code = |code: String| json!({ "code": code });
    maya.calls(VERIFY, &code(phone.shows(1)))
        .await
        .says(Error::TotpNotEnabled);
    maya.calls(RECOVER, &code(codes[0].clone()))
        .await
        .says(Error::TwoFactorNotEnabled);
    let events = log(&app, "maya").await;
    assert!(events.contains(&(Event::SecondFactorDisabled, Outcome::Success)));
}

#[tokio::test]
async fn whoever_runs_the_server_can_turn_it_off_for_somebody_who_has_lost_everything() {
    let app = App::open().await;
    let (maya, _, _) = with_factor(&app, "Maya").await;
    let email = "maya@example.org".parse().expect("an address");
    let found = operator::find(&app.house.db, &email)
        .await
        .expect("an answer");
    let id = found.expect("somebody").id;
    let source = Source::operator();
    let resets = || {
        let hand = Hand::operator(&source);
        operator::reset_second_factor(&app.house.db, &app.state.mail, hand, id)
    };
    assert_eq!(resets().await, Ok(true));
    assert!(is_stranger(&maya).await, "every session ends");
    let answer = maya.calls("/api/auth/sign-in", &claim("Maya")).await;
    assert!(answer.is(StatusCode::OK).json()["token"].is_string());
    assert_eq!(resets().await, Ok(false));
    let told = "SELECT kind FROM mail WHERE kind = 'second-factor-reset'";
    assert_eq!(app.house.column(told).await.len(), 1, "once, and not twice");
}

#[tokio::test]
async fn e7_a_seed_is_read_under_the_secret_before_and_kept_under_the_new_one_once_used() {
    use latchkey::service::config::Secret;
    let app = App::open().await;
    let (_, phone, codes) = with_factor(&app, "Maya").await;
    let fresh = || Secret::new(b"another secret of the tests, 32 bytes too".to_vec());
    let key_id = async || app.house.column("SELECT key_id FROM totp").await;
    let before = key_id().await;

    let rotated = beside(&app, |config| config.secret = fresh()).await;
    let browser = challenged(&rotated, "Maya").await;
    let code = |steps| json!({ "code": phone.shows(steps) });
    browser.calls(VERIFY, &code(0)).await.says(Error::Internal);
    let recovery = json!({ "code": codes[0] });
    browser.calls(RECOVER, &recovery).await.is(StatusCode::OK);

    let rotating = beside(&app, |config| {
        config.previous_secret = Some(std::mem::replace(&mut config.secret, fresh()));
    })
    .await;
    let browser = challenged(&rotating, "Maya").await;
    browser.calls(VERIFY, &code(0)).await.is(StatusCode::OK);
    assert_ne!(key_id().await, before, "encrypted anew when it was used");

    let browser = challenged(&rotated, "Maya").await;
    browser.calls(VERIFY, &code(1)).await.is(StatusCode::OK);
}

#[tokio::test]
async fn somebody_who_is_shut_out_comes_in_with_no_code() {
    let app = App::open().await;
    let (_, phone, _) = with_factor(&app, "Maya").await;
    let browser = challenged(&app, "Maya").await;
    let now = latchkey::service::clock::now().0;
    app.house
        .run(&format!("UPDATE \"user\" SET disabled_at = {now}"))
        .await;
    let code = json!({ "code": phone.shows(0) });
    browser
        .calls(VERIFY, &code)
        .await
        .says(Error::InvalidChallenge);
    assert!(is_stranger(&browser).await);
}

#[tokio::test]
async fn what_is_over_is_forgotten_and_what_counts_stays() {
    use latchkey::{
        domain::Moment,
        service::{clock, upkeep},
    };
    let app = App::open().await;
    let (maya, phone, _) = with_factor(&app, "Maya").await;
    let begins = app.person("Grace").await;
    let good = json!({ "password": PASSWORD });
    begins
        .calls("/api/auth/two-factor/enable", &good)
        .await
        .is(StatusCode::OK);
    let browser = challenged(&app, "Maya").await;
    let trusts = json!({ "code": phone.shows(0), "trustDevice": true });
    browser.calls(VERIFY, &trusts).await.is(StatusCode::OK);
    challenged(&app, "Maya").await;
    let count = async |table: &str| {
        app.house
            .column(&format!("SELECT user_id FROM {table}"))
            .await
            .len()
    };
    let in_seconds = |seconds: i64| Moment(clock::now().0 + seconds * 1000);

    upkeep::sweep(&app.house.db, in_seconds(60)).await;
    assert_eq!((count("challenge").await, count("totp").await), (1, 2));
    upkeep::sweep(&app.house.db, in_seconds(2 * 60 * 60)).await;
    assert_eq!((count("challenge").await, count("totp").await), (0, 1));
    assert_eq!(count("trusted_device").await, 1);
    upkeep::sweep(&app.house.db, in_seconds(31 * 24 * 60 * 60)).await;
    assert_eq!((count("trusted_device").await, count("totp").await), (0, 1));
    drop(maya);
}

#[tokio::test]
async fn whoever_turns_it_on_or_off_or_uses_a_recovery_code_is_written_to() {
    let app = App::open().await;
    let (maya, _, codes) = with_factor(&app, "Maya").await;
    let letters = async || app.house.column("SELECT kind FROM mail").await;
    let is_among = |letters: &[String], kind: &str| letters.iter().any(|letter| letter == kind);
    let now = letters().await;
    assert!(is_among(&now, "second-factor-on"), "{now:?}");
    let browser = challenged(&app, "Maya").await;
    let wrong = json!({ "code": "0000-0000-0000-0000" });
    browser
        .calls(RECOVER, &wrong)
        .await
        .says(Error::InvalidRecoveryCode);
    let now = letters().await;
    assert!(!is_among(&now, "recovery-code-used"), "{now:?}");
    let right = json!({ "code": codes[0] });
    browser.calls(RECOVER, &right).await.is(StatusCode::OK);
    maya.calls(
        "/api/auth/two-factor/disable",
        &json!({ "password": PASSWORD }),
    )
    .await
    .is(StatusCode::OK);
    let now = letters().await;
    for kind in ["recovery-code-used", "second-factor-off"] {
        assert!(is_among(&now, kind), "{kind}: {now:?}");
    }
}
