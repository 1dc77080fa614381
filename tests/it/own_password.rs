//! Another password, by somebody who is signed in and knows the one there is.

use crate::support::{
    PASSWORD,
    app::{App, Browser},
};
use http::{StatusCode, header};
use latchkey::{
    domain::{Error, UserId},
    service::verification::{self, Purpose},
};
use serde_json::{Value, json};
use std::time::Duration;

const CHANGE: &str = "/api/auth/change-password";
const SIGN_IN: &str = "/api/auth/sign-in";
const CHOSEN: &str = "another three words";

fn body(current: &str, chosen: &str) -> Value {
    json!({ "currentPassword": current, "newPassword": chosen })
}

fn claim(password: &str) -> Value {
    json!({ "email": "maya@example.org", "password": password })
}

async fn signs_in<'a>(app: &'a App, password: &str) -> Result<Browser<'a>, StatusCode> {
    let browser = app.browser();
    let answer = browser.calls(SIGN_IN, &claim(password)).await;
    if answer.status == StatusCode::OK {
        Ok(browser)
    } else {
        Err(answer.status)
    }
}

async fn is_signed_in(browser: &Browser<'_>) -> bool {
    browser.reads("/api/auth/session").await.text() != "null"
}

async fn changes_in_the_log(app: &App) -> Vec<String> {
    app.house
        .column("SELECT outcome FROM audit_event WHERE event = 'password_changed' ORDER BY at, id")
        .await
}

#[tokio::test]
async fn a10_b10_another_password_ends_every_session_and_begins_a_new_one_here() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let other = signs_in(&app, PASSWORD).await.expect("signed in");
    let before = app.browser_with(&maya.cookie_header().expect("a cookie"));
    let (mine, theirs) = (maya.program().await, other.program().await);

    let answer = maya.calls(CHANGE, &body(PASSWORD, CHOSEN)).await;

    let answer = answer.is(StatusCode::OK).json();
    assert_eq!(answer["user"]["email"], "maya@example.org");
    let mut program = app.program();
    program.token = answer["token"].as_str().map(str::to_owned);
    program.get("/api/tasks").await.is(StatusCode::OK);
    assert!(is_signed_in(&maya).await);
    for over in [&before, &other] {
        assert!(!is_signed_in(over).await);
    }
    for over in [&mine, &theirs] {
        over.get("/api/tasks").await.says(Error::InvalidToken);
    }
    assert_eq!(app.house.column("SELECT id FROM session").await.len(), 1);
    assert_eq!(
        signs_in(&app, PASSWORD).await.err(),
        Some(StatusCode::UNAUTHORIZED)
    );
    assert!(signs_in(&app, CHOSEN).await.is_ok());
    assert_eq!(changes_in_the_log(&app).await, ["success"]);
}

#[tokio::test]
async fn b10_whoever_comes_in_with_the_old_password_while_it_is_changed_does_not_stay() {
    let app = App::open().await;
    let mut maya = app.person("Maya").await;
    let mut old = PASSWORD.to_owned();
    for round in 0..6 {
        let chosen = format!("another three words {round}");
        let (changes, claims) = (body(&old, &chosen), claim(&old));
        let late = app.browser();
        let comes_in = async {
            tokio::time::sleep(Duration::from_millis(round * 15)).await;
            late.calls(SIGN_IN, &claims).await
        };
        let (answer, _) = tokio::join!(maya.calls(CHANGE, &changes), comes_in);
        answer.is(StatusCode::OK);
        assert!(!is_signed_in(&late).await, "round {round}");
        assert_eq!(app.house.column("SELECT id FROM session").await.len(), 1);
        maya = signs_in(&app, &chosen).await.expect("signed in");
        app.house.run("DELETE FROM session WHERE id NOT IN (SELECT id FROM session ORDER BY created_at DESC LIMIT 1)").await;
        old = chosen;
    }
}

