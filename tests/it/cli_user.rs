//! `latchkey user`: what an operator does to accounts, shown where it counts: at the door.

use crate::support::{House, PASSWORD, binary::Done, titled};
use latchkey::{
    domain::{Email, Error, Event, Password, Result, User},
    service::{
        Source, audit, auth, operator, tasks,
        verification::{self, Purpose},
    },
};
use std::{io::Write as _, process::Stdio};

fn create(house: &House, email: &str, typed: &str) -> Done {
    let words = [
        "user",
        "create",
        "--email",
        email,
        "--name",
        "Maya",
        "--password-stdin",
    ];
    let mut child = house
        .binary(&words)
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(typed.as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("its end");
    Done {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

async fn signs_in(house: &House, email: &str) -> Result<User> {
    let (email, claimed) = (email.parse::<Email>()?, Password::claimed(PASSWORD)?);
    let source = Source::operator();
    auth::sign_in(&house.db, &house.hasher, &source, &email, claimed)
        .await
        .map(|known| known.user)
}

/// What the log says of this person, oldest first.
async fn events(house: &House, user: &User) -> Vec<Event> {
    let lines = audit::of_user(&house.db, user.id, 50).await.expect("a log");
    lines.into_iter().rev().map(|line| line.event).collect()
}

fn token_in(done: &Done) -> String {
    assert_eq!(done.status, Some(0), "{done:?}");
    let link = done.out.lines().last().expect("a link");
    let prefix = "http://localhost:3000/reset-password?token=";
    link.strip_prefix(prefix).expect(link).to_owned()
}

#[tokio::test]
async fn an_operator_makes_an_account_on_an_empty_database_with_a_password_that_is_never_shown() {
    let house = House::empty().await;
    let done = create(&house, "Maya@Example.org", &format!("{PASSWORD}\n"));
    assert_eq!(done.status, Some(0), "{done:?}");
    assert!(!format!("{done:?}").contains(PASSWORD), "{done:?}");
    assert!(!done.out.contains("token="), "{done:?}");
    let maya = signs_in(&house, "maya@example.org").await.expect("in");
    assert!(events(&house, &maya).await.contains(&Event::SignUp));

    let again = create(&house, "maya@example.org", PASSWORD);
    assert_eq!(again.status, Some(1), "{again:?}");
    assert!(again.err.contains(Error::EmailTaken.message()), "{again:?}");
}

#[tokio::test]
async fn a1_a_password_from_the_operator_follows_the_rules_too() {
    let house = House::open().await;
    for (typed, error) in [
        ("short\n", Error::PasswordTooShort),
        ("", Error::PasswordTooShort),
        ("password1234\n", Error::PasswordCompromised),
    ] {
        let done = create(&house, "maya@example.org", typed);
        assert_eq!(done.status, Some(1), "{done:?}");
        assert!(done.err.contains(error.message()), "{typed:?} {done:?}");
    }
    assert!(operator::list(&house.db).await.expect("a list").is_empty());
}

#[tokio::test]
async fn b32_without_a_password_a_link_is_shown_that_is_good_once() {
    let house = House::empty().await;
    let done = house.runs(&[
        "user",
        "create",
        "--email",
        "maya@example.org",
        "--name",
        "Maya",
    ]);
    let first = token_in(&done);
    assert!(!done.err.contains(&first), "the log holds the link");
    assert_eq!(
        signs_in(&house, "maya@example.org").await,
        Err(Error::InvalidCredentials)
    );

    let second = token_in(&house.runs(&["user", "reset-link", "MAYA@example.org"]));
    let writer = house.db.write();
    assert_eq!(
        verification::consume(writer, Purpose::PasswordReset, &first).await,
        Err(Error::InvalidResetToken)
    );
    assert!(
        verification::consume(writer, Purpose::PasswordReset, &second)
            .await
            .is_ok()
    );
    assert_eq!(
        verification::consume(writer, Purpose::PasswordReset, &second).await,
        Err(Error::InvalidResetToken)
    );
}

#[tokio::test]
async fn a13_disabling_an_account_ends_sessions_tokens_and_links_at_once() {
    let house = House::open().await;
    let (bob, ada) = (house.sign_up("Bob").await, house.sign_up("Ada").await);
    let (hers, his) = (house.browser(), house.browser());
    let (her, him) = (
        house.signs_in(&hers, &ada).await,
        house.signs_in(&his, &bob).await,
    );
    let (her_token, _) = house.keys.issue(&her).expect("a token");
    let (his_token, _) = house.keys.issue(&him).expect("a token");
    let link = token_in(&house.runs(&["user", "reset-link", "ada@example.org"]));

    assert_eq!(
        house.runs(&["user", "disable", "ada@example.org"]).status,
        Some(0)
    );

    let bearer = async |token: &str| auth::by_bearer(&house.db, &house.keys, token).await;
    assert_eq!(bearer(&her_token).await, Err(Error::InvalidToken));
    assert!(bearer(&his_token).await.is_ok());
    assert_eq!(
        signs_in(&house, "ada@example.org").await,
        Err(Error::InvalidCredentials)
    );
    assert_eq!(
        verification::read(house.db.read(), Purpose::PasswordReset, &link).await,
        Err(Error::InvalidResetToken)
    );
    let refused = house.runs(&["user", "reset-link", "ada@example.org"]);
    assert!(
        refused.status == Some(1) && refused.err.contains("user enable"),
        "{refused:?}"
    );
    assert!(house.runs(&["user", "list"]).out.contains("disabled"));

    assert_eq!(
        house.runs(&["user", "enable", "ada@example.org"]).status,
        Some(0)
    );
    assert!(signs_in(&house, "ada@example.org").await.is_ok());
    assert_eq!(bearer(&her_token).await, Err(Error::InvalidToken));
    let log = events(&house, &ada).await;
    for event in [
        Event::PasswordResetRequested,
        Event::Disabled,
        Event::Enabled,
    ] {
        assert!(log.contains(&event), "{event:?} is not in {log:?}");
    }
}

#[tokio::test]
async fn deleting_an_account_leaves_nothing_of_it_and_everything_of_others() {
    let house = House::open().await;
    let (bob, ada) = (house.sign_up("Bob").await, house.sign_up("Ada").await);
    for person in [&ada, &bob] {
        house.signs_in(&house.browser(), person).await;
        let made = async |title| {
            tasks::create(&house.db, person.id, titled(title))
                .await
                .expect("a task")
        };
        made("Water the plants").await;
        let gone = made("Book the dentist").await;
        tasks::delete(&house.db, person.id, gone.id, None)
            .await
            .expect("deleted");
    }
    token_in(&house.runs(&["user", "reset-link", "ada@example.org"]));

    let refused = house.runs(&["user", "delete", "ada@example.org"]);
    assert_eq!(refused.status, Some(2), "{refused:?}");
    let done = house.runs(&["user", "delete", "ada@example.org", "--yes"]);
    assert_eq!(done.status, Some(0), "{done:?}");

    for table in ["session", "account", "task", "deleted_task"] {
        let owners = house.column(&format!("SELECT user_id FROM {table}")).await;
        assert_eq!(owners, [bob.id.to_string()], "{table}");
    }
    assert!(
        house
            .column("SELECT identifier FROM verification")
            .await
            .is_empty()
    );
    assert_eq!(operator::list(&house.db).await.expect("a list").len(), 1);
    assert!(events(&house, &ada).await.contains(&Event::Deleted));
}

#[tokio::test]
async fn accounts_are_listed_for_eyes_and_for_programs() {
    let house = House::open().await;
    assert_eq!(
        house.runs(&["user", "list"]).out,
        "There are no accounts yet.\n"
    );
    assert_eq!(house.runs(&["user", "list", "--json"]).out.trim(), "[]");
    let ada = house.sign_up("Ada").await;
    house.sign_up("Bartholomew").await;

    let table = house.runs(&["user", "list"]).out;
    let columns: Vec<Option<usize>> = table.lines().map(|line| line.find("20")).collect();
    assert!(columns.len() == 3 && columns[1] == columns[2], "{table}");

    let list: serde_json::Value =
        serde_json::from_str(&house.runs(&["user", "list", "--json"]).out).expect("JSON");
    assert_eq!(list[0]["id"], ada.id.to_string());
    assert_eq!(list[0]["email"], "ada@example.org");
    assert!(list[0]["disabledAt"].is_null() && !list.to_string().contains("argon2"));
}

#[tokio::test]
async fn an_address_without_an_account_is_told() {
    let house = House::open().await;
    for words in [
        &["user", "disable", "nobody@example.org"][..],
        &["user", "enable", "nobody@example.org"],
        &["user", "reset-link", "nobody@example.org"],
        &["user", "promote", "nobody@example.org"],
        &["user", "demote", "nobody@example.org"],
        &["user", "delete", "nobody@example.org", "--yes"],
    ] {
        let done = house.runs(words);
        assert_eq!(done.status, Some(1), "{done:?}");
        assert!(
            done.err
                .contains("no account with the address nobody@example.org"),
            "{done:?}"
        );
    }
}

#[tokio::test]
async fn a_database_whose_tables_are_not_up_to_date_is_not_touched() {
    let house = House::open().await;
    house.db.migrate_down().await.expect("down");
    for words in [
        &["user", "list"][..],
        &[
            "user",
            "create",
            "--email",
            "maya@example.org",
            "--name",
            "Maya",
        ],
    ] {
        let done = house.runs(words);
        assert_eq!(done.status, Some(1), "{done:?}");
        assert!(done.err.contains("Run `latchkey migrate`"), "{done:?}");
    }
    assert_eq!(house.db.is_migrated().await, Ok(false));
}
