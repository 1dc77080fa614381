//! The cookie's whole life, on a real database.

use super::*;
use crate::{
    domain::{Password, SignedIn},
    http::support::{self, answer},
    service::{Config, Database, auth::NewAccount, entry},
};
use axum::{
    Extension, Router,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use http::header::COOKIE;
use proptest::prelude::*;

async fn sign_up(State(state): State<AppState>, Extension(visit): Extension<Visit>) {
    let new = NewAccount {
        name: "Maya".parse().unwrap(),
        email: "maya@example.org".parse().unwrap(),
        password: Some(Password::chosen("three words apart").unwrap()),
        time_zone: None,
    };
    entry::sign_up(&state, &visit, new, None, entry::Wanted::default())
        .await
        .unwrap();
}

async fn who(State(state): State<AppState>, Extension(visit): Extension<Visit>) -> String {
    let who = visit.who(&state).await.unwrap();
    who.map_or(String::new(), |who: SignedIn| who.user.name)
}

async fn sign_out(State(state): State<AppState>, Extension(visit): Extension<Visit>) {
    entry::sign_out(&state, &visit).await.unwrap();
}

struct Door {
    router: Router,
    state: AppState,
    _folder: tempfile::TempDir,
}

impl Door {
    async fn open(public_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/latchkey.db", folder.path().display());
        let config = support::config(&[
            ("DATABASE_URL", &url),
            ("PUBLIC_URL", public_url),
            ("RATE_LIMIT", "off"),
        ]);
        let db = Database::open(&config).await.unwrap();
        db.migrate().await.unwrap();
        let state = AppState::new(Config::clone(&config), db).unwrap();
        let router = Router::new()
            .route("/up", get(sign_up))
            .route("/who", get(who))
            .route("/out", get(sign_out))
            .route("/page", get(|| async {}))
            .layer(from_fn_with_state(state.clone(), visit))
            .layer(from_fn(|mut request: Request, next: Next| async {
                request.extensions_mut().insert(support::source());
                next.run(request).await
            }))
            .with_state(state.clone());
        Self {
            router,
            state,
            _folder: folder,
        }
    }

    async fn get(&self, path: &str, cookie: &str) -> (HeaderMap, String) {
        let headers = [("cookie", cookie)];
        let request = support::request("GET", path, &headers);
        let (status, headers, body) = answer(&self.router, request).await;
        assert_eq!(status, http::StatusCode::OK);
        (headers, String::from_utf8(body).unwrap())
    }
}

fn set(headers: &HeaderMap) -> &str {
    headers
        .get(SET_COOKIE)
        .map_or("", |value| value.to_str().unwrap())
}

fn pair(headers: &HeaderMap) -> String {
    set(headers).split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn b39_the_cookie_has_the_name_and_attributes_that_tie_it_to_us() {
    for (url, name, secure) in [
        ("http://localhost:3000", "latchkey_session=", ""),
        (
            "https://tasks.example.org",
            "__Host-latchkey_session=",
            "; Secure",
        ),
    ] {
        let door = Door::open(url).await;
        let (headers, _) = door.get("/up", "").await;
        let cookie = set(&headers);
        let (value, attributes) = cookie.split_once("; ").unwrap();
        assert!(
            value.starts_with(name) && value.len() == name.len() + 22,
            "{cookie}"
        );
        let common = format!("Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=");
        let age: i64 = attributes.strip_prefix(&common).unwrap().parse().unwrap();
        assert!((604_700..=604_800).contains(&age), "{cookie}");
        assert_eq!(door.get("/who", value).await.1, "Maya");
    }
}

#[tokio::test]
async fn t12_the_removed_cookie_has_the_attributes_of_the_given_one() {
    let door = Door::open("https://tasks.example.org").await;
    let cookie = pair(&door.get("/up", "").await.0);
    let (headers, _) = door.get("/out", &cookie).await;
    assert_eq!(
        set(&headers),
        "__Host-latchkey_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
    );
    assert_eq!(headers[CLEAR_SITE_DATA], r#""cache""#);
    assert_eq!(door.get("/who", &cookie).await.1, "");
}

#[tokio::test]
async fn nobody_gets_a_cookie_for_looking_and_a_used_one_is_not_given_again() {
    let door = Door::open("http://localhost:3000").await;
    assert_eq!(set(&door.get("/who", "").await.0), "");
    let cookie = pair(&door.get("/up", "").await.0);
    for path in ["/who", "/page"] {
        assert_eq!(set(&door.get(path, &cookie).await.0), "", "{path}");
    }
}

#[tokio::test]
async fn a_dead_cookie_is_taken_away() {
    let door = Door::open("http://localhost:3000").await;
    for dead in [
        "latchkey_session=AAAAAAAAAAAAAAAAAAAAAA",
        "latchkey_session=?",
    ] {
        let (headers, who) = door.get("/who", dead).await;
        assert_eq!(who, "");
        assert!(set(&headers).ends_with("Max-Age=0"), "{dead}");
    }
}

#[tokio::test]
async fn b39_of_two_cookies_that_differ_neither_counts_and_no_other_name_does() {
    let door = Door::open("https://tasks.example.org").await;
    let cookie = pair(&door.get("/up", "").await.0);
    let value = cookie.split_once('=').unwrap().1;
    for (sent, who) in [
        (format!("{cookie}; {cookie}"), "Maya"),
        (format!("latchkey_session=ATTACKER; {cookie}"), "Maya"),
        (format!("__Host-latchkey_session=ATTACKER; {cookie}"), ""),
        (format!("{cookie}; __Host-latchkey_session="), ""),
        (format!("latchkey_session={value}"), ""),
        (format!("__host-latchkey_session={value}"), ""),
    ] {
        assert_eq!(door.get("/who", &sent).await.1, who, "{sent}");
    }
}

#[tokio::test]
async fn c4_a_database_that_is_away_takes_no_cookie_away() {
    let door = Door::open("http://localhost:3000").await;
    let cookie = pair(&door.get("/up", "").await.0);
    door.state.db.close().await;
    let asks = |State(state): State<AppState>, Extension(visit): Extension<Visit>| async move {
        visit.who(&state).await.map(drop).map_err(Refused::from)
    };
    let router = Router::new()
        .route("/who", get(asks))
        .layer(from_fn_with_state(door.state.clone(), visit))
        .layer(Extension(support::source()))
        .with_state(door.state.clone());
    let request = support::request("GET", "/who", &[("cookie", &cookie)]);
    let (status, headers, _) = answer(&router, request).await;
    assert_eq!(status, http::StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(set(&headers), "");
}

proptest! {
    #[test]
    fn b39_only_one_value_under_the_whole_name_is_read(value in "[A-Za-z0-9_-]{1,30}", other in "[A-Za-z0-9_-]{1,30}", noise in "[!-:<-~ ]{0,60}") {
        prop_assume!(!noise.contains("latchkey_session="));
        let read = |sent: String| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(&sent).unwrap());
            the_one(&headers, "latchkey_session")
        };
        let ours = format!("latchkey_session={value}");
        prop_assert_eq!(read(format!("{noise}; {ours}; x={noise}")), Some(value.clone()));
        prop_assert_eq!(read(format!("x-{ours}; {noise}")), None);
        let both = read(format!("latchkey_session={other}; {noise}; {ours}"));
        prop_assert_eq!(both, (other == value).then_some(value));
    }
}