#[tokio::test]
async fn access_tokens_go_on_and_links_for_another_password_do_not() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let new = json!({ "name": "Home server", "scope": "tasks:read" });
    let made = maya.calls("/action/tokens/create", &new).await;
    let made = made.is(StatusCode::OK).json();
    let session = maya.reads("/api/auth/session").await.json();
    let id: UserId = session["user"]["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let link = verification::issue(&app.house.db, Purpose::PasswordReset, id)
        .await
        .expect("a link");

    maya.calls(CHANGE, &body(PASSWORD, CHOSEN))
        .await
        .is(StatusCode::OK);

    let mut program = app.program();
    program.token = made["token"].as_str().map(str::to_owned);
    program.get("/api/tasks").await.is(StatusCode::OK);
    let reset = json!({ "token": link, "newPassword": "a fourth set of words" });
    app.browser()
        .calls("/api/auth/reset-password", &reset)
        .await
        .says(Error::InvalidResetToken);
}

#[tokio::test]
async fn a5_a_wrong_current_password_is_400_and_changes_nothing() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let other = signs_in(&app, PASSWORD).await.expect("signed in");
    for wrong in ["not this one", "", &"x".repeat(5000)] {
        let answer = maya.calls(CHANGE, &body(wrong, CHOSEN)).await;
        let answer = answer.says(Error::PasswordWrong);
        assert_eq!(answer.json()["code"], "INVALID_PASSWORD");
        let fault = ("currentPassword".to_owned(), "INVALID_PASSWORD".to_owned());
        assert_eq!(answer.faults(), [fault]);
    }
    assert!(is_signed_in(&maya).await && is_signed_in(&other).await);
    assert!(signs_in(&app, PASSWORD).await.is_ok());
    assert_eq!(
        changes_in_the_log(&app).await,
        ["refused", "refused", "refused"]
    );
    let without = json!({ "newPassword": CHOSEN });
    maya.calls(CHANGE, &without).await.says(Error::Validation);
    app.browser()
        .calls(CHANGE, &body(PASSWORD, CHOSEN))
        .await
        .says(Error::Unauthorized);
}

