//! Passkeys: made, named, listed and removed by their owner, signed in with, and refused when anything about them is wrong.

use crate::support::{
    app::{Answer, App, Browser, ORIGIN},
    authenticator::Authenticator,
};
use http::{StatusCode, header};
use latchkey::{
    domain::Error,
    service::verification::{self, Purpose},
};
use serde_json::{Value, json};

const TO_ADD: &str = "/api/auth/passkey/generate-register-options";
const ADD: &str = "/api/auth/passkey/verify-registration";
const TO_ENTER: &str = "/api/auth/passkey/generate-authenticate-options";
const ENTER: &str = "/api/auth/passkey/verify-authentication";
const LIST: &str = "/api/auth/passkey/list-user-passkeys";
const RENAME: &str = "/api/auth/passkey/update-passkey";
const REMOVE: &str = "/api/auth/passkey/delete-passkey";

async fn options(browser: &Browser<'_>, path: &str) -> Value {
    browser.reads(path).await.is(StatusCode::OK).json()
}

/// Adds a passkey of this device.
pub async fn adds(browser: &Browser<'_>, device: &mut Authenticator, name: &str) -> Answer {
    let made = device.makes(&options(browser, TO_ADD).await);
    let body = json!({ "response": made, "name": name });
    browser.calls(ADD, &body).await
}

async fn enters(browser: &Browser<'_>, device: &Authenticator) -> Answer {
    let used = device.uses(&options(browser, TO_ENTER).await);
    browser.calls(ENTER, &json!({ "response": used })).await
}

/// A person with a device that has their passkey.
async fn equipped<'a>(app: &'a App, name: &str) -> (Browser<'a>, Authenticator) {
    let (browser, mut device) = (app.person(name).await, Authenticator::new());
    adds(&browser, &mut device, "Laptop")
        .await
        .is(StatusCode::OK);
    (browser, device)
}

async fn events(app: &App, event: &str) -> Vec<String> {
    let sql = format!(
        "SELECT outcome || ' ' || COALESCE(reason, '') FROM audit_event WHERE event = '{event}' ORDER BY at, id"
    );
    app.house.column(&sql).await
}

async fn passkeys(app: &App) -> Vec<String> {
    let sql = "SELECT name || ' ' || CAST(counter AS TEXT) FROM passkey ORDER BY id";
    app.house.column(sql).await
}

/// What an authenticator does otherwise than it should.
type Bend = fn(&mut Authenticator);

#[tokio::test]
async fn a_passkey_is_added_and_signs_in() {
    let app = App::open().await;
    let (maya, device) = equipped(&app, "Maya").await;
    let listed = maya.reads(LIST).await.is(StatusCode::OK).json();
    assert_eq!(listed[0]["name"], "Laptop");
    assert_eq!(listed[0]["deviceType"], "singleDevice");
    assert_eq!(listed[0]["backedUp"], false);
    assert_eq!(listed[0]["transports"], "internal,hybrid");
    assert_eq!(listed[0]["lastUsedAt"], Value::Null);
    assert_eq!(events(&app, "passkey_added").await, ["success "]);
    let letters = app.house.column("SELECT kind FROM mail").await;
    assert!(letters.iter().any(|kind| kind == "passkey-added"));

    let browser = app.browser();
    let answer = enters(&browser, &device).await.is(StatusCode::OK);
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let answer = answer.json();
    assert_eq!(answer["user"]["email"], "maya@example.org");
    assert_eq!(answer["session"]["userId"], answer["user"]["id"]);
    assert_eq!(answer["session"]["token"], answer["token"]);
    let mut program = app.program();
    program.token = answer["token"].as_str().map(str::to_owned);
    program.get("/api/tasks").await.is(StatusCode::OK);
    browser.get("/dashboard").await.is(StatusCode::OK);
    assert_eq!(events(&app, "sign_in").await, ["success passkey"]);
    let listed = maya.reads(LIST).await.json();
    assert!(listed[0]["lastUsedAt"].is_string(), "{listed}");
}

