//! An address is shown to be its owner's: by a link, a page and a button, or by a script.

use crate::support::{
    PASSWORD,
    app::{App, Browser, ORIGIN, request},
    sink::Sink,
};
use axum::body::Body;
use http::{Method, StatusCode, header};
use latchkey::domain::Error;
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";
const CONFIRM: &str = "Confirm your e-mail address";
const SEND: &str = "/api/auth/send-verification-email";

async fn is_confirmed(browser: &Browser<'_>) -> bool {
    let session = browser.reads("/api/auth/session").await.is(StatusCode::OK);
    session.json()["user"]["emailVerified"] == true
}

fn verify(token: &str) -> String {
    format!("/api/auth/verify-email?token={token}")
}

fn claim(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD })
}

#[tokio::test]
async fn a_newcomer_confirms_the_address_on_a_page_that_changes_nothing_by_itself() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    app.carries().await;
    let letter = sink.last(ADA, CONFIRM);
    assert!(letter.link().starts_with(ORIGIN), "{}", letter.link());

    // Whatever looks ahead at links opens the page, as often as it likes.
    for _ in 0..2 {
        let page = app.browser().get(&letter.path()).await.is(StatusCode::OK);
        assert!(page.text().contains("Yes, it is mine"), "{}", page.text());
        assert_eq!(page.header("cache-control"), "no-store");
    }
    assert!(!is_confirmed(&ada).await);

    let done = ada
        .form_from(
            &letter.path(),
            "/verify-email",
            &[("token", &letter.token())],
        )
        .await;
    assert_eq!(
        done.is(StatusCode::SEE_OTHER).location(),
        "/settings?saved=verified"
    );
    assert!(is_confirmed(&ada).await);
    let page = ada.get("/settings?saved=verified").await.text();
    assert!(page.contains("Your address is confirmed."), "{page}");
}

#[tokio::test]
async fn whoever_confirms_without_being_signed_in_is_led_to_sign_in() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    app.person("Ada").await;
    app.carries().await;
    let token = sink.last(ADA, CONFIRM).token();
    let done = app
        .browser()
        .form("/verify-email", &[("token", &token)])
        .await;
    assert_eq!(
        done.is(StatusCode::SEE_OTHER).location(),
        "/signin?done=verified"
    );
}

#[tokio::test]
async fn a_script_confirms_with_a_get_and_a_followed_link_is_led_to_the_page() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    app.carries().await;
    let token = sink.last(ADA, CONFIRM).token();

    let followed = app.browser().get(&verify(&token)).await;
    assert_eq!(
        followed.is(StatusCode::SEE_OTHER).location(),
        format!("/verify-email?token={token}")
    );
    let navigation = request(Method::GET, &verify(&token))
        .header("sec-fetch-mode", "navigate")
        .body(Body::empty())
        .expect("a request");
    app.ask(navigation).await.is(StatusCode::SEE_OTHER);
    assert!(!is_confirmed(&ada).await);

    // The same answer again, as Better Auth has it.
    for _ in 0..2 {
        let answer = app
            .browser()
            .reads(&verify(&token))
            .await
            .is(StatusCode::OK);
        assert_eq!(answer.json(), json!({ "status": true, "user": null }));
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    }
    assert!(is_confirmed(&ada).await);
}

#[tokio::test]
async fn b32_a_link_that_is_none_or_over_is_told_apart_and_leads_to_a_new_one() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    app.carries().await;
    let token = sink.last(ADA, CONFIRM).token();

    let mut flipped = token.clone().into_bytes();
    flipped[5] = if flipped[5] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).expect("text");
    for bad in [flipped.as_str(), "x", "null"] {
        let answer = app.browser().reads(&verify(bad)).await;
        answer.says(Error::InvalidLink);
    }
    for nothing in ["/api/auth/verify-email", "/api/auth/verify-email?token="] {
        let answer = app
            .browser()
            .reads(nothing)
            .await
            .is(StatusCode::BAD_REQUEST);
        assert_eq!(answer.json()["code"], "VALIDATION_ERROR");
    }

    app.house
        .run("UPDATE verification SET expires_at = 1")
        .await;
    app.browser()
        .reads(&verify(&token))
        .await
        .says(Error::LinkExpired);
    let page = app
        .browser()
        .form("/verify-email", &[("token", &token)])
        .await
        .is(StatusCode::UNAUTHORIZED);
    assert!(page.text().contains("too old"), "{}", page.text());
    assert!(page.text().contains("Send again"), "{}", page.text());
    assert!(!is_confirmed(&ada).await);
}

