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
use latchkey::{
    domain::{Error, Password, Role},
    service::{
        Source, change_password, confirmation,
        entry::Visit,
        pocket::Pocket,
        session::{self, NewSession},
    },
};
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

/// With her password, which was right.
async fn maya_is_refused(app: &App) {
    let browser = app.browser();
    browser
        .calls("/api/auth/sign-in", &claim("Maya"))
        .await
        .says(Error::InvalidCredentials);
    nobody_is_in(app, &browser).await;
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
        maya_is_refused(&app).await;
    }
}

#[tokio::test]
async fn a13_a_log_that_cannot_be_written_keeps_nobody_out_and_lets_nobody_in() {
    let app = App::open().await;
    app.person("Maya").await;
    app.house
        .run("ALTER TABLE audit_event RENAME TO mislaid")
        .await;
    let browser = app.browser();
    browser
        .calls("/api/auth/sign-in", &claim("Maya"))
        .await
        .is(StatusCode::OK);
    let session = browser.reads("/api/auth/session").await.json();
    assert_eq!(session["user"]["name"], "Maya");

    as_a_session_begins(&app, "UPDATE account SET password = 'another'").await;
    maya_is_refused(&app).await;
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

#[tokio::test]
async fn a_session_that_is_ended_while_it_is_to_go_on_stays_ended() {
    let app = App::open().await;
    let ada = app.house.sign_up("Ada").await;
    let cookie = app.house.browser();
    app.house.signs_in(&cookie, &ada).await;
    let visit = || Visit {
        cookie: app.house.next_request(&cookie),
        pocket: Pocket::default(),
        source: Source::operator(),
    };
    let (confirms, other) = (visit(), visit());
    let who = confirms.who(&app.state).await.expect("read").expect("Ada");
    let before = app.house.column("SELECT password FROM account").await;

    app.house.run("DELETE FROM session").await;
    let confirmed = confirmation::confirmed(&app.state, &confirms, who.clone(), None).await;
    let chosen = Password::chosen("other words apart").expect("a password");
    let changed = change_password::change(&app.state, &other, &who, PASSWORD, chosen).await;

    for refused in [confirmed, changed] {
        assert_eq!(refused.expect_err("ended").error, Error::Unauthorized);
    }
    let sessions = app.house.column("SELECT id FROM session").await;
    assert!(sessions.is_empty(), "{sessions:?}");
    let after = app.house.column("SELECT password FROM account").await;
    assert_eq!(after, before, "whoever is out changes no password");
}

#[tokio::test]
async fn a_session_that_goes_on_keeps_what_its_person_may_do() {
    let app = App::open().await;
    let ada = app.house.sign_up("Ada").await;
    let cookie = app.house.browser();
    app.house.signs_in(&cookie, &ada).await;
    let visit = Visit {
        cookie: app.house.next_request(&cookie),
        pocket: Pocket::default(),
        source: Source::operator(),
    };
    let who = visit.who(&app.state).await.expect("read").expect("Ada");
    let after = confirmation::confirmed(&app.state, &visit, who.clone(), None).await;
    let after = after.expect("confirmed");
    assert_eq!((after.role, who.role), (Role::Admin, Role::Admin));
    assert_ne!(after.session, who.session);
    let next = app.house.next_request(&visit.cookie);
    let found = session::by_cookie(&next, &app.house.config).await;
    let found = found.expect("read").expect("Ada");
    assert_eq!(found.session, after.session);
    let gone = app.house.next_request(&cookie);
    let gone = session::by_cookie(&gone, &app.house.config).await;
    assert_eq!(gone, Ok(None));
}

#[tokio::test]
async fn whoever_is_deleted_while_they_come_in_is_nobody() {
    let app = App::open().await;
    let ada = app.house.sign_up("Ada").await;
    app.house.run(r#"DELETE FROM "user""#).await;
    let new = NewSession {
        user: ada,
        wishes: latchkey::domain::Wishes::default(),
        remember: true,
    };
    let cookie = app.house.browser();
    let begun = session::begin(&cookie, &app.house.config, &Source::operator(), new).await;
    assert_eq!(begun, Err(Error::InvalidCredentials));
}
