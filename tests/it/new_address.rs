//! A person exchanges the address that they sign in with.

use crate::support::{
    PASSWORD,
    app::{App, Browser},
    sink::Sink,
};
use http::StatusCode;
use latchkey::{
    domain::{Error, Event, Outcome},
    service::audit,
};
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";
const NEW: &str = "lovelace@example.net";
const CHANGE: &str = "/api/auth/change-email";
const CONFIRM: &str = "Confirm your new e-mail address";

fn wish(new: &str, password: &str) -> Value {
    json!({ "newEmail": new, "currentPassword": password })
}

async fn confirms(browser: &Browser<'_>, token: &str) -> crate::support::app::Answer {
    browser
        .reads(&format!("/api/auth/verify-email?token={token}"))
        .await
}

async fn signs_in(app: &App, email: &str) -> StatusCode {
    let claim = json!({ "email": email, "password": PASSWORD });
    app.browser()
        .calls("/api/auth/sign-in", &claim)
        .await
        .status
}

#[tokio::test]
async fn the_address_changes_when_the_link_that_went_there_is_opened_and_both_hear_of_it() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let (here, elsewhere) = (app.person("Ada").await, app.browser());
    let claim = json!({ "email": ADA, "password": PASSWORD });
    elsewhere
        .calls("/api/auth/sign-in", &claim)
        .await
        .is(StatusCode::OK);

    let form = [("newEmail", NEW), ("currentPassword", PASSWORD)];
    let asked = here.form_from("/settings", CHANGE, &form).await;
    assert_eq!(
        asked.is(StatusCode::SEE_OTHER).location(),
        "/settings?saved=asked"
    );
    app.carries().await;
    let warning = sink.last(ADA, "Your e-mail address is about to change");
    assert!(warning.text().contains(NEW), "{}", warning.text());
    assert_eq!(signs_in(&app, NEW).await, StatusCode::UNAUTHORIZED);
    assert_eq!(signs_in(&app, ADA).await, StatusCode::OK);

    let letter = sink.last(NEW, CONFIRM);
    let page = here.get(&letter.path()).await.is(StatusCode::OK);
    assert!(page.text().contains("Yes, it is mine"), "{}", page.text());
    let token = letter.token();
    let done = here.form("/verify-email", &[("token", &token)]).await;
    assert_eq!(
        done.is(StatusCode::SEE_OTHER).location(),
        "/settings?saved=address"
    );

    let session = here.reads("/api/auth/session").await.json();
    assert_eq!(session["user"]["email"], NEW);
    assert_eq!(session["user"]["emailVerified"], true);
    assert_eq!(
        elsewhere.reads("/api/auth/session").await.json(),
        Value::Null
    );
    assert_eq!(signs_in(&app, ADA).await, StatusCode::UNAUTHORIZED);
    assert_eq!(signs_in(&app, NEW).await, StatusCode::OK);
    app.carries().await;
    sink.last(ADA, "Your e-mail address has changed");
    confirms(&app.browser(), &token)
        .await
        .says(Error::InvalidLink);
}

#[tokio::test]
async fn a_script_that_confirms_is_told_who_the_person_is_now() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    ada.calls(CHANGE, &wish(NEW, PASSWORD))
        .await
        .is(StatusCode::OK);
    app.carries().await;
    let token = sink.last(NEW, CONFIRM).token();
    let answer = confirms(&ada, &token).await.is(StatusCode::OK).json();
    assert_eq!(answer["status"], true);
    assert_eq!(answer["user"]["email"], NEW);
    assert_eq!(answer["user"]["emailVerified"], true);
}

#[tokio::test]
async fn a_taken_address_has_the_same_answer_and_its_owner_hears_of_it() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let (ada, _grace) = (app.person("Ada").await, app.person("Grace").await);
    let free = ada
        .calls(CHANGE, &wish(NEW, PASSWORD))
        .await
        .is(StatusCode::OK);
    let taken = ada
        .calls(CHANGE, &wish("Grace@Example.org", PASSWORD))
        .await
        .is(StatusCode::OK);
    assert_eq!(free.body, taken.body);
    app.carries().await;
    sink.last("grace@example.org", "You have an account already");
    let none = sink
        .to("grace@example.org")
        .iter()
        .any(|letter| letter.header("Subject") == CONFIRM);
    assert!(!none);
}

#[tokio::test]
async fn e4_nobody_is_written_to_more_than_three_times_an_hour_by_others() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    for name in ["Ada", "Grace"] {
        let one = app.person(name).await;
        for _ in 0..3 {
            one.calls(CHANGE, &wish(NEW, PASSWORD))
                .await
                .is(StatusCode::OK);
        }
    }
    app.carries().await;
    assert_eq!(sink.to(NEW).len(), 3);
}

#[tokio::test]
async fn an_address_that_somebody_took_meanwhile_stays_theirs() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    ada.calls(CHANGE, &wish("grace@example.org", PASSWORD))
        .await
        .is(StatusCode::OK);
    app.carries().await;
    let token = sink.last("grace@example.org", CONFIRM).token();
    app.person("Grace").await;
    confirms(&ada, &token).await.says(Error::InvalidLink);
    let session = ada.reads("/api/auth/session").await.json();
    assert_eq!(session["user"]["email"], ADA);
}