#[tokio::test]
async fn the_link_of_a_letter_is_refused_in_words_for_a_letter() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    app.person("Ada").await;
    app.carries().await;
    let token = sink.last(ADA, CONFIRM).token();
    app.house
        .run("UPDATE verification SET expires_at = 1")
        .await;
    for (token, error) in [
        ("x", Error::InvalidLink),
        (token.as_str(), Error::LinkExpired),
    ] {
        let answer = app.browser().reads(&verify(token)).await.says(error);
        assert_eq!(answer.json()["message"], error.message());
        // No Bearer token was sent, so none is said to be bad.
        let challenge = answer.header(header::WWW_AUTHENTICATE);
        assert!(!challenge.contains("invalid_token"), "{challenge}");
        let page = app
            .browser()
            .form("/verify-email", &[("token", token)])
            .await
            .is(StatusCode::UNAUTHORIZED)
            .text();
        assert!(page.contains(error.message()), "{page}");
    }
}

#[tokio::test]
async fn a_newer_letter_voids_the_one_before() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    app.carries().await;
    let older = sink.last(ADA, CONFIRM).token();
    let again = ada.form(SEND, &[("email", ADA)]).await;
    assert_eq!(
        again.is(StatusCode::SEE_OTHER).location(),
        "/verify-email?done=sent"
    );
    app.carries().await;
    let newer = sink.last(ADA, CONFIRM).token();

    app.browser()
        .reads(&verify(&older))
        .await
        .says(Error::InvalidLink);
    app.browser()
        .reads(&verify(&newer))
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn b9_a_link_of_one_purpose_opens_nothing_of_another() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    app.browser()
        .calls("/api/auth/request-password-reset", &json!({ "email": ADA }))
        .await
        .is(StatusCode::OK);
    app.carries().await;
    let confirm = sink.last(ADA, CONFIRM).token();
    let reset = sink.last(ADA, "Set a new password").token();

    let body = json!({ "token": confirm, "newPassword": "other words apart" });
    app.browser()
        .calls("/api/auth/reset-password", &body)
        .await
        .says(Error::InvalidResetToken);
    app.browser()
        .reads(&verify(&reset))
        .await
        .says(Error::InvalidLink);
    let mut program = app.program();
    for token in [confirm, reset] {
        program.token = Some(token);
        program.get("/api/tasks").await.says(Error::InvalidToken);
    }
    let jwt = ada.program().await.token.expect("a token");
    app.browser()
        .reads(&verify(&jwt))
        .await
        .says(Error::InvalidLink);
}

#[tokio::test]
async fn asking_again_tells_a_stranger_nothing_and_somebody_signed_in_what_is_wrong() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    let ask = async |browser: &Browser<'_>, email: &str| {
        browser.calls(SEND, &json!({ "email": email })).await
    };

    let known = ask(&app.browser(), "ADA@example.org")
        .await
        .is(StatusCode::OK);
    let unknown = ask(&app.browser(), "nobody@example.org")
        .await
        .is(StatusCode::OK);
    assert_eq!(known.json(), json!({ "status": true }));
    assert_eq!(known.body, unknown.body);
    ask(&app.browser(), "no address")
        .await
        .says(Error::InvalidEmail);
    ask(&ada, "grace@example.org")
        .await
        .says(Error::EmailMismatch);
    app.carries().await;
    assert_eq!(sink.to(ADA).len() + sink.to("ADA@example.org").len(), 2);
    assert!(sink.to("nobody@example.org").is_empty());

    let token = sink.letters().pop().expect("a letter").token();
    app.browser()
        .reads(&verify(&token))
        .await
        .is(StatusCode::OK);
    ask(&ada, ADA).await.says(Error::EmailAlreadyVerified);
    let away = json!({ "email": ADA, "callbackURL": "https://evil.example/" });
    app.browser()
        .calls(SEND, &away)
        .await
        .says(Error::InvalidCallbackUrl);
}

#[tokio::test]
async fn e4_the_fourth_letter_in_an_hour_is_dropped_without_a_word() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    app.carries().await;
    for _ in 0..5 {
        let answer = ada.calls(SEND, &json!({ "email": ADA })).await;
        assert_eq!(answer.is(StatusCode::OK).json(), json!({ "status": true }));
    }
    app.carries().await;
    assert_eq!(sink.to(ADA).len(), 1 + 3);
}

#[tokio::test]
async fn the_house_asks_until_the_address_is_confirmed_and_only_where_letters_go() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    for page in ["/dashboard", "/settings"] {
        let html = ada.get(page).await.text();
        assert!(html.contains("Confirm your address."), "{html}");
        assert!(html.contains("Send again"), "{html}");
    }
    app.carries().await;
    let token = sink.last(ADA, CONFIRM).token();
    app.browser()
        .reads(&verify(&token))
        .await
        .is(StatusCode::OK);
    let html = ada.get("/dashboard").await.text();
    assert!(!html.contains("Confirm your address."), "{html}");

    let without = App::open().await;
    let grace = without.person("Grace").await;
    let html = grace.get("/dashboard").await.text();
    assert!(!html.contains("Confirm your address."), "{html}");
}

