//! Which account somebody comes into with the identity provider.

use crate::support::{
    PASSWORD,
    app::App,
    factor,
    identity::{events, identities, verify_everybody, who},
    provider::{Idp, comes_in, leaves},
};
use http::StatusCode;
use latchkey::{domain::Error, service::config::SignUp};
use serde_json::{Value, json};

const LINK: &str = "/api/auth/oauth2/link";
const UNLINK: &str = "/api/auth/unlink-account";

#[tokio::test]
async fn an_address_that_is_verified_at_both_ends_connects_by_itself() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    app.person("Ada").await;
    verify_everybody(&app).await;
    idp.vouches_for("1", "ADA@example.org", true);
    let browser = app.browser();
    assert_eq!(comes_in(&browser, &idp).await, "/dashboard");
    assert_eq!(who(&browser).await, "ada@example.org");
    assert_eq!(identities(&app).await, [format!("{}#1", idp.issuer)]);
    assert_eq!(events(&app, "provider_linked").await, ["success "]);
    // A second identity with that address is not so sure any more.
    idp.vouches_for("2", "ada@example.org", true);
    assert_eq!(comes_in(&app.browser(), &idp).await, "/link");
}

#[tokio::test]
async fn b34_an_address_that_is_unverified_at_either_end_wants_the_password() {
    for (theirs, ours) in [
        (json!(true), false),
        (json!(false), true),
        (json!("true"), true),
        (Value::Null, true),
    ] {
        let idp = Idp::open().await;
        let app = idp.house().await;
        app.person("Ada").await;
        if ours {
            verify_everybody(&app).await;
        }
        idp.vouches_for("1", "ada@example.org", true);
        idp.plan().claims["email_verified"] = theirs.clone();
        let browser = app.browser();
        let way_back = idp.lets_through(&leaves(&browser, "/settings").await);
        let answer = browser.returns(&way_back).await;
        assert_eq!(answer.location(), "/link", "{theirs} {ours}");
        assert_eq!(who(&browser).await, Value::Null);
        assert!(identities(&app).await.is_empty());

        let page = browser.get("/link").await.is(StatusCode::OK).text();
        assert!(page.contains("There is an account with the address ada@example.org"));
        let wrong = [("password", "not the right one")];
        let answer = browser.form_from("/link", "/link", &wrong).await;
        let page = answer.is(StatusCode::UNAUTHORIZED).text();
        assert!(page.contains("That is not its password."), "{page}");
        assert!(!page.contains("not the right one") && identities(&app).await.is_empty());

        let answer = browser
            .form_from("/link", "/link", &[("password", PASSWORD)])
            .await;
        assert_eq!(answer.is(StatusCode::SEE_OTHER).location(), "/settings");
        assert_eq!(who(&browser).await, "ada@example.org");
        assert_eq!(identities(&app).await.len(), 1);
        assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
    }
}

#[tokio::test]
async fn the_password_is_asked_for_of_this_browser_once_and_not_for_ever() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    app.person("Ada").await;
    idp.vouches_for("1", "ada@example.org", true);
    let password = [("password", PASSWORD)];
    let over = Error::ProviderErrandOver;
    let stranger = app.browser();
    let page = stranger.get("/link").await.is(StatusCode::OK).text();
    assert!(page.contains(over.message()) && !page.contains("ada@example.org"));
    stranger
        .calls("/action/provider/prove", &json!({ "password": PASSWORD }))
        .await
        .says(over);

    let late = app.browser();
    assert_eq!(comes_in(&late, &idp).await, "/link");
    app.house
        .run("UPDATE provider_errand SET expires_at = expires_at - 600000")
        .await;
    let answer = late.form_from("/link", "/link", &password).await;
    assert!(
        answer
            .is(StatusCode::BAD_REQUEST)
            .text()
            .contains(over.message())
    );
    assert!(identities(&app).await.is_empty());
    assert_eq!(who(&late).await, Value::Null);
}

#[tokio::test]
async fn b20_guessing_there_counts_as_guessing_at_the_door() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    app.person("Ada").await;
    idp.vouches_for("1", "ada@example.org", true);
    let browser = app.browser();
    assert_eq!(comes_in(&browser, &idp).await, "/link");
    let guess = json!({ "password": "not the right one" });
    for _ in 0..5 {
        let answer = browser.calls("/action/provider/prove", &guess).await;
        answer.says(Error::InvalidCredentials);
    }
    for path in ["/action/provider/prove", "/api/auth/sign-in"] {
        let right = json!({ "email": "ada@example.org", "password": PASSWORD });
        let answer = browser.calls(path, &right).await;
        answer.says(Error::TooManyRequests);
    }
}

