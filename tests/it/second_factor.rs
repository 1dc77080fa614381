//! The second factor at the front door: it gates every sign-in, and a challenge is good once.

use crate::support::{
    PASSWORD,
    app::{App, ORIGIN, request},
    factor::{Phone, RECOVER, VERIFY, challenged, claim, texts, with_factor},
};
use axum::body::Body;
use http::{Method, StatusCode, header};
use latchkey::{
    domain::{Error, Event, Outcome},
    service::{audit, operator, verification, verification::Purpose},
};
use serde_json::json;

pub async fn is_stranger(browser: &crate::support::app::Browser<'_>) -> bool {
    let answer = browser.reads("/api/auth/get-session").await;
    answer.is(StatusCode::OK).text() == "null"
}

fn set_cookies(answer: &crate::support::app::Answer) -> Vec<String> {
    let all = answer.headers.get_all(header::SET_COOKIE).iter();
    all.map(|value| value.to_str().expect("text").to_owned())
        .collect()
}

/// What stands in the log of whoever has this address, the newest first.
pub async fn log(app: &App, name: &str) -> Vec<(Event, Outcome)> {
    let email = format!("{name}@example.org").parse().expect("an address");
    let found = operator::find(&app.house.db, &email)
        .await
        .expect("an answer");
    let lines = audit::of_user(&app.house.db, found.expect("somebody").id, 50).await;
    let lines = lines.expect("the log").into_iter();
    lines.map(|line| (line.event, line.outcome)).collect()
}

#[tokio::test]
async fn setting_up_counts_for_nothing_until_a_code_was_right_and_ends_other_sessions_then() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let elsewhere = app.browser();
    elsewhere
        .calls("/api/auth/sign-in", &claim("Maya"))
        .await
        .is(StatusCode::OK);
    let before = maya.cookie_header();

    let enable = "/api/auth/two-factor/enable";
    let wrong = json!({ "password": "not the password" });
    maya.calls(enable, &wrong).await.says(Error::PasswordWrong);
    let good = json!({ "password": PASSWORD });
    let first = maya.calls(enable, &good).await.is(StatusCode::OK).json();
    let begun = maya.calls(enable, &good).await.is(StatusCode::OK).json();
    assert_eq!(begun["method"], "totp");
    assert_ne!(
        first["totpURI"], begun["totpURI"],
        "begun again, a new seed"
    );
    let codes = texts(&begun["backupCodes"]);
    assert!(
        codes.len() == 10 && codes.iter().all(|code| code.len() == 19),
        "{codes:?}"
    );
    let uri = begun["totpURI"].as_str().expect("an address");
    assert!(
        uri.starts_with("otpauth://totp/latchkey:maya%40example.org?secret=")
            && uri.ends_with("&issuer=latchkey&digits=6&period=30"),
        "{uri}"
    );
    let user = maya.reads("/api/auth/session").await.json()["user"].clone();
    assert_eq!(user["twoFactorEnabled"], false);
    app.browser()
        .calls("/api/auth/sign-in", &claim("Maya"))
        .await
        .is(StatusCode::OK)
        .json()["token"]
        .as_str()
        .expect("nothing more is asked");

    let (old, phone) = (
        Phone::told(first["totpURI"].as_str().expect("an address")),
        Phone::told(uri),
    );
    let code = |phone: &Phone| json!({ "code": phone.shows(0) });
    maya.calls(VERIFY, &code(&old))
        .await
        .says(Error::InvalidCode);
    let on = maya.calls(VERIFY, &code(&phone)).await.is(StatusCode::OK);
    assert_eq!(on.json()["user"]["twoFactorEnabled"], true);
    assert_ne!(maya.cookie_header(), before, "a new session");
    assert!(!is_stranger(&maya).await && is_stranger(&elsewhere).await);
    maya.calls(enable, &good)
        .await
        .says(Error::TotpAlreadyEnabled);
    let events = log(&app, "maya").await;
    assert!(events.contains(&(Event::SecondFactorEnabled, Outcome::Success)));
    assert!(events.contains(&(Event::SecondFactorFailed, Outcome::Refused)));
}

