//! Leaving for good; and what else people do to their account by Better Auth's names.

use crate::{
    passkey::adds,
    secrets::everything,
    support::{
        PASSWORD,
        app::{App, Browser},
        authenticator::Authenticator,
        factor::{VERIFY, challenged, with_factor},
        provider::Idp,
    },
};
use http::{StatusCode, header};
use latchkey::{
    domain::{Error, UserId},
    service::verification::{self, Purpose},
};
use serde_json::json;

const DELETE: &str = "/api/auth/delete-user";

async fn id_of(browser: &Browser<'_>) -> UserId {
    let session = browser.reads("/api/auth/session").await.json();
    session["user"]["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id")
}

/// Somebody who has left a row wherever one can be left.
async fn settled<'a>(app: &'a App, name: &str) -> (Browser<'a>, UserId) {
    let (person, phone, _) = with_factor(app, name).await;
    let id = id_of(&person).await;
    for title in ["Water the plants", "Book the dentist"] {
        person
            .program()
            .await
            .post("/api/tasks", &json!({ "title": title }))
            .await
            .is(StatusCode::CREATED);
    }
    let tasks = format!("SELECT id FROM task WHERE user_id = '{id}' ORDER BY id");
    let task = app.house.column(&tasks).await[0].clone();
    person
        .form("/action/tasks/delete", &[("id", &task)])
        .await
        .is(StatusCode::SEE_OTHER);
    let token = [
        ("name", "Home server"),
        ("scope", "tasks:read"),
        ("once", "this form"),
    ];
    person
        .form("/action/tokens/create", &token)
        .await
        .is(StatusCode::OK);
    let passkey = adds(&person, &mut Authenticator::new(), "Laptop").await;
    passkey.is(StatusCode::OK);
    let elsewhere = challenged(app, name).await;
    let trusts = json!({ "code": phone.shows(0), "trustDevice": true });
    elsewhere.calls(VERIFY, &trusts).await.is(StatusCode::OK);
    challenged(app, name).await;
    let there = [("providerId", "oidc")];
    person
        .form_from("/settings/security", "/api/auth/oauth2/link", &there)
        .await
        .is(StatusCode::SEE_OTHER);
    verification::issue(&app.house.db, Purpose::PasswordReset, id)
        .await
        .expect("a link");
    (person, id)
}

/// Every table whose rows are somebody's: one that is added is among them.
async fn owned(app: &App) -> Vec<String> {
    let tables = if app.house.is_postgres() {
        "SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'user_id'"
    } else {
        "SELECT t.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = 'user_id'"
    };
    let tables = app.house.column(tables).await;
    assert!(tables.len() >= 14, "{tables:?}");
    tables
}

async fn owners(app: &App, table: &str) -> Vec<String> {
    let mut owners = app
        .house
        .column(&format!(
            "SELECT DISTINCT user_id FROM {table} WHERE user_id IS NOT NULL"
        ))
        .await;
    owners.sort();
    owners
}

