//! Access tokens at the programs' door: what one opens, and what it does not.

use crate::support::{
    House,
    api::{Answer, Api, Program},
    app::{App, ORIGIN, request},
    stranger,
};
use axum::body::Body;
use futures::future::join_all;
use http::{Method, StatusCode, header};
use latchkey::{
    domain::{AccessTokenId, Error, MadeAccessToken, Moment, Result, Scopes, UserId},
    service::{
        Source,
        access_token::{self, NewAccessToken, Owner, Secret},
        clock,
    },
};
use serde_json::{Value, json};

const BAD: &str = r#"Bearer realm="latchkey", error="invalid_token""#;

pub async fn try_make(
    house: &House,
    user: UserId,
    scope: &str,
    days: i64,
) -> Result<MadeAccessToken> {
    let source = Source::operator();
    let owner = Owner {
        user,
        session: None,
        source: &source,
    };
    let new = NewAccessToken {
        name: "Backup".parse()?,
        scopes: scope.parse::<Scopes>()?,
        expires_at: clock::now().plus_seconds(days * 86_400),
    };
    access_token::make(&house.db, owner, new).await
}

pub async fn make(house: &House, user: UserId, scope: &str) -> MadeAccessToken {
    try_make(house, user, scope, 90).await.expect("a token")
}

pub fn with<'a>(api: &'a Api, made: &MadeAccessToken) -> Program<'a> {
    api.program(&format!("Bearer {}", made.token))
}

pub async fn revoke(house: &House, user: UserId, id: AccessTokenId) -> Result<()> {
    let source = Source::operator();
    let owner = Owner {
        user,
        session: None,
        source: &source,
    };
    access_token::revoke(&house.db, owner, id).await
}

#[track_caller]
pub fn is_dead(answer: Answer) {
    let answer = answer.says(Error::InvalidToken);
    assert_eq!(answer.header("www-authenticate"), BAD);
}

pub async fn is_dead_everywhere(program: &Program<'_>, task: &str) {
    for path in [
        "/api/tasks",
        "/api/tasks?limit=0",
        "/api/tasks?cursor=x",
        task,
    ] {
        is_dead(program.get(path).await);
    }
    is_dead(program.post("/api/tasks", &json!({ "title": "x" })).await);
    is_dead(program.patch(task, &json!({ "title": "x" })).await);
    is_dead(program.delete(task).await);
}

pub async fn events(house: &House, event: &str) -> Vec<String> {
    let sql = format!("SELECT COALESCE(reason, '') FROM audit_event WHERE event = '{event}'");
    house.column(&sql).await
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_beside_the_session_token() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    let both = with(
        &api,
        &make(&api.house, who.user.id, "tasks:read tasks:write").await,
    );
    let task = both.makes("Water").await;
    both.patch(&task, &json!({ "completed": true }))
        .await
        .is(StatusCode::OK);
    assert_eq!(both.titles("/api/tasks?completed=true").await, ["Water"]);
    assert_eq!(ada.titles("/api/tasks").await, ["Water"]);
    both.delete(&task).await.is(StatusCode::NO_CONTENT);
    assert!(both.titles("/api/tasks").await.is_empty());
}

#[tokio::test]
async fn a_missing_scope_is_403_and_is_named_on_every_call() {
    let api = Api::open().await;
    let (ada, who) = api.person("Ada").await;
    let task = ada.makes("Water").await;
    let reads = with(&api, &make(&api.house, who.user.id, "tasks:read").await);
    let writes = with(&api, &make(&api.house, who.user.id, "tasks:write").await);
    let lacks = |answer: Answer, scope: &str| {
        let answer = answer.says(Error::InsufficientScope);
        let challenge =
            format!(r#"Bearer realm="latchkey", error="insufficient_scope", scope="{scope}""#);
        assert_eq!(answer.header("www-authenticate"), challenge);
        assert_eq!(answer.json()["scope"], scope);
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains(scope), "{detail}");
    };
    let body = json!({ "title": "Changed" });
    lacks(reads.post("/api/tasks", &body).await, "tasks:write");
    lacks(
        reads.post("/api/tasks", &json!({ "title": "" })).await,
        "tasks:write",
    );
    lacks(reads.patch(&task, &body).await, "tasks:write");
    lacks(reads.patch(&task, &json!({})).await, "tasks:write");
    lacks(reads.delete(&task).await, "tasks:write");
    for path in [
        "/api/tasks",
        "/api/tasks?limit=0",
        "/api/tasks?cursor=x",
        &task,
        "/api/tasks/x",
    ] {
        lacks(writes.get(path).await, "tasks:read");
    }
    assert_eq!(reads.titles("/api/tasks").await, ["Water"]);
    writes
        .patch(&task, &json!({ "priority": "high" }))
        .await
        .is(StatusCode::OK);
    assert!(
        events(&api.house, "token_refused")
            .await
            .contains(&"INSUFFICIENT_SCOPE".to_owned())
    );
}

