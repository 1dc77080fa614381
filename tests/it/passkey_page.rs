//! Passkeys on pages: what is there, what it is called, and what is said where no script runs.

use crate::support::{
    app::{App, Browser},
    authenticator::Authenticator,
};
use http::StatusCode;
use latchkey::domain::{Error, PasskeyName};
use serde_json::json;

const RENAME: &str = "/action/passkeys/rename";
const REMOVE: &str = "/action/passkeys/remove";
const SECURITY: &str = "/settings/security";

async fn adds(browser: &Browser<'_>, name: &str) -> String {
    let options = browser
        .reads("/api/auth/passkey/generate-register-options")
        .await
        .json();
    let made = Authenticator::new().makes(&options);
    let body = json!({ "response": made, "name": name });
    let added = browser
        .calls("/api/auth/passkey/verify-registration", &body)
        .await
        .is(StatusCode::OK);
    added.json()["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn without_a_script_the_pages_say_why_there_are_no_passkeys_and_what_works() {
    let app = App::open().await;
    let page = app.browser().get("/signin").await.text();
    assert!(page.contains("Passkeys need JavaScript"), "{page}");
    assert!(page.contains("Sign in with your password."), "{page}");
    assert!(
        page.contains(r#"autocomplete="username webauthn""#),
        "{page}"
    );
    let page = app.person("Maya").await.get(SECURITY).await.text();
    assert!(page.contains("makes passkeys with JavaScript"), "{page}");
    assert!(page.contains("There are no passkeys yet."), "{page}");
    assert!(page.contains(r#"data-passkey="add""#), "{page}");
    assert!(
        page.contains(r#"data-origin="http://localhost:3000""#),
        "{page}"
    );
}

#[tokio::test]
async fn passkeys_are_listed_with_their_names_and_never_their_keys() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let id = adds(&maya, "Laptop <b>").await;
    let page = maya.get(SECURITY).await.is(StatusCode::OK).text();
    assert!(page.contains("Laptop &lt;b&gt;"), "{page}");
    assert!(page.contains("Never used"), "{page}");
    assert!(page.contains(&id) && page.contains(REMOVE), "{page}");
    assert!(!page.contains("credential"), "{page}");
    let bobs = app.person("Bob").await.get(SECURITY).await.text();
    assert!(!bobs.contains(&id), "{bobs}");
}

#[tokio::test]
async fn plain_forms_rename_and_remove_a_passkey() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let id = adds(&maya, "Laptop").await;
    let fields = [("id", id.as_str()), ("name", "Old laptop")];
    let answer = maya.form_from(SECURITY, RENAME, &fields).await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    assert_eq!(
        answer.location(),
        "/settings/security?saved=passkey-name#passkeys"
    );
    let page = maya.get(answer.location()).await.text();
    assert!(page.contains("Old laptop"), "{page}");
    assert!(page.contains("The passkey has its new name."), "{page}");

    let fields = [("id", id.as_str())];
    let answer = maya.form_from(SECURITY, REMOVE, &fields).await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    let page = maya.get(answer.location()).await.text();
    assert!(page.contains("There are no passkeys yet."), "{page}");
    assert!(page.contains("The passkey is removed."), "{page}");
    let answer = maya.form_from(SECURITY, REMOVE, &fields).await;
    answer.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refused_name_is_the_same_page_with_what_was_typed() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let (id, other) = (adds(&maya, "Laptop").await, adds(&maya, "Phone").await);
    let long = "x".repeat(PasskeyName::MOST + 1);
    let fields = [("id", id.as_str()), ("name", long.as_str())];
    let answer = maya.form_from(SECURITY, RENAME, &fields).await;
    let page = answer.is(Error::InvalidPasskeyName.status()).text();
    assert!(page.contains(&long), "{page}");
    assert!(page.contains(Error::InvalidPasskeyName.message()), "{page}");
    assert_eq!(page.matches(r#"aria-invalid="true""#).count(), 1, "{page}");
    let at = |text: &str| page.find(text).expect(text);
    let invalid = at("aria-invalid");
    // The row that was meant, and not the one before it.
    assert!(at(&format!("passkey-{id}")) < invalid, "{page}");
    assert!(at(&format!("passkey-{other}")) < at(&format!("passkey-{id}")));
    assert!(page.contains("Laptop") && page.contains("Phone"));
}