#[tokio::test]
async fn a13_whoever_leaves_leaves_nothing_behind_and_others_keep_everything() {
    let idp = Idp::open().await;
    let app = idp.house().await;
    // Bob is here first and looks after the house, so that she may leave it. Her name is one that no key spells by chance.
    let (bob, of_bob) = settled(&app, "Bob").await;
    let (guinevere, of_guinevere) = settled(&app, "Guinevere").await;
    let mut both = [of_guinevere.to_string(), of_bob.to_string()];
    both.sort();
    let owned = owned(&app).await;
    for table in &owned {
        assert_eq!(owners(&app, table).await, both, "{table}");
    }
    let program = guinevere.program().await;

    let answer = guinevere
        .calls(DELETE, &json!({ "password": PASSWORD }))
        .await
        .is(StatusCode::OK);

    assert_eq!(
        answer.json(),
        json!({ "success": true, "message": "User deleted" })
    );
    assert!(answer.header(header::SET_COOKIE).contains("Max-Age=0"));
    for table in owned.iter().filter(|table| *table != "audit_event") {
        assert_eq!(owners(&app, table).await, [of_bob.to_string()], "{table}");
    }
    let links = app
        .house
        .column("SELECT identifier FROM verification")
        .await;
    let is_of_bob = |link: &String| link.starts_with(&format!("{of_bob}:"));
    assert!(
        !links.is_empty() && links.iter().all(is_of_bob),
        "{links:?}"
    );
    // Of the log one row is left, which says that it happened.
    let left = format!(
        "SELECT event || ip_address || user_agent || COALESCE(session_id, '') FROM audit_event WHERE user_id = '{of_guinevere}'"
    );
    assert_eq!(app.house.column(&left).await, ["account_deleted"]);
    let everything = everything(&app).await.to_lowercase();
    assert_eq!(everything.matches(&of_guinevere.to_string()).count(), 1);
    assert!(!everything.contains("guinevere"), "{everything}");
    program.get("/api/tasks").await.says(Error::InvalidToken);
    assert_eq!(guinevere.reads("/api/auth/session").await.text(), "null");
    let claim = json!({ "email": "guinevere@example.org", "password": PASSWORD });
    app.browser()
        .calls("/api/auth/sign-in", &claim)
        .await
        .says(Error::InvalidCredentials);

    // The address is free again, and whoever takes it begins with nothing.
    let next = app.person("Guinevere").await;
    let list = next.program().await.get("/api/tasks").await.json();
    assert_eq!(list["tasks"], json!([]));
    bob.get("/dashboard").await.is(StatusCode::OK);
}

