//! `latchkey import better-auth`: people move in with their passwords, all who can or nobody, and the other database is only read.

use crate::support::{
    House,
    better_auth::{BetterAuth, Dialect, THEIR_PASSWORD},
    binary::Done,
};
use latchkey::{
    domain::{Email, Error, Event, Password, Result, User},
    service::{Source, audit, auth, operator},
};
use std::fs;

fn import(house: &House, from: &BetterAuth, more: &[&str]) -> Done {
    let words = ["import", "better-auth", &from.url];
    house.runs(&[&words[..], more].concat())
}

fn done(done: &Done) -> &str {
    assert_eq!(done.status, Some(0), "{done:?}");
    &done.out
}

async fn signs_in(house: &House, email: &str, password: &str) -> Result<User> {
    let (email, claimed) = (email.parse::<Email>()?, Password::claimed(password)?);
    let source = Source::operator();
    auth::sign_in(&house.db, &house.hasher, &source, &email, claimed)
        .await
        .map(|known| known.user)
}

/// How many rows the tables have that an import could touch.
async fn rows(house: &House) -> Vec<String> {
    let mut all = Vec::new();
    for table in ["\"user\"", "account", "task", "audit_event"] {
        let sql = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}");
        all.extend(house.column(&sql).await);
    }
    all
}

/// Every kind of database that there is to move in from where these tests run.
async fn every_kind() -> Vec<BetterAuth> {
    let mut all = Vec::new();
    for dialect in [Dialect::Own, Dialect::ByHand] {
        let here = BetterAuth::open(dialect).await;
        if here.is_postgres() {
            all.push(BetterAuth::in_a_file(dialect).await);
        }
        all.push(here);
    }
    all
}

#[tokio::test]
async fn a6_a_person_signs_in_with_the_password_from_there_and_it_is_argon2id_from_then_on() {
    for from in every_kind().await {
        let house = House::open().await;
        from.signs_up("aB3", "Maya Lindqvist", "Maya@Example.org")
            .await;
        done(&import(&house, &from, &["--apply"]));

        let stored = async || house.column("SELECT password FROM account").await.remove(0);
        assert!(stored().await.starts_with("$scrypt$ln=14,r=16,p=1$"));
        assert_eq!(
            signs_in(&house, "maya@example.org", "three words apar").await,
            Err(Error::InvalidCredentials)
        );
        assert!(stored().await.starts_with("$scrypt$"));
        for _ in 0..2 {
            let maya = signs_in(&house, "maya@example.org", THEIR_PASSWORD)
                .await
                .expect("in");
            assert_eq!(
                (maya.name.as_str(), maya.email.as_str()),
                ("Maya Lindqvist", "Maya@Example.org")
            );
            assert!(maya.email_verified);
            assert_eq!(maya.created_at.to_string(), "2026-01-02T03:04:05.678Z");
            assert_eq!(maya.updated_at.to_string(), "2026-01-02T03:04:06.000Z");
            assert!(
                stored()
                    .await
                    .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
            );
        }
        assert_eq!(
            signs_in(&house, "maya@example.org", "three words apar").await,
            Err(Error::InvalidCredentials)
        );
    }
}

#[tokio::test]
async fn without_apply_it_is_only_said_who_would_come() {
    for from in every_kind().await {
        let house = House::open().await;
        from.signs_up("aB3", "Maya", "maya@example.org").await;
        from.signs_up("aB4", "Ada", "ada@example.org").await;
        let (here, there) = (rows(&house).await, from.bytes().await);

        let tried = import(&house, &from, &[]);
        assert!(done(&tried).contains("Would come: 2\n"), "{tried:?}");
        assert!(
            tried
                .out
                .ends_with("The same with --apply lets them come.\n"),
            "{tried:?}"
        );
        assert_eq!(rows(&house).await, here);
        assert_eq!(from.bytes().await, there);

        done(&import(&house, &from, &["--apply"]));
        assert_eq!(from.bytes().await, there, "the other database was written");
    }
}