#[tokio::test]
async fn the_browser_is_asked_for_one_that_it_finds_by_itself_and_that_asks_for_a_finger() {
    let app = App::open().await;
    let (maya, device) = equipped(&app, "Maya").await;
    let asked = options(&maya, TO_ADD).await;
    assert_eq!(asked["rp"]["id"], "localhost");
    assert_eq!(asked["attestation"], "none");
    let wanted = &asked["authenticatorSelection"];
    assert_eq!(wanted["residentKey"], "required");
    assert_eq!(wanted["requireResidentKey"], true);
    assert_eq!(wanted["userVerification"], "required");
    let there = asked["excludeCredentials"].as_array().expect("a list");
    let response = device.uses(&options(&app.browser(), TO_ENTER).await);
    assert_eq!(there.len(), 1);
    assert_eq!(there[0]["id"], response["id"]);

    let asked = options(&app.browser(), TO_ENTER).await;
    assert_eq!(asked["rpId"], "localhost");
    assert_eq!(asked["userVerification"], "required");
    assert_eq!(asked["allowCredentials"], json!([]));
}

#[tokio::test]
async fn b21_what_is_asked_of_a_stranger_tells_nothing_of_anybody() {
    let app = App::open().await;
    let without_challenge = |mut asked: Value| {
        asked
            .as_object_mut()
            .expect("an object")
            .remove("challenge")
            .expect("a challenge");
        asked
    };
    let before = without_challenge(options(&app.browser(), TO_ENTER).await);
    equipped(&app, "Maya").await;
    let after = options(&app.browser(), TO_ENTER).await;
    assert_eq!(without_challenge(after), before);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_passkey_keeps_it_out() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let wrong: [(&str, Bend); 4] = [
        ("another origin", |device| {
            device.origin = "https://evil.example".to_owned();
        }),
        ("another port", |device| {
            device.origin = "http://localhost:3001".to_owned();
        }),
        ("another name", |device| {
            device.rp = "evil.example".to_owned();
        }),
        ("nobody asked for", |device| device.verifies = false),
    ];
    for (what, change) in wrong {
        let mut device = Authenticator::new();
        change(&mut device);
        let answer = adds(&maya, &mut device, what).await;
        answer.says(Error::PasskeyNotMade);
    }
    // The answer to another challenge, and the other kind of answer.
    let mut device = Authenticator::new();
    let made = device.makes(&options(&maya, TO_ADD).await);
    options(&maya, TO_ADD).await;
    maya.calls(ADD, &json!({ "response": made }))
        .await
        .says(Error::PasskeyNotMade);
    let used = device.uses(&options(&maya, TO_ADD).await);
    maya.calls(ADD, &json!({ "response": used }))
        .await
        .says(Error::Validation);
    for body in [
        json!({}),
        json!({ "response": "text" }),
        json!({ "response": null }),
    ] {
        options(&maya, TO_ADD).await;
        maya.calls(ADD, &body).await.says(Error::Validation);
    }
    assert!(passkeys(&app).await.is_empty());
    assert!(events(&app, "passkey_added").await.is_empty());
}

