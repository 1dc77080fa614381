//! Confirming that it is oneself: what only the person may do asks for it, and a session that was stolen long after does not do.

use crate::support::{
    PASSWORD,
    app::{App, Browser},
    authenticator::Authenticator,
    factor::{RECOVER, VERIFY, claim, with_factor},
    provider::{Idp, back, comes_in},
};
use http::StatusCode;
use latchkey::domain::{Error, Event};
use serde_json::json;

/// As if everybody had signed in so long ago.
async fn minutes_pass(app: &App, minutes: i64) {
    let by = minutes * 60_000;
    let back = format!("UPDATE session SET confirmed_at = confirmed_at - {by}");
    app.house.run(&back).await;
}

async fn name(browser: &Browser<'_>) -> String {
    let answer = browser.reads("/api/auth/session").await.json();
    answer["user"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a5_ten_minutes_after_signing_in_the_password_is_asked_for_again() {
    let app = App::open().await;
    let (maya, _, _) = with_factor(&app, "Maya").await;
    let codes = "/api/auth/two-factor/generate-backup-codes";
    minutes_pass(&app, 9).await;
    maya.calls(codes, &json!({})).await.is(StatusCode::OK);
    minutes_pass(&app, 1).await;
    for path in [
        codes,
        "/api/auth/two-factor/disable",
        "/api/auth/two-factor/get-totp-uri",
        "/api/auth/two-factor/enable",
    ] {
        maya.calls(path, &json!({}))
            .await
            .says(Error::SessionNotFresh);
        let empty = json!({ "password": "" });
        maya.calls(path, &empty).await.says(Error::SessionNotFresh);
    }
    maya.calls(codes, &json!({ "password": PASSWORD }))
        .await
        .is(StatusCode::OK);
    maya.calls(codes, &json!({}))
        .await
        .says(Error::SessionNotFresh);

    maya.calls("/api/auth/sign-in", &claim("Maya")).await;
    assert_eq!(name(&maya).await, "", "the factor is asked for anew");
}

#[tokio::test]
async fn a_browser_is_led_to_the_page_that_asks_and_back_to_where_it_was() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    minutes_pass(&app, 11).await;
    let security = "/settings/security";
    let start = "/settings/second-factor/begin";
    let led = maya.form_from(security, start, &[]).await;
    let led = led.is(StatusCode::SEE_OTHER);
    assert_eq!(led.location(), "/confirm?next=%2Fsettings%2Fsecurity");
    let page = maya.get("/settings/second-factor").await;
    let page = page.is(StatusCode::SEE_OTHER);
    assert_eq!(page.location(), "/confirm?next=%2Fsettings%2Fsecond-factor");

    let page = maya.get(led.location()).await.is(StatusCode::OK).text();
    assert!(
        page.contains(r#"name="next" value="/settings/security""#),
        "{page}"
    );
    let before = maya.cookie_header();
    let token = maya.program().await;
    let form = |password| [("password", password), ("next", security)];
    let wrong = maya
        .form_from(led.location(), "/confirm", &form("not it"))
        .await;
    let wrong = wrong.is(StatusCode::BAD_REQUEST).text();
    assert!(
        wrong.contains(r#"aria-invalid="true""#)
            && wrong.contains(Error::PasswordWrong.message())
            && wrong.contains(r#"value="/settings/security""#)
            && !wrong.contains("not it"),
        "{wrong}"
    );
    let right = maya
        .form_from(led.location(), "/confirm", &form(PASSWORD))
        .await;
    let right = right.is(StatusCode::SEE_OTHER);
    assert_eq!(right.location(), security);
    assert_ne!(
        maya.cookie_header(),
        before,
        "the session goes on under a new id"
    );
    token.get("/api/tasks").await.says(Error::InvalidToken);
    assert_eq!(name(&maya).await, "Maya");

    let begun = maya.form_from(security, start, &[]).await;
    let begun = begun.is(StatusCode::SEE_OTHER);
    assert_eq!(begun.location(), "/settings/second-factor");
    let log = maya.get("/settings/activity").await.text();
    assert!(log.contains(Event::Confirmed.words()), "{log}");
}

#[tokio::test]
async fn b19_confirming_leads_to_no_other_site_and_a_stranger_signs_in_first() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let form = [("password", PASSWORD), ("next", "https://evil.example/")];
    let answer = maya.form("/confirm", &form).await.is(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/dashboard");
    let stranger = app.browser().get("/confirm?next=%2Fsettings").await;
    let stranger = stranger.is(StatusCode::SEE_OTHER);
    assert!(
        stranger.location().starts_with("/signin?next=%2Fconfirm"),
        "{}",
        stranger.location()
    );
    let answer = app.browser().form("/confirm", &form).await;
    assert!(
        answer
            .is(StatusCode::SEE_OTHER)
            .location()
            .starts_with("/signin")
    );
}

#[tokio::test]
async fn a7_a_stolen_session_is_no_place_to_guess_the_password_in() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    minutes_pass(&app, 11).await;
    let wrong = json!({ "password": "not the password" });
    for _ in 0..5 {
        maya.calls("/action/confirm", &wrong)
            .await
            .says(Error::PasswordWrong);
    }
    let right = json!({ "password": PASSWORD });
    for path in ["/action/confirm", "/api/auth/two-factor/enable"] {
        maya.calls(path, &right).await.says(Error::TooManyRequests);
    }
    assert_eq!(
        name(&maya).await,
        "Maya",
        "the session itself is not touched"
    );
}

#[tokio::test]
async fn whoever_has_the_second_factor_can_confirm_with_it_too() {
    let app = App::open().await;
    let (maya, phone, codes) = with_factor(&app, "Maya").await;
    for (path, code) in [(VERIFY, phone.shows(0)), (RECOVER, codes[0].clone())] {
        minutes_pass(&app, 11).await;
        let disable = "/api/auth/two-factor/get-totp-uri";
        maya.calls(disable, &json!({}))
            .await
            .says(Error::SessionNotFresh);
        let before = maya.cookie_header();
        maya.calls(path, &json!({ "code": code }))
            .await
            .is(StatusCode::OK);
        assert_ne!(maya.cookie_header(), before);
        maya.calls(disable, &json!({})).await.is(StatusCode::OK);
        let again = if path == VERIFY {
            Error::InvalidCode
        } else {
            Error::InvalidRecoveryCode
        };
        maya.calls(path, &json!({ "code": code })).await.says(again);
    }
}

/// The page that asks, once ten minutes have gone by.
async fn page_later(app: &App, browser: &Browser<'_>) -> String {
    minutes_pass(app, 11).await;
    let page = browser.get("/confirm?next=%2Fsettings").await;
    page.is(StatusCode::OK).text()
}

const BUTTON: &str = r#"data-passkey="confirm""#;
const FIELD: &str = r#"name="password""#;
const PROVIDER: &str = "Continue with Example ID";

#[tokio::test]
async fn the_page_shows_the_ways_that_the_person_has_and_speaks_of_no_other() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let maya = app.person("Maya").await;
    let page = page_later(&app, &maya).await;
    assert!(page.contains(FIELD) && page.contains("asks for the password once more"));
    assert!(!page.contains(BUTTON) && !page.contains(PROVIDER), "{page}");

    maya.form("/confirm", &[("password", PASSWORD)]).await;
    Authenticator::new().is_added(&maya).await;
    let page = page_later(&app, &maya).await;
    assert!(page.contains(FIELD) && page.contains(BUTTON), "{page}");
    assert!(page.contains("in one of these ways"), "{page}");

    idp.vouches_for("1", "ada@example.org", true);
    let ada = app.browser();
    assert_eq!(comes_in(&ada, &idp).await, "/dashboard");
    Authenticator::new().is_added(&ada).await;
    let page = page_later(&app, &ada).await;
    assert!(page.contains(BUTTON) && page.contains(PROVIDER), "{page}");
    assert!(
        !page.contains(FIELD) && !page.contains("the password"),
        "{page}"
    );
    // Nor do the settings ask for a password that there is not.
    let settings = ada.get("/settings").await.is(StatusCode::OK).text();
    assert!(!settings.contains("assword\""), "{settings}");

    app.house.run("DELETE FROM account").await;
    app.house.run("DELETE FROM passkey").await;
    let page = page_later(&app, &ada).await;
    assert!(page.contains(Error::NoPassword.message()), "{page}");
    for way in [FIELD, BUTTON, PROVIDER] {
        assert!(!page.contains(way), "{page}");
    }
}

#[tokio::test]
async fn who_came_with_the_provider_confirms_with_it_and_goes_on() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("1", "ada@example.org", true);
    let ada = app.browser();
    comes_in(&ada, &idp).await;
    minutes_pass(&app, 11).await;
    let security = "/settings/security";
    let start = "/settings/second-factor/begin";
    let led = ada.form_from(security, start, &[]).await;
    let led = led.is(StatusCode::SEE_OTHER);
    let page = ada.get(led.location()).await.is(StatusCode::OK);
    let policy = page.header(http::header::CONTENT_SECURITY_POLICY);
    assert!(policy.contains(&format!("form-action 'self' {}", idp.issuer)));
    let page = page.text();
    assert!(
        page.contains("once more to the provider that you sign in with"),
        "{page}"
    );
    let form = [("providerId", "oidc"), ("next", security)];
    let leaves = async || {
        let away = ada.form_from(led.location(), "/confirm/provider", &form);
        let away = away.await.is(StatusCode::SEE_OTHER).location().to_owned();
        idp.lets_through(&away)
    };

    // Whoever says no there, or is somebody else there, is where they were and is told.
    let state = leaves().await;
    let state = state.split_once("state=").expect("a state").1;
    let declined = back(&[("error", "access_denied"), ("state", state)]);
    let place = ada.returns(&declined).await.location().to_owned();
    assert_eq!(
        place,
        "/confirm?provider=declined&next=%2Fsettings%2Fsecurity"
    );
    let page = ada.get(&place).await.is(StatusCode::OK).text();
    assert!(
        page.contains("The provider did not let you through."),
        "{page}"
    );
    idp.vouches_for("2", "eve@example.org", true);
    let place = ada.returns(&leaves().await).await.location().to_owned();
    assert_eq!(
        place,
        "/confirm?provider=not-theirs&next=%2Fsettings%2Fsecurity"
    );
    assert_eq!(name(&ada).await, "ada");
    let led_again = ada.form_from(security, start, &[]).await;
    assert_eq!(led_again.location(), led.location());
    // What somebody began in another browser ends nowhere.
    idp.vouches_for("1", "ada@example.org", true);
    let elsewhere = app.browser().returns(&leaves().await).await;
    assert_eq!(elsewhere.location(), "/signin?provider=astray");

    let before = ada.cookie_header();
    let there = ada.returns(&leaves().await).await;
    assert_eq!(there.is(StatusCode::SEE_OTHER).location(), security);
    assert_ne!(ada.cookie_header(), before, "under a new id");
    let begun = ada.form_from(security, start, &[]).await;
    let begun = begun.is(StatusCode::SEE_OTHER);
    assert_eq!(begun.location(), "/settings/second-factor");
    let people = app.house.column("SELECT id FROM \"user\"").await;
    assert_eq!(people.len(), 1, "nobody else came in on that way");
    let log = "SELECT outcome || ' ' || COALESCE(reason, '') FROM audit_event WHERE event = 'confirmed' ORDER BY at, id";
    assert_eq!(
        app.house.column(log).await,
        ["refused declined", "refused not-theirs", "success "]
    );
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_before_the_provider() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let body = json!({ "providerId": "oidc" });
    let stranger = app.browser();
    let answer = stranger.calls("/action/provider/confirm", &body);
    answer.await.says(Error::Unauthorized);
    let form = [("providerId", "oidc")];
    let answer = stranger.form("/confirm/provider", &form).await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    assert!(answer.location().starts_with("/signin"));
}