#[tokio::test]
async fn b24_a_token_reaches_its_own_persons_tasks_alone() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let (_, bob) = api.person("Bob").await;
    let task = ada.makes("Water").await;
    let his = with(
        &api,
        &make(&api.house, bob.user.id, "tasks:read tasks:write").await,
    );
    his.get(&task).await.says(Error::TaskNotFound);
    his.patch(&task, &json!({ "title": "x" }))
        .await
        .says(Error::TaskNotFound);
    his.delete(&task).await.says(Error::TaskNotFound);
    assert!(his.titles("/api/tasks").await.is_empty());
}

#[tokio::test]
async fn b2_a_token_that_nobody_made_is_none_however_it_is_spelled() {
    let api = Api::open().await;
    let (_, who) = api.person("Ada").await;
    let made = make(&api.house, who.user.id, "tasks:read").await;
    let token = made.token;
    let hash = api
        .house
        .column("SELECT hash FROM access_token")
        .await
        .remove(0);
    let spellings = [
        Secret::fresh().expose(),
        token[..token.len() - 1].to_owned(),
        format!("{token}A"),
        token.to_uppercase(),
        token.replacen("lk_", "LK_", 1),
        token.replacen("lk_", "", 1),
        hash.clone(),
        format!("lk_{hash}"),
        format!("lk_{}", made.access.id),
        "lk_".to_owned(),
        "lk_' OR 1=1 --".replace(' ', "+"),
        format!("{token}.{token}.{token}"),
    ];
    for text in spellings {
        is_dead(
            api.program(&format!("Bearer {text}"))
                .get("/api/tasks")
                .await,
        );
    }
    assert!(events(&api.house, "token_refused").await.is_empty());
    api.program(&format!("Bearer {token}"))
        .get("/api/tasks")
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn b9_an_access_token_is_no_session_no_link_and_mints_nothing() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let body = json!({ "name": "CI", "scope": "tasks:read tasks:write" });
    let made = maya
        .calls("/action/tokens/create", &body)
        .await
        .is(StatusCode::OK)
        .json();
    let token = made["token"].as_str().expect("a token");
    let asks = |method: Method, path: &str| {
        request(method, path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::ORIGIN, ORIGIN)
            .header(header::COOKIE, format!("latchkey_session={token}"))
    };
    for path in [
        "/api/auth/token",
        "/action/tokens/list",
        "/action/tasks/list",
        "/action/settings/activity",
    ] {
        let asked = asks(Method::GET, path)
            .body(Body::empty())
            .expect("a request");
        app.ask(asked).await.says(Error::Unauthorized);
    }
    let session = asks(Method::GET, "/api/auth/session")
        .body(Body::empty())
        .expect("a request");
    assert_eq!(app.ask(session).await.text(), "null");
    for (path, body) in [
        ("/api/auth/token", json!({})),
        ("/api/auth/update-user", json!({ "name": "Mallory" })),
        (
            "/action/tokens/create",
            json!({ "name": "Another", "scope": "tasks:read" }),
        ),
        ("/action/tokens/revoke", json!({ "id": made["id"] })),
        ("/action/tasks/create", json!({ "title": "Mine" })),
    ] {
        let asked = asks(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string().into())
            .expect("a request");
        app.ask(asked).await.says(Error::Unauthorized);
    }
    let page = asks(Method::GET, "/settings/api")
        .header(header::ACCEPT, "text/html")
        .body(Body::empty());
    let page = app
        .ask(page.expect("a request"))
        .await
        .is(StatusCode::SEE_OTHER);
    assert!(
        page.location().starts_with("/signin"),
        "{}",
        page.location()
    );
    let reset = json!({ "token": token, "newPassword": "another three words" });
    app.browser()
        .calls("/api/auth/reset-password", &reset)
        .await
        .says(Error::InvalidResetToken);
    let claim = json!({ "email": "maya@example.org", "password": token });
    app.browser()
        .calls("/api/auth/sign-in", &claim)
        .await
        .says(Error::InvalidCredentials);
    let mut program = app.program();
    program
        .get(&format!("/api/tasks?access_token={token}"))
        .await
        .says(Error::Unauthorized);
    program.token = Some(token.to_owned());
    program.get("/api/tasks").await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_person_has_fifty_tokens_at_most_even_if_all_are_asked_for_at_once() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let made = join_all((0..60).map(|_| try_make(&house, ada.id, "tasks:read", 7))).await;
    let (good, bad): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
    assert_eq!(good.len(), 50);
    assert!(
        bad.iter()
            .all(|made| *made == Err(Error::TooManyAccessTokens))
    );
    let first = access_token::list(&house.db, ada.id)
        .await
        .expect("a list")
        .remove(0);
    revoke(&house, ada.id, first.id).await.expect("revoked");
    assert!(try_make(&house, ada.id, "tasks:read", 7).await.is_ok());
    let bob = house.sign_up("Bob").await;
    assert!(try_make(&house, bob.id, "tasks:read", 7).await.is_ok());
}

