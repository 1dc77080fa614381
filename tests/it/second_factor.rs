//! The second factor at the front door: it gates every sign-in, each code is good once, and guessing is no way in.

use crate::{
    instances::beside,
    support::{
        PASSWORD,
        app::{App, ORIGIN, request},
        factor::{Phone, RECOVER, VERIFY, challenged, claim, texts, with_factor},
    },
};
use axum::body::Body;
use http::{Method, StatusCode, header};
use latchkey::{
    domain::{Error, Event, Outcome},
    service::{
        Source, audit,
        operator::{self, Hand},
        verification,
        verification::Purpose,
    },
};
use serde_json::json;

async fn is_stranger(browser: &crate::support::app::Browser<'_>) -> bool {
    let answer = browser.reads("/api/auth/get-session").await;
    answer.is(StatusCode::OK).text() == "null"
}

fn set_cookies(answer: &crate::support::app::Answer) -> Vec<String> {
    let all = answer.headers.get_all(header::SET_COOKIE).iter();
    all.map(|value| value.to_str().expect("text").to_owned())
        .collect()
}

/// What stands in the log of whoever has this address, the newest first.
async fn log(app: &App, name: &str) -> Vec<(Event, Outcome)> {
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
async fn b36_a_code_is_good_once_and_only_around_its_time() {
    let app = App::open().await;
    let (_, phone, _) = with_factor(&app, "Maya").await;
    let browser = challenged(&app, "Maya").await;
    let (now, before) = (phone.shows(0), phone.shows(-1));
    let right = json!({ "code": now });
    browser.calls(VERIFY, &right).await.is(StatusCode::OK);
    let browser = challenged(&app, "Maya").await;
    for code in [now, before, phone.shows(-3), phone.shows(3)] {
        browser
            .calls(VERIFY, &json!({ "code": code }))
            .await
            .says(Error::InvalidCode);
    }
    browser
        .calls(VERIFY, &json!({ "code": phone.shows(1) }))
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn b36_of_twenty_posts_of_one_code_at_once_one_comes_in() {
    let app = App::open().await;
    let (_, phone, codes) = with_factor(&app, "Maya").await;
    for path in [VERIFY, RECOVER] {
        let one = challenged(&app, "Maya").await;
        let mut cookies = vec![one.cookie_header().expect("a cookie"); 10];
        for _ in 0..10 {
            let another = challenged(&app, "Maya").await;
            cookies.push(another.cookie_header().expect("a cookie"));
        }
        // Made last: it is good for half a minute, and so many passwords may take longer.
        let code = match path {
            VERIFY => phone.shows(0),
            _ => codes[0].clone(),
        };
        let body = json!({ "code": code }).to_string();
        let posts = cookies.iter().map(|cookie| {
            let asked = request(Method::POST, path)
                .header("cookie", cookie)
                .header("origin", ORIGIN)
                .header("content-type", "application/json")
                .body(Body::from(body.clone()))
                .expect("a request");
            app.ask(asked)
        });
        let answers = futures::future::join_all(posts).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        let came_in = statuses.iter().filter(|status| status.is_success()).count();
        assert_eq!(came_in, 1, "{statuses:?}");
        assert!(
            statuses.iter().all(|status| !status.is_server_error()),
            "{statuses:?}"
        );
        app.house
            .run("UPDATE totp SET failures = 0, locked_until = 0")
            .await;
        app.house.run("DELETE FROM rate_limit").await;
    }
}

#[tokio::test]
async fn b36_the_sixth_try_of_a_challenge_ends_it_even_with_the_right_code() {
    let app = App::open().await;
    let (_, phone, _) = with_factor(&app, "Maya").await;
    let browser = challenged(&app, "Maya").await;
    let wrong = json!({ "code": phone.never_shows() });
    for _ in 0..5 {
        browser.calls(VERIFY, &wrong).await.says(Error::InvalidCode);
    }
    let right = json!({ "code": phone.shows(0) });
    browser
        .calls(VERIFY, &right)
        .await
        .says(Error::TooManyAttempts);
    browser
        .calls(VERIFY, &right)
        .await
        .says(Error::InvalidChallenge);
    assert!(is_stranger(&browser).await);

    challenged(&app, "Maya")
        .await
        .calls(VERIFY, &right)
        .await
        .is(StatusCode::OK);
    let events = log(&app, "maya").await;
    let wrong = (Event::SecondFactorFailed, Outcome::Refused);
    assert_eq!(events.iter().filter(|event| **event == wrong).count(), 6);
    assert!(events.contains(&(Event::SecondFactorAsked, Outcome::Success)));
}

#[tokio::test]
async fn b36_after_ten_wrong_codes_the_right_one_waits_too_and_a_restart_changes_nothing() {
    let app = App::open().await;
    let (maya, phone, codes) = with_factor(&app, "Maya").await;
    let wrong = json!({ "code": phone.never_shows() });
    for _ in 0..2 {
        let browser = challenged(&app, "Maya").await;
        for _ in 0..5 {
            browser.calls(VERIFY, &wrong).await.says(Error::InvalidCode);
        }
    }
    let restarted = beside(&app, |_| {}).await;
    let right = json!({ "code": phone.shows(0) });
    let recovery = json!({ "code": codes[0] });
    for house in [&app, &restarted] {
        let browser = challenged(house, "Maya").await;
        let locked = browser.calls(VERIFY, &right).await;
        let seconds: u64 = locked.header("retry-after").parse().expect("seconds");
        assert!((1..=900).contains(&seconds), "{seconds}");
        locked.says(Error::TemporarilyLocked);
        browser
            .calls(RECOVER, &recovery)
            .await
            .says(Error::TemporarilyLocked);
    }
    assert!(!is_stranger(&maya).await, "who is in stays in");

    app.house.run("UPDATE totp SET locked_until = 1").await;
    challenged(&app, "Maya")
        .await
        .calls(RECOVER, &recovery)
        .await
        .is(StatusCode::OK);
    let counted = app
        .house
        .column("SELECT CAST(failures AS TEXT) FROM totp")
        .await;
    assert_eq!(counted, ["0"], "the right one ends the row");
}

#[tokio::test]
async fn e4_wrong_codes_are_counted_by_network_whoever_they_are_for() {
    let app = App::open().await;
    let (_, phone, _) = with_factor(&app, "Maya").await;
    let wrong = json!({ "code": phone.never_shows() });
    for _ in 0..4 {
        let browser = challenged(&app, "Maya").await;
        for _ in 0..5 {
            browser.calls(VERIFY, &wrong).await.says(Error::InvalidCode);
            app.house
                .run("UPDATE totp SET failures = 0, locked_until = 0")
                .await;
        }
    }
    let browser = challenged(&app, "Maya").await;
    let right = json!({ "code": phone.shows(0) });
    browser
        .calls(VERIFY, &right)
        .await
        .says(Error::TooManyRequests);
}

#[tokio::test]
async fn a35_each_recovery_code_works_once_however_it_is_typed() {
    let app = App::open().await;
    let (maya, _, codes) = with_factor(&app, "Maya").await;
    let spelled = [
        codes[0].clone(),
        codes[1].to_uppercase(),
        codes[2].replace('-', " "),
        codes[3].replace('-', ""),
    ];
    for code in &spelled {
        let browser = challenged(&app, "Maya").await;
        let code = json!({ "code": code });
        let answer = browser
            .calls(RECOVER, &code)
            .await
            .is(StatusCode::OK)
            .json();
        assert_eq!(answer["user"]["name"], "Maya");
        challenged(&app, "Maya")
            .await
            .calls(RECOVER, &code)
            .await
            .says(Error::InvalidRecoveryCode);
    }
    let left = maya.reads("/action/second-factor/standing").await.json();
    assert_eq!(left["codesLeft"], 6);
    let kept = app.house.column("SELECT hash FROM recovery_code").await;
    assert!(
        kept.iter()
            .all(|hash| hash.len() == 64 && !codes.contains(hash))
    );

    let without = json!({ "code": codes[4], "disableSession": true });
    let browser = challenged(&app, "Maya").await;
    let answer = browser
        .calls(RECOVER, &without)
        .await
        .is(StatusCode::OK)
        .json();
    assert!(answer["token"].is_null() && answer["user"]["name"] == "Maya");
    assert!(is_stranger(&browser).await && browser.cookie_header().is_none());

    let generate = "/api/auth/two-factor/generate-backup-codes";
    let wrong = json!({ "password": "not the password" });
    maya.calls(generate, &wrong)
        .await
        .says(Error::PasswordWrong);
    let made = maya.calls(generate, &json!({ "password": PASSWORD })).await;
    let made = texts(&made.is(StatusCode::OK).json()["backupCodes"]);
    challenged(&app, "Maya")
        .await
        .calls(RECOVER, &json!({ "code": codes[9] }))
        .await
        .says(Error::InvalidRecoveryCode);
    challenged(&app, "Maya")
        .await
        .calls(RECOVER, &json!({ "code": made[0] }))
        .await
        .is(StatusCode::OK);
    let events = log(&app, "maya").await;
    for event in [Event::RecoveryCodeUsed, Event::RecoveryCodesMade] {
        assert!(events.contains(&(event, Outcome::Success)), "{event:?}");
    }
}

#[tokio::test]
async fn a_code_of_somebody_else_opens_nothing() {
    let app = App::open().await;
    let (_, _, codes) = with_factor(&app, "Maya").await;
    let (_, phone, _) = with_factor(&app, "Grace").await;
    let browser = challenged(&app, "Maya").await;
    browser
        .calls(VERIFY, &json!({ "code": phone.shows(0) }))
        .await
        .says(Error::InvalidCode);
    challenged(&app, "Grace")
        .await
        .calls(RECOVER, &json!({ "code": codes[0] }))
        .await
        .says(Error::InvalidRecoveryCode);
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