#[tokio::test]
async fn b37_after_the_password_alone_nothing_is_open() {
    let app = App::open().await;
    let (maya, phone, _) = with_factor(&app, "Maya").await;
    let was = maya.cookie_header().expect("a cookie");

    let answer = maya.calls("/api/auth/sign-in", &claim("Maya")).await;
    let answer = answer.is(StatusCode::OK);
    assert_eq!(
        answer.json(),
        json!({ "twoFactorRedirect": true, "twoFactorMethods": ["totp"] })
    );
    let set = set_cookies(&answer).join("\n");
    assert!(
        set.contains("latchkey_challenge=")
            && set.contains("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"),
        "{set}"
    );
    assert!(
        set.contains("latchkey_session=; "),
        "the session it came with ends: {set}"
    );
    let old = request(Method::GET, "/api/auth/get-session").header("cookie", was);
    let old = app.ask(old.body(Body::empty()).expect("a request")).await;
    assert_eq!(old.text(), "null");

    let challenge = maya.cookie_header().expect("a cookie");
    let value = challenge
        .strip_prefix("latchkey_challenge=")
        .expect("that alone");
    assert!(is_stranger(&maya).await);
    maya.reads("/api/auth/token")
        .await
        .says(Error::Unauthorized);
    let page = maya.get("/dashboard").await.is(StatusCode::SEE_OTHER);
    assert_eq!(page.location(), "/signin?next=%2Fdashboard");
    maya.calls(
        "/api/auth/two-factor/disable",
        &json!({ "password": PASSWORD }),
    )
    .await
    .says(Error::Unauthorized);
    for cookie in [
        format!("latchkey_session={value}"),
        format!("latchkey_device={value}"),
    ] {
        let body = Body::from(claim("Maya").to_string());
        let asked = request(Method::POST, "/api/auth/sign-in")
            .header("cookie", &cookie)
            .header("origin", ORIGIN)
            .header("content-type", "application/json")
            .body(body)
            .expect("a request");
        let answer = app.ask(asked).await.is(StatusCode::OK).json();
        assert_eq!(answer["twoFactorRedirect"], true, "{cookie}");
    }
    let mut program = app.program();
    program.token = Some(value.to_owned());
    program.get("/api/tasks").await.says(Error::InvalidToken);
    let reset = json!({ "token": value, "newPassword": "another three words" });
    maya.calls("/api/auth/reset-password", &reset)
        .await
        .says(Error::InvalidResetToken);
    assert!(
        !app.house
            .column("SELECT hash FROM challenge")
            .await
            .contains(&value.to_owned())
    );

    let right = json!({ "code": phone.shows(0) });
    let passed = maya.calls(VERIFY, &right).await.is(StatusCode::OK);
    let set = set_cookies(&passed).join("\n");
    assert!(
        set.contains("latchkey_challenge=; ") && set.contains("Max-Age=0"),
        "{set}"
    );
    program.token = passed.json()["token"].as_str().map(str::to_owned);
    program.get("/api/tasks").await.is(StatusCode::OK);
    assert!(!is_stranger(&maya).await);
}

#[tokio::test]
async fn b9_no_other_token_is_a_challenge_and_a_challenge_is_good_once() {
    let app = App::open().await;
    let (maya, phone, _) = with_factor(&app, "Maya").await;
    let code = || json!({ "code": phone.shows(0) });
    let id = maya.reads("/api/auth/session").await.json()["user"]["id"].clone();
    let id = id.as_str().and_then(|id| id.parse().ok()).expect("an id");
    let link = verification::issue(&app.house.db, Purpose::PasswordReset, id).await;
    let cookie = maya.cookie_header().expect("a cookie");
    let token = maya.program().await.token.expect("a token");
    let tries = |value: &str| {
        let asked = request(Method::POST, VERIFY)
            .header("cookie", format!("latchkey_challenge={value}"))
            .header("origin", ORIGIN)
            .header("content-type", "application/json")
            .body(Body::from(code().to_string()))
            .expect("a request");
        app.ask(asked)
    };
    for value in [
        "",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        &link.expect("a link"),
        cookie.split_once('=').expect("a cookie").1,
        &token,
    ] {
        tries(value).await.says(Error::InvalidChallenge);
    }
    app.browser()
        .calls(VERIFY, &code())
        .await
        .says(Error::InvalidChallenge);

    let browser = challenged(&app, "Maya").await;
    let kept = browser.cookie_header().expect("a cookie");
    let value = kept.split_once('=').expect("a cookie").1;
    browser.calls(VERIFY, &code()).await.is(StatusCode::OK);
    tries(value).await.says(Error::InvalidChallenge);

    let late = challenged(&app, "Maya").await;
    app.house.run("UPDATE challenge SET expires_at = 1").await;
    let next = json!({ "code": phone.shows(1) });
    late.calls(VERIFY, &next)
        .await
        .says(Error::InvalidChallenge);
}

