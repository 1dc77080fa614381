//! Where secrets may be: in the person's head, in their cookie, in their program. Not in the log, not in the database.

use crate::support::{
    PASSWORD,
    app::{App, Browser},
    factor::{RECOVER, VERIFY, challenged, with_factor},
};
use http::StatusCode;
use latchkey::{
    domain::Error,
    service::verification::{self, Purpose},
};
use serde_json::json;
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

/// A log that can be read afterwards.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("the paper")).into_owned()
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the paper").write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Paper {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Every row of every table, as text.
pub async fn everything(app: &App) -> String {
    let house = &app.house;
    let mut rows = Vec::new();
    if house.is_postgres() {
        for table in house.tables().await {
            let all = format!("SELECT row_to_json(t)::text FROM \"{table}\" t");
            rows.extend(house.column(&all).await);
        }
    } else {
        for table in house.tables().await {
            let columns = house
                .column(&format!("SELECT name FROM pragma_table_info('{table}')"))
                .await;
            let all: Vec<_> = columns
                .iter()
                .map(|name| format!("COALESCE(CAST(\"{name}\" AS TEXT), '')"))
                .collect();
            rows.extend(
                house
                    .column(&format!(
                        "SELECT {} FROM \"{table}\"",
                        all.join(" || '|' || ")
                    ))
                    .await,
            );
        }
    }
    rows.join("\n")
}

#[tokio::test]
async fn b46_no_secret_is_in_the_log_or_in_the_database() {
    let paper = Paper::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(paper.clone())
        .init();
    let app = App::open().await;
    let (wrong, chosen) = ("a wrong one that is telling", "another three words");
    let mut secrets = vec![PASSWORD.to_owned(), wrong.to_owned(), chosen.to_owned()];
    secrets.push(String::from_utf8_lossy(app.house.config.secret.expose()).into_owned());

    let maya = app.person("Maya").await;
    let claim = |password| json!({ "email": "maya@example.org", "password": password });
    app.browser()
        .calls("/api/auth/sign-in", &claim(wrong))
        .await
        .says(Error::InvalidCredentials);
    let form = [("email", "maya@example.org"), ("password", wrong)];
    app.browser()
        .form("/signin", &form)
        .await
        .is(StatusCode::UNAUTHORIZED);
    let mut program = maya.program().await;
    program.get("/api/tasks").await.is(StatusCode::OK);
    let session = maya.reads("/api/auth/session").await.json();
    secrets.extend(program.token.clone());
    secrets.extend(session["session"]["token"].as_str().map(str::to_owned));
    let cookie = maya.cookie_header().expect("a cookie");
    secrets.extend(cookie.split_once('=').map(|(_, value)| value.to_owned()));
    program.token = program.token.map(|token| format!("{token}x"));
    program.get("/api/tasks").await.says(Error::InvalidToken);

    let form = [
        ("name", "Backup"),
        ("scope", "tasks:read"),
        ("once", "this form"),
    ];
    let page = maya.form("/action/tokens/create", &form).await;
    let page = page.is(StatusCode::OK).text();
    let at = page.find("lk_").expect("a token");
    let access = page[at..at + 52].to_owned();
    program.token = Some(access.clone());
    program.get("/api/tasks").await.is(StatusCode::OK);
    program.post("/api/tasks", &json!({ "title": "x" })).await;
    program.token = Some(format!("{access}x"));
    program.get("/api/tasks").await.says(Error::InvalidToken);
    secrets.push(access);

    let id = session["user"]["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let link = verification::issue(&app.house.db, Purpose::PasswordReset, id)
        .await
        .expect("a link's value");
    maya.get(&format!("/reset-password?token={link}"))
        .await
        .is(StatusCode::OK);
    let body = json!({ "token": link, "newPassword": "short" });
    maya.calls("/api/auth/reset-password", &body)
        .await
        .says(Error::PasswordTooShort);
    let unused = everything(&app).await;
    assert!(!unused.contains(&link), "an unused link is in the database");
    let body = json!({ "token": link, "newPassword": chosen });
    maya.calls("/api/auth/reset-password", &body)
        .await
        .is(StatusCode::OK);
    secrets.push(link);
    app.browser()
        .calls("/api/auth/sign-in", &claim(chosen))
        .await
        .is(StatusCode::OK);

    secrets.extend(of_a_second_factor(&app).await);

    let (log, kept) = (paper.text(), everything(&app).await);
    assert!(log.contains("latchkey::audit"), "there is a log");
    assert!(kept.contains("maya@example.org"), "there are rows");
    for secret in secrets {
        // Of a token its signature is the secret part.
        let telling = secret.rsplit('.').next().unwrap_or(&secret);
        assert!(!telling.is_empty());
        for (place, text) in [("the log", &log), ("the database", &kept)] {
            assert!(!text.contains(telling), "{telling} is in {place}");
        }
    }
}

/// What is secret about a second factor that was set up, used and trusted: the seed, the codes, and what the cookies hold.
async fn of_a_second_factor(app: &App) -> Vec<String> {
    let (grace, phone, codes) = with_factor(app, "Grace").await;
    let password = json!({ "password": PASSWORD });
    let told = grace
        .calls("/api/auth/two-factor/get-totp-uri", &password)
        .await;
    let uri = told.is(StatusCode::OK).json()["totpURI"].clone();
    let uri = url::Url::parse(uri.as_str().expect("an address")).expect("an address");
    let mut secrets: Vec<String> = uri
        .query_pairs()
        .filter(|(name, _)| name == "secret")
        .map(|(_, key)| key.into_owned())
        .collect();
    let browser = challenged(app, "Grace").await;
    let values = |browser: &Browser<'_>| -> Vec<String> {
        let cookies = browser.cookie_header().unwrap_or_default();
        let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
        pairs.map(|(_, value)| value.to_owned()).collect()
    };
    secrets.extend(values(&browser));
    let body = json!({ "code": phone.shows(0), "trustDevice": true });
    browser.calls(VERIFY, &body).await.is(StatusCode::OK);
    secrets.extend(values(&browser));
    let other = challenged(app, "Grace").await;
    let body = json!({ "code": codes[0] });
    other.calls(RECOVER, &body).await.is(StatusCode::OK);
    assert!(secrets.len() >= 4, "{secrets:?}");
    secrets.extend(codes.iter().map(|code| code.replace('-', "")));
    secrets.extend(codes);
    secrets
}

#[tokio::test]
async fn a39_a_new_house_has_no_account() {
    let app = App::open().await;
    for table in ["\"user\"", "account", "session", "verification"] {
        let rows = app.house.column(&format!("SELECT id FROM {table}")).await;
        assert!(rows.is_empty(), "{table}");
    }
    for name in ["admin", "root", "test", "user"] {
        let body =
            json!({ "email": format!("{name}@localhost.example"), "password": name.repeat(2) });
        app.browser()
            .calls("/api/auth/sign-in", &body)
            .await
            .says(Error::InvalidCredentials);
    }
}
