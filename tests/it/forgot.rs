//! Somebody forgot the password, or says so.

use crate::support::{
    PASSWORD,
    app::{App, Browser, ORIGIN, request},
    factor::with_factor,
    sink::Sink,
};
use http::{Method, StatusCode, header};
use latchkey::{
    domain::{Error, Event, Outcome},
    service::{audit, verification},
};
use serde_json::json;
use std::time::{Duration, Instant};

const ADA: &str = "ada@example.org";
const RESET: &str = "Set a new password";
const ASK: &str = "/api/auth/request-password-reset";
const OTHER: &str = "other words apart";

async fn asks(browser: &Browser<'_>, email: &str) {
    browser
        .calls(ASK, &json!({ "email": email }))
        .await
        .is(StatusCode::OK);
}

async fn sets(browser: &Browser<'_>, token: &str) -> crate::support::app::Answer {
    let body = json!({ "token": token, "newPassword": OTHER });
    browser.calls("/api/auth/reset-password", &body).await
}

#[tokio::test]
async fn a_person_finds_back_in_by_a_letter() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let before = app.person("Ada").await;
    let browser = app.browser();

    let page = browser.get("/signin").await.text();
    assert!(page.contains(r#"href="/forgot-password""#), "{page}");
    let page = browser.get("/forgot-password").await.is(StatusCode::OK);
    assert!(page.text().contains("Send the link"), "{}", page.text());
    let sent = browser
        .form_from("/forgot-password", "/forgot-password", &[("email", ADA)])
        .await;
    assert_eq!(
        sent.is(StatusCode::SEE_OTHER).location(),
        "/forgot-password?done=sent"
    );
    let page = browser.get("/forgot-password?done=sent").await.text();
    assert!(
        page.contains("a letter with a link is on its way"),
        "{page}"
    );

    app.carries().await;
    let letter = sink.last(ADA, RESET);
    let page = browser.get(&letter.path()).await.is(StatusCode::OK);
    assert!(page.text().contains("Set the password"), "{}", page.text());
    let fields = [("token", letter.token()), ("newPassword", OTHER.to_owned())];
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let done = browser.form("/reset-password", &fields).await;
    assert_eq!(
        done.is(StatusCode::SEE_OTHER).location(),
        "/signin?done=password"
    );

    assert_eq!(before.reads("/api/auth/session").await.json(), json!(null));
    let claim = json!({ "email": ADA, "password": OTHER });
    let user = browser
        .calls("/api/auth/sign-in", &claim)
        .await
        .is(StatusCode::OK)
        .json();
    assert_eq!(
        user["user"]["emailVerified"], false,
        "a link proves nothing that it is not for"
    );
    app.carries().await;
    sink.last(ADA, "Your password was changed");
}

#[tokio::test]
async fn b21_asking_for_a_link_says_the_same_of_every_address() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    app.person("Ada").await;
    app.carries().await;
    let mut seen = Vec::new();
    for email in [ADA, "nobody@example.org", "ADA@EXAMPLE.ORG"] {
        let answer = app.browser().calls(ASK, &json!({ "email": email })).await;
        let answer = answer.is(StatusCode::OK);
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        seen.push((answer.body, names));
        let page = app
            .browser()
            .form("/forgot-password", &[("email", email)])
            .await;
        assert_eq!(
            page.is(StatusCode::SEE_OTHER).location(),
            "/forgot-password?done=sent"
        );
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:?}");
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&seen[0].0).expect("JSON")["status"],
        true
    );

    app.carries().await;
    let others = sink
        .letters()
        .iter()
        .filter(|letter| letter.to != [ADA])
        .count();
    assert_eq!(others, 0);
    assert_eq!(
        sink.to(ADA).len(),
        1 + 3,
        "three an hour, however it is spelled"
    );
    app.browser()
        .calls(ASK, &json!({ "email": "no address" }))
        .await
        .says(Error::InvalidEmail);
}

