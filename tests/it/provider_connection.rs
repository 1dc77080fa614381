//! How an account is connected with the identity provider in the settings, and disconnected, and what of that ends with what.

use crate::support::{
    PASSWORD,
    app::{App, Browser, mail_by},
    authenticator::Authenticator,
    identity::{events, identities, verify_everybody, who},
    provider::{Idp, comes_in},
    sink::Sink,
};
use http::StatusCode;
use latchkey::domain::Error;
use serde_json::json;

const LINK: &str = "/api/auth/oauth2/link";
const UNLINK: &str = "/api/auth/unlink-account";
const REMOVE: &str = "/api/auth/passkey/delete-passkey";

/// Connects from the settings, as far as that goes; says where it ends.
async fn connects(browser: &Browser<'_>, idp: &Idp) -> String {
    let fields = [("providerId", "oidc")];
    let answer = browser.form_from("/settings/security", LINK, &fields).await;
    let address = answer.is(StatusCode::SEE_OTHER).location().to_owned();
    let answer = browser.returns(&idp.lets_through(&address)).await;
    answer.is(StatusCode::SEE_OTHER).location().to_owned()
}

#[tokio::test]
async fn one_connects_in_the_settings_and_disconnects_again() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let ada = app.person("Ada").await;
    idp.vouches_for("1", "somebody@else.example", false);
    assert_eq!(
        connects(&ada, &idp).await,
        "/settings/security?provider=connected#provider"
    );
    let page = ada
        .get("/settings/security?provider=connected")
        .await
        .text();
    assert!(page.contains("Connected. From now on") && page.contains("Disconnect"));
    let browser = app.browser();
    assert_eq!(comes_in(&browser, &idp).await, "/dashboard");
    assert_eq!(who(&browser).await, "ada@example.org");

    let fields = [("providerId", "oidc")];
    let answer = ada.form_from("/settings/security", UNLINK, &fields).await;
    assert_eq!(
        answer.is(StatusCode::SEE_OTHER).location(),
        "/settings/security?provider=disconnected#provider"
    );
    assert!(identities(&app).await.is_empty());
    assert_eq!(events(&app, "provider_linked").await, ["success "]);
    assert_eq!(events(&app, "provider_unlinked").await, ["success "]);
    let answer = ada.calls(UNLINK, &json!({ "providerId": "oidc" })).await;
    answer.says(Error::ProviderNotLinked);
}

#[tokio::test]
async fn the_only_way_in_stays_until_there_is_a_password() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("1", "ada@example.org", true);
    let ada = app.browser();
    assert_eq!(comes_in(&ada, &idp).await, "/dashboard");
    let page = ada.get("/settings/security").await.text();
    assert!(page.contains("It is your only way in."), "{page}");
    let unlink = json!({ "providerId": "oidc" });
    ada.calls(UNLINK, &unlink).await.says(Error::LastWayIn);
    assert_eq!(identities(&app).await.len(), 1);

    let user = app.house.column("SELECT id FROM \"user\"").await;
    let user = user[0].parse().expect("an id");
    let purpose = latchkey::service::verification::Purpose::PasswordReset;
    let token = latchkey::service::verification::issue(&app.house.db, purpose, user).await;
    let fields = json!({ "token": token.expect("a token"), "newPassword": "four words far apart" });
    app.browser()
        .calls("/api/auth/reset-password", &fields)
        .await
        .is(StatusCode::OK);
    let fields = [
        ("email", "ada@example.org"),
        ("password", "four words far apart"),
    ];
    ada.form("/signin", &fields).await.is(StatusCode::SEE_OTHER);
    ada.calls(UNLINK, &unlink).await.is(StatusCode::OK);
    assert!(identities(&app).await.is_empty());
}

#[tokio::test]
async fn a_passkey_is_a_way_in_too_and_the_last_way_stays_whichever_it_is() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("1", "ada@example.org", true);
    let ada = app.browser();
    assert_eq!(comes_in(&ada, &idp).await, "/dashboard");
    let unlink = json!({ "providerId": "oidc" });
    ada.calls(UNLINK, &unlink).await.says(Error::LastWayIn);
    Authenticator::new().is_added(&ada).await;
    let page = ada.get("/settings/security").await.text();
    assert!(!page.contains("It is your only way in."), "{page}");
    ada.calls(UNLINK, &unlink).await.is(StatusCode::OK);
    assert!(identities(&app).await.is_empty());

    let id = app.house.column("SELECT id FROM passkey").await.remove(0);
    let remove = json!({ "id": id });
    ada.calls(REMOVE, &remove).await.says(Error::LastWayIn);
    assert_eq!(app.house.column("SELECT id FROM passkey").await.len(), 1);
    let form = [("id", id.as_str())];
    let page = ada.form_from("/settings/security", "/action/passkeys/remove", &form);
    let page = page.await.is(StatusCode::BAD_REQUEST).text();
    assert!(page.contains(Error::LastWayIn.message()), "{page}");
    connects(&ada, &idp).await;
    ada.calls(REMOVE, &remove).await.is(StatusCode::OK);
    ada.calls(UNLINK, &unlink).await.says(Error::LastWayIn);
}