#[tokio::test]
async fn a_second_run_finds_everybody_here_and_changes_nothing() {
    let house = House::open().await;
    let from = BetterAuth::open(Dialect::Own).await;
    let uuid = "0197a9d4-0000-7000-8000-00000000000a";
    from.signs_up("aB3", "Maya", "maya@example.org").await;
    from.signs_up(uuid, "Ada", "ada@example.org").await;
    let first = import(&house, &from, &["--apply"]);
    assert!(done(&first).contains("Came now: 2\n"), "{first:?}");
    signs_in(&house, "maya@example.org", THEIR_PASSWORD)
        .await
        .expect("in");
    let passwords = house
        .column("SELECT password FROM account ORDER BY account_id")
        .await;

    // What changes there afterwards does not change anybody here.
    from.run("update \"user\" set \"email\" = 'maya@elsewhere.org' where \"id\" = 'aB3'")
        .await;
    let before = rows(&house).await;
    for more in [&[][..], &["--apply"]] {
        let again = import(&house, &from, more);
        assert!(
            done(&again).contains("Came at an earlier time: 2\n"),
            "{again:?}"
        );
        assert!(
            again
                .out
                .ends_with("Everybody is here already. Nothing was changed.\n"),
            "{again:?}"
        );
    }
    assert_eq!(rows(&house).await, before);
    assert_eq!(
        house
            .column("SELECT password FROM account ORDER BY account_id")
            .await,
        passwords
    );

    from.signs_up("aB5", "Bob", "bob@example.org").await;
    let third = import(&house, &from, &["--apply"]);
    assert!(done(&third).contains("Came now: 1\n"), "{third:?}");
    let people = operator::list(&house.db).await.expect("a list");
    let ada = people.iter().find(|one| one.email == "ada@example.org");
    assert_eq!(ada.expect("she is here").id.to_string(), uuid);
    assert!(people.iter().any(|one| one.email == "maya@example.org"));
}

