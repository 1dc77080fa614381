//! The office: what administrators see of people, and what they do for them, with plain forms.

use crate::support::{
    House, PASSWORD,
    app::{App, Browser},
    factor::with_factor,
    sink::Sink,
    stranger,
};
use http::{StatusCode, header};
use latchkey::{
    domain::{Error, Role},
    service::{
        Source,
        account::{self, Look, Profile},
        mail::Desk,
        operator::{self, Hand},
    },
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn id_of(app: &App, name: &str) -> String {
    let sql = format!("SELECT id FROM \"user\" WHERE name = '{name}'");
    app.house.column(&sql).await.remove(0)
}

/// What an administrator does to somebody on their page; where that leads to.
async fn does(ada: &Browser<'_>, what: &str, fields: &[(&str, &str)]) -> String {
    let page = format!("/admin/people/{}", fields[0].1);
    let path = format!("/action/admin/people/{what}");
    let answer = ada.form_from(&page, &path, fields).await;
    answer.is(StatusCode::SEE_OTHER).location().to_owned()
}

async fn signs_in(app: &App, email: &str, password: &str) -> StatusCode {
    let body = json!({ "email": email, "password": password });
    app.browser().calls("/api/auth/sign-in", &body).await.status
}

/// The lines of somebody's own log.
async fn own_log(browser: &Browser<'_>) -> Vec<Value> {
    let log = browser.reads("/action/settings/activity").await.json();
    log.as_array().expect("lines").clone()
}

#[tokio::test]
async fn a_reset_link_is_shown_once_works_once_and_stands_in_the_persons_own_log() {
    let app = App::open().await;
    let (ada, maya) = (app.person("Ada").await, app.person("Maya").await);
    let id = id_of(&app, "Maya").await;
    let page = format!("/admin/people/{id}");
    let form = [("id", id.as_str())];
    let made = ada
        .form_from(&page, "/action/admin/people/reset-link", &form)
        .await;
    let made = made.is(StatusCode::OK);
    assert_eq!(made.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(made.header(header::CONTENT_ENCODING), "");
    let shown = made.text();
    assert!(shown.contains("maya@example.org"), "{shown}");
    let prefix = "http://localhost:3000/reset-password?token=";
    let at = shown.find(prefix).expect("a link") + prefix.len();
    let token = shown[at..at + 43].to_owned();
    assert!(!ada.get(&page).await.text().contains(&token));

    let reset = [
        ("token", token.as_str()),
        ("newPassword", "another three words"),
    ];
    let browser = app.browser();
    let done = browser.form("/reset-password", &reset).await;
    done.is(StatusCode::SEE_OTHER);
    let again = browser.form("/reset-password", &reset).await;
    again.is(StatusCode::BAD_REQUEST);
    assert_eq!(maya.get("/dashboard").await.status, StatusCode::SEE_OTHER);
    let form = [
        ("email", "maya@example.org"),
        ("password", "another three words"),
    ];
    maya.form("/signin", &form).await.is(StatusCode::SEE_OTHER);

    let log = own_log(&maya).await;
    let line = log
        .iter()
        .find(|line| line["event"] == "PasswordResetRequested");
    let line = line.expect("a line");
    assert_eq!(line["byAdministrator"], true);
    assert_eq!(
        (&line["ipAddress"], &line["userAgent"]),
        (&json!(""), &json!(""))
    );
    let page = maya.get("/settings/activity").await.text();
    assert!(page.contains("By an administrator"), "{page}");
    let hers = log.iter().filter(|line| line["byAdministrator"] == true);
    assert_eq!(hers.count(), 1, "{log:?}");
}

/// The names of all members, however deep.
fn members(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(all) => {
            for (name, member) in all {
                found.push(name.clone());
                members(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| members(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn what_programs_read_of_the_log_and_of_their_look_is_in_camel_case() {
    let app = App::open().await;
    let ada = app.person("Ada").await;
    let look = json!({ "timeZone": "Europe/Berlin" });
    let answers = [
        ada.reads("/action/settings/activity").await,
        ada.reads("/action/admin/activity").await,
        ada.calls("/action/settings/look", &look).await,
    ];
    let mut found = Vec::new();
    for answer in answers {
        members(&answer.is(StatusCode::OK).json(), &mut found);
    }
    for name in ["ipAddress", "userAgent", "byAdministrator", "timeZone"] {
        assert!(found.iter().any(|known| known == name), "{found:?}");
    }
    assert!(!found.iter().any(|name| name.contains('_')), "{found:?}");
}

#[tokio::test]
async fn somebody_is_shut_out_at_once_and_let_in_again() {
    let app = App::open().await;
    let (ada, maya) = (app.person("Ada").await, app.person("Maya").await);
    let program = maya.program().await;
    let id = id_of(&app, "Maya").await;
    let there = does(&ada, "disable", &[("id", &id)]).await;
    assert_eq!(there, format!("/admin/people/{id}?done=disabled"));
    let page = ada.get(&there).await.text();
    assert!(
        page.contains("The account is disabled.") && page.contains(">Disabled</span>"),
        "{page}"
    );
    assert!(!page.contains("people/reset-link"), "a link would not help");
    assert_eq!(maya.get("/dashboard").await.status, StatusCode::SEE_OTHER);
    program.get("/api/tasks").await.says(Error::InvalidToken);
    assert_eq!(
        signs_in(&app, "maya@example.org", PASSWORD).await,
        StatusCode::UNAUTHORIZED
    );
    let body = json!({ "id": id });
    ada.calls("/action/admin/people/reset-link", &body)
        .await
        .says(Error::PersonDisabled);

    let there = does(&ada, "enable", &[("id", &id)]).await;
    assert!(
        ada.get(&there)
            .await
            .text()
            .contains("The account is enabled.")
    );
    assert_eq!(
        signs_in(&app, "maya@example.org", PASSWORD).await,
        StatusCode::OK
    );
    let actors = "SELECT event FROM audit_event WHERE actor_id IS NOT NULL ORDER BY id";
    assert_eq!(
        app.house.column(actors).await,
        ["account_disabled", "account_enabled"]
    );
}

#[tokio::test]
async fn all_sessions_of_somebody_end_and_nobody_elses() {
    let app = App::open().await;
    let (ada, maya) = (app.person("Ada").await, app.person("Maya").await);
    let program = maya.program().await;
    let id = id_of(&app, "Maya").await;
    let page = ada.get("/admin").await.text();
    assert_eq!(page.matches("Signed in on one device").count(), 2, "{page}");
    let there = does(&ada, "end-sessions", &[("id", &id)]).await;
    let page = ada.get(&there).await.text();
    assert!(
        page.contains("Signed out everywhere.") && page.contains("Not signed in"),
        "{page}"
    );
    assert_eq!(maya.get("/dashboard").await.status, StatusCode::SEE_OTHER);
    program.get("/api/tasks").await.says(Error::InvalidToken);
    assert_eq!(
        signs_in(&app, "maya@example.org", PASSWORD).await,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_lost_second_factor_is_reset_and_its_owner_hears_of_it() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    let (maya, _, _) = with_factor(&app, "Maya").await;
    let id = id_of(&app, "Maya").await;
    let page = format!("/admin/people/{id}");
    let shown = ada.get(&page).await.text();
    assert!(shown.contains("Reset second factor …"), "{shown}");
    let there = does(&ada, "reset-second-factor", &[("id", &id)]).await;
    assert_eq!(there, format!("{page}?done=second-factor"));
    let shown = ada.get(&there).await.text();
    assert!(
        shown.contains("The second factor is off") && !shown.contains("Reset second factor"),
        "{shown}"
    );
    assert_eq!(maya.get("/dashboard").await.status, StatusCode::SEE_OTHER);
    let form = [("email", "maya@example.org"), ("password", PASSWORD)];
    let entered = maya.form("/signin", &form).await;
    assert_eq!(entered.is(StatusCode::SEE_OTHER).location(), "/dashboard");

    app.carries().await;
    let letter = sink.last("maya@example.org", "Your second factor was reset");
    assert!(letter.text().contains("ended its sessions"));
    let actor =
        "SELECT user_id || ' ' || actor_id FROM audit_event WHERE event = 'second_factor_disabled'";
    let both = format!("{id} {}", id_of(&app, "Ada").await);
    assert_eq!(app.house.column(actor).await, [both]);
    let log = own_log(&maya).await;
    let line = log
        .iter()
        .find(|line| line["event"] == "SecondFactorDisabled");
    assert_eq!(line.expect("a line")["byAdministrator"], true);
    // One's own is turned off in one's settings.
    let (bea, _, _) = with_factor(&app, "Bea").await;
    let id = id_of(&app, "Bea").await;
    app.house.run("UPDATE \"user\" SET role = 'admin'").await;
    let own = bea.get(&format!("/admin/people/{id}")).await.text();
    assert!(own.contains("This is you.") && !own.contains("Reset second factor"));
}

#[tokio::test]
async fn an_account_is_deleted_by_whoever_writes_its_address() {
    let app = App::open().await;
    let (ada, maya) = (app.person("Ada").await, app.person("Maya").await);
    let id = id_of(&app, "Maya").await;
    let page = format!("/admin/people/{id}");
    for wrong in ["", "maya", "ada@example.org", "maya@example.com"] {
        let form = [("id", id.as_str()), ("email", wrong)];
        let answer = ada
            .form_from(&page, "/action/admin/people/delete", &form)
            .await;
        let answer = answer.is(StatusCode::BAD_REQUEST).text();
        assert!(
            answer.contains(Error::WrongConfirmation.message()),
            "{wrong:?}"
        );
        assert!(answer.contains("id=\"email-fault\""), "{answer}");
        assert!(
            answer.contains("<details open class=\"confirm\">"),
            "{answer}"
        );
    }
    maya.get("/dashboard").await.is(StatusCode::OK);
    let there = does(
        &ada,
        "delete",
        &[("id", &id), ("email", "MAYA@example.org")],
    )
    .await;
    assert_eq!(there, "/admin?done=deleted");
    let page = ada.get(&there).await.text();
    assert!(page.contains("The account is deleted") && !page.contains("maya@example.org"));
    assert_eq!(maya.get("/dashboard").await.status, StatusCode::SEE_OTHER);
    ada.get(&format!("/admin/people/{id}"))
        .await
        .is(StatusCode::NOT_FOUND);
    // The log keeps what it says.
    let page = ada
        .get(&format!("/admin/activity?person={id}"))
        .await
        .text();
    assert!(
        page.contains("Account deleted") && page.contains("somebody who is gone"),
        "{page}"
    );
}

#[tokio::test]
async fn the_last_administrator_is_told_why_that_cannot_be_done() {
    let app = App::open().await;
    let ada = app.person("Ada").await;
    app.person("Maya").await;
    let id = id_of(&app, "Ada").await;
    let page = format!("/admin/people/{id}");
    let form = [("id", id.as_str()), ("role", "member")];
    let answer = ada
        .form_from(&page, "/action/admin/people/role", &form)
        .await;
    let answer = answer.is(StatusCode::CONFLICT).text();
    assert!(
        answer.contains(Error::LastAdministrator.message()),
        "{answer}"
    );
    assert!(
        answer.contains("ada@example.org"),
        "it stands on the same page"
    );
    for what in ["disable", "delete"] {
        let body = json!({ "id": id, "email": "ada@example.org" });
        ada.calls(&format!("/action/admin/people/{what}"), &body)
            .await
            .says(Error::LastAdministrator);
    }
    ada.calls("/api/auth/delete-user", &json!({}))
        .await
        .says(Error::LastAdministrator);
    ada.get("/admin").await.is(StatusCode::OK);
}

#[tokio::test]
async fn every_one_of_many_people_stands_on_exactly_one_page() {
    let app = App::open().await;
    let ada = app.person("Ada").await;
    // Three at each moment: their ids decide.
    for at in 0..60 {
        let sql = format!(
            "INSERT INTO \"user\" (id, name, email, email_key, email_verified, role, created_at, updated_at) VALUES \
             ('{}', 'Person {at}', 'person{at}@x.io', 'person{at}@x.io', false, 'member', {1}, {1})",
            uuid::Uuid::now_v7(),
            at / 3
        );
        app.house.run(&sql).await;
    }
    let mut seen = Vec::new();
    let mut page = "/action/admin/people/list".to_owned();
    loop {
        let answer = ada.reads(&page).await.is(StatusCode::OK).json();
        let people = answer["people"].as_array().expect("people");
        assert!(people.len() <= 25);
        seen.extend(
            people
                .iter()
                .map(|one| one["email"].as_str().expect("text").to_owned()),
        );
        let Some(next) = answer["next"].as_str() else {
            break;
        };
        page = format!("/action/admin/people/list?after={next}");
    }
    assert_eq!(seen.len(), 61);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 61);
    assert_eq!(seen[0], "ada@example.org", "who came last stands first");

    let first = ada.get("/admin").await.text();
    assert!(first.contains("More people") && !first.contains("From the beginning"));
    let at = first.find("/admin?after=").expect("a way on");
    let next = &first[at..at + first[at..].find('"').expect("its end")];
    let second = ada.get(next).await.text();
    assert!(second.contains("From the beginning"), "{second}");
    // A place that is none is the beginning.
    for odd in ["x", "1.x", "9999999999999999999999.0", "%00", "1'--"] {
        ada.get(&format!("/admin?after={odd}"))
            .await
            .is(StatusCode::OK);
    }
}

#[tokio::test]
async fn b27_people_are_found_by_part_of_name_or_address_whatever_the_letters() {
    let app = App::open().await;
    let ada = app.person("Ada").await;
    for (name, email) in [
        ("Élodie Ünal", "elodie@x.io"),
        ("100 % sure", "percent@x.io"),
        ("Under_score", "under@x.io"),
    ] {
        let body = json!({ "name": name, "email": email, "password": PASSWORD });
        let made = app.browser().calls("/api/auth/sign-up", &body).await;
        made.is(StatusCode::OK);
    }
    for (q, found) in [
        ("élo", vec!["elodie@x.io"]),
        ("ÉLODIE", vec!["elodie@x.io"]),
        ("ünal", vec!["elodie@x.io"]),
        ("X.IO", vec!["elodie@x.io", "percent@x.io", "under@x.io"]),
        ("%", vec!["percent@x.io"]),
        ("_", vec!["under@x.io"]),
        ("\\", vec![]),
        ("' OR '1'='1", vec![]),
        ("ada", vec!["ada@example.org"]),
    ] {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("q", q)
            .finish();
        let answer = ada
            .reads(&format!("/action/admin/people/list?{query}"))
            .await;
        let answer = answer.is(StatusCode::OK).json();
        let mut emails: Vec<_> = answer["people"]
            .as_array()
            .expect("people")
            .iter()
            .map(|one| one["email"].as_str().expect("text").to_owned())
            .collect();
        emails.sort();
        assert_eq!(emails, found, "{q}");
    }
    let page = ada.get("/admin?q=%3Cb%3E").await.text();
    assert!(
        page.contains("Nobody here is called that.") && !page.contains("<b>"),
        "{page}"
    );
}

#[tokio::test]
async fn the_activity_of_the_house_is_chosen_by_kind_and_by_person() {
    let app = App::open().await;
    let (ada, maya) = (app.person("Ada").await, app.person("Maya").await);
    assert_eq!(
        signs_in(&app, "maya@example.org", "not the password").await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        signs_in(&app, "nobody@example.org", "not the password").await,
        StatusCode::UNAUTHORIZED
    );
    maya.program().await;
    let id = id_of(&app, "Maya").await;
    does(&ada, "end-sessions", &[("id", &id)]).await;
    let lines = async |query: &str| -> Vec<String> {
        let log = ada
            .reads(&format!("/action/admin/activity{query}"))
            .await
            .is(StatusCode::OK)
            .json();
        let word = |line: &Value| {
            let name = line["about"]["name"].as_str().unwrap_or("nobody");
            let by = line["by"]["name"]
                .as_str()
                .map(|name| format!(" by {name}"));
            format!(
                "{} {name}{}",
                line["event"].as_str().expect("text"),
                by.unwrap_or_default()
            )
        };
        log["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .map(word)
            .collect()
    };
    assert_eq!(
        lines("").await,
        [
            "SessionsEnded Maya by Ada",
            "TokenCreated Maya",
            "SignIn nobody",
            "SignIn Maya",
            "SignUp Maya",
            "SignUp Ada"
        ]
    );
    assert_eq!(lines("?event=sign_up").await, ["SignUp Maya", "SignUp Ada"]);
    assert_eq!(
        lines(&format!("?person={id}&event=sign_in")).await,
        ["SignIn Maya"]
    );
    let hers = id_of(&app, "Ada").await;
    assert_eq!(
        lines(&format!("?person={hers}")).await,
        ["SessionsEnded Maya by Ada", "SignUp Ada"],
        "what she did for others too"
    );
    assert_eq!(lines("?event=nonsense&person=x").await.len(), 6);
    let page = ada.get("/admin/activity?event=sign_in").await.text();
    assert!(
        page.contains("INVALID_EMAIL_OR_PASSWORD") && page.contains("Refused"),
        "{page}"
    );
    assert!(!page.contains("TokenCreated") && !page.contains(">Token made</th>"));

    for _ in 0..60 {
        app.house
            .run(&format!(
                "INSERT INTO audit_event (id, at, event, outcome, ip_address, user_agent, request_id) VALUES \
                 ('{}', {}, 'rate_limit_exceeded', 'refused', '', '', '')",
                uuid::Uuid::now_v7(),
                latchkey::service::clock::now().0
            ))
            .await;
    }
    let page = ada.get("/admin/activity").await.text();
    let at = page.find("/admin/activity?after=").expect("a way on");
    let next = page[at..at + page[at..].find('"').expect("its end")].replace("&amp;", "&");
    let second = ada.get(&next).await.is(StatusCode::OK).text();
    assert!(
        second.contains("Signed up") && !second.contains(">Earlier<"),
        "{second}"
    );
}

#[tokio::test]
async fn to_somebody_who_is_gone_nothing_is_done_and_the_log_says_nothing() {
    let house = House::open().await;
    let (source, config) = (Source::operator(), &house.config);
    let (db, hand, nobody) = (&house.db, Hand::operator(&source), stranger());
    let desk = Desk::new(config);
    let outcomes = [
        operator::disable(db, hand, nobody).await,
        operator::enable(db, hand, nobody).await,
        operator::end_sessions(db, hand, nobody).await.map(drop),
        operator::give_role(db, hand, nobody, Role::Admin)
            .await
            .map(drop),
        operator::reset_link(db, config, hand, nobody)
            .await
            .map(drop),
        operator::reset_second_factor(db, &desk, hand, nobody)
            .await
            .map(drop),
        operator::delete(db, hand, nobody).await,
    ];
    assert_eq!(outcomes, [Err(Error::NotFound); 7]);
    let log = house.column("SELECT event FROM audit_event").await;
    assert!(log.is_empty(), "{log:?}");
}

#[tokio::test]
async fn whoever_is_gone_changes_nothing_about_themselves() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let who = house.signs_in(&house.browser(), &ada).await;
    house.run("DELETE FROM \"user\"").await;
    house.run("DELETE FROM audit_event").await;
    let (db, source) = (&house.db, Source::operator());
    let profile = account::change_profile(db, &source, &who, &Profile::default()).await;
    let look = account::change_look(db, &source, &who, Look::default()).await;
    assert_eq!(
        (profile, look.map(drop)),
        (Err(Error::Unauthorized), Err(Error::Unauthorized))
    );
    let log = house.column("SELECT event FROM audit_event").await;
    assert!(log.is_empty(), "{log:?}");
}
