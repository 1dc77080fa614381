//! Invitations: who gets in with one, who does not, and how often.

use crate::support::{
    PASSWORD,
    app::{Answer, App, Browser},
    binary::Done,
};
use futures::future::join_all;
use http::{StatusCode, header};
use latchkey::{
    domain::{Error, SignUp},
    service::{clock, upkeep},
};
use serde_json::{Value, json};

const CREATE: &str = "/action/admin/invitations/create";
const REVOKE: &str = "/action/admin/invitations/revoke";
const PREFIX: &str = "http://localhost:3000/signup?invitation=";

/// A house that takes invitations, and the administrator's browser.
async fn house() -> App {
    App::with(|config| {
        config.sign_up = SignUp::Invite;
        config.rate_limit = false;
    })
    .await
}

/// Makes an invitation, and gives what its link holds.
async fn invites(ada: &Browser<'_>, body: Value) -> String {
    let made = ada.calls(CREATE, &body).await.is(StatusCode::OK);
    let link = made.json()["link"].as_str().expect("a link").to_owned();
    link.strip_prefix(PREFIX).expect(&link).to_owned()
}

/// Somebody who comes with an invitation.
async fn comes(app: &App, email: &str, invitation: &str) -> Answer {
    let body =
        json!({ "name": "Bob", "email": email, "password": PASSWORD, "invitation": invitation });
    app.browser().calls("/api/auth/sign-up", &body).await
}

fn token_in(done: &Done) -> String {
    assert_eq!(done.status, Some(0), "{done:?}");
    let link = done.out.lines().last().expect("a link");
    link.strip_prefix(PREFIX).expect(link).to_owned()
}

#[tokio::test]
async fn an_invitation_lets_one_person_in_once() {
    let app = house().await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({})).await;
    let page = app
        .browser()
        .get(&format!("/signup?invitation={token}"))
        .await;
    let page = page.is(StatusCode::OK);
    assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(page.header(header::REFERRER_POLICY), "same-origin");
    assert!(page.text().contains("You are invited."), "{}", page.text());

    let came = comes(&app, "bob@example.org", &token).await;
    came.is(StatusCode::OK);
    let again = comes(&app, "eve@example.org", &token).await;
    again.says(Error::InvalidInvitation);
    let page = app
        .browser()
        .get(&format!("/signup?invitation={token}"))
        .await;
    assert!(page.text().contains(Error::InvalidInvitation.message()));
    assert!(!page.text().contains("name=\"password\""));

    let people = "SELECT email || ' ' || role FROM \"user\" ORDER BY created_at";
    assert_eq!(
        app.house.column(people).await,
        ["ada@example.org admin", "bob@example.org member"]
    );
    let log = "SELECT event || ' ' || outcome FROM audit_event WHERE event LIKE 'invitation%' ORDER BY id";
    assert_eq!(
        app.house.column(log).await,
        [
            "invitation_created success",
            "invitation_used success",
            "invitation_used refused"
        ]
    );
}

#[tokio::test]
async fn b35_of_twenty_who_come_with_one_invitation_at_once_one_gets_in() {
    let app = house().await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({})).await;

    let all = (0..20).map(|at| {
        let (app, token) = (&app, token.as_str());
        async move { comes(app, &format!("person{at}@example.org"), token).await }
    });
    let mut came = 0;
    for answer in join_all(all).await {
        if answer.status == StatusCode::OK {
            came += 1;
        } else {
            answer.says(Error::InvalidInvitation);
        }
    }
    assert_eq!(came, 1);
    assert_eq!(app.house.column("SELECT id FROM \"user\"").await.len(), 2);
    assert_eq!(app.house.column("SELECT id FROM account").await.len(), 2);
}