#[tokio::test]
async fn a_letter_tells_that_an_account_is_connected_however_that_came() {
    let idp = Idp::open().await;
    let sink = Sink::open();
    let app = idp
        .house_with(|config| config.mail = Some(mail_by(&sink)))
        .await;
    let (subject, ada) = (
        "Another way to sign in was added to your account",
        app.person("Ada").await,
    );
    idp.vouches_for("1", "somebody@else.example", false);
    connects(&ada, &idp).await;
    app.carries().await;
    let letter = sink.last("ada@example.org", subject).text();
    assert!(letter.contains("can be opened with Example ID"), "{letter}");

    // By itself, because the address is verified at both ends.
    app.person("Bob").await;
    verify_everybody(&app).await;
    idp.vouches_for("2", "bob@example.org", true);
    assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
    app.carries().await;
    sink.last("bob@example.org", subject);
    // Whose account was made there knows how they came.
    idp.vouches_for("3", "carl@example.org", true);
    assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
    // And of what was refused there is nothing to tell.
    idp.vouches_for("1", "bob@example.org", true);
    let bob = app.browser();
    let fields = [("email", "bob@example.org"), ("password", PASSWORD)];
    bob.form("/signin", &fields).await.is(StatusCode::SEE_OTHER);
    connects(&bob, &idp).await;
    let waiting = "SELECT kind FROM mail WHERE kind = 'provider-linked'";
    assert!(app.house.column(waiting).await.is_empty());
}

#[tokio::test]
async fn an_identity_belongs_to_one_account_and_an_errand_to_one_session() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let (ada, bob) = (app.person("Ada").await, app.person("Bob").await);
    idp.vouches_for("1", "ada@example.org", true);
    connects(&ada, &idp).await;
    assert_eq!(
        connects(&bob, &idp).await,
        "/settings/security?provider=taken#provider"
    );
    let page = bob.get("/settings/security?provider=taken").await.text();
    assert!(page.contains("Another account here is connected"), "{page}");
    assert_eq!(identities(&app).await.len(), 1);
    assert_eq!(
        events(&app, "provider_linked").await,
        ["success ", "refused taken"]
    );

    // Whoever signs in anew on the way is not the one who left.
    let fields = [("providerId", "oidc")];
    let answer = bob.form_from("/settings/security", LINK, &fields).await;
    idp.vouches_for("2", "bob@example.org", true);
    let way_back = idp.lets_through(answer.location());
    let fields = [("email", "bob@example.org"), ("password", PASSWORD)];
    bob.form("/signin", &fields).await.is(StatusCode::SEE_OTHER);
    assert_eq!(
        bob.returns(&way_back).await.location(),
        "/settings/security?provider=astray#provider"
    );
    assert_eq!(identities(&app).await.len(), 1);
}

#[tokio::test]
async fn a_stranger_connects_and_disconnects_nothing() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let body = json!({ "providerId": "oidc" });
    for path in [LINK, UNLINK] {
        let answer = app.browser().calls(path, &body).await;
        answer.says(Error::Unauthorized);
    }
    let nowhere = App::open().await;
    let ada = nowhere.person("Ada").await;
    for path in [LINK, UNLINK] {
        ada.calls(path, &body).await.says(Error::ProviderNotFound);
    }
}

#[tokio::test]
async fn an_account_that_is_deleted_takes_its_identity_and_errands_along() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let ada = app.person("Ada").await;
    idp.vouches_for("1", "ada@example.org", true);
    connects(&ada, &idp).await;
    ada.form_from("/settings/security", LINK, &[("providerId", "oidc")])
        .await;
    app.house.run("DELETE FROM \"user\"").await;
    assert!(identities(&app).await.is_empty());
    let errands = app.house.column("SELECT ticket FROM provider_errand").await;
    assert!(errands.is_empty());
}
