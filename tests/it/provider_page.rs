//! What pages say of the identity provider, and where their forms may lead.

use crate::support::{
    House,
    app::App,
    binary::ended,
    provider::{CLIENT, CLIENT_SECRET, Idp, comes_in},
};
use http::{StatusCode, header};
use serde_json::json;

fn forms(answer: &crate::support::app::Answer) -> String {
    let policy = answer.header(header::CONTENT_SECURITY_POLICY);
    let forms = policy
        .split("; ")
        .find(|part| part.starts_with("form-action"));
    forms.expect("form-action").to_owned()
}

#[tokio::test]
async fn without_a_provider_nothing_speaks_of_one() {
    let app = App::open().await;
    let (stranger, ada) = (app.browser(), app.person("Ada").await);
    for (browser, path) in [
        (&stranger, "/signin"),
        (&stranger, "/signup"),
        (&ada, "/settings/security"),
    ] {
        let answer = browser.get(path).await.is(StatusCode::OK);
        assert_eq!(forms(&answer), "form-action 'self'", "{path}");
        let page = answer.text();
        assert!(
            !page.contains("Continue with") && !page.contains("oidc"),
            "{path}"
        );
    }
    let answer = stranger.get("/api/auth/oauth2/callback/oidc").await;
    answer.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_button_stands_on_both_sheets_and_carries_where_one_wants_to_go() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    for path in ["/signin", "/signup"] {
        let answer = app.browser().get(&format!("{path}?next=%2Fsettings")).await;
        assert_eq!(forms(&answer), format!("form-action 'self' {}", idp.issuer));
        let page = answer.text();
        assert!(page.contains("Continue with Example ID"), "{page}");
        let form = page
            .split("/api/auth/sign-in/oauth2")
            .nth(1)
            .expect("a form");
        let form = form.split("</form>").next().expect("its end");
        assert!(form.contains(r#"value="/settings""#), "{form}");
    }
    let answer = app.browser().get("/reset-password").await;
    assert_eq!(forms(&answer), "form-action 'self'");
}

#[tokio::test]
async fn who_has_no_password_is_offered_a_link_to_set_one_and_not_asked_for_it() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("1", "ada@example.org", true);
    let (ada, maya) = (app.browser(), app.person("Maya").await);
    assert_eq!(comes_in(&ada, &idp).await, "/dashboard");
    for (browser, asks) in [(&ada, false), (&maya, true)] {
        let page = browser.get("/settings/security").await.text();
        assert_eq!(page.contains("currentPassword"), asks);
        assert_eq!(page.contains("Ask for a link"), !asks);
    }
}

#[tokio::test]
async fn forms_may_lead_where_the_provider_says_that_people_sign_in() {
    let idp = Idp::open().await;
    idp.plan().described = json!({ "authorization_endpoint": "http://localhost:9/authorize" });
    let app = idp.house().await;
    let answer = app.browser().get("/signin").await;
    assert_eq!(forms(&answer), "form-action 'self' http://localhost:9");
    let ada = app.person("Ada").await;
    let answer = ada.get("/settings/security").await;
    assert_eq!(forms(&answer), "form-action 'self' http://localhost:9");
    assert_eq!(idp.plan().asked["description"], 1);
}

#[tokio::test]
async fn the_doctor_asks_the_provider_and_tells_the_redirect_address_or_the_cure() {
    let house = House::open().await;
    let idp = Idp::open().await;
    let asks = async |issuer: &str| {
        let mut command = house.binary(&["doctor"]);
        command
            .env("OIDC_ISSUER", issuer)
            .env("OIDC_CLIENT_ID", CLIENT)
            .env("OIDC_CLIENT_SECRET", CLIENT_SECRET)
            .env("OIDC_NAME", "Example ID");
        tokio::task::spawn_blocking(move || ended(&mut command))
            .await
            .expect("its end")
    };
    let done = asks(&idp.issuer).await;
    assert_eq!(done.status, Some(0), "{done:?}");
    let line = "ok    provider       Example ID answers. It must know http://localhost:3000/api/auth/oauth2/callback/oidc as the redirect address.";
    assert!(done.out.contains(line), "{}", done.out);
    for (issuer, cure) in [
        (format!("{}/", idp.issuer), "letter for letter"),
        (format!("{}/elsewhere", idp.issuer), ".well-known"),
        ("http://127.0.0.1:1".to_owned(), "does not answer"),
    ] {
        let done = asks(&issuer).await;
        assert_eq!(done.status, Some(1), "{done:?}");
        let line = done
            .out
            .lines()
            .find(|line| line.starts_with("FAIL  provider"));
        assert!(
            line.is_some_and(|line| line.contains(cure)),
            "{issuer}: {}",
            done.out
        );
        assert!(!format!("{done:?}").contains(CLIENT_SECRET));
    }
}
