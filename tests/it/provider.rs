//! Coming in with the identity provider: there, back, and in; and what comes back otherwise.

use crate::support::{
    app::{App, Browser},
    provider::{Answers, CALLBACK, Idp, LEAVE, back, comes_in, leaves},
};
use http::{Method, StatusCode, header};
use latchkey::{domain::Error, service::upkeep};
use serde_json::{Value, json};

async fn is_in(browser: &Browser<'_>) -> bool {
    browser.reads("/api/auth/get-session").await.json() != Value::Null
}

async fn reasons(app: &App, event: &str) -> Vec<String> {
    let sql = format!(
        "SELECT outcome || ' ' || COALESCE(reason, '') FROM audit_event WHERE event = '{event}' ORDER BY id"
    );
    app.house.column(&sql).await
}

#[tokio::test]
async fn a_stranger_comes_in_has_an_account_and_goes_on_where_they_wanted() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "Ada@Example.org", true);
    let ada = app.browser();

    let address = leaves(&ada, "/settings?a=b").await;
    let answer = ada.returns(&idp.lets_through(&address)).await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/settings?a=b");
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");

    let session = ada.reads("/api/auth/get-session").await.json();
    assert_eq!(session["user"]["email"], "Ada@Example.org");
    assert_eq!(session["user"]["emailVerified"], true);
    assert_eq!(session["user"]["name"], "Ada");
    ada.get("/dashboard").await.is(StatusCode::OK);
    assert_eq!(reasons(&app, "sign_up").await, ["success provider"]);
    assert_eq!(reasons(&app, "sign_in").await, ["success provider"]);

    // Another time, another browser, another address there: the same person.
    idp.vouches_for("ada", "elsewhere@example.org", false);
    let again = app.browser();
    assert_eq!(comes_in(&again, &idp).await, "/dashboard");
    let again = again.reads("/api/auth/get-session").await.json();
    assert_eq!(again["user"], session["user"]);
}

#[tokio::test]
async fn a_program_is_told_where_to_send_the_browser() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    let browser = app.browser();
    let asked = json!({ "providerId": "oidc", "callbackURL": "http://localhost:3000/settings" });
    let answer = browser.calls(LEAVE, &asked).await.is(StatusCode::OK);
    assert_eq!(answer.location(), "");
    let said = answer.json();
    assert_eq!(said["redirect"], true);
    let way_back = idp.lets_through(said["url"].as_str().expect("an address"));
    // Better Auth's other name for the same way.
    let way_back = way_back.replace(CALLBACK, "/api/auth/callback/oidc");
    let answer = browser.returns(&way_back).await;
    assert_eq!(answer.location(), "/settings");
    assert!(is_in(&browser).await);

    let elsewhere = json!({ "providerId": "oidc", "callbackURL": "https://evil.example/" });
    browser
        .calls(LEAVE, &elsewhere)
        .await
        .says(Error::InvalidCallbackUrl);
    let unknown = json!({ "providerId": "github" });
    browser
        .calls(LEAVE, &unknown)
        .await
        .says(Error::ProviderNotFound);
}

#[tokio::test]
async fn the_ticket_is_for_this_browser_alone_and_holds_nothing_that_goes_to_the_provider() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let browser = app.browser();
    let fields = [("providerId", "oidc")];
    let answer = browser.form_from("/signin", LEAVE, &fields).await;
    let cookie = answer.header(header::SET_COOKIE).to_owned();
    let (pair, attributes) = cookie.split_once("; ").expect("attributes");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Max-Age=600");
    let value = pair.strip_prefix("latchkey_provider=").expect("its name");
    assert_eq!(value.len(), 43);
    assert!(!answer.location().contains(value));
    for column in ["ticket", "kind", "next"] {
        let sql = format!("SELECT {column} FROM provider_errand");
        let stored = app.house.column(&sql).await;
        assert!(!stored.is_empty() && !stored.iter().any(|text| text.contains(value)));
    }
}

#[tokio::test]
async fn b19_a_next_that_leads_elsewhere_is_forgotten_on_the_way() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil"] {
        idp.vouches_for("ada", "ada@example.org", true);
        let ada = app.browser();
        let way_back = idp.lets_through(&leaves(&ada, next).await);
        assert_eq!(ada.returns(&way_back).await.location(), "/dashboard");
    }
}

