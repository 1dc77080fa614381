//! An identity provider, or somebody in its place, that lies: in its tokens, its keys, and its description of itself.

use crate::support::{
    app::App,
    provider::{CLIENT, Idp, LEAVE, Signs, comes_in, leaves},
};
use http::StatusCode;
use latchkey::{domain::Error, service::clock};
use serde_json::{Value, json};

async fn nobody(app: &App) -> bool {
    app.house.column("SELECT id FROM \"user\"").await.is_empty()
        && app.house.column("SELECT id FROM session").await.is_empty()
}

#[tokio::test]
async fn a_token_of_each_honest_signature_is_believed() {
    for signs in [Signs::Es256, Signs::Rs256] {
        let idp = Idp::open().await;
        let app = idp.house().await;
        idp.vouches_for("ada", "ada@example.org", true);
        idp.plan().signs = signs;
        assert_eq!(
            comes_in(&app.browser(), &idp).await,
            "/dashboard",
            "{signs:?}"
        );
    }
}

#[tokio::test]
async fn a_token_that_is_not_signed_by_a_key_of_the_provider_is_not_believed() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    for signs in [
        Signs::Not,
        Signs::WithTheSecret,
        Signs::WithThePublicKey,
        Signs::WithAnotherKey,
    ] {
        idp.plan().signs = signs;
        let word = comes_in(&app.browser(), &idp).await;
        assert_eq!(word, "/signin?provider=failed", "{signs:?}");
    }
    assert!(nobody(&app).await);
}

#[tokio::test]
async fn a_token_with_a_claim_that_does_not_hold_is_not_believed() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let now = clock::now().seconds();
    for lie in [
        json!({ "nonce": "of another errand" }),
        json!({ "nonce": null }),
        json!({ "aud": "another client" }),
        json!({ "aud": [CLIENT, "another client"] }),
        json!({ "aud": [] }),
        json!({ "azp": "another client" }),
        json!({ "iss": "https://evil.example" }),
        json!({ "iss": format!("{}/", idp.issuer) }),
        json!({ "iss": null }),
        json!({ "exp": now - 1 }),
        json!({ "exp": null }),
        json!({ "exp": "soon" }),
        json!({ "iat": now - 3600 }),
        json!({ "iat": now + 3600 }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": "a".repeat(256) }),
        json!({ "sub": "a\u{0}b" }),
    ] {
        idp.vouches_for("ada", "ada@example.org", true);
        let mut claims = idp.plan().claims.clone();
        for (name, value) in lie.as_object().expect("claims") {
            claims[name] = value.clone();
        }
        idp.plan().claims = claims;
        let browser = app.browser();
        let way_back = idp.lets_through(&leaves(&browser, "").await);
        let answer = browser.returns(&way_back).await;
        assert_eq!(answer.location(), "/signin?provider=failed", "{lie}");
        // Each of them counts; the limit is shown elsewhere.
        app.house.run("DELETE FROM rate_limit").await;
    }
    assert!(nobody(&app).await);
}

#[tokio::test]
async fn an_authorized_party_that_is_us_is_well() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    idp.plan().claims["azp"] = CLIENT.into();
    idp.plan().claims["aud"] = json!([CLIENT]);
    assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
}

#[tokio::test]
async fn a_new_key_is_asked_for_once_and_what_is_known_is_kept() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("ada", "ada@example.org", true);
    for _ in 0..3 {
        assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
    }
    assert_eq!(idp.plan().asked["description"], 1);
    idp.plan().signs = Signs::WithANewKey;
    for _ in 0..3 {
        assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
    }
    assert_eq!(idp.plan().asked["description"], 2);
    assert_eq!(idp.plan().asked["keys"], 2);
}

#[tokio::test]
async fn a_description_that_does_not_hold_leads_nobody_away() {
    for lie in [
        json!({ "issuer": "https://evil.example" }),
        json!({ "token_endpoint": null }),
        json!({ "token_endpoint": "http://169.254.169.254/latest" }),
        json!({ "jwks_uri": "http://169.254.169.254/latest" }),
        json!({ "authorization_endpoint": "javascript:alert(1)" }),
        json!({ "authorization_endpoint": "http://evil.example/authorize" }),
        json!({ "id_token_signing_alg_values_supported": ["none", "HS256"] }),
        json!({ "jwks_uri": 7 }),
    ] {
        let idp = Idp::open().await;
        let app = idp.house().await;
        idp.plan().described = lie.clone();
        let answer = app
            .browser()
            .calls(LEAVE, &json!({ "providerId": "oidc" }))
            .await;
        assert_eq!(answer.json()["code"], "PROVIDER_UNAVAILABLE", "{lie}");
        answer.says(Error::ProviderAway);
    }
}

#[tokio::test]
async fn a_provider_that_is_away_holds_up_no_start_and_no_page_and_is_said_to_be_away() {
    let idp = Idp::open().await;
    let mut oidc = idp.oidc();
    // Nobody listens there.
    oidc.issuer = "http://127.0.0.1:1".to_owned();
    let app = App::with(|config| config.oidc = Some(oidc)).await;
    let browser = app.browser();
    browser.get("/signin").await.is(StatusCode::OK);
    let fields = [("providerId", "oidc"), ("next", "/settings")];
    let answer = browser.form_from("/signin", LEAVE, &fields).await;
    let page = answer.is(StatusCode::SERVICE_UNAVAILABLE).text();
    assert!(page.contains("does not answer just now"), "{page}");
    assert!(page.contains("Continue with Example ID"), "{page}");
    assert!(page.contains(r#"value="/settings""#), "{page}");
    let answer = browser.calls(LEAVE, &json!({ "providerId": "oidc" })).await;
    answer.says(Error::ProviderAway);
    let ada = app.person("Ada").await;
    assert_ne!(ada.reads("/api/auth/get-session").await.json(), Value::Null);
}
