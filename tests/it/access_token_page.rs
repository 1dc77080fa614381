//! The section of the settings where access tokens are made and revoked, with plain forms.

use crate::support::{
    PASSWORD,
    app::{Answer, App, Browser, Program},
};
use http::{StatusCode, header};
use latchkey::domain::Error;
use serde_json::json;

const CREATE: &str = "/action/tokens/create";
const REVOKE: &str = "/action/tokens/revoke";
const GOOD: [(&str, &str); 5] = [
    ("once", "01234567-89ab-7def-8123-456789abcdef"),
    ("name", "Home <server>"),
    ("scope", "tasks:read tasks:write"),
    ("expires", "30d"),
    ("until", ""),
];

/// The fields of a good form, but for this one.
fn but<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let change = |(field, good)| (field, if field == name { value } else { good });
    GOOD.into_iter().map(change).collect()
}

async fn sends(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.form_from("/settings/api", path, fields).await
}

/// The token that stands on this page.
fn token_on(page: &str) -> Option<String> {
    let at = page.find("lk_")?;
    Some(page[at..at + 52].to_owned())
}

fn program<'a>(app: &'a App, token: &str) -> Program<'a> {
    let mut program = app.program();
    program.token = Some(token.to_owned());
    program
}

/// The hidden id that its form for revoking sends.
fn id_on(page: &str) -> String {
    let form = page.split(REVOKE).nth(1).expect("a form to revoke");
    let value = form.split("value=\"").nth(1).expect("an id");
    value.split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn without_a_token_the_section_says_what_one_is_for_and_offers_to_read_for_90_days() {
    let app = App::open().await;
    let page = app.person("Maya").await.get("/settings/api").await.text();
    assert!(page.contains("There are no access tokens yet."), "{page}");
    assert!(
        page.contains(r#"checked value="tasks:read""#)
            || page.contains(r#"value="tasks:read" checked"#)
    );
    assert!(!page.contains("lk_") && !page.contains(REVOKE));
}

#[tokio::test]
async fn a5_a_session_that_somebody_found_open_makes_no_token_that_outlives_it() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    app.house
        .run("UPDATE session SET confirmed_at = confirmed_at - 700000")
        .await;
    let body = json!({ "name": "Home server", "scope": "tasks:read" });
    maya.calls(CREATE, &body).await.says(Error::SessionNotFresh);
    let led = sends(&maya, CREATE, &GOOD).await;
    let led = led.is(StatusCode::SEE_OTHER);
    assert_eq!(led.location(), "/confirm?next=%2Fsettings%2Fapi");
    let sql = "SELECT id FROM access_token";
    assert!(app.house.column(sql).await.is_empty());

    let form = [("password", PASSWORD), ("next", "/settings/api")];
    let back = maya.form_from(led.location(), "/confirm", &form).await;
    let back = back.is(StatusCode::SEE_OTHER);
    assert_eq!(back.location(), "/settings/api");
    sends(&maya, CREATE, &GOOD).await.is(StatusCode::OK);
    assert_eq!(app.house.column(sql).await.len(), 1);
}

#[tokio::test]
async fn a_token_is_shown_in_the_one_answer_that_holds_it_and_nowhere_else() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let answer = sends(&maya, CREATE, &GOOD).await.is(StatusCode::OK);
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(answer.header(header::CONTENT_ENCODING), "");
    assert_eq!(answer.location(), "");
    let page = answer.text();
    let token = token_on(&page).expect("a token");
    assert!(page.contains("“Home &lt;server&gt;” is made."), "{page}");
    assert!(page.contains("Read, add and change tasks"), "{page}");
    assert!(page.contains("Never used"), "{page}");
    program(&app, &token)
        .get("/api/tasks")
        .await
        .is(StatusCode::OK);

    let later = maya.get("/settings/api").await.is(StatusCode::OK).text();
    assert_eq!(token_on(&later), None);
    assert!(later.contains("Home &lt;server&gt;"), "{later}");
}

#[tokio::test]
async fn a_page_with_a_token_is_not_compressed() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let body: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(GOOD)
        .finish();
    let request = crate::support::app::request(http::Method::POST, CREATE)
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_ENCODING, "gzip, br, zstd, deflate")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .expect("a request");
    let answer = maya.send(request).await.is(StatusCode::OK);
    assert_eq!(answer.header(header::CONTENT_ENCODING), "");
    assert!(token_on(&answer.text()).is_some());
}