#[tokio::test]
async fn whoever_is_signed_in_to_that_account_meanwhile_needs_no_password() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    app.person("Ada").await;
    idp.vouches_for("1", "ada@example.org", true);
    let browser = app.browser();
    assert_eq!(comes_in(&browser, &idp).await, "/link");
    let fields = [("email", "ada@example.org"), ("password", PASSWORD)];
    browser
        .form("/signin", &fields)
        .await
        .is(StatusCode::SEE_OTHER);
    let page = browser.get("/link").await.text();
    assert!(
        page.contains("You are signed in as ada@example.org."),
        "{page}"
    );
    let answer = browser.form_from("/link", "/link", &[]).await;
    assert_eq!(answer.is(StatusCode::SEE_OTHER).location(), "/dashboard");
    assert_eq!(identities(&app).await.len(), 1);
}

#[tokio::test]
async fn b37_a_second_factor_is_asked_for_whichever_way_one_comes() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let (ada, phone, _) = factor::with_factor(&app, "Ada").await;
    idp.vouches_for("1", "ada@example.org", true);

    // With the password it is not connected yet: the code comes first.
    let browser = app.browser();
    assert_eq!(comes_in(&browser, &idp).await, "/link");
    let answer = browser
        .form_from("/link", "/link", &[("password", PASSWORD)])
        .await;
    let answer = answer.is(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/two-factor?next=%2Flink");
    assert!(identities(&app).await.is_empty());
    assert_eq!(who(&browser).await, Value::Null);
    let code = json!({ "code": phone.shows(0) });
    browser
        .calls(factor::VERIFY, &code)
        .await
        .is(StatusCode::OK);
    let answer = browser.form_from("/link", "/link", &[]).await;
    assert_eq!(answer.is(StatusCode::SEE_OTHER).location(), "/dashboard");
    assert_eq!(identities(&app).await.len(), 1);

    // And from then on with the provider, too.
    let browser = app.browser();
    let way_back = idp.lets_through(&leaves(&browser, "/settings").await);
    let answer = browser.returns(&way_back).await;
    assert_eq!(answer.location(), "/two-factor?next=%2Fsettings");
    assert_eq!(who(&browser).await, Value::Null);
    app.house.run("UPDATE totp SET last_step = 0").await;
    let code = json!({ "code": phone.shows(0) });
    browser
        .calls(factor::VERIFY, &code)
        .await
        .is(StatusCode::OK);
    assert_eq!(who(&browser).await, "ada@example.org");
    let ways = events(&app, "sign_in").await;
    assert_eq!(ways.last().map(String::as_str), Some("success provider"));
    assert_ne!(who(&ada).await, Value::Null);
}

#[tokio::test]
async fn whoever_signed_in_long_ago_confirms_before_they_connect_or_disconnect() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    let ada = app.person("Ada").await;
    app.house
        .run("UPDATE session SET confirmed_at = confirmed_at - 700000")
        .await;
    let body = json!({ "providerId": "oidc" });
    for path in [LINK, UNLINK] {
        ada.calls(path, &body).await.says(Error::SessionNotFresh);
    }
    let fields = [("providerId", "oidc")];
    let answer = ada.form_from("/settings/security", LINK, &fields).await;
    let place = answer.is(StatusCode::SEE_OTHER).location().to_owned();
    assert!(place.starts_with("/confirm?next="), "{place}");
}

#[tokio::test]
async fn nobody_new_comes_where_sign_up_is_not_open_and_nobody_without_an_address() {
    let idp = Idp::open().await;
    let app = idp
        .house_with(|config| config.sign_up = SignUp::Closed)
        .await;
    idp.vouches_for("1", "ada@example.org", true);
    let word = comes_in(&app.browser(), &idp).await;
    assert_eq!(word, "/signin?provider=closed");
    assert!(app.house.column("SELECT id FROM \"user\"").await.is_empty());
    assert_eq!(events(&app, "sign_in").await, ["refused closed"]);
    let idp = Idp::open().await;
    let app = idp.house().await;
    for address in [Value::Null, json!("ada"), json!("ada@localhost")] {
        idp.vouches_for("1", "ada@example.org", true);
        idp.plan().claims["email"] = address;
        let word = comes_in(&app.browser(), &idp).await;
        assert_eq!(word, "/signin?provider=no-email");
    }
    assert!(app.house.column("SELECT id FROM \"user\"").await.is_empty());
}

