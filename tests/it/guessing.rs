//! Guessing passwords from many places and in many spellings: what is counted, is counted as one.

use crate::support::app::{Answer, App, ORIGIN, request};
use axum::{body::Body, extract::ConnectInfo};
use http::{Method, StatusCode};
use latchkey::{domain::Error, service::limit};
use serde_json::json;
use std::net::SocketAddr;

/// A wrong sign-in that comes from this machine, where a proxy could stand, and says this of where it was before.
async fn guesses(app: &App, email: &str, forwarded: &str) -> Answer {
    let body = json!({ "email": email, "password": "not the password" });
    let mut asked = request(Method::POST, "/api/auth/sign-in")
        .header("origin", ORIGIN)
        .header("content-type", "application/json")
        .header("x-forwarded-for", forwarded)
        .header("x-real-ip", forwarded)
        .header("forwarded", format!("for={forwarded}"))
        .body(Body::from(body.to_string()))
        .expect("a request");
    let peer = SocketAddr::from(([127, 0, 0, 1], 40_000));
    asked.extensions_mut().insert(ConnectInfo(peer));
    app.ask(asked).await
}

/// `maya@example.org` with these of its letters as capitals.
fn spelled(capitals: usize) -> String {
    "maya@example.org"
        .chars()
        .enumerate()
        .map(|(at, letter)| {
            if capitals >> at & 1 == 1 {
                letter.to_ascii_uppercase()
            } else {
                letter
            }
        })
        .collect()
}

/// Guesses at everybody's account until it is one too many; says after how many.
async fn guesses_at_all(app: &App, forwarded: impl Fn(usize) -> String) -> usize {
    let most = usize::try_from(limit::SIGN_IN_FAILURES_FROM.most).expect("a number");
    // A window may turn meanwhile, which lets a few more pass, and never all of these.
    for at in 0..2 * most {
        let answer = guesses(app, &format!("p{at}@example.org"), &forwarded(at)).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            answer.says(Error::TooManyRequests);
            return at;
        }
        answer.says(Error::InvalidCredentials);
    }
    panic!("nobody stopped it");
}

#[tokio::test]
async fn a29_b20_no_spelling_and_no_made_up_network_gets_round_the_limit_of_an_account() {
    let app = App::open().await;
    app.person("Maya").await;
    let (mut passed, mut last) = (0, None);
    for at in 0..30 {
        let forwarded = format!("203.0.113.{at}, 2001:db8:{at}::1, 10.0.0.{at}");
        let answer = guesses(&app, &spelled(at * 2027), &forwarded).await;
        passed += usize::from(answer.status == StatusCode::UNAUTHORIZED);
        last = Some(answer);
    }
    // One more passes when the window turns meanwhile.
    assert!((5..=6).contains(&passed), "{passed}");
    let last = last.expect("an answer").says(Error::TooManyRequests);
    assert!(last.header("retry-after").parse::<u64>().is_ok());
}

#[tokio::test]
async fn a29_b20_whatever_a_stranger_says_of_networks_is_not_believed() {
    let app = App::open().await;
    let after = guesses_at_all(&app, |at| format!("203.0.113.{at}")).await;
    assert!(after >= 30, "{after}");
}

#[tokio::test]
async fn a29_behind_our_own_proxy_the_network_before_it_is_counted() {
    let app = App::with(|config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    })
    .await;
    // What stands before the last hop is the stranger's own word.
    let after = guesses_at_all(&app, |at| format!("203.0.113.{at}, 198.51.100.7")).await;
    assert!(after >= 30, "{after}");
    guesses(&app, "zoe@example.org", "198.51.100.8")
        .await
        .says(Error::InvalidCredentials);
}

/// Of each limit that was reached: whose it is, and through which session it was.
const LIMITED: &str = "SELECT DISTINCT COALESCE(user_id, '') || ' ' || COALESCE(session_id, '') FROM audit_event WHERE event = 'rate_limit_exceeded'";

#[tokio::test]
async fn f46_who_is_guessed_at_and_who_knocks_too_often_finds_it_in_their_log() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let who = maya
        .get("/api/auth/session")
        .await
        .is(StatusCode::OK)
        .json();
    let [user, session] = ["user", "session"].map(|part| {
        let id = who[part]["id"].as_str().expect("an id");
        id.to_owned()
    });

    // A window may turn meanwhile, which lets a few more pass, and never all of these.
    let guessed = async |email: &str| {
        for _ in 0..12 {
            guesses(&app, email, "203.0.113.7").await;
        }
    };
    guessed("maya@example.org").await;
    assert_eq!(app.house.column(LIMITED).await, [format!("{user} ")]);
    let page = maya.get("/settings/activity").await.is(StatusCode::OK);
    assert!(page.text().contains("Too many tries"));

    app.house.run("DELETE FROM audit_event").await;
    let wrong = json!({ "password": "not the password" });
    for _ in 0..20 {
        maya.calls("/api/auth/verify-password", &wrong).await;
    }
    assert_eq!(
        app.house.column(LIMITED).await,
        [format!("{user} {session}")]
    );

    // Of an address that nobody has there is nobody to tell.
    app.house.run("DELETE FROM audit_event").await;
    guessed("nobody@example.org").await;
    assert_eq!(app.house.column(LIMITED).await, [" "]);
}