#[tokio::test]
async fn b22_asking_for_an_unknown_address_costs_the_same_work() {
    const PAIRS: usize = 15;
    let sink = Sink::open();
    let app = App::with_mail(&sink, |config| config.rate_limit = false).await;
    app.person("Ada").await;
    let browser = app.browser();
    let cost = async |email: String| {
        let begun = Instant::now();
        asks(&browser, &email).await;
        begun.elapsed()
    };
    let (mut unknown, mut known) = (Duration::MAX, Duration::MAX);
    for at in 0..PAIRS {
        unknown = unknown.min(cost(format!("nobody{at}@example.org")).await);
        known = known.min(cost(ADA.to_owned()).await);
    }
    // The quickest of each, because a busy machine only adds.
    assert!(
        unknown < known * 2 && known < unknown * 2,
        "unknown: {unknown:?}, known: {known:?}"
    );

    // The rows are as many and as long, too, and nobody gets a letter for nobody.
    let lengths = app
        .house
        .column("SELECT CAST(length(body) AS text) FROM mail WHERE kind IN ('nothing', 'reset-password')")
        .await;
    assert_eq!(lengths.len(), 2 * PAIRS);
    app.carries().await;
    assert_eq!(sink.letters().len(), sink.to(ADA).len());
    assert!(app.house.column("SELECT id FROM mail").await.is_empty());
}

#[tokio::test]
async fn e4_whoever_asks_for_many_addresses_is_stopped() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    for at in 0..10 {
        asks(&app.browser(), &format!("nobody{at}@example.org")).await;
    }
    let body = json!({ "email": "nobody@example.org" });
    let stopped = app.browser().calls(ASK, &body).await;
    let stopped = stopped.says(Error::TooManyRequests);
    assert!(stopped.header("retry-after").parse::<u64>().is_ok());
}

#[tokio::test]
async fn b33_a_link_begins_with_our_address_whatever_a_request_says_of_its_host() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    app.person("Ada").await;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-forwarded-proto", "https"),
        ("x-original-host", "evil.example"),
    ] {
        let poisoned = request(Method::POST, ASK)
            .header(header::CONTENT_TYPE, "application/json")
            .header(name, value)
            .body(json!({ "email": ADA }).to_string().into())
            .expect("a request");
        app.ask(poisoned).await;
    }
    let evil = http::Request::builder()
        .method(Method::POST)
        .uri(ASK)
        .header(header::HOST, "evil.example")
        .header(header::CONTENT_TYPE, "application/json")
        .body(json!({ "email": ADA }).to_string().into())
        .expect("a request");
    app.ask(evil).await.is(StatusCode::MISDIRECTED_REQUEST);
    app.carries().await;
    let letters = sink.to(ADA);
    assert!(letters.len() >= 3);
    for letter in letters {
        assert!(
            letter.link().starts_with(&format!("{ORIGIN}/")),
            "{}",
            letter.link()
        );
        assert!(!letter.text().contains("evil"), "{}", letter.text());
    }
}

#[tokio::test]
async fn b32_b35_a_mailed_link_is_good_once_and_the_newest_alone() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    app.person("Ada").await;
    asks(&app.browser(), ADA).await;
    app.carries().await;
    let older = sink.last(ADA, RESET).token();
    asks(&app.browser(), ADA).await;
    app.carries().await;
    let newer = sink.last(ADA, RESET).token();
    assert_ne!(older, newer);

    let browser = app.browser();
    sets(&browser, &older).await.says(Error::InvalidResetToken);
    let all = futures::future::join_all((0..6).map(|_| sets(&browser, &newer))).await;
    let done = all
        .iter()
        .filter(|one| one.status == StatusCode::OK)
        .count();
    assert_eq!(done, 1);
    sets(&browser, &newer).await.says(Error::InvalidResetToken);
}