#[tokio::test]
async fn a_trusted_browser_is_not_asked_again_until_it_is_forgotten() {
    let app = App::open().await;
    let (maya, phone, codes) = with_factor(&app, "Maya").await;
    let browser = challenged(&app, "Maya").await;
    let trusts = json!({ "code": phone.shows(0), "trustDevice": true });
    let answer = browser.calls(VERIFY, &trusts).await.is(StatusCode::OK);
    let set = set_cookies(&answer).join("\n");
    assert!(
        set.contains("latchkey_device=") && set.contains("Max-Age=2592000"),
        "{set}"
    );
    let comes_back = async || {
        browser
            .calls("/api/auth/sign-out", &json!({}))
            .await
            .is(StatusCode::OK);
        let answer = browser.calls("/api/auth/sign-in", &claim("Maya")).await;
        answer.is(StatusCode::OK).json()["token"].is_string()
    };
    assert!(
        comes_back().await && comes_back().await,
        "it outlives a sign-out"
    );
    let wrong = json!({ "email": "maya@example.org", "password": "not the password" });
    browser
        .calls("/api/auth/sign-in", &wrong)
        .await
        .says(Error::InvalidCredentials);
    with_factor(&app, "Grace").await;
    let grace = browser
        .calls("/api/auth/sign-in", &claim("Grace"))
        .await
        .json();
    assert_eq!(
        grace["twoFactorRedirect"], true,
        "it is trusted for one person"
    );
    assert!(comes_back().await);

    let standing = maya.reads("/action/second-factor/standing").await.json();
    let id = standing["devices"][0]["id"].clone();
    let stranger = app.person("Jo").await;
    let forget = "/action/second-factor/forget";
    stranger
        .calls(forget, &json!({ "id": id }))
        .await
        .says(Error::DeviceNotFound);
    assert!(comes_back().await);
    maya.calls(forget, &json!({ "id": id }))
        .await
        .is(StatusCode::OK);
    assert!(!comes_back().await, "forgotten, it is asked");

    let again = json!({ "code": codes[0], "trustDevice": true });
    browser.calls(RECOVER, &again).await.is(StatusCode::OK);
    assert!(comes_back().await);
    app.house
        .run("UPDATE trusted_device SET expires_at = 1")
        .await;
    assert!(!comes_back().await, "after 30 days it is asked");
    let events = log(&app, "maya").await;
    for event in [Event::DeviceTrusted, Event::DeviceForgotten] {
        assert!(events.contains(&(event, Outcome::Success)), "{event:?}");
    }
}

#[tokio::test]
async fn a34_a_link_that_sets_a_password_goes_past_no_second_factor_and_no_browser_is_trusted_after_it()
 {
    let app = App::open().await;
    let (maya, phone, _) = with_factor(&app, "Maya").await;
    let id = maya.reads("/api/auth/session").await.json()["user"]["id"].clone();
    let id = id.as_str().and_then(|id| id.parse().ok()).expect("an id");
    let browser = challenged(&app, "Maya").await;
    let trusts = json!({ "code": phone.shows(0), "trustDevice": true });
    browser.calls(VERIFY, &trusts).await.is(StatusCode::OK);
    let waiting = challenged(&app, "Maya").await;

    let link = verification::issue(&app.house.db, Purpose::PasswordReset, id).await;
    let reset = json!({ "token": link.expect("a link"), "newPassword": "another three words" });
    let answer = browser.calls("/api/auth/reset-password", &reset).await;
    answer.is(StatusCode::OK);
    assert!(is_stranger(&browser).await && is_stranger(&maya).await);
    let code = || json!({ "code": phone.shows(1) });
    waiting
        .calls(VERIFY, &code())
        .await
        .says(Error::InvalidChallenge);
    let anew = json!({ "email": "maya@example.org", "password": "another three words" });
    let asked = browser.calls("/api/auth/sign-in", &anew).await.json();
    assert_eq!(asked["twoFactorRedirect"], true);
    browser.calls(VERIFY, &code()).await.is(StatusCode::OK);
}

#[tokio::test]
async fn a14_on_https_the_cookies_of_the_second_step_are_bound_to_the_host() {
    let app = App::with(|config| {
        config.public_url = "https://tasks.example.org".parse().expect("an address");
    })
    .await;
    let sends = |path: &str, body: serde_json::Value, cookie: String| {
        let asked = axum::extract::Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", "tasks.example.org")
            .header("origin", "https://tasks.example.org")
            .header("content-type", "application/json")
            .header("cookie", cookie)
            .body(Body::from(body.to_string()))
            .expect("a request");
        app.ask(asked)
    };
    let new = json!({ "name": "Maya", "email": "maya@example.org", "password": PASSWORD });
    let up = sends("/api/auth/sign-up", new, String::new())
        .await
        .is(StatusCode::OK);
    let session = set_cookies(&up)[0]
        .split(';')
        .next()
        .expect("a pair")
        .to_owned();
    let good = json!({ "password": PASSWORD });
    let begun = sends("/api/auth/two-factor/enable", good, session.clone())
        .await
        .json();
    let phone = Phone::told(begun["totpURI"].as_str().expect("an address"));
    let code = |steps| json!({ "code": phone.shows(steps), "trustDevice": true });
    sends(VERIFY, code(0), session).await.is(StatusCode::OK);

    let asked = sends("/api/auth/sign-in", claim("Maya"), String::new()).await;
    let set = set_cookies(&asked)[0].clone();
    assert!(
        set.starts_with("__Host-latchkey_challenge=")
            && set.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600"),
        "{set}"
    );
    let challenge = set.split(';').next().expect("a pair").to_owned();
    let twice = format!("{challenge}; __Host-latchkey_challenge=other");
    sends(VERIFY, code(1), twice)
        .await
        .says(Error::InvalidChallenge);
    let passed = sends(VERIFY, code(1), challenge).await.is(StatusCode::OK);
    let set = set_cookies(&passed).join("\n");
    assert!(set.contains("__Host-latchkey_device="), "{set}");
    assert!(set.lines().all(|line| line.contains("; Secure")), "{set}");
}