#[tokio::test]
async fn a_form_that_comes_again_makes_no_second_token_and_shows_none() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    sends(&maya, CREATE, &GOOD).await.is(StatusCode::OK);
    let again = sends(&maya, CREATE, &GOOD).await.is(StatusCode::CONFLICT);
    let page = again.text();
    assert!(page.contains(Error::AccessTokenMade.message()), "{page}");
    assert_eq!(token_on(&page), None);
    assert_eq!(page.matches(REVOKE).count(), 1, "{page}");
    assert!(!page.contains(r#"value="Home &lt;server&gt;""#), "{page}");

    // The same form with other words in it is another one: somebody went back and wrote them.
    let other = sends(&maya, CREATE, &but("name", "Other")).await;
    assert!(token_on(&other.is(StatusCode::OK).text()).is_some());
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    for (field, value, error, id) in [
        ("name", " ", Error::InvalidTokenName, "token-name"),
        ("scope", "tasks:all", Error::InvalidScope, "scope"),
        ("expires", "never", Error::InvalidExpiry, "expires"),
        ("until", "2020-02-02", Error::InvalidExpiry, "until"),
    ] {
        let answer = sends(&maya, CREATE, &but(field, value)).await;
        let page = answer.is(StatusCode::UNPROCESSABLE_ENTITY).text();
        assert!(page.contains(error.message()), "{field}: {page}");
        assert!(page.contains(&format!("id=\"{id}-fault\"")), "{field}");
        if field != "name" {
            assert!(page.contains(r#"value="Home &lt;server&gt;""#), "{field}");
        }
        if field == "until" {
            assert!(page.contains(r#"value="2020-02-02""#), "{page}");
        }
        assert_eq!(token_on(&page), None);
    }
    let page = maya.get("/settings/api").await.text();
    assert!(!page.contains(REVOKE), "{page}");
}

#[tokio::test]
async fn a_revoked_token_is_gone_from_the_list_and_dead() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let page = sends(&maya, CREATE, &GOOD).await.text();
    let (token, id) = (token_on(&page).expect("a token"), id_on(&page));

    let bob = app.person("Bob").await;
    sends(&bob, REVOKE, &[("id", &id)])
        .await
        .is(StatusCode::NOT_FOUND);
    program(&app, &token)
        .get("/api/tasks")
        .await
        .is(StatusCode::OK);

    let answer = sends(&maya, REVOKE, &[("id", &id)]).await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    assert_eq!(
        answer.location(),
        "/settings/api?revoked=token#access-tokens"
    );
    program(&app, &token)
        .get("/api/tasks")
        .await
        .says(Error::InvalidToken);
    let page = maya.get("/settings/api?revoked=token").await.text();
    assert!(page.contains("The token is revoked."), "{page}");
    assert!(page.contains("There are no access tokens yet."), "{page}");
    let log = maya.get("/settings/activity").await.text();
    assert!(log.contains("Token revoked") && log.contains("Token made"));
    sends(&maya, REVOKE, &[("id", &id)])
        .await
        .is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_expired_token_is_still_listed_as_what_it_is() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    sends(&maya, CREATE, &GOOD).await.is(StatusCode::OK);
    app.house
        .run("UPDATE access_token SET expires_at = 1795215662123 - 86400000")
        .await;
    let page = maya.get("/settings/api").await.text();
    assert!(
        page.contains(">Expired</span>") && page.contains("Remove"),
        "{page}"
    );
}

#[tokio::test]
async fn whoever_is_signed_out_meanwhile_signs_in_first_and_makes_nothing() {
    let app = App::open().await;
    let answer = sends(&app.browser(), CREATE, &GOOD).await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/signin?next=%2Fsettings%2Fapi");
    assert!(
        app.house
            .column("SELECT id FROM access_token")
            .await
            .is_empty()
    );
}