#[tokio::test]
async fn b18_b41_whoever_cannot_come_is_told_with_the_reason_and_holds_nobody_up() {
    let house = House::open().await;
    house.sign_up("Ada").await;
    let from = BetterAuth::open(Dialect::Own).await;
    from.signs_up("1", "Ada", "ADA@example.org").await;
    from.signs_up("2", "Bob", "bob@localhost").await;
    from.signs_up("3", "Cleo", "cleo@example.org").await;
    from.signs_up("4", "Cleo", "Cleo@Example.org").await;
    from.signs_up("5", "\u{1b}[31mEvil", "e\u{1b}[31m@example.org")
        .await;
    from.signs_up("6", "", "dora@example.org").await;

    let came = import(&house, &from, &["--apply"]);
    let out = done(&came);
    for line in [
        "People in the other database: 6\n",
        "Came now: 1\n",
        "Left out: 5\n",
        "  ADA@example.org: somebody here has this address already\n",
        "  bob@localhost: is no e-mail address\n",
        "  cleo@example.org: several people there have this address; keep one of them\n",
        "  Cleo@Example.org: several people there have this address; keep one of them\n",
        "  e\\u{1b}[31m@example.org: is no e-mail address\n",
        "  dora@example.org: is called dora here\n",
    ] {
        assert!(out.contains(line), "{line} is not in {out}");
    }
    assert!(!out.contains('\u{1b}'));
    let mut people: Vec<String> = house.column("SELECT email FROM \"user\"").await;
    people.sort();
    assert_eq!(people, ["ada@example.org", "dora@example.org"]);
    assert!(
        signs_in(&house, "ada@example.org", "a guess of mine")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn whoever_has_no_password_there_comes_without_one_and_gets_a_link() {
    let house = House::open().await;
    let from = BetterAuth::open(Dialect::Own).await;
    from.person("1", "Maya", "maya@example.org").await;
    from.account("1", "github", None).await;
    from.person("2", "Ada", "ada@example.org").await;
    from.account("2", "credential", Some("$2b$10$abcdefghijklmnopqrstuv"))
        .await;
    from.person("3", "Bob", "bob@example.org").await;

    let came = import(&house, &from, &["--apply"]);
    for line in [
        "Came now: 3\n",
        "`latchkey user reset-link`",
        "  maya@example.org: signs in there with github\n",
        "  ada@example.org: its hash is not of Better Auth's own kind\n",
        "  bob@example.org: has none there\n",
    ] {
        assert!(done(&came).contains(line), "{line} is not in {came:?}");
    }
    let passwords = "SELECT COALESCE(password, 'none') FROM account";
    assert_eq!(house.column(passwords).await, ["none", "none", "none"]);
    for guess in ["", "null", "none"] {
        assert_eq!(
            signs_in(&house, "maya@example.org", guess).await,
            Err(Error::InvalidCredentials)
        );
    }
    let link = house.runs(&["user", "reset-link", "maya@example.org"]);
    assert!(done(&link).contains("/reset-password?token="), "{link:?}");
}

#[tokio::test]
async fn a13_whoever_is_banned_there_cannot_sign_in_here_and_the_log_knows_who_moved_in() {
    let house = House::open().await;
    let from = BetterAuth::open(Dialect::Own).await;
    let truth = if from.is_postgres() {
        "boolean"
    } else {
        "integer"
    };
    from.run(&format!(
        "alter table \"user\" add column \"banned\" {truth}"
    ))
    .await;
    from.signs_up("1", "Maya", "maya@example.org").await;
    let yes = if from.is_postgres() { "true" } else { "1" };
    from.run(&format!("update \"user\" set \"banned\" = {yes}"))
        .await;
    from.signs_up("2", "Ada", "ada@example.org").await;

    let came = import(&house, &from, &["--apply"]);
    let line = "  maya@example.org: is banned there and disabled here\n";
    assert!(done(&came).contains(line), "{came:?}");
    assert_eq!(
        signs_in(&house, "maya@example.org", THEIR_PASSWORD).await,
        Err(Error::InvalidCredentials)
    );
    let ada = signs_in(&house, "ada@example.org", THEIR_PASSWORD)
        .await
        .expect("in");
    let log = audit::of_user(&house.db, ada.id, 50).await.expect("a log");
    assert!(log.iter().any(|line| line.event == Event::MovedIn));
}

#[tokio::test]
async fn tasks_come_with_their_people_when_they_are_asked_for() {
    for from in every_kind().await {
        let house = House::open().await;
        from.signs_up("aB3", "Maya", "maya@example.org").await;
        from.signs_up("aB4", "Bob", "bob@localhost").await;
        from.run(
            "create table tasks (\"id\" integer primary key, \"title\" text not null, \"completed\" boolean, \"dueDate\" text, \"tags\" text, \"userId\" text)",
        )
        .await;
        from.run(
            "insert into tasks values (1, 'Water the plants', false, '2030-05-01', 'home', 'aB3'), (2, 'Call Ada', true, null, null, 'aB3'), \
             (3, 'His', false, null, null, 'aB4'), (4, 'Nobody''s', false, null, null, null)",
        )
        .await;
        let came = import(&house, &from, &["--apply", "--tasks"]);
        let line = "Tasks with those who come: 2, of others: 2\n";
        assert!(done(&came).contains(line), "{came:?}");
        assert_eq!(
            house
                .column("SELECT title || ' | ' || description || ' | ' || COALESCE(due_date, '') || ' | ' || CASE WHEN completed_at IS NULL THEN 'open' ELSE 'done' END FROM task ORDER BY title DESC")
                .await,
            ["Water the plants | tags: home | 2030-05-01 | open", "Call Ada |  |  | done"]
        );
        let maya = house.column("SELECT id FROM \"user\"").await;
        assert_eq!(
            house.column("SELECT DISTINCT user_id FROM task").await,
            maya
        );

        let before = rows(&house).await;
        done(&import(&house, &from, &["--apply", "--tasks"]));
        assert_eq!(rows(&house).await, before);
    }
}

#[tokio::test]
async fn all_come_or_nobody_does() {
    let house = House::open().await;
    house
        .run("CREATE UNIQUE INDEX one_of_a_name ON \"user\" (name)")
        .await;
    let from = BetterAuth::open(Dialect::Own).await;
    for number in 0..700 {
        let (id, email) = (format!("u{number}"), format!("u{number}@example.org"));
        let name = format!("Person {}", number.min(698));
        from.person(&id, &name, &email).await;
    }
    let before = rows(&house).await;
    let refused = import(&house, &from, &["--apply"]);
    assert_eq!(refused.status, Some(1), "{refused:?}");
    assert!(
        refused.err.contains("nothing was changed. Run it again."),
        "{refused:?}"
    );
    assert_eq!(rows(&house).await, before);

    house.run("DROP INDEX one_of_a_name").await;
    let came = import(&house, &from, &["--apply"]);
    assert!(done(&came).contains("Came now: 700\n"), "{came:?}");
}

#[tokio::test]
async fn b46_what_cannot_be_read_is_said_without_the_password_in_its_address() {
    let house = House::open().await;
    let from = BetterAuth::open(Dialect::Own).await;
    let empty = BetterAuth::open(Dialect::Own).await;
    empty.run("drop table \"account\"").await;
    from.run("alter table \"account\" rename column \"password\" to \"secret\"")
        .await;
    for (address, status, said) in [
        ("mysql://maya:hush@db/auth", 2, "neither a sqlite:"),
        (
            "postgres://maya:hush@/auth",
            2,
            "The address of the other database",
        ),
        ("postgres://maya:hush@127.0.0.1:1/auth", 1, "cannot be read"),
        ("sqlite://hush/nothing.db", 1, "There is no file"),
        (&*empty.url, 1, "no table `account`"),
        (&*from.url, 1, "has no column `password`"),
    ] {
        let refused = house.runs(&["import", "better-auth", address, "--apply"]);
        assert_eq!(refused.status, Some(status), "{refused:?}");
        assert!(refused.err.contains(said), "{said}: {refused:?}");
        assert!(!format!("{refused:?}").contains("hush"), "{refused:?}");
    }
    assert!(!house.folder.path().join("hush").exists());

    let other = BetterAuth::open(Dialect::Own).await;
    let done = import(&house, &other, &["--tasks"]);
    assert!(done.err.contains("no table `task`"), "{done:?}");
    let nobody = import(&house, &other, &["--apply"]);
    assert!(nobody.out.contains("There is nobody"), "{nobody:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_and_tables_that_are_not_up_to_date_are_told() {
    let house = House::open().await;
    let file = house.folder.path().join("letter.db");
    fs::write(&file, "Dear Maya, ".repeat(200)).expect("written");
    let address = format!("sqlite://{}", file.display());
    let refused = house.runs(&["import", "better-auth", &address]);
    assert_eq!(refused.status, Some(1), "{refused:?}");
    assert!(
        refused.err.contains("damaged, or no SQLite database"),
        "{refused:?}"
    );

    let from = BetterAuth::open(Dialect::Own).await;
    house.db.migrate_down().await.expect("down");
    let refused = import(&house, &from, &["--apply"]);
    assert_eq!(refused.status, Some(1), "{refused:?}");
    assert!(
        refused.err.contains("Run `latchkey migrate`"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_password_that_was_set_meanwhile_is_not_undone_by_a_sign_in_with_the_one_from_there() {
    let house = House::open().await;
    let from = BetterAuth::open(Dialect::Own).await;
    from.signs_up("aB3", "Maya", "maya@example.org").await;
    done(&import(&house, &from, &["--apply"]));
    // Whichever is first, what was set stays: checking the old password takes longer than setting the new one.
    let chosen = Password::chosen("four words further apart").expect("a password");
    let new = house.hasher.hash(chosen).await.expect("a hash");
    let sql = format!("UPDATE account SET password = '{}'", new.as_str());
    let (_, ()) = tokio::join!(
        signs_in(&house, "maya@example.org", THEIR_PASSWORD),
        house.run(&sql)
    );
    assert_eq!(
        house.column("SELECT password FROM account").await,
        [new.as_str()]
    );
}

mod on_postgres {
    use super::{done, import, signs_in};
    use crate::support::{
        House,
        better_auth::{BetterAuth, Dialect, THEIR_PASSWORD},
    };
    use latchkey::service::config::Secret;

    #[tokio::test]
    async fn from_postgresql_into_a_file_they_come_too() {
        let from = BetterAuth::open(Dialect::Own).await;
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/latchkey.db", folder.path().display());
        let house = House::with(|config| config.database_url = Secret::new(url)).await;
        house.db.migrate().await.expect("up");
        from.signs_up("aB3", "Maya", "maya@example.org").await;
        done(&import(&house, &from, &["--apply"]));
        assert!(
            signs_in(&house, "maya@example.org", THEIR_PASSWORD)
                .await
                .is_ok()
        );
    }

    #[tokio::test]
    async fn from_a_schema_of_its_own_they_come_when_the_address_names_it() {
        let from = BetterAuth::open(Dialect::Own).await;
        from.signs_up("aB3", "Maya", "maya@example.org").await;
        from.run("create schema auth; alter table \"user\" set schema auth; alter table \"account\" set schema auth")
        .await;
        let house = House::open().await;
        let lost = import(&house, &from, &[]);
        assert!(lost.err.contains("no table `user`"), "{lost:?}");
        let address = format!("{}?options=-csearch_path%3Dauth", from.url);
        let found = house.runs(&["import", "better-auth", &address]);
        assert!(done(&found).contains("Would come: 1\n"), "{found:?}");
    }
}