#[tokio::test]
async fn whatever_is_wrong_with_an_invitation_the_answer_is_the_same_and_nobody_is_made() {
    let app = house().await;
    let ada = app.person("Ada").await;
    let old = invites(&ada, json!({ "note": "old" })).await;
    app.house.run("UPDATE invitation SET expires_at = 1").await;
    let revoked = invites(&ada, json!({ "note": "revoked" })).await;
    let listed = ada.reads("/action/admin/invitations/list").await.json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    let gone = ada.calls(REVOKE, &json!({ "id": listed[0]["id"] })).await;
    gone.is(StatusCode::OK);
    ada.calls(REVOKE, &json!({ "id": listed[0]["id"] }))
        .await
        .says(Error::InvitationNotFound);
    let hers = invites(&ada, json!({ "email": "Grace@Example.org" })).await;
    let mut other = hers.clone();
    other.replace_range(..1, if hers.starts_with('A') { "B" } else { "A" });

    for (what, token) in [
        ("too old", old.as_str()),
        ("revoked", &revoked),
        ("for another address", &hers),
        ("one bit off", &other),
        ("cut off", &hers[..20]),
        ("a word", "null"),
        (
            "another kind of token",
            "lk_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        ("SQL", "' OR '1'='1"),
    ] {
        let answer = comes(&app, "bob@example.org", token).await;
        assert_eq!(answer.json()["code"], "INVALID_INVITATION", "{what}");
        // An address that is taken is told from one that is not by whoever is invited alone.
        let taken = comes(&app, "ada@example.org", token).await;
        assert_eq!(
            answer.without_instance(),
            taken.without_instance(),
            "{what}"
        );
    }
    assert_eq!(app.house.column("SELECT id FROM \"user\"").await.len(), 1);
    comes(&app, "GRACE@example.org", &hers)
        .await
        .is(StatusCode::OK);
}

#[tokio::test]
async fn what_keeps_somebody_from_coming_in_leaves_the_invitation_good() {
    let app = house().await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({})).await;
    let refused = comes(&app, "ada@example.org", &token).await;
    refused.says(Error::EmailTaken);

    let browser = app.browser();
    let page = format!("/signup?invitation={token}");
    let form = |password| {
        [
            ("name", "Bob"),
            ("email", "bob@example.org"),
            ("password", password),
            ("invitation", token.as_str()),
        ]
    };
    let refused = browser.form_from(&page, "/signup", &form("short")).await;
    let refused = refused.is(StatusCode::BAD_REQUEST).text();
    assert!(
        refused.contains(&format!("name=\"invitation\" value=\"{token}\"")),
        "{refused}"
    );
    assert!(refused.contains("value=\"bob@example.org\""), "{refused}");
    // Even where no page says from where the form came.
    let refused = browser
        .form_from("", "/signup", &form("short"))
        .await
        .text();
    assert!(refused.contains(&format!("value=\"{token}\"")), "{refused}");
    let came = browser.form_from(&page, "/signup", &form(PASSWORD)).await;
    assert_eq!(came.is(StatusCode::SEE_OTHER).location(), "/dashboard");
}

#[tokio::test]
async fn the_page_of_an_invitation_is_not_compressed_and_names_the_address_that_it_is_for() {
    let app = house().await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({ "email": "bob@example.org" })).await;
    let request =
        crate::support::app::request(http::Method::GET, &format!("/signup?invitation={token}"))
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_ENCODING, "gzip, br, zstd, deflate")
            .body(axum::body::Body::empty())
            .expect("a request");
    let page = app.ask(request).await.is(StatusCode::OK);
    assert_eq!(page.header(header::CONTENT_ENCODING), "");
    assert!(page.text().contains("value=\"bob@example.org\""));
}