#[tokio::test]
async fn what_began_in_another_browser_ends_in_none() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("eve", "eve@example.org", true);
    // Eve begins, and has somebody else come back: with a ticket of their own, or without one.
    let eve = app.browser();
    let way_back = idp.lets_through(&leaves(&eve, "").await);
    let bare = app.browser();
    let ada = app.browser();
    leaves(&ada, "").await;
    for victim in [&bare, &ada] {
        let answer = victim.returns(&way_back).await.is(StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/signin?provider=astray");
        assert!(!is_in(victim).await);
    }
    assert_eq!(idp.plan().asked.get("token"), None);
    assert_eq!(reasons(&app, "sign_in").await, ["refused astray"; 2]);
    let page = bare.get("/signin?provider=astray").await.text();
    assert!(page.contains("That began in another browser"), "{page}");
}

#[tokio::test]
async fn a_code_of_another_errand_is_not_redeemed() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("eve", "eve@example.org", true);
    let (eve, ada) = (app.browser(), app.browser());
    let hers = idp.lets_through(&leaves(&eve, "").await);
    let mine = idp.lets_through(&leaves(&ada, "").await);
    let word = |way: &str, name: &str| {
        let query = way.split_once('?').expect("a query").1;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(known, _)| known == name);
        found.expect("the word").1.into_owned()
    };
    let (code, state) = (word(&hers, "code"), word(&mine, "state"));
    let mixed = back(&[("code", &code), ("state", &state)]);
    let answer = ada.returns(&mixed).await;
    assert_eq!(answer.location(), "/signin?provider=failed");
    assert!(!is_in(&ada).await);
}

#[tokio::test]
async fn nothing_is_good_twice() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    let ada = app.browser();
    let way_back = idp.lets_through(&leaves(&ada, "").await);
    let cookie = ada.cookie_header().expect("a ticket");
    assert_eq!(ada.returns(&way_back).await.location(), "/dashboard");
    // The ticket is gone from the browser; somebody kept a copy, and the address.
    let copy = crate::support::app::request(Method::GET, &way_back)
        .header(header::COOKIE, cookie)
        .header(header::ACCEPT, "text/html")
        .body(axum::body::Body::empty())
        .expect("a request");
    let answer = app.browser().send(copy).await;
    assert_eq!(answer.location(), "/signin?provider=astray");
    assert_eq!(idp.plan().asked["token"], 1);
}

#[tokio::test]
async fn of_many_who_come_back_with_one_ticket_at_once_one_is_in() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    let ada = app.browser();
    let way_back = idp.lets_through(&leaves(&ada, "").await);
    let cookie = ada.cookie_header().expect("a ticket");
    let asks = (0..8).map(|_| {
        let request = crate::support::app::request(Method::GET, &way_back)
            .header(header::COOKIE, &cookie)
            .body(axum::body::Body::empty())
            .expect("a request");
        app.ask(request)
    });
    let answers = futures::future::join_all(asks).await;
    let are_in = answers.iter().filter(|one| one.location() == "/dashboard");
    assert_eq!(are_in.count(), 1);
    assert_eq!(idp.plan().asked["token"], 1);
}

#[tokio::test]
async fn an_errand_is_over_after_ten_minutes_and_swept_away() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let ada = app.browser();
    let way_back = idp.lets_through(&leaves(&ada, "").await);
    app.house
        .run("UPDATE provider_errand SET expires_at = expires_at - 600000")
        .await;
    let answer = ada.returns(&way_back).await;
    assert_eq!(answer.location(), "/signin?provider=astray");
    leaves(&ada, "").await;
    app.house
        .run("UPDATE provider_errand SET expires_at = expires_at - 600000")
        .await;
    upkeep::sweep(&app.house.db, latchkey::service::clock::now()).await;
    let left = app.house.column("SELECT ticket FROM provider_errand").await;
    assert!(left.is_empty());
}