#[tokio::test]
async fn a_challenge_is_answered_once_by_whoever_was_asked_and_for_what_it_was_asked() {
    let app = App::open().await;
    let (maya, device) = equipped(&app, "Maya").await;

    // None at all.
    let used = device.uses(&options(&app.browser(), TO_ENTER).await);
    app.browser()
        .calls(ENTER, &json!({ "response": used }))
        .await
        .says(Error::ChallengeNotFound);
    // Twice.
    let browser = app.browser();
    let body = json!({ "response": device.uses(&options(&browser, TO_ENTER).await) });
    browser.calls(ENTER, &body).await.is(StatusCode::OK);
    browser
        .calls(ENTER, &body)
        .await
        .says(Error::ChallengeNotFound);
    // A wrong answer spends it too.
    let asked = options(&browser, TO_ENTER).await;
    let mut other = Authenticator::new();
    other.handle.clone_from(&device.handle);
    let wrong = json!({ "response": other.uses(&asked) });
    browser
        .calls(ENTER, &wrong)
        .await
        .says(Error::PasskeyRefused);
    let right = json!({ "response": device.uses(&asked) });
    browser
        .calls(ENTER, &right)
        .await
        .says(Error::ChallengeNotFound);
    // For the other purpose, and of another session.
    let mut new = Authenticator::new();
    let made = json!({ "response": new.makes(&options(&maya, TO_ENTER).await) });
    maya.calls(ADD, &made).await.says(Error::ChallengeNotFound);
    let eve = app.person("Eve").await;
    let made = json!({ "response": new.makes(&options(&eve, TO_ADD).await) });
    let cookies = (eve.cookie_header(), maya.cookie_header());
    let (Some(hers), Some(own)) = cookies else {
        panic!("cookies");
    };
    let ticket = |header: &str| {
        let found = header.split("; ").find(|pair| pair.contains("_passkey="));
        found.map(str::to_owned)
    };
    let session = own
        .split("; ")
        .find(|pair| pair.contains("_session="))
        .expect("a session");
    let mixed = format!("{session}; {}", ticket(&hers).expect("a ticket"));
    let request = crate::support::app::request(http::Method::POST, ADD)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, ORIGIN)
        .header(header::COOKIE, mixed)
        .body(made.to_string().into())
        .expect("a request");
    app.ask(request).await.says(Error::ChallengeNotFound);
    assert_eq!(passkeys(&app).await.len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_keeps_whoever_gave_it_out() {
    let app = App::open().await;
    let (_, eves) = equipped(&app, "Eve").await;
    let wrong: [(&str, Bend); 7] = [
        ("another origin", |device| {
            device.origin = "https://evil.example".to_owned();
        }),
        ("another port", |device| {
            device.origin = "http://localhost:3001".to_owned();
        }),
        ("another name", |device| {
            device.rp = "evil.example".to_owned();
        }),
        ("nobody was asked", |device| device.verifies = false),
        ("another key", Authenticator::forget_key),
        ("another passkey", |device| device.id = vec![7; 32]),
        ("no owner", |device| device.handle = None),
    ];
    let (maya, mut device) = equipped(&app, "Maya").await;
    for (what, change) in wrong {
        let mut broken = Authenticator::new();
        adds(&maya, &mut broken, what).await.is(StatusCode::OK);
        change(&mut broken);
        let browser = app.browser();
        let answer = enters(&browser, &broken).await;
        let answer = answer.says(Error::PasskeyRefused);
        assert!(
            answer.headers.get_all(header::SET_COOKIE).iter().count() == 0,
            "{what}"
        );
        browser.get("/dashboard").await.is(StatusCode::SEE_OTHER);
    }
    // Her own passkey, said to be somebody else's.
    let own = device.handle.clone();
    device.handle.clone_from(&eves.handle);
    enters(&app.browser(), &device)
        .await
        .says(Error::PasskeyRefused);
    device.handle = own;
    enters(&app.browser(), &device).await.is(StatusCode::OK);
    let refused = events(&app, "sign_in").await;
    let expected = format!("refused {}", Error::PasskeyRefused.code());
    assert_eq!(refused.iter().filter(|line| **line == expected).count(), 8);
}

#[tokio::test]
async fn a_counter_that_goes_back_is_refused_and_written_down() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let mut device = Authenticator::new();
    device.counter = 5;
    adds(&maya, &mut device, "Key").await.is(StatusCode::OK);
    for counter in [5, 4, 0] {
        device.counter = counter;
        let answer = enters(&app.browser(), &device).await;
        answer.says(Error::PasskeyCopied);
    }
    assert_eq!(passkeys(&app).await, ["Key 5"]);
    let refused = format!("refused {}", Error::PasskeyCopied.code());
    assert_eq!(events(&app, "sign_in").await, vec![refused; 3]);
    let mine = maya.get("/settings/activity").await.text();
    assert!(mine.contains("Refused"), "{mine}");

    device.counter = 9;
    enters(&app.browser(), &device).await.is(StatusCode::OK);
    assert_eq!(passkeys(&app).await, ["Key 9"]);
}