#[tokio::test]
async fn a5_without_the_password_and_the_address_nobody_leaves() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    app.house
        .run("UPDATE session SET confirmed_at = confirmed_at - 700000")
        .await;
    for body in [json!({}), json!({ "password": "" })] {
        maya.calls(DELETE, &body).await.says(Error::SessionNotFresh);
    }
    let form = [("email", "maya@example.org"), ("password", "")];
    let led = maya.form_from("/settings", DELETE, &form).await;
    let led = led.is(StatusCode::SEE_OTHER);
    assert_eq!(led.location(), "/confirm?next=%2Fsettings");
    for (body, error, field) in [
        (
            json!({ "password": "wrong" }),
            Error::PasswordWrong,
            "password",
        ),
        (
            json!({ "password": PASSWORD, "email": "bob@example.org" }),
            Error::AddressDiffers,
            "email",
        ),
        (
            json!({ "password": PASSWORD, "email": "" }),
            Error::AddressDiffers,
            "email",
        ),
    ] {
        let answer = maya.calls(DELETE, &body).await.says(error);
        let fault = (field.to_owned(), error.code().to_owned());
        assert_eq!(answer.faults(), [fault], "{body}");
    }
    app.browser()
        .calls(DELETE, &json!({ "password": PASSWORD }))
        .await
        .says(Error::Unauthorized);
    assert_eq!(app.house.column(r#"SELECT id FROM "user""#).await.len(), 1);
    assert_ne!(maya.reads("/api/auth/session").await.text(), "null");
    let refused = "SELECT outcome FROM audit_event WHERE event = 'account_deleted'";
    assert_eq!(app.house.column(refused).await, ["refused"; 6]);
}

#[tokio::test]
async fn who_has_just_signed_in_leaves_without_the_password_as_better_auth_has_it() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    maya.calls(DELETE, &json!({})).await.is(StatusCode::OK);
    assert!(
        app.house
            .column(r#"SELECT id FROM "user""#)
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_token_of_a_letter_deletes_nothing_whatever_else_is_sent() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    for body in [
        json!({ "token": "x" }),
        json!({ "token": "x", "password": PASSWORD }),
        json!({ "token": "x", "password": "wrong", "callbackURL": "https://evil.example/" }),
    ] {
        let answer = maya.calls(DELETE, &body).await;
        let answer = answer.says(Error::InvalidDeletionToken);
        let message = Error::InvalidDeletionToken.message();
        assert_eq!(answer.json()["message"], message, "{body}");
    }
    maya.calls(DELETE, &json!({ "token": 1 }))
        .await
        .says(Error::Validation);
    app.browser()
        .calls(DELETE, &json!({ "token": "x" }))
        .await
        .says(Error::Unauthorized);
    assert_ne!(maya.reads("/api/auth/session").await.text(), "null");

    // An empty one is none.
    let body = json!({ "token": "", "password": PASSWORD });
    maya.calls(DELETE, &body).await.is(StatusCode::OK);
    assert_eq!(maya.reads("/api/auth/session").await.text(), "null");
}

#[tokio::test]
async fn whoever_leaves_is_sent_on_within_this_site_and_nowhere_else() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let elsewhere = json!({ "password": PASSWORD, "callbackURL": "https://evil.example/" });
    maya.calls(DELETE, &elsewhere)
        .await
        .says(Error::InvalidCallbackUrl);
    assert_ne!(maya.reads("/api/auth/session").await.text(), "null");
    let form = [
        ("email", "maya@example.org"),
        ("password", PASSWORD),
        ("callbackURL", "/signup"),
    ];
    let left = maya.form_from("/settings", DELETE, &form).await;
    assert_eq!(left.is(StatusCode::SEE_OTHER).location(), "/signup");
    assert_eq!(maya.reads("/api/auth/session").await.text(), "null");
}

#[tokio::test]
async fn without_javascript_the_front_door_says_that_the_account_is_gone() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let form = [("email", "maya@example.org"), ("password", "wrong")];
    let answer = maya.form_from("/settings", DELETE, &form).await;
    let page = answer.is(StatusCode::BAD_REQUEST).text();
    assert!(page.contains(Error::PasswordWrong.message()), "{page}");
    assert!(page.contains(r#"value="maya@example.org""#), "{page}");
    assert_eq!(page.matches(" autofocus").count(), 1, "{page}");

    // Any spelling of the address is the address.
    let form = [("email", " Maya@Example.org"), ("password", PASSWORD)];
    let answer = maya.form_from("/settings", DELETE, &form).await;
    assert_eq!(
        answer.is(StatusCode::SEE_OTHER).location(),
        "/?done=deleted"
    );
    let page = maya.get("/?done=deleted").await.is(StatusCode::OK).text();
    assert!(page.contains("Your account is deleted"), "{page}");
}

#[tokio::test]
async fn the_ways_in_are_listed_as_better_auth_lists_them() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let list = maya.reads("/api/auth/list-accounts").await;
    let list = list.is(StatusCode::OK).json();
    let id = id_of(&maya).await.to_string();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    assert_eq!(list[0]["providerId"], "credential");
    assert_eq!(list[0]["userId"], id);
    assert_eq!(list[0]["scopes"], json!([]));
    let mut members: Vec<_> = list[0].as_object().expect("an object").keys().collect();
    members.sort();
    assert_eq!(
        members,
        [
            "accountId",
            "createdAt",
            "id",
            "providerId",
            "scopes",
            "updatedAt",
            "userId"
        ]
    );
    assert!(!list.to_string().contains("argon2"));
}

#[tokio::test]
async fn name_and_picture_are_changed_and_the_address_is_not() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let update = async |body| maya.calls("/api/auth/update-user", &body).await;
    let user = async || maya.reads("/api/auth/session").await.json()["user"].clone();
    let picture = "https://pictures.example.org/maya.png";
    update(json!({ "image": picture, "unknown": 1 }))
        .await
        .is(StatusCode::OK);
    assert_eq!(user().await["image"], picture);
    assert_eq!(user().await["name"], "Maya");
    update(json!({ "name": "Grace", "image": null }))
        .await
        .is(StatusCode::OK);
    assert_eq!(user().await["image"], json!(null));
    assert_eq!(user().await["name"], "Grace");
    for body in [
        json!({ "email": "eve@example.org" }),
        json!({ "name": "Eve", "email": null }),
    ] {
        update(body).await.says(Error::EmailNotUpdatable);
    }
    for body in [
        json!({}),
        json!({ "unknown": 1 }),
        json!({ "image": "javascript:alert(1)" }),
        json!({ "image": 1 }),
    ] {
        update(body).await.says(Error::Validation);
    }
    assert_eq!(user().await["name"], "Grace");
    assert_eq!(user().await["email"], "maya@example.org");
}
