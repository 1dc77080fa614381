//! Somebody comes in while what they come in with is taken away. Whoever takes it away ends the sessions that there are; the one that begins
//! a moment later does not stay either.

use crate::support::{
    PASSWORD,
    app::{App, Browser},
    authenticator::Authenticator,
    factor::{RECOVER, VERIFY, challenged, claim, with_factor},
    provider::{Idp, comes_in},
};
use http::StatusCode;
use latchkey::domain::Error;
use serde_json::json;

const SHUT: &str = r#"UPDATE "user" SET disabled_at = 1"#;
const FACTOR_ON: &str = r#"UPDATE "user" SET two_factor_enabled = TRUE"#;

/// Everybody is out; and whenever a session begins from now on, this happens at the same moment.
async fn as_a_session_begins(app: &App, statement: &str) {
    app.house.run("DELETE FROM session").await;
    app.house.meanwhile("session", statement).await;
}

/// Not even when everything is as it was before.
async fn nobody_is_in(app: &App, browser: &Browser<'_>) {
    app.house
        .run(r#"UPDATE "user" SET disabled_at = NULL"#)
        .await;
    assert_eq!(browser.reads("/api/auth/session").await.text(), "null");
    let sessions = app.house.column("SELECT id FROM session").await;
    assert!(sessions.is_empty(), "{sessions:?}");
}

#[tokio::test]
async fn a13_with_a_password_that_is_changed_meanwhile_nobody_stays() {
    for statement in [
        "UPDATE account SET password = 'another'",
        r#"UPDATE "user" SET email = 'other@example.org', email_key = 'other@example.org'"#,
        FACTOR_ON,
        SHUT,
    ] {
        let app = App::open().await;
        app.person("Maya").await;
        as_a_session_begins(&app, statement).await;
        let browser = app.browser();
        browser
            .calls("/api/auth/sign-in", &claim("Maya"))
            .await
            .says(Error::InvalidCredentials);
        nobody_is_in(&app, &browser).await;
    }
}

#[tokio::test]
async fn a13_with_a_passkey_that_is_removed_meanwhile_nobody_stays() {
    for statement in ["DELETE FROM passkey", SHUT] {
        let app = App::open().await;
        let mut device = Authenticator::new();
        device.is_added(&app.person("Maya").await).await;
        as_a_session_begins(&app, statement).await;
        let browser = app.browser();
        let asked = browser
            .reads("/api/auth/passkey/generate-authenticate-options")
            .await;
        let used = device.uses(&asked.is(StatusCode::OK).json());
        browser
            .calls(
                "/api/auth/passkey/verify-authentication",
                &json!({ "response": used }),
            )
            .await
            .says(Error::PasskeyRefused);
        nobody_is_in(&app, &browser).await;
    }
}

#[tokio::test]
async fn a13_with_an_identity_that_is_disconnected_meanwhile_nobody_stays() {
    for statement in ["DELETE FROM account", FACTOR_ON, SHUT] {
        let idp = Idp::open().await;
        let app = idp.house().await;
        idp.vouches_for("1", "maya@example.org", true);
        assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
        as_a_session_begins(&app, statement).await;
        let browser = app.browser();
        let led = comes_in(&browser, &idp).await;
        assert!(led.starts_with("/signin?"), "{led}");
        nobody_is_in(&app, &browser).await;
    }
}

#[tokio::test]
async fn a13_with_a_challenge_that_is_voided_meanwhile_nobody_stays_and_no_browser_is_trusted() {
    for path in [VERIFY, RECOVER] {
        let app = App::open().await;
        let (_, phone, codes) = with_factor(&app, "Maya").await;
        let browser = challenged(&app, "Maya").await;
        as_a_session_begins(&app, "DELETE FROM challenge").await;
        let code = if path == VERIFY {
            phone.shows(0)
        } else {
            codes[0].clone()
        };
        browser
            .calls(path, &json!({ "code": code, "trustDevice": true }))
            .await
            .says(Error::InvalidChallenge);
        nobody_is_in(&app, &browser).await;
        let trusted = app.house.column("SELECT id FROM trusted_device").await;
        assert!(trusted.is_empty(), "{trusted:?}");
    }
}

#[tokio::test]
async fn a13_a_session_that_is_renewed_while_another_password_is_set_ends_too() {
    for (path, body) in [
        ("/confirm", json!({ "password": PASSWORD })),
        (
            "/api/auth/change-password",
            json!({ "currentPassword": PASSWORD, "newPassword": "another three words" }),
        ),
    ] {
        let app = App::open().await;
        let maya = app.person("Maya").await;
        app.house
            .meanwhile("session", "UPDATE account SET password = 'another'")
            .await;
        maya.calls(path, &body)
            .await
            .says(Error::InvalidCredentials);
        nobody_is_in(&app, &maya).await;
    }
}