#[tokio::test]
async fn b24_nobody_revokes_or_sees_somebody_elses_token() {
    let house = House::open().await;
    let (ada, bob) = (house.sign_up("Ada").await, house.sign_up("Bob").await);
    let hers = make(&house, ada.id, "tasks:read").await.access;
    for other in [bob.id, stranger()] {
        assert_eq!(
            revoke(&house, other, hers.id).await,
            Err(Error::AccessTokenNotFound)
        );
        assert!(
            access_token::list(&house.db, other)
                .await
                .expect("a list")
                .is_empty()
        );
    }
    assert_eq!(access_token::list(&house.db, ada.id).await, Ok(vec![hers]));
}

/// The moment in the list, as soon as it is another than this.
async fn used_after(house: &House, user: UserId, before: Option<Moment>) -> Moment {
    loop {
        let one = access_token::list(&house.db, user)
            .await
            .expect("a list")
            .remove(0);
        match one.last_used_at {
            Some(at) if Some(at) != before => return at,
            _ => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn when_a_token_was_used_is_written_once_an_hour() {
    let api = Api::open().await;
    let (_, who) = api.person("Ada").await;
    let (made, user) = (
        make(&api.house, who.user.id, "tasks:read").await,
        who.user.id,
    );
    let program = with(&api, &made);
    assert_eq!(made.access.last_used_at, None);
    program.get("/api/tasks").await.is(StatusCode::OK);
    let first = used_after(&api.house, user, None).await;
    let set = async |at: i64| {
        api.house
            .run(&format!("UPDATE access_token SET last_used_at = {at}"))
            .await;
    };

    let lately = first.plus_seconds(-3500);
    set(lately.0).await;
    program.get("/api/tasks").await.is(StatusCode::OK);
    // Whatever that left to be written is written when somebody else's token is.
    let (_, bob) = api.person("Bob").await;
    let his = make(&api.house, bob.user.id, "tasks:read").await;
    with(&api, &his).get("/api/tasks").await.is(StatusCode::OK);
    used_after(&api.house, bob.user.id, None).await;
    let listed = access_token::list(&api.house.db, user)
        .await
        .expect("a list");
    assert_eq!(listed[0].last_used_at, Some(lately));

    let long_ago = first.plus_seconds(-3700);
    set(long_ago.0).await;
    program.get("/api/tasks").await.is(StatusCode::OK);
    assert!(used_after(&api.house, user, Some(long_ago)).await >= first);
}

#[tokio::test]
async fn e4_all_tokens_of_a_person_share_three_hundred_requests_a_minute() {
    let api = Api::open().await;
    let (_, who) = api.person("Ada").await;
    let made = join_all((0..3).map(|_| make(&api.house, who.user.id, "tasks:read"))).await;
    let programs: Vec<_> = made.iter().map(|made| with(&api, made)).collect();
    // More than two windows take, so that the minute may turn meanwhile; on a busy machine more than once.
    let began = clock::now().seconds() / 60;
    let asked = (0..700).map(|at| programs[at % 3].get("/api/tasks"));
    let answers = join_all(asked).await;
    let (good, bad): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.status == StatusCode::OK);
    let turns = usize::try_from(clock::now().seconds() / 60 - began).expect("time passes");
    let most = 300 * (turns + 1).max(2);
    assert!((300..=most).contains(&good.len()), "{}", good.len());
    for answer in bad {
        let answer = answer.says(Error::TooManyRequests);
        assert!(answer.header("retry-after").parse::<u64>().is_ok());
    }
    assert!(events(&api.house, "rate_limit_exceeded").await.len() <= 20);
}

#[tokio::test]
async fn a_database_that_is_away_is_503_and_never_401_or_a_pass() {
    let api = Api::open().await;
    let (_, who) = api.person("Ada").await;
    let program = with(&api, &make(&api.house, who.user.id, "tasks:read").await);
    api.house
        .run("ALTER TABLE access_token RENAME TO away")
        .await;
    let answer = program.get("/api/tasks").await.says(Error::Unavailable);
    assert!(!answer.text().contains("access_token"), "{}", answer.text());
    api.house.db.close().await;
    program.get("/api/tasks").await.says(Error::Unavailable);
}

#[tokio::test]
async fn the_functions_say_what_is_wrong_with_each_field() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let create = async |body: Value| maya.calls("/action/tokens/create", &body).await;
    let good = |change: (&str, Value)| {
        let mut body = json!({ "name": "CI", "scope": "tasks:read", "expires": "30d" });
        body[change.0] = change.1;
        body
    };
    for (change, error) in [
        (("name", json!("  ")), Error::InvalidTokenName),
        (("name", json!("x".repeat(101))), Error::InvalidTokenName),
        (("scope", json!("")), Error::InvalidScope),
        (("scope", json!("everything")), Error::InvalidScope),
        (("expires", json!("never")), Error::InvalidExpiry),
        (("expires", json!("2020-01-01")), Error::InvalidExpiry),
        (("until", json!("2999-01-01")), Error::InvalidExpiry),
    ] {
        let field = change.0;
        let answer = create(good(change)).await.says(error);
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
    let answer = create(good(("name", json!("CI")))).await.is(StatusCode::OK);
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let made = answer.json();
    assert_eq!(made["scope"], "tasks:read");
    let listed = maya.reads("/action/tokens/list").await.is(StatusCode::OK);
    assert!(
        !listed
            .text()
            .contains(made["token"].as_str().expect("a token"))
    );
    assert_eq!(listed.json()[0]["id"], made["id"]);
    let again = json!({ "name": "CI", "scope": "tasks:read", "once": "a form" });
    create(again.clone()).await.is(StatusCode::OK);
    create(again.clone()).await.says(Error::AccessTokenMade);
    create(json!({ "name": "Other", "scope": "tasks:read", "once": "a form" }))
        .await
        .is(StatusCode::OK);
    assert_eq!(
        maya.reads("/action/tokens/list")
            .await
            .json()
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    let bob = app.person("Bob").await;
    bob.calls("/action/tokens/revoke", &json!({ "id": made["id"] }))
        .await
        .says(Error::AccessTokenNotFound);
    maya.calls("/action/tokens/revoke", &json!({ "id": made["id"] }))
        .await
        .is(StatusCode::OK);
}