#[tokio::test]
async fn one_that_never_counts_is_good_again_and_again() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let mut device = Authenticator::new();
    device.is_synced = true;
    let added = adds(&maya, &mut device, "Phone").await.is(StatusCode::OK);
    assert_eq!(added.json()["deviceType"], "multiDevice");
    assert_eq!(added.json()["backedUp"], true);
    for _ in 0..3 {
        enters(&app.browser(), &device).await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn b21_a_disabled_person_is_refused_as_if_there_were_no_such_passkey() {
    let app = App::open().await;
    let (_, device) = equipped(&app, "Maya").await;
    app.house.run("UPDATE \"user\" SET disabled_at = 1").await;
    let shut = enters(&app.browser(), &device).await;
    let shut = shut.says(Error::PasskeyRefused).without_instance();
    let mut unknown = Authenticator::new();
    unknown.handle.clone_from(&device.handle);
    let unknown = enters(&app.browser(), &unknown).await;
    assert_eq!(unknown.says(Error::PasskeyRefused).without_instance(), shut);
}

#[tokio::test]
async fn a_removed_passkey_opens_nothing_and_a_strangers_is_not_to_be_found() {
    let app = App::open().await;
    let (maya, device) = equipped(&app, "Maya").await;
    let id = maya.reads(LIST).await.json()[0]["id"].clone();
    let bob = app.person("Bob").await;
    assert_eq!(bob.reads(LIST).await.json(), json!([]));
    bob.calls(REMOVE, &json!({ "id": id }))
        .await
        .says(Error::PasskeyNotFound);
    bob.calls(RENAME, &json!({ "id": id, "name": "Mine" }))
        .await
        .says(Error::PasskeyNotFound);
    let renamed = json!({ "id": id, "name": "  Old laptop " });
    let renamed = maya.calls(RENAME, &renamed).await.is(StatusCode::OK);
    assert_eq!(renamed.json()["passkey"]["name"], "Old laptop");
    enters(&app.browser(), &device).await.is(StatusCode::OK);

    let answer = maya.calls(REMOVE, &json!({ "id": id })).await;
    assert_eq!(answer.is(StatusCode::OK).json(), json!({ "status": true }));
    enters(&app.browser(), &device)
        .await
        .says(Error::PasskeyRefused);
    maya.calls(REMOVE, &json!({ "id": id }))
        .await
        .says(Error::PasskeyNotFound);
    for event in ["passkey_renamed", "passkey_removed"] {
        assert_eq!(events(&app, event).await, ["success "], "{event}");
    }
    for path in [TO_ADD, LIST] {
        let answer = app.browser().reads(path).await;
        answer.says(Error::Unauthorized);
    }
}

#[tokio::test]
async fn one_passkey_is_one_persons_and_nobody_has_more_than_ten() {
    let app = App::open().await;
    let (maya, device) = equipped(&app, "Maya").await;
    let bob = app.person("Bob").await;
    let mut same = Authenticator::new();
    same.id.clone_from(&device.id);
    adds(&bob, &mut same, "Hers")
        .await
        .says(Error::PasskeyTaken);
    for _ in 1..10 {
        let answer = adds(&maya, &mut Authenticator::new(), "Another").await;
        answer.is(StatusCode::OK);
    }
    maya.reads(TO_ADD).await.says(Error::TooManyPasskeys);
    assert_eq!(passkeys(&app).await.len(), 10);
}

#[tokio::test]
async fn t2_asking_for_a_challenge_changes_nothing_and_nothing_is_changed_by_asking() {
    let app = App::open().await;
    let (maya, _) = equipped(&app, "Maya").await;
    let kept = || app.house.column("SELECT hash FROM spent_challenge");
    let before = kept().await;
    let answer = maya.reads(TO_ADD).await.is(StatusCode::OK);
    let cookie = answer.header(header::SET_COOKIE).to_owned();
    assert!(cookie.starts_with("latchkey_passkey="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=300"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    assert!(cookie.len() < 2048, "{}", cookie.len());
    assert_eq!(kept().await, before);
    for path in [ADD, ENTER, RENAME, REMOVE] {
        let answer = maya.reads(path).await;
        answer.is(StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn on_https_the_ticket_is_bound_to_the_host_as_the_session_is() {
    let app = App::with(|config| {
        config.public_url = "https://localhost:3000".parse().expect("an address");
    })
    .await;
    let answer = app.browser().reads(TO_ENTER).await.is(StatusCode::OK);
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.starts_with("__Host-latchkey_passkey="), "{cookie}");
    assert!(cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn where_no_browser_would_make_one_the_page_and_the_call_say_so() {
    let app = App::with(|config| {
        config.public_url = "http://192.168.1.7:3000".parse().expect("an address");
    })
    .await;
    let request = |path: &str| {
        http::Request::builder()
            .uri(path)
            .header(header::HOST, "192.168.1.7:3000")
            .header(header::ACCEPT, "text/html")
            .body(axum::body::Body::empty())
            .expect("a request")
    };
    let answer = app.ask(request("/signin")).await.is(StatusCode::OK).text();
    assert!(!answer.contains("data-passkey=") && !answer.contains("username webauthn"));
    let answer = app.ask(request(TO_ENTER)).await;
    assert_eq!(answer.json()["code"], Error::PasskeysImpossible.code());
}

#[tokio::test]
async fn b34_a_password_set_by_a_link_shuts_out_whoever_added_a_passkey() {
    let app = App::open().await;
    let (maya, device) = equipped(&app, "Maya").await;
    let id = maya.reads("/api/auth/session").await.json()["user"]["id"].clone();
    let id = id.as_str().and_then(|id| id.parse().ok()).expect("an id");
    let link = verification::issue(&app.house.db, Purpose::PasswordReset, id)
        .await
        .expect("a link");
    let body = json!({ "token": link, "newPassword": "another three words" });
    app.browser()
        .calls("/api/auth/reset-password", &body)
        .await
        .is(StatusCode::OK);
    enters(&app.browser(), &device)
        .await
        .says(Error::PasskeyRefused);
    assert!(passkeys(&app).await.is_empty());
}

#[tokio::test]
async fn b20_too_many_tries_from_one_network_are_refused() {
    let app = App::open().await;
    let (_, device) = equipped(&app, "Maya").await;
    let body = json!({ "response": device.uses(&options(&app.browser(), TO_ENTER).await) });
    for _ in 0..200 {
        let answer = app.browser().calls(ENTER, &body).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        answer.says(Error::ChallengeNotFound);
    }
    let answer = enters(&app.browser(), &device).await;
    let answer = answer.says(Error::TooManyRequests);
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn a5_after_ten_minutes_a_passkey_shows_that_it_is_still_the_person() {
    const CONFIRM: &str = "/action/passkeys/confirm";
    let app = App::open().await;
    let (maya, device) = equipped(&app, "Maya").await;
    let (_, eves) = equipped(&app, "Eve").await;
    let id = maya.reads(LIST).await.json()[0]["id"].clone();
    app.house
        .run("UPDATE session SET confirmed_at = confirmed_at - 660000")
        .await;
    let stale = Error::SessionNotFresh;
    maya.reads(TO_ADD).await.says(stale);
    maya.calls(REMOVE, &json!({ "id": id })).await.says(stale);
    let form = [("id", id.as_str().expect("an id"))];
    let led = maya
        .form_from("/settings/security", "/action/passkeys/remove", &form)
        .await;
    assert_eq!(led.location(), "/confirm?next=%2Fsettings%2Fsecurity");
    let page = maya.get(led.location()).await.text();
    assert!(page.contains(r#"data-passkey="confirm""#), "{page}");
    assert!(page.contains(r#"data-then="/settings/security""#), "{page}");

    // Somebody else's shows nothing.
    let used = eves.uses(&options(&maya, TO_ENTER).await);
    maya.calls(CONFIRM, &json!({ "response": used }))
        .await
        .says(Error::PasskeyRefused);
    maya.calls(REMOVE, &json!({ "id": id })).await.says(stale);
    let before = maya.cookie_header();
    let used = device.uses(&options(&maya, TO_ENTER).await);
    maya.calls(CONFIRM, &json!({ "response": used }))
        .await
        .is(StatusCode::OK);
    assert_ne!(maya.cookie_header(), before);
    maya.calls(REMOVE, &json!({ "id": id }))
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn a_passkey_is_not_asked_for_a_code_as_well() {
    let app = App::open().await;
    let (maya, _, _) = crate::support::factor::with_factor(&app, "Maya").await;
    let mut device = Authenticator::new();
    adds(&maya, &mut device, "Laptop").await.is(StatusCode::OK);
    let browser = app.browser();
    enters(&browser, &device).await.is(StatusCode::OK);
    browser.get("/dashboard").await.is(StatusCode::OK);
}
