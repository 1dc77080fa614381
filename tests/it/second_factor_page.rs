//! The second factor in a browser without a script.

use crate::support::{
    PASSWORD,
    app::{Answer, App, Browser},
    factor::{Phone, challenged, texts, with_factor},
};
use http::StatusCode;
use latchkey::domain::Error;
use serde_json::json;

const SECURITY: &str = "/settings/security";
const SET_UP: &str = "/settings/second-factor";

/// What stands between these two on the page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} on {page}"))
        .1;
    rest.split_once(after).expect("its end").0
}

fn key_on(page: &str) -> String {
    between(page, r#"<code id="seed">"#, "</code>").to_owned()
}

fn codes_on(page: &str) -> Vec<String> {
    let codes = between(page, r#"<code id="recovery-codes">"#, "</code>");
    codes.lines().map(str::to_owned).collect()
}

async fn signs_in(browser: &Browser<'_>, next: &str) -> Answer {
    let form = [
        ("email", "maya@example.org"),
        ("password", PASSWORD),
        ("rememberMe", "true"),
        ("next", next),
    ];
    let page = format!("/signin?next={next}");
    browser
        .form_from(&page, "/signin", &form)
        .await
        .is(StatusCode::SEE_OTHER)
}

#[tokio::test]
async fn a_walk_with_plain_forms_sets_it_up_signs_in_with_it_and_turns_it_off() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let page = maya.get(SECURITY).await.is(StatusCode::OK).text();
    assert!(page.contains("It is off"), "{page}");

    let start = format!("{SET_UP}/begin");
    let begun = maya
        .form_from(SECURITY, &start, &[])
        .await
        .is(StatusCode::SEE_OTHER);
    assert_eq!(begun.location(), SET_UP);
    let page = maya.get(SET_UP).await.is(StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("content-encoding"), "");
    let page = page.text();
    let key = key_on(&page);
    assert!(
        key.len() == 39 && key.split(' ').all(|group| group.len() == 4),
        "{key}"
    );
    assert!(
        page.contains(r#"role="img" aria-label="QR code for your authenticator app""#)
            && page.contains("otpauth://totp/latchkey:maya%40example.org?secret=")
            && !page.contains(" style="),
        "{page}"
    );
    let phone = Phone::typed(&key);

    let wrong = [("code", phone.never_shows())];
    let wrong = [("code", wrong[0].1.as_str())];
    let refused = maya.form_from(SET_UP, SET_UP, &wrong).await;
    let refused = refused.is(StatusCode::UNAUTHORIZED).text();
    assert_eq!(key_on(&refused), key, "the same seed is shown again");
    assert!(
        refused.contains(Error::InvalidCode.message())
            && refused.contains(r#"aria-invalid="true""#)
            && !refused.contains(wrong[0].1),
        "{refused}"
    );
    let code = phone.shows(0);
    let on = maya.form_from(SET_UP, SET_UP, &[("code", &code)]).await;
    let on = on.is(StatusCode::OK);
    assert_eq!(on.header("cache-control"), "no-store");
    assert_eq!(on.header("content-encoding"), "");
    let codes = codes_on(&on.text());
    assert_eq!(codes.len(), 10);
    assert!(
        on.text()
            .contains(&format!("data:text/plain,{}", codes.join("%0A")))
    );
    let again = maya.form_from(SET_UP, SET_UP, &[("code", &code)]).await;
    let again = again.is(StatusCode::BAD_REQUEST).text();
    assert!(again.contains(Error::TotpAlreadyEnabled.message()) && !again.contains(&codes[0]));
    let page = maya.get(SECURITY).await.text();
    assert!(page.contains("10 recovery codes are left.") && !page.contains(&codes[0]));

    maya.form("/api/auth/sign-out", &[])
        .await
        .is(StatusCode::SEE_OTHER);
    let led = signs_in(&maya, "/settings/api").await;
    assert_eq!(led.location(), "/two-factor?next=%2Fsettings%2Fapi");
    let page = maya.get(led.location()).await.is(StatusCode::OK).text();
    assert!(
        page.contains(r#"autocomplete="one-time-code""#)
            && page.contains(r#"inputmode="numeric""#)
            && page.contains(r#"name="next" value="/settings/api""#),
        "{page}"
    );
    let next = ("next", "/settings/api");
    let wrong = maya
        .form_from(led.location(), "/two-factor", &[wrong[0], next])
        .await;
    let wrong = wrong.is(StatusCode::UNAUTHORIZED).text();
    assert!(wrong.contains(r#"aria-invalid="true""#) && wrong.contains(r#"value="/settings/api""#));
    let code = phone.shows(1);
    let form = [("code", code.as_str()), ("trustDevice", "true"), next];
    let passed = maya.form_from(led.location(), "/two-factor", &form).await;
    assert_eq!(passed.is(StatusCode::SEE_OTHER).location(), "/settings/api");
    assert!(maya.get(SECURITY).await.text().contains("Trusted browsers"));

    let off = maya
        .form_from(SECURITY, "/settings/second-factor/off", &[])
        .await;
    let off = off.is(StatusCode::SEE_OTHER);
    let page = maya.get(off.location()).await.text();
    assert!(
        page.contains("The second factor is off.") && page.contains("It is off"),
        "{page}"
    );
    maya.form("/api/auth/sign-out", &[])
        .await
        .is(StatusCode::SEE_OTHER);
    assert_eq!(signs_in(&maya, "").await.location(), "/dashboard");
}

#[tokio::test]
async fn without_the_phone_a_recovery_code_leads_in_and_few_left_are_warned_of() {
    let app = App::open().await;
    let (maya, _, codes) = with_factor(&app, "Maya").await;
    let led = signs_in(&maya, "/dashboard").await;
    assert_eq!(led.location(), "/two-factor");
    let page = maya.get("/two-factor").await.text();
    assert!(
        page.contains(r#"href="/two-factor?with=recovery""#),
        "{page}"
    );
    let page = maya.get("/two-factor?with=recovery").await.text();
    assert!(page.contains(r#"action="/two-factor/recovery""#), "{page}");
    let wrong = [("code", "0000-0000-0000-0000")];
    let path = "/two-factor/recovery";
    let wrong = maya
        .form_from("/two-factor?with=recovery", path, &wrong)
        .await;
    let wrong = wrong.is(StatusCode::UNAUTHORIZED).text();
    assert!(
        wrong.contains(Error::InvalidRecoveryCode.message())
            && wrong.contains(r#"action="/two-factor/recovery""#),
        "{wrong}"
    );
    let right = [("code", codes[0].as_str())];
    let passed = maya
        .form_from("/two-factor?with=recovery", path, &right)
        .await;
    assert_eq!(passed.is(StatusCode::SEE_OTHER).location(), "/dashboard");
    assert!(
        maya.get(SECURITY)
            .await
            .text()
            .contains("9 recovery codes are left.")
    );

    let all = app.house.column("SELECT hash FROM recovery_code").await;
    for hash in &all[3..] {
        app.house
            .run(&format!("DELETE FROM recovery_code WHERE hash = '{hash}'"))
            .await;
    }
    let page = maya.get(SECURITY).await.text();
    assert!(
        page.contains("3 recovery codes are left.") && page.contains("alert--danger"),
        "{page}"
    );
    let made = maya
        .form_from(SECURITY, "/settings/second-factor/codes", &[])
        .await;
    assert_eq!(codes_on(&made.is(StatusCode::OK).text()).len(), 10);
    let page = maya.get(SECURITY).await.text();
    assert!(page.contains("10 recovery codes are left.") && !page.contains("alert--danger"));
}

#[tokio::test]
async fn a_sign_in_that_is_over_says_so_and_leads_back() {
    let app = App::open().await;
    let (_, phone, _) = with_factor(&app, "Maya").await;
    let browser = app.browser();
    let page = browser
        .get("/two-factor?next=%2Fsettings")
        .await
        .is(StatusCode::OK)
        .text();
    assert!(
        page.contains(Error::InvalidChallenge.message())
            && page.contains(r#"href="/signin?next=%2Fsettings""#),
        "{page}"
    );
    let browser = challenged(&app, "Maya").await;
    let wrong = phone.never_shows();
    for _ in 0..5 {
        let form = [("code", wrong.as_str())];
        browser
            .form_from("/two-factor", "/two-factor", &form)
            .await
            .is(StatusCode::UNAUTHORIZED);
    }
    let code = phone.shows(0);
    let form = [("code", code.as_str())];
    let over = browser.form_from("/two-factor", "/two-factor", &form).await;
    let over = over.is(StatusCode::BAD_REQUEST).text();
    assert!(
        over.contains(Error::TooManyAttempts.message()) && over.contains("Sign in again"),
        "{over}"
    );
}

#[tokio::test]
async fn b19_the_second_step_leads_to_no_other_site() {
    let app = App::open().await;
    let (maya, phone, _) = with_factor(&app, "Maya").await;
    let led = signs_in(&maya, "//evil.example").await;
    assert_eq!(led.location(), "/two-factor");
    let code = phone.shows(0);
    let form = [("code", code.as_str()), ("next", "https://evil.example")];
    let passed = maya.form_from("/two-factor", "/two-factor", &form).await;
    assert_eq!(passed.is(StatusCode::SEE_OTHER).location(), "/dashboard");
    let page = maya.get("/two-factor").await.is(StatusCode::SEE_OTHER);
    assert_eq!(
        page.location(),
        "/dashboard",
        "who is in has nothing to do there"
    );
}

#[tokio::test]
async fn nothing_is_shown_of_a_seed_that_counts() {
    let app = App::open().await;
    let (maya, phone, _) = with_factor(&app, "Maya").await;
    let page = maya.get(SET_UP).await.is(StatusCode::OK).text();
    assert!(
        !page.contains("otpauth") && page.contains("Set it up"),
        "{page}"
    );
    let pending = maya.reads("/action/second-factor/pending").await;
    assert_eq!(pending.is(StatusCode::OK).text(), "null");
    let codes = "/api/auth/two-factor/generate-backup-codes";
    let made = maya.calls(codes, &json!({ "password": PASSWORD })).await;
    assert_eq!(
        texts(&made.is(StatusCode::OK).json()["backupCodes"]).len(),
        10
    );
    drop(phone);
}