#[tokio::test]
async fn b34_who_signed_up_with_somebody_elses_address_has_nothing_left_when_its_owner_comes() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let (attacker, _, _) = with_factor(&app, "Ada").await;
    app.house
        .run(
            "INSERT INTO account (id, user_id, account_id, provider_id, created_at, updated_at) \
             SELECT 'theirs', user_id, 'https://id.example.net#1', 'oidc', created_at, updated_at FROM account",
        )
        .await;
    let token = attacker.program().await;
    let change = json!({ "newEmail": "evil@example.net", "currentPassword": PASSWORD });
    attacker
        .calls("/api/auth/change-email", &change)
        .await
        .is(StatusCode::OK);
    app.carries().await;
    let waiting = sink
        .last("evil@example.net", "Confirm your new e-mail address")
        .token();

    asks(&app.browser(), ADA).await;
    app.carries().await;
    let link = sink.last(ADA, RESET).token();
    sets(&app.browser(), &link).await.is(StatusCode::OK);

    assert_eq!(
        attacker.reads("/api/auth/session").await.json(),
        json!(null)
    );
    token.get("/api/tasks").await.says(Error::InvalidToken);
    app.browser()
        .reads(&format!("/api/auth/verify-email?token={waiting}"))
        .await
        .says(Error::InvalidLink);
    assert_eq!(app.house.column(r#"SELECT email FROM "user""#).await, [ADA]);
    let ways = app.house.column("SELECT provider_id FROM account").await;
    assert_eq!(ways, ["credential"]);
    let entered = json!({ "email": ADA, "password": OTHER });
    let entered = app.browser().calls("/api/auth/sign-in", &entered).await;
    assert_eq!(entered.json()["user"]["twoFactorEnabled"], json!(false));
}

#[tokio::test]
async fn a_disabled_account_gets_no_link() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    app.person("Ada").await;
    app.carries().await;
    let there = sink.to(ADA).len();
    app.house.run(r#"UPDATE "user" SET disabled_at = 1"#).await;
    asks(&app.browser(), ADA).await;
    app.carries().await;
    assert_eq!(sink.to(ADA).len(), there);
}

#[tokio::test]
async fn a_front_end_of_ones_own_may_say_where_the_link_leads_on_this_site() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    app.person("Ada").await;
    for bad in [
        "https://evil.example/reset",
        "//evil.example",
        "javascript:alert(1)",
    ] {
        let body = json!({ "email": ADA, "redirectTo": bad });
        app.browser()
            .calls(ASK, &body)
            .await
            .says(Error::InvalidRedirectUrl);
    }
    let body = json!({ "email": ADA, "redirectTo": "/mine/new-password?from=mail" });
    app.browser().calls(ASK, &body).await.is(StatusCode::OK);
    app.carries().await;
    let link = sink.last(ADA, RESET).link();
    assert!(
        link.starts_with(&format!("{ORIGIN}/mine/new-password?from=mail&token=")),
        "{link}"
    );
}

#[tokio::test]
async fn a_link_that_was_asked_for_stands_in_its_owners_log() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    app.person("Ada").await;
    asks(&app.browser(), ADA).await;
    asks(&app.browser(), "nobody@example.org").await;
    let id = app.house.column(r#"SELECT id FROM "user""#).await.remove(0);
    let log = audit::of_user(&app.house.db, id.parse().expect("an id"), 10)
        .await
        .expect("the log");
    let asked: Vec<_> = log
        .iter()
        .filter(|line| line.event == Event::PasswordResetRequested)
        .map(|line| line.outcome)
        .collect();
    assert_eq!(asked, [Outcome::Success]);
}

#[tokio::test]
async fn without_a_mail_server_the_page_says_who_can_help() {
    let app = App::open().await;
    let page = app
        .browser()
        .get("/forgot-password")
        .await
        .is(StatusCode::OK);
    let html = page.text();
    assert!(html.contains("No mail leaves this server"), "{html}");
    assert!(!html.contains("<form"), "{html}");
}

#[tokio::test]
async fn a_new_password_by_a_link_ends_the_waiting_that_guesses_at_the_old_one_brought() {
    let app = App::open().await;
    let user = app.house.sign_up("Ada").await;
    let browser = app.browser();
    let sign_in = "/api/auth/sign-in";
    let wrong = json!({ "email": ADA, "password": "not these words" });
    for _ in 0..5 {
        browser
            .calls(sign_in, &wrong)
            .await
            .says(Error::InvalidCredentials);
    }
    browser
        .calls(sign_in, &wrong)
        .await
        .says(Error::TooManyRequests);
    let purpose = verification::Purpose::PasswordReset;
    let token = verification::issue(&app.house.db, purpose, user.id).await;
    sets(&browser, &token.expect("a token"))
        .await
        .is(StatusCode::OK);
    let right = json!({ "email": ADA, "password": OTHER });
    browser.calls(sign_in, &right).await.is(StatusCode::OK);
}