#[tokio::test]
async fn a_link_is_shown_once_and_kept_as_a_hash() {
    let app = house().await;
    let ada = app.person("Ada").await;
    let form = [
        ("once", "01234567-89ab-7def-8123-456789abcdef"),
        ("email", "bob@example.org"),
        ("note", "Bob <from> work"),
        ("days", "7"),
    ];
    let made = ada.form_from("/admin/invitations", CREATE, &form).await;
    let made = made.is(StatusCode::OK);
    assert_eq!(made.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(made.location(), "");
    let page = made.text();
    let at = page.find(PREFIX).expect("a link") + PREFIX.len();
    let token = &page[at..at + 43];
    assert!(page.contains("Bob &lt;from&gt; work"), "{page}");

    let again = ada.form_from("/admin/invitations", CREATE, &form).await;
    let again = again.is(StatusCode::CONFLICT).text();
    assert!(again.contains(Error::InvitationMade.message()) && !again.contains(PREFIX));
    let later = ada.get("/admin/invitations").await.text();
    assert!(
        !later.contains(token) && later.contains("bob@example.org"),
        "{later}"
    );
    assert_eq!(later.matches(REVOKE).count(), 1, "{later}");
    let rows = app
        .house
        .column("SELECT token || note FROM invitation")
        .await;
    assert!(!rows[0].contains(token), "{rows:?}");
    let days = "SELECT CAST((expires_at - created_at) / 86400000 AS TEXT) FROM invitation";
    assert_eq!(app.house.column(days).await, ["7"]);
}

#[tokio::test]
async fn an_invitation_whose_form_cannot_be_told_as_done_is_not_made() {
    let app = house().await;
    let ada = app.person("Ada").await;
    let never_done = if app.house.is_postgres() {
        "ALTER TABLE idempotency ADD CHECK (answer IS NULL)"
    } else {
        "CREATE TRIGGER never_done BEFORE UPDATE ON idempotency BEGIN SELECT RAISE(ABORT, 'never'); END"
    };
    app.house.run(never_done).await;

    let body = json!({ "once": "01234567-89ab-7def-8123-456789abcdef" });
    let answer = ada.calls(CREATE, &body).await;

    answer.says(Error::Internal);
    assert!(
        app.house
            .column("SELECT id FROM invitation")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_refused_form_for_an_invitation_keeps_what_was_typed() {
    let app = house().await;
    let ada = app.person("Ada").await;
    for (field, value, error) in [
        ("email", "nobody", Error::InvalidEmail),
        ("note", "one\u{1b}two", Error::InvalidNote),
        ("days", "31", Error::InvalidDays),
        ("days", "0", Error::InvalidDays),
    ] {
        let mut form = vec![
            ("email", "bob@example.org"),
            ("note", "Work"),
            ("days", "3"),
        ];
        form.retain(|(name, _)| *name != field);
        form.push((field, value));
        let answer = ada.form_from("/admin/invitations", CREATE, &form).await;
        let page = answer.is(StatusCode::BAD_REQUEST).text();
        assert!(page.contains(error.message()), "{field}: {page}");
        assert!(page.contains(&format!("id=\"{field}-fault\"")), "{field}");
        let kept = if field == "note" {
            "bob@example.org"
        } else {
            "Work"
        };
        assert!(page.contains(&format!("value=\"{kept}\"")), "{page}");
    }
    assert!(
        app.house
            .column("SELECT id FROM invitation")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn there_are_at_most_a_hundred_open_invitations() {
    let app = house().await;
    let ada = app.person("Ada").await;
    for at in 0..99 {
        let row = format!(
            "INSERT INTO invitation (id, token, created_at, expires_at) VALUES ('{}', 'token{at}', 1, {})",
            uuid::Uuid::now_v7(),
            clock::now().0 + 100_000
        );
        app.house.run(&row).await;
    }
    let three = join_all((0..3).map(|_| async { ada.calls(CREATE, &json!({})).await })).await;
    let made = three
        .iter()
        .filter(|answer| answer.status == StatusCode::OK);
    assert_eq!(made.count(), 1);
    let last = ada.calls(CREATE, &json!({})).await;
    last.says(Error::TooManyInvitations);
}

#[tokio::test]
async fn where_nobody_may_sign_up_no_invitation_is_made_and_none_works() {
    let app = house().await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({})).await;
    let mut house = crate::support::House::with(|_| {}).await;
    house.config = app.house.config.clone();
    house.config.sign_up = SignUp::Closed;
    house.db = app.house.db.clone();
    let closed = App::of(house);

    comes(&closed, "bob@example.org", &token)
        .await
        .says(Error::SignUpClosed);
    let page = closed
        .browser()
        .get(&format!("/signup?invitation={token}"))
        .await;
    assert!(page.text().contains(Error::SignUpClosed.message()));
    let browser = closed.browser();
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    browser
        .form("/signin", &form)
        .await
        .is(StatusCode::SEE_OTHER);
    browser
        .calls(CREATE, &json!({}))
        .await
        .says(Error::SignUpClosed);
    let page = browser.get("/admin/invitations").await.text();
    assert!(
        page.contains("would open nothing") && !page.contains(CREATE),
        "{page}"
    );

    let mut command = app.house.binary(&["user", "invite"]);
    let done = crate::support::binary::ended(command.env("SIGN_UP", "closed"));
    assert!(
        done.status == Some(1) && done.err.contains("SIGN_UP=invite"),
        "{done:?}"
    );
}

#[tokio::test]
async fn where_anybody_may_sign_up_an_invitation_that_is_over_keeps_nobody_out() {
    let app = App::open().await;
    app.person("Ada").await;
    let page = app.browser().get("/signup?invitation=long-gone").await;
    let page = page.is(StatusCode::OK).text();
    assert!(
        page.contains("you can make an account without one"),
        "{page}"
    );
    assert!(!page.contains("name=\"invitation\""), "{page}");
    comes(&app, "bob@example.org", "long-gone")
        .await
        .says(Error::InvalidInvitation);
}

#[tokio::test]
async fn an_operator_invites_from_the_command_line() {
    let app = house().await;
    let invite = |words: &[&str]| {
        let words = [&["user", "invite"], words].concat();
        let mut command = app.house.binary(&words);
        crate::support::binary::ended(command.env("SIGN_UP", "invite"))
    };
    app.person("Ada").await;
    let done = invite(&["bob@example.org", "--note", "Bob", "--days", "1"]);
    let token = token_in(&done);
    assert!(!done.err.contains(&token), "the log holds the link");
    comes(&app, "eve@example.org", &token)
        .await
        .says(Error::InvalidInvitation);
    comes(&app, "bob@example.org", &token)
        .await
        .is(StatusCode::OK);
    let refused = invite(&["--days", "31"]);
    assert!(
        refused.status == Some(2) && refused.err.contains("1 to 30 days"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_invitation_that_has_long_been_over_is_forgotten() {
    let app = house().await;
    let ada = app.person("Ada").await;
    invites(&ada, json!({ "note": "old" })).await;
    app.house.run("UPDATE invitation SET expires_at = 1").await;
    invites(&ada, json!({ "note": "new" })).await;
    upkeep::sweep(&app.house.db, clock::now()).await;
    assert_eq!(
        app.house.column("SELECT note FROM invitation").await,
        ["new"]
    );
}
