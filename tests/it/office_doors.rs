//! The office's doors and pages: shut to everybody but administrators, as if there were nothing behind them.

use crate::support::app::{Answer, App, Browser, ORIGIN, request};
use axum::body::Body;
use http::{Method, StatusCode, header};
use latchkey::domain::Error;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};

/// Every server function of the office: one that is added is among them.
fn doors() -> Vec<(&'static str, Method)> {
    let doors: Vec<_> = server_fn_paths()
        .filter(|(path, _)| path.starts_with("/action/admin/"))
        .collect();
    assert!(doors.len() >= 13, "{doors:?}");
    doors
}

async fn id_of(app: &App, name: &str) -> String {
    let sql = format!("SELECT id FROM \"user\" WHERE name = '{name}'");
    app.house.column(&sql).await.remove(0)
}

/// What any of the doors could ask for.
async fn anything(app: &App) -> Vec<(&'static str, String)> {
    vec![
        ("id", id_of(app, "Maya").await),
        ("role", "admin".to_owned()),
        ("email", "maya@example.org".to_owned()),
        ("note", "Eve".to_owned()),
        ("days", "3".to_owned()),
    ]
}

async fn knocks(browser: &Browser<'_>, door: &(&str, Method), fields: &[(&str, String)]) -> Answer {
    let (path, method) = door;
    if *method == Method::GET {
        let query = serde_urlencoded(fields);
        browser.reads(&format!("{path}?{query}")).await
    } else {
        let body: serde_json::Map<String, Value> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        browser.calls(path, &Value::Object(body)).await
    }
}

