//! When an access token is over: revoked, out of time, or with its account.

use crate::{
    access_token::{events, is_dead, is_dead_everywhere, make, revoke, try_make, with},
    support::{
        House,
        api::{Api, SlowBody},
        app::App,
    },
};
use http::{StatusCode, header};
use latchkey::{
    domain::{Error, UserId},
    service::{
        Source, access_token, clock,
        operator::{self, Hand},
        upkeep,
        verification::{self, Purpose},
    },
};
use serde_json::json;

#[tokio::test]
async fn b10_b12_a_token_is_dead_at_once_when_it_is_revoked_or_over() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    let (task, user) = (ada.makes("Water").await, who.user.id);
    for (end, is_listed) in [("revoked", false), ("expired", true)] {
        let made = make(&api.house, user, "tasks:read tasks:write").await;
        let program = with(&api, &made);
        program.get("/api/tasks").await.is(StatusCode::OK);
        if end == "revoked" {
            revoke(&api.house, user, made.access.id)
                .await
                .expect("revoked");
            assert_eq!(
                revoke(&api.house, user, made.access.id).await,
                Err(Error::AccessTokenNotFound)
            );
        } else {
            let sql = format!(
                "UPDATE access_token SET expires_at = {} WHERE id = '{}'",
                clock::now().0,
                made.access.id
            );
            api.house.run(&sql).await;
        }
        is_dead_everywhere(&program, &task).await;
        let listed = access_token::list(&api.house.db, user)
            .await
            .expect("a list");
        assert_eq!(
            listed.iter().any(|one| one.id == made.access.id),
            is_listed,
            "{end}"
        );
    }
    assert_eq!(ada.titles("/api/tasks").await, ["Water"]);
    assert_eq!(events(&api.house, "token_revoked").await.len(), 1);
    assert!(
        events(&api.house, "token_refused")
            .await
            .contains(&"INVALID_TOKEN".to_owned())
    );
}

#[tokio::test]
async fn b10_a_token_of_a_shut_or_deleted_account_is_dead_and_stays_so() {
    let api = Api::open().await;
    api.person("Maya").await;
    let (ada, who) = api.person("Ada").await;
    let (task, user, source) = (ada.makes("Water").await, who.user.id, Source::operator());
    let hand = Hand::operator(&source);
    let program = with(
        &api,
        &make(&api.house, user, "tasks:read tasks:write").await,
    );
    let sql = format!("UPDATE \"user\" SET disabled_at = 1 WHERE id = '{user}'");
    api.house.run(&sql).await;
    is_dead_everywhere(&program, &task).await;
    assert_eq!(
        try_make(&api.house, user, "tasks:read", 1).await.err(),
        Some(Error::Unauthorized)
    );
    operator::enable(&api.house.db, hand, user)
        .await
        .expect("enabled");
    program.get("/api/tasks").await.is(StatusCode::OK);

    operator::disable(&api.house.db, hand, user)
        .await
        .expect("disabled");
    operator::enable(&api.house.db, hand, user)
        .await
        .expect("enabled");
    is_dead(program.get("/api/tasks").await);

    let another = with(&api, &make(&api.house, user, "tasks:read").await);
    another.get("/api/tasks").await.is(StatusCode::OK);
    operator::delete(&api.house.db, hand, user)
        .await
        .expect("deleted");
    is_dead(another.get("/api/tasks").await);
    assert!(
        api.house
            .column("SELECT hash FROM access_token")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a13_a_new_password_by_a_link_ends_every_access_token() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let session = maya.reads("/api/auth/session").await.json();
    let user: UserId = session["user"]["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let made = make(&app.house, user, "tasks:read").await;
    let mut program = app.program();
    program.token = Some(made.token);
    program.get("/api/tasks").await.is(StatusCode::OK);
    let link = verification::issue(&app.house.db, Purpose::PasswordReset, user)
        .await
        .expect("a link");
    let body = json!({ "token": link, "newPassword": "another three words" });
    app.browser()
        .calls("/api/auth/reset-password", &body)
        .await
        .is(StatusCode::OK);
    program.get("/api/tasks").await.says(Error::InvalidToken);
}

#[tokio::test]
async fn b12_a_slow_request_does_not_outlive_its_access_token() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    let task = ada.makes("Water").await;
    let made = make(&api.house, who.user.id, "tasks:write").await;
    let (body, slow) = SlowBody::new();
    let request = http::Request::patch(&task)
        .header(header::AUTHORIZATION, format!("Bearer {}", made.token))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body)
        .expect("a request");
    let is_revoked = async {
        revoke(&api.house, who.user.id, made.access.id)
            .await
            .expect("revoked");
    };
    let is_revoked = slow.meanwhile(is_revoked, r#"{"title":"Changed"}"#);
    let (answer, ()) = tokio::join!(api.ask(request), is_revoked);
    is_dead(answer);
    assert_eq!(ada.titles("/api/tasks").await, ["Water"]);
}

#[tokio::test]
async fn what_is_long_over_is_forgotten_and_nothing_else() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(make(&house, ada.id, "tasks:read").await.access.id);
    }
    let (now, day) = (clock::now().0, 86_400_000);
    for (id, column, at) in [
        (ids[0], "expires_at", now - 31 * day),
        (ids[1], "expires_at", now - 29 * day),
        (ids[2], "revoked_at", now - 31 * day),
        (ids[3], "revoked_at", now - 29 * day),
    ] {
        house
            .run(&format!(
                "UPDATE access_token SET {column} = {at} WHERE id = '{id}'"
            ))
            .await;
    }
    upkeep::sweep(&house.db, clock::now()).await;
    let mut left = house.column("SELECT id FROM access_token").await;
    left.sort_unstable();
    let mut expected: Vec<String> = [ids[1], ids[3], ids[4]]
        .iter()
        .map(ToString::to_string)
        .collect();
    expected.sort_unstable();
    assert_eq!(left, expected);
}