#[tokio::test]
async fn a1_a4_the_new_password_goes_through_the_rules_of_sign_up() {
    let app = App::with(|config| config.rate_limit = false).await;
    let maya = app.person("Maya").await;
    for (chosen, error) in [
        ("seven77", Error::PasswordTooShort),
        (&*"x".repeat(129), Error::PasswordTooLong),
        ("line\nbreaks in it", Error::PasswordInvalid),
        ("password123", Error::PasswordCompromised),
        ("maya@example.org", Error::PasswordCompromised),
    ] {
        let answer = maya.calls(CHANGE, &body(PASSWORD, chosen)).await;
        let fault = ("newPassword".to_owned(), error.code().to_owned());
        assert_eq!(answer.says(error).faults(), [fault], "{chosen}");
    }
    assert!(signs_in(&app, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a7_after_five_wrong_ones_the_right_one_waits_and_the_session_goes_on() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let verify = "/api/auth/verify-password";
    let claim = |password: &str| json!({ "password": password });
    for _ in 0..5 {
        maya.calls(verify, &claim("wrong"))
            .await
            .says(Error::PasswordWrong);
    }
    for (path, body) in [
        (verify, claim(PASSWORD)),
        (CHANGE, body(PASSWORD, CHOSEN)),
        ("/api/auth/delete-user", claim(PASSWORD)),
    ] {
        let answer = maya.calls(path, &body).await.says(Error::TooManyRequests);
        assert!(answer.headers.contains_key(header::RETRY_AFTER), "{path}");
    }
    assert!(is_signed_in(&maya).await);
    let bob = app.person("Bob").await;
    bob.calls(verify, &claim(PASSWORD)).await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_password_is_verified_for_whoever_is_signed_in() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let verify = "/api/auth/verify-password";
    let answer = maya.calls(verify, &json!({ "password": PASSWORD })).await;
    assert_eq!(answer.is(StatusCode::OK).json(), json!({ "status": true }));
    let answer = maya.calls(verify, &json!({ "password": "wrong" })).await;
    assert_eq!(
        answer.says(Error::PasswordWrong).faults(),
        [("password".to_owned(), "INVALID_PASSWORD".to_owned())]
    );
    app.browser()
        .calls(verify, &json!({ "password": PASSWORD }))
        .await
        .says(Error::Unauthorized);
}

#[tokio::test]
async fn b35_of_many_who_change_it_at_once_one_does() {
    let app = App::with(|config| config.rate_limit = false).await;
    let maya = app.person("Maya").await;
    let others = [
        signs_in(&app, PASSWORD).await.expect("signed in"),
        signs_in(&app, PASSWORD).await.expect("signed in"),
        signs_in(&app, PASSWORD).await.expect("signed in"),
    ];
    let changes = others.iter().chain([&maya]).enumerate();
    let changes = changes.map(|(at, browser)| async move {
        let chosen = format!("{CHOSEN} {at}");
        browser.calls(CHANGE, &body(PASSWORD, &chosen)).await.status
    });
    let done = futures::future::join_all(changes).await;
    let good = done.iter().filter(|status| status.is_success()).count();
    assert_eq!(good, 1, "{done:?}");
    assert!(
        done.iter().all(|status| matches!(
            *status,
            StatusCode::OK | StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED
        )),
        "{done:?}"
    );
    assert_eq!(app.house.column("SELECT id FROM session").await.len(), 1);
}

#[tokio::test]
async fn without_javascript_a_refused_change_is_the_page_again_and_a_good_one_says_so() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let page = maya.get("/settings/security").await.is(StatusCode::OK);
    assert!(!page.text().contains(" autofocus"), "{}", page.text());
    let wrong = "a wrong one that is telling";
    let form = [("currentPassword", wrong), ("newPassword", CHOSEN)];
    let answer = maya.form_from("/settings/security", CHANGE, &form).await;
    let page = answer.is(StatusCode::BAD_REQUEST).text();
    assert!(page.contains(Error::PasswordWrong.message()), "{page}");
    assert!(page.contains("id=\"currentPassword-fault\""), "{page}");
    assert_eq!(page.matches(" autofocus").count(), 1, "{page}");
    for secret in [wrong, CHOSEN] {
        assert!(!page.contains(secret), "{secret} is on the page");
    }
    let form = [("currentPassword", PASSWORD), ("newPassword", CHOSEN)];
    let answer = maya.form_from("/settings/security", CHANGE, &form).await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/settings/security?done=password");
    let page = maya.get(answer.location()).await.is(StatusCode::OK).text();
    assert!(page.contains("Your password is changed"), "{page}");
}

#[tokio::test]
async fn a_session_that_ends_with_the_browser_still_does_after_the_change() {
    let app = App::open().await;
    app.person("Maya").await;
    let maya = app.browser();
    let claim = json!({ "email": "maya@example.org", "password": PASSWORD, "rememberMe": false });
    maya.calls("/api/auth/sign-in", &claim)
        .await
        .is(StatusCode::OK);
    let answer = maya.calls(CHANGE, &body(PASSWORD, CHOSEN)).await;
    let cookie = answer
        .is(StatusCode::OK)
        .header(header::SET_COOKIE)
        .to_owned();
    assert!(
        cookie.contains("HttpOnly") && !cookie.contains("Max-Age"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_wrong_password_stands_in_the_log_wherever_it_is_asked_for() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let wrong = json!({ "password": "not these words" });
    maya.calls("/api/auth/verify-password", &wrong)
        .await
        .says(Error::PasswordWrong);
    let rows = "SELECT outcome FROM audit_event WHERE event = 'confirmed'";
    assert_eq!(app.house.column(rows).await, ["refused"]);
}