fn serde_urlencoded(fields: &[(&str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// All that the doors could change.
async fn state_of(app: &App) -> Vec<String> {
    let mut rows = Vec::new();
    for sql in [
        "SELECT id || role || COALESCE(CAST(disabled_at AS TEXT), '') FROM \"user\" ORDER BY id",
        "SELECT id FROM session ORDER BY id",
        "SELECT id FROM invitation ORDER BY id",
        "SELECT id FROM verification ORDER BY id",
        "SELECT COALESCE(password, '') FROM account ORDER BY id",
    ] {
        rows.extend(app.house.column(sql).await);
    }
    rows
}

#[tokio::test]
async fn no_door_of_the_office_opens_to_a_member_or_a_stranger() {
    let app = App::with(|config| config.rate_limit = false).await;
    app.person("Ada").await;
    app.person("Maya").await;
    let (bob, stranger) = (app.person("Bob").await, app.browser());
    let (fields, before) = (anything(&app).await, state_of(&app).await);
    let form: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();

    for door in doors() {
        knocks(&bob, &door, &fields).await.says(Error::NotFound);
        knocks(&stranger, &door, &fields)
            .await
            .says(Error::Unauthorized);
        if door.1 == Method::POST {
            let page = bob.form_from("/settings", door.0, &form).await;
            let page = page.is(StatusCode::NOT_FOUND).text();
            assert!(
                page.contains("no page behind this door") && !page.contains("maya@"),
                "{page}"
            );
            let sent_away = stranger.form_from("/admin", door.0, &form).await;
            let sent_away = sent_away.is(StatusCode::SEE_OTHER);
            assert!(sent_away.location().starts_with("/signin"), "{door:?}");
            assert!(sent_away.body.is_empty());
        }
    }
    assert_eq!(state_of(&app).await, before);
}

#[tokio::test]
async fn whoever_tries_the_office_and_is_no_administrator_stands_in_the_log_once_for_each_try() {
    let app = App::with(|config| config.rate_limit = false).await;
    let (ada, _maya) = (app.person("Ada").await, app.person("Maya").await);
    let (bob, stranger) = (app.person("Bob").await, app.browser());
    let fields = anything(&app).await;
    let sql = "SELECT user_id || ' ' || outcome || ' ' || reason FROM audit_event WHERE event = 'office_refused'";
    let row = format!("{} refused NOT_FOUND", id_of(&app, "Bob").await);
    let mut rows = 0;
    let person = format!("/admin/people/{}", fields[0].1);
    for path in ["/admin", "/admin/invitations", "/admin/activity", &person] {
        ada.get(path).await.is(StatusCode::OK);
        stranger.get(path).await.is(StatusCode::SEE_OTHER);
        bob.get(path).await.is(StatusCode::NOT_FOUND);
        rows += 1;
        assert_eq!(
            app.house.column(sql).await,
            vec![row.clone(); rows],
            "{path}"
        );
    }
    for door in doors() {
        knocks(&bob, &door, &fields).await.says(Error::NotFound);
        knocks(&stranger, &door, &fields).await;
        rows += 1;
        assert_eq!(
            app.house.column(sql).await,
            vec![row.clone(); rows],
            "{door:?}"
        );
    }
    let form = [("id", fields[0].1.as_str()), ("role", "admin")];
    let page = bob.form_from("/settings", "/action/admin/people/role", &form);
    page.await.is(StatusCode::NOT_FOUND);
    assert_eq!(app.house.column(sql).await, vec![row.clone(); rows + 1]);
    let log = bob.get("/settings/activity").await.text();
    assert!(log.contains("Tried a page for administrators"), "{log}");
}

#[tokio::test]
async fn b13_another_site_moves_nothing_in_the_office() {
    let app = App::with(|config| config.rate_limit = false).await;
    let ada = app.person("Ada").await;
    app.person("Maya").await;
    let (fields, before) = (anything(&app).await, state_of(&app).await);
    for (path, method) in doors() {
        if method != Method::POST {
            continue;
        }
        for said in [
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("origin", "null"),
        ] {
            let request = request(Method::POST, path)
                .header(said.0, said.1)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(serde_urlencoded(&fields)))
                .expect("a request");
            ada.send(request).await.is(StatusCode::FORBIDDEN);
        }
        let query = format!("{path}?{}", serde_urlencoded(&fields));
        ada.reads(&query).await.is(StatusCode::METHOD_NOT_ALLOWED);
    }
    assert_eq!(state_of(&app).await, before);
}

#[tokio::test]
async fn the_pages_of_the_office_are_not_there_for_anybody_else() {
    let app = App::open().await;
    let ada = app.person("Ada").await;
    let bob = app.person("Bob").await;
    let person = format!("/admin/people/{}", id_of(&app, "Bob").await);
    for path in ["/admin", "/admin/invitations", "/admin/activity", &person] {
        let page = ada.get(path).await.is(StatusCode::OK);
        assert_eq!(page.header(header::CACHE_CONTROL), "no-store", "{path}");
        let nothing = bob.get(path).await.is(StatusCode::NOT_FOUND).text();
        assert!(nothing.contains("no page behind this door"), "{nothing}");
        assert!(!nothing.contains("bob@example.org") && !nothing.contains("rail"));
        let away = app.browser().get(path).await.is(StatusCode::SEE_OTHER);
        assert!(
            away.location().starts_with("/signin?next=%2Fadmin"),
            "{path}"
        );
        assert!(away.body.is_empty());
        let posted = bob.form(path, &[]).await;
        posted.is(StatusCode::METHOD_NOT_ALLOWED);
    }
    for nobody in [
        "/admin/people/01234567-89ab-7def-8123-456789abcdef".to_owned(),
        "/admin/people/x".to_owned(),
        person
            .to_uppercase()
            .replace("/ADMIN/PEOPLE", "/admin/people"),
        "/admin/x".to_owned(),
    ] {
        ada.get(&nobody).await.is(StatusCode::NOT_FOUND);
    }
    // What the address says besides is not who it is about.
    let eve = format!("{person}?person-id={}", id_of(&app, "Ada").await);
    assert!(ada.get(&eve).await.text().contains("bob@example.org"));
}

#[tokio::test]
async fn the_way_to_the_office_is_shown_to_administrators_alone() {
    let app = App::open().await;
    let (ada, bob) = (app.person("Ada").await, app.person("Bob").await);
    for page in ["/dashboard", "/settings"] {
        assert!(
            ada.get(page).await.text().contains("href=\"/admin\""),
            "{page}"
        );
        assert!(!bob.get(page).await.text().contains("/admin"), "{page}");
    }
}

#[tokio::test]
async fn whoever_is_made_a_member_is_one_with_the_next_request() {
    let app = App::open().await;
    let (ada, bob) = (app.person("Ada").await, app.person("Bob").await);
    let role = async |by: &Browser<'_>, whom: &str, role: &str| {
        let body = json!({ "id": id_of(&app, whom).await, "role": role });
        by.calls("/action/admin/people/role", &body).await
    };
    role(&ada, "Bob", "admin").await.is(StatusCode::OK);
    bob.get("/admin").await.is(StatusCode::OK);
    role(&bob, "Ada", "member").await.is(StatusCode::OK);
    ada.get("/admin").await.is(StatusCode::NOT_FOUND);
    role(&ada, "Ada", "admin").await.says(Error::NotFound);
    role(&bob, "Ada", "owner").await.says(Error::InvalidRole);
    role(&bob, "Ada", "admin").await.is(StatusCode::OK);
    // Whoever steps back themselves is led to what is theirs.
    let id = id_of(&app, "Ada").await;
    let form = [("id", id.as_str()), ("role", "member")];
    let back = ada.form("/action/admin/people/role", &form).await;
    assert_eq!(back.is(StatusCode::SEE_OTHER).location(), "/dashboard");
    // Only the office closed: the session and the tasks are as they were.
    ada.get("/dashboard").await.is(StatusCode::OK);
}

#[tokio::test]
async fn no_token_opens_the_office() {
    let app = App::open().await;
    let ada = app.person("Ada").await;
    let program = ada.program().await;
    program
        .get("/action/admin/people/list")
        .await
        .says(Error::Unauthorized);
    let request = request(Method::GET, "/admin")
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, ORIGIN)
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", program.token.clone().expect("a token")),
        )
        .body(Body::empty())
        .expect("a request");
    app.ask(request).await.is(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nothing_in_the_office_shows_what_anybody_has_to_do() {
    let app = App::with(|config| config.rate_limit = false).await;
    let (ada, maya) = (app.person("Ada").await, app.person("Maya").await);
    let secret = "Telling the doctor about the knee";
    let form = [("title", secret)];
    maya.form("/action/tasks/create", &form)
        .await
        .is(StatusCode::SEE_OTHER);
    let id = id_of(&app, "Maya").await;
    for path in [
        "/admin",
        "/admin?q=knee",
        "/admin/invitations",
        "/admin/activity",
        &format!("/admin/activity?person={id}"),
        &format!("/admin/people/{id}"),
    ] {
        let page = ada.get(path).await.is(StatusCode::OK).text();
        assert!(!page.contains(secret), "{path}");
    }
    let fields = anything(&app).await;
    for door in doors() {
        // Deleting comes last, or there would be nobody to ask about.
        if door.0.ends_with("/delete") {
            continue;
        }
        let answer = knocks(&ada, &door, &fields).await;
        assert!(!answer.text().contains(secret), "{door:?}");
    }
}

#[tokio::test]
async fn whoever_signed_in_long_ago_confirms_before_anything_is_changed() {
    let app = App::with(|config| config.rate_limit = false).await;
    let ada = app.person("Ada").await;
    app.person("Maya").await;
    app.house
        .run("UPDATE session SET confirmed_at = confirmed_at - 700000")
        .await;
    let (fields, before) = (anything(&app).await, state_of(&app).await);
    for door in doors() {
        let answer = knocks(&ada, &door, &fields).await;
        if door.1 == Method::GET {
            answer.is(StatusCode::OK);
        } else {
            answer.says(Error::SessionNotFresh);
        }
    }
    let form = [("role", "admin"), ("id", fields[0].1.as_str())];
    let led = ada
        .form_from("/admin/invitations", "/action/admin/people/role", &form)
        .await;
    let led = led.is(StatusCode::SEE_OTHER);
    assert_eq!(led.location(), "/confirm?next=%2Fadmin%2Finvitations");
    assert_eq!(state_of(&app).await, before);
}