#[tokio::test]
async fn what_the_provider_refuses_is_said_in_our_words() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    for (error, word) in [
        ("access_denied", "declined"),
        ("temporarily_unavailable", "away"),
        ("invalid_scope", "failed"),
        ("<script>alert(1)</script>", "failed"),
    ] {
        let ada = app.browser();
        let address = leaves(&ada, "/settings").await;
        let state = url::Url::parse(&address).expect("an address");
        let state = state.query_pairs().find(|(name, _)| name == "state");
        let state = state.expect("a state").1.into_owned();
        let words = [
            ("error", error),
            ("error_description", "Call +1-555 at once"),
            ("state", &state),
        ];
        let answer = ada.returns(&back(&words)).await.is(StatusCode::SEE_OTHER);
        let expected = format!("/signin?provider={word}&next=%2Fsettings");
        assert_eq!(answer.location(), expected, "{error}");
        let page = ada.get(&expected).await.text();
        assert!(page.contains("role=\"alert\"") && !page.contains("+1-555"));
        assert!(page.contains(r#"value="/settings""#), "{page}");
        assert_eq!(idp.plan().asked.get("token"), None);
    }
    let page = app.browser().get("/signin?provider=Call+me").await.text();
    assert!(!page.contains("role=\"alert\"") && !page.contains("Call me"));
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_or_none_where_it_must_is_not_believed() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    let with = |way: String, issuer: &str| {
        let issuer: String = url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect();
        format!("{way}&iss={issuer}")
    };
    let ada = app.browser();
    let way_back = idp.lets_through(&leaves(&ada, "").await);
    let answer = ada.returns(&with(way_back, "https://evil.example")).await;
    assert_eq!(answer.location(), "/signin?provider=failed");
    assert_eq!(idp.plan().asked.get("token"), None);
    let way_back = idp.lets_through(&leaves(&ada, "").await);
    let answer = ada.returns(&with(way_back, &idp.issuer)).await;
    assert_eq!(answer.location(), "/dashboard");

    let strict = Idp::open().await;
    strict.plan().described = json!({ "authorization_response_iss_parameter_supported": true });
    let app = strict.house().await;
    let word = comes_in(&app.browser(), &strict).await;
    assert_eq!(word, "/signin?provider=failed");
}

#[tokio::test]
async fn only_a_get_comes_back_and_it_needs_no_page_of_ours_before_it() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    let ada = app.browser();
    let way_back = idp.lets_through(&leaves(&ada, "").await);
    for method in [Method::HEAD, Method::POST] {
        let request = crate::support::app::request(method, &way_back)
            .body(axum::body::Body::empty())
            .expect("a request");
        ada.send(request).await.is(StatusCode::METHOD_NOT_ALLOWED);
    }
    assert_eq!(ada.returns(&way_back).await.location(), "/dashboard");
}

#[tokio::test]
async fn b13_nobody_is_sent_to_the_provider_by_another_site() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let request = crate::support::app::request(Method::POST, LEAVE)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "https://evil.example")
        .body("providerId=oidc".into())
        .expect("a request");
    app.ask(request).await.says(Error::InvalidOrigin);
}

#[tokio::test]
async fn whoever_leaves_or_comes_back_too_often_waits() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let asked = json!({ "providerId": "oidc" });
    // A minute may end meanwhile: then some more are let through.
    let mut let_through = 0;
    while app.browser().calls(LEAVE, &asked).await.status == StatusCode::OK {
        let_through += 1;
        assert!(let_through < 100);
    }
    assert!(let_through >= 30);
    let mut came = 0;
    loop {
        let answer = app.browser().returns(CALLBACK).await;
        match answer.location() {
            "/signin?provider=astray" => came += 1,
            "/signin?provider=too-many" => break,
            other => panic!("{other}"),
        }
        assert!(came < 100);
    }
    assert!(came >= 30);
}

#[tokio::test]
async fn a_provider_that_is_late_endless_or_elsewhere_lets_nobody_in_and_holds_nobody_up() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    for (answers, word) in [
        (Answers::WithoutEnd, "failed"),
        (Answers::WithARefusal, "failed"),
        (Answers::WithARedirect, "failed"),
        (Answers::WithoutIdToken, "failed"),
        (Answers::Late, "away"),
    ] {
        idp.plan().answers = answers;
        let ada = app.browser();
        let way_back = idp.lets_through(&leaves(&ada, "").await);
        let keys = idp.plan().asked["keys"];
        let answer = ada.returns(&way_back).await;
        assert_eq!(
            answer.location(),
            format!("/signin?provider={word}"),
            "{answers:?}"
        );
        assert!(!is_in(&ada).await);
        assert_eq!(idp.plan().asked["keys"], keys, "a redirect was followed");
    }
    idp.plan().answers = Answers::Well;
    assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
}