#[tokio::test]
async fn where_addresses_must_be_confirmed_the_provider_is_no_way_round() {
    let idp = Idp::open().await;
    let app = idp
        .house_with(|config| config.require_verified_email = true)
        .await;
    idp.vouches_for("1", "ada@example.org", false);
    for _ in 0..2 {
        let browser = app.browser();
        assert_eq!(
            comes_in(&browser, &idp).await,
            "/signin?provider=unverified"
        );
        assert_eq!(who(&browser).await, Value::Null);
    }
    assert_eq!(identities(&app).await.len(), 1);
    assert_eq!(events(&app, "sign_in").await, ["refused unverified"; 2]);
    verify_everybody(&app).await;
    assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
    // Of an address that the provider knows to be theirs nothing is asked.
    idp.vouches_for("2", "bob@example.org", true);
    assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
}

#[tokio::test]
async fn a_name_that_is_none_by_our_rules_gives_way_to_one_that_is() {
    for (name, nick, expected) in [
        (json!("Ada Lovelace"), Value::Null, "Ada Lovelace"),
        (json!("a\u{202e}b"), json!("countess"), "countess"),
        (Value::Null, Value::Null, "ada"),
    ] {
        let idp = Idp::open().await;
        let app = idp.house().await;
        idp.vouches_for("1", "Ada@example.org", false);
        idp.plan().claims["name"] = name;
        idp.plan().claims["preferred_username"] = nick;
        let browser = app.browser();
        assert_eq!(comes_in(&browser, &idp).await, "/dashboard");
        let user = browser.reads("/api/auth/get-session").await.json()["user"].clone();
        assert_eq!(user["name"], expected);
        assert_eq!(user["emailVerified"], false);
    }
}

#[tokio::test]
async fn an_account_that_is_shut_stays_shut() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("1", "ada@example.org", true);
    assert_eq!(comes_in(&app.browser(), &idp).await, "/dashboard");
    app.house.run("UPDATE \"user\" SET disabled_at = 1").await;
    let browser = app.browser();
    assert_eq!(comes_in(&browser, &idp).await, "/signin?provider=shut");
    assert_eq!(who(&browser).await, Value::Null);
    // Nor is another identity connected with it, and its password helps nobody.
    idp.vouches_for("2", "ada@example.org", true);
    assert_eq!(comes_in(&browser, &idp).await, "/link");
    let answer = browser
        .form_from("/link", "/link", &[("password", PASSWORD)])
        .await;
    answer.is(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn another_provider_with_the_same_subjects_opens_nobodys_account() {
    let (before, now) = (Idp::open().await, Idp::open().await);
    let app = before.house().await;
    before.vouches_for("1", "ada@example.org", true);
    assert_eq!(comes_in(&app.browser(), &before).await, "/dashboard");

    let mut house = app.house;
    house.config.oidc = Some(now.oidc());
    let app = App::of(house);
    now.vouches_for("1", "eve@example.org", true);
    let browser = app.browser();
    assert_eq!(comes_in(&browser, &now).await, "/dashboard");
    assert_eq!(who(&browser).await, "eve@example.org");
    // Ada's address is verified at both ends, so that she moves over.
    now.vouches_for("2", "ada@example.org", true);
    let browser = app.browser();
    assert_eq!(comes_in(&browser, &now).await, "/dashboard");
    assert_eq!(who(&browser).await, "ada@example.org");
    assert_eq!(identities(&app).await.len(), 2);
}

#[tokio::test]
async fn of_many_who_come_at_once_with_one_new_identity_all_are_one_person() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    idp.vouches_for("1", "ada@example.org", true);
    let comers = (0..4).map(|_| async {
        let browser = app.browser();
        comes_in(&browser, &idp).await
    });
    for place in futures::future::join_all(comers).await {
        assert_eq!(place, "/dashboard");
    }
    assert_eq!(app.house.column("SELECT id FROM \"user\"").await.len(), 1);
    assert_eq!(identities(&app).await.len(), 1);
}