#[tokio::test]
async fn b23_where_confirming_is_required_sign_up_answers_every_address_alike() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |config| config.require_verified_email = true).await;
    let sign_up = async |email: &str| {
        let body = json!({ "name": "Ada", "email": email, "password": PASSWORD });
        app.browser()
            .calls("/api/auth/sign-up/email", &body)
            .await
            .is(StatusCode::OK)
    };
    let fresh = sign_up(ADA).await;
    let taken = sign_up("ADA@example.org").await;
    for answer in [&fresh, &taken] {
        assert_eq!(answer.header(header::SET_COOKIE), "");
        assert_eq!(answer.json()["token"], Value::Null);
    }
    let shape = |answer: &Value| {
        let user = answer["user"].as_object().expect("a person");
        let names: Vec<_> = user.keys().cloned().collect();
        (names, user["emailVerified"].clone(), user["image"].clone())
    };
    assert_eq!(shape(&fresh.json()), shape(&taken.json()));
    assert_ne!(fresh.json()["user"]["id"], taken.json()["user"]["id"]);

    app.carries().await;
    sink.last(ADA, CONFIRM);
    sink.last(ADA, "You have an account already");
    assert!(
        sink.to("ADA@example.org").is_empty(),
        "it goes where the owner is"
    );
    assert_eq!(app.house.column(r#"SELECT id FROM "user""#).await.len(), 1);
}

#[tokio::test]
async fn where_confirming_is_required_nobody_comes_in_before() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |config| config.require_verified_email = true).await;
    let browser = app.browser();
    let form = [("name", "Ada"), ("email", ADA), ("password", PASSWORD)];
    let answer = browser.form("/signup", &form).await;
    assert_eq!(
        answer.is(StatusCode::SEE_OTHER).location(),
        "/verify-email?done=sent"
    );
    assert_eq!(browser.cookie_header(), None);
    let page = browser
        .get("/verify-email?done=sent")
        .await
        .is(StatusCode::OK);
    assert!(page.text().contains("on its way"), "{}", page.text());

    let sign_in = "/api/auth/sign-in";
    let wrong = json!({ "email": ADA, "password": "not the password" });
    browser
        .calls(sign_in, &wrong)
        .await
        .says(Error::InvalidCredentials);
    browser
        .calls(sign_in, &claim(ADA))
        .await
        .says(Error::EmailNotVerified);
    let page = browser
        .form("/signin", &[("email", ADA), ("password", PASSWORD)])
        .await
        .is(StatusCode::FORBIDDEN);
    assert!(page.text().contains("Open the link"), "{}", page.text());
    assert_eq!(browser.cookie_header(), None);

    app.carries().await;
    assert_eq!(
        sink.to(ADA).len(),
        3,
        "with the sign-up and each right password"
    );
    let token = sink.last(ADA, CONFIRM).token();
    browser.form("/verify-email", &[("token", &token)]).await;
    browser.calls(sign_in, &claim(ADA)).await.is(StatusCode::OK);
    assert!(is_confirmed(&browser).await);
}

#[tokio::test]
async fn the_place_to_go_to_travels_with_the_link_and_never_leads_elsewhere() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |config| config.require_verified_email = true).await;
    let body =
        |to: &str| json!({ "name": "Ada", "email": ADA, "password": PASSWORD, "callbackURL": to });
    app.browser()
        .calls("/api/auth/sign-up/email", &body("https://evil.example/"))
        .await
        .says(Error::InvalidCallbackUrl);
    app.browser()
        .calls("/api/auth/sign-up/email", &body("/dashboard?filter=done"))
        .await
        .is(StatusCode::OK);
    app.carries().await;
    let letter = sink.last(ADA, CONFIRM);
    let page = app.browser().get(&letter.path()).await.text();
    assert!(page.contains("/dashboard?filter=done"), "{page}");

    let fields = |next: &'static str| [("token", letter.token()), ("next", next.to_owned())];
    for (next, there) in [
        ("//evil.example", "/signin?done=verified"),
        ("/dashboard?filter=done", "/dashboard?filter=done"),
    ] {
        let fields = fields(next);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let done = app.browser().form("/verify-email", &fields).await;
        assert_eq!(done.is(StatusCode::SEE_OTHER).location(), there);
    }
}