#[tokio::test]
async fn a5_the_password_is_asked_for_and_without_it_a_fresh_sign_in() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    app.browser()
        .calls(CHANGE, &wish(NEW, PASSWORD))
        .await
        .says(Error::Unauthorized);
    let wrong = ada.calls(CHANGE, &wish(NEW, "not the password")).await;
    let wrong = wrong.says(Error::PasswordWrong);
    assert_eq!(wrong.faults()[0].0, "currentPassword");
    // Better Auth's call has no password: the sign-in is a moment old.
    ada.calls(CHANGE, &json!({ "newEmail": NEW }))
        .await
        .is(StatusCode::OK);
    let eleven_minutes = 11 * 60 * 1000;
    app.house
        .run(&format!(
            "UPDATE session SET confirmed_at = confirmed_at - {eleven_minutes}"
        ))
        .await;
    for body in [
        json!({ "newEmail": NEW }),
        json!({ "newEmail": NEW, "currentPassword": "" }),
    ] {
        ada.calls(CHANGE, &body).await.says(Error::SessionNotFresh);
    }
    let form = [("newEmail", NEW), ("currentPassword", "")];
    let led = ada.form_from("/settings", CHANGE, &form).await;
    let led = led.is(StatusCode::SEE_OTHER);
    assert_eq!(led.location(), "/confirm?next=%2Fsettings");
    ada.calls(CHANGE, &wish(NEW, PASSWORD))
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn a_refused_wish_is_told_beside_its_field_with_what_was_typed() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    let same = ada.calls(CHANGE, &wish("ADA@example.org", PASSWORD)).await;
    same.says(Error::EmailSame);
    let form = [("newEmail", "no address"), ("currentPassword", PASSWORD)];
    let page = ada.form_from("/settings", CHANGE, &form).await;
    let html = page.is(StatusCode::BAD_REQUEST).text();
    assert!(html.contains("Write the whole address"), "{html}");
    assert!(html.contains(r#"value="no address""#), "{html}");
    assert!(!html.contains(PASSWORD), "{html}");
    let away = json!({ "newEmail": NEW, "currentPassword": PASSWORD, "callbackURL": "//evil" });
    ada.calls(CHANGE, &away)
        .await
        .says(Error::InvalidCallbackUrl);
}

#[tokio::test]
async fn a_link_to_the_old_address_is_void_once_there_is_a_new_one() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    app.browser()
        .calls("/api/auth/request-password-reset", &json!({ "email": ADA }))
        .await
        .is(StatusCode::OK);
    ada.calls(CHANGE, &wish(NEW, PASSWORD))
        .await
        .is(StatusCode::OK);
    app.carries().await;
    let (reset, verify) = (
        sink.last(ADA, "Set a new password").token(),
        sink.last(ADA, "Confirm your e-mail address").token(),
    );
    confirms(&ada, &sink.last(NEW, CONFIRM).token())
        .await
        .is(StatusCode::OK);
    let body = json!({ "token": reset, "newPassword": "other words apart" });
    app.browser()
        .calls("/api/auth/reset-password", &body)
        .await
        .says(Error::InvalidResetToken);
    confirms(&ada, &verify).await.says(Error::InvalidLink);
}

#[tokio::test]
async fn a_new_password_takes_a_waiting_address_back() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    ada.calls(CHANGE, &wish(NEW, PASSWORD))
        .await
        .is(StatusCode::OK);
    app.carries().await;
    let token = sink.last(NEW, CONFIRM).token();
    let body = json!({ "currentPassword": PASSWORD, "newPassword": "other words apart" });
    ada.calls("/api/auth/change-password", &body)
        .await
        .is(StatusCode::OK);
    confirms(&ada, &token).await.says(Error::InvalidLink);
}

#[tokio::test]
async fn without_a_mail_server_the_address_changes_at_once() {
    let app = App::open().await;
    let (here, elsewhere) = (app.person("Ada").await, app.browser());
    app.person("Grace").await;
    let claim = json!({ "email": ADA, "password": PASSWORD });
    elsewhere
        .calls("/api/auth/sign-in", &claim)
        .await
        .is(StatusCode::OK);
    let taken = here
        .calls(CHANGE, &wish("grace@example.org", PASSWORD))
        .await
        .says(Error::EmailTaken);
    assert_eq!(taken.faults()[0].0, "newEmail");

    let form = [("newEmail", NEW), ("currentPassword", PASSWORD)];
    let done = here.form_from("/settings", CHANGE, &form).await;
    assert_eq!(
        done.is(StatusCode::SEE_OTHER).location(),
        "/settings?saved=address"
    );
    let session = here.reads("/api/auth/session").await.json();
    assert_eq!(session["user"]["email"], NEW);
    assert_eq!(session["user"]["emailVerified"], false);
    assert_eq!(
        elsewhere.reads("/api/auth/session").await.json(),
        Value::Null
    );
    assert_eq!(signs_in(&app, NEW).await, StatusCode::OK);
}

#[tokio::test]
async fn every_step_stands_in_the_persons_log() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    ada.calls(CHANGE, &wish(NEW, "not the password")).await;
    ada.calls(CHANGE, &wish(NEW, PASSWORD)).await;
    app.carries().await;
    confirms(&ada, &sink.last(ADA, "Confirm your e-mail address").token()).await;
    confirms(&ada, &sink.last(NEW, CONFIRM).token()).await;
    let id = app.house.column(r#"SELECT id FROM "user""#).await.remove(0);
    let log = audit::of_user(&app.house.db, id.parse().expect("an id"), 4)
        .await
        .expect("the log");
    let seen: Vec<_> = log.iter().map(|line| (line.event, line.outcome)).collect();
    assert_eq!(
        seen,
        [
            (Event::EmailChanged, Outcome::Success),
            (Event::EmailVerified, Outcome::Success),
            (Event::EmailChangeRequested, Outcome::Success),
            (Event::EmailChangeRequested, Outcome::Refused),
        ]
    );
}
