//! `latchkey doctor`, and what every command says when the configuration is wrong.

use crate::support::{House, binary::ended};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::symlink,
    thread,
};

#[tokio::test]
async fn a_healthy_house_has_nothing_but_ok() {
    let house = House::open().await;
    let done = house.runs(&["doctor"]);
    assert_eq!(done.status, Some(0), "{done:?}");
    for about in [
        "configuration",
        "secret",
        "address",
        "database",
        "tables",
        "clock",
        "mail",
    ] {
        assert!(
            done.out.contains(&format!("ok    {about} ")),
            "{about}: {}",
            done.out
        );
    }
    assert!(!done.out.contains("FAIL"), "{}", done.out);
}

#[tokio::test]
async fn a_table_that_is_gone_is_named() {
    let house = House::open().await;
    house.run("DROP TABLE verification").await;
    let done = house.runs(&["doctor"]);
    assert_eq!(done.status, Some(1), "{done:?}");
    assert!(
        done.out
            .contains("FAIL  tables         verification is missing."),
        "{}",
        done.out
    );
}

#[tokio::test]
async fn a_change_that_is_pending_is_told_with_its_cure() {
    let house = House::open().await;
    house.db.migrate_down().await.expect("down");
    let done = house.runs(&["doctor"]);
    assert_eq!(done.status, Some(1), "{done:?}");
    assert!(done.out.contains("Run `latchkey migrate`"), "{}", done.out);
}

#[tokio::test]
async fn c3_a_database_that_is_away_is_told_without_its_password() {
    let house = House::open().await;
    let mut command = house.binary(&["doctor"]);
    command.env(
        "DATABASE_URL",
        "postgres://maya:hushhush@127.0.0.1:1/latchkey",
    );
    let done = ended(&mut command);
    assert_eq!(done.status, Some(1), "{done:?}");
    assert!(
        done.out
            .contains("FAIL  database       The database cannot be reached."),
        "{}",
        done.out
    );
    assert!(!format!("{done:?}").contains("hushhush"), "{done:?}");
}

/// A pooler that knows of no parameters, as `PgBouncer` is unless it is told to ignore them.
fn pooler() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let refuse = |mut caller: TcpStream| {
        // Asked for TLS it says no, and to whatever comes after that why not.
        let mut asked = [0; 8];
        caller.read_exact(&mut asked)?;
        caller.write_all(b"N")?;
        caller.read_exact(&mut asked)?;
        let fields =
            b"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: extra_float_digits\0\0";
        let length = u32::try_from(fields.len() + 4).expect("short");
        caller.write_all(&[b"E", &length.to_be_bytes()[..], fields].concat())
    };
    thread::spawn(move || listener.incoming().flatten().try_for_each(refuse));
    address
}

#[tokio::test]
async fn c3_a_pooler_that_refuses_how_we_connect_is_told_with_its_cure() {
    let house = House::open().await;
    let mut command = house.binary(&["doctor"]);
    let url = format!("postgres://maya:hushhush@{}/latchkey", pooler());
    let done = ended(command.env("DATABASE_URL", url));
    assert_eq!(done.status, Some(1), "{done:?}");
    for words in [
        "FAIL  database       A pooler stands before the database",
        "ignore the parameters extra_float_digits and options",
    ] {
        assert!(done.out.contains(words), "{}", done.out);
    }
}

#[tokio::test]
async fn a_doctor_on_a_fresh_folder_makes_nothing() {
    let house = House::empty().await;
    let fresh = tempfile::tempdir().expect("a folder");
    let mut command = house.binary(&["doctor"]);
    command
        .current_dir(fresh.path())
        .env_remove("DATABASE_URL")
        .env_remove("AUTH_SECRET");
    let done = ended(&mut command);
    assert_eq!(done.status, Some(0), "{done:?}");
    assert!(done.out.contains("warn  database"), "{}", done.out);
    assert_eq!(fs::read_dir(fresh.path()).expect("a folder").count(), 0);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_a_fault_as_it_is_at_the_start() {
    let house = House::empty().await;
    let fresh = tempfile::tempdir().expect("a folder");
    fs::write(fresh.path().join("file"), "").expect("written");
    symlink("nowhere", fresh.path().join("link")).expect("a link");
    // Permissions stop everybody but root; these stop root too.
    for folder in ["file", "file/deep/data", "link", "link/data", "/proc/none"] {
        let run = |words: &[&str]| {
            let mut command = house.binary(words);
            let url = format!("sqlite:{folder}/latchkey.db");
            ended(command.current_dir(fresh.path()).env("DATABASE_URL", url))
        };
        let done = run(&["doctor"]);
        assert_eq!(done.status, Some(1), "{done:?}");
        for words in [
            format!("FAIL  folder         The server cannot make {folder} ("),
            format!("FAIL  database       The server cannot make {folder}/latchkey.db ("),
        ] {
            assert!(done.out.contains(&words), "{words}: {}", done.out);
        }
        // It makes its folder as the server does, but ends where that succeeds.
        let started = run(&["migrate"]);
        assert_eq!(started.status, Some(1), "{started:?}");
    }
    assert_eq!(fs::read_dir(fresh.path()).expect("a folder").count(), 2);
}

#[tokio::test]
async fn a_database_without_tables_is_looked_at_without_a_fault_in_the_log() {
    let house = House::empty().await;
    let done = house.runs(&["doctor"]);
    assert_eq!(done.status, Some(0), "{done:?}");
    assert!(done.out.contains("warn  tables"), "{}", done.out);
    assert!(!done.err.contains("audit_event"), "{}", done.err);
}

#[tokio::test]
async fn what_is_unwise_is_a_warning_with_its_cure() {
    let house = House::open().await;
    let mut command = house.binary(&["doctor"]);
    command
        .env("PUBLIC_URL", "http://tasks.example.org")
        .env("RATE_LIMIT", "off");
    let done = ended(&mut command);
    assert_eq!(done.status, Some(0), "{done:?}");
    assert!(done.out.contains("warn  address"), "{}", done.out);
    assert!(done.out.contains("warn  limits"), "{}", done.out);
}

#[tokio::test]
async fn every_fault_of_the_configuration_is_told_at_once_and_no_value() {
    let house = House::open().await;
    for (words, status) in [
        (&["serve"][..], 2),
        (&["migrate"], 2),
        (&["user", "list"], 2),
        (&["backup", "copy"], 2),
        (&["doctor"], 1),
    ] {
        let mut command = house.binary(words);
        command
            .env("AUTH_SECRET", "hushhush")
            .env("SIGN_UP", "maybe-hushhush")
            .env("LEPTOS_SITE_ADDR", "hushhush:80");
        let done = ended(&mut command);
        assert_eq!(done.status, Some(status), "{done:?}");
        let said = format!("{}{}", done.out, done.err);
        for variable in ["AUTH_SECRET", "SIGN_UP", "LEPTOS_SITE_ADDR"] {
            assert!(said.contains(variable), "{variable} is not in {said}");
        }
        assert!(!said.contains("hushhush"), "{said}");
    }
}

#[tokio::test]
async fn dotenv_in_the_working_folder_fills_in_what_the_environment_leaves_open() {
    let house = House::open().await;
    fs::write(
        house.folder.path().join(".env"),
        "SIGN_UP=maybe\nRATE_LIMIT=perhaps\n",
    )
    .expect("written");
    let mut command = house.binary(&["doctor"]);
    command.env("RATE_LIMIT", "on");
    let done = ended(&mut command);
    assert_eq!(done.status, Some(1), "{done:?}");
    assert!(
        done.out.contains("SIGN_UP") && !done.out.contains("RATE_LIMIT"),
        "{}",
        done.out
    );
}

#[tokio::test]
async fn a_secret_is_printed_and_nothing_else_is_needed() {
    let house = House::empty().await;
    let fresh = tempfile::tempdir().expect("a folder");
    let done = ended(
        house
            .binary(&["secret"])
            .env_clear()
            .current_dir(fresh.path()),
    );
    assert_eq!(done.status, Some(0), "{done:?}");
    assert!(
        done.out.trim_end().len() == 44 && done.err.is_empty(),
        "{done:?}"
    );
    assert_eq!(fs::read_dir(fresh.path()).expect("a folder").count(), 0);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_not_made_by_looking() {
    let house = House::empty().await;
    let fresh = tempfile::tempdir().expect("a folder");
    for words in [&["user", "list"][..], &["backup", "copy"]] {
        let mut command = house.binary(words);
        command
            .current_dir(fresh.path())
            .env_remove("DATABASE_URL")
            .env_remove("AUTH_SECRET");
        let done = ended(&mut command);
        assert_eq!(done.status, Some(1), "{done:?}");
        assert!(done.err.contains("There is no database"), "{done:?}");
        assert_eq!(fs::read_dir(fresh.path()).expect("a folder").count(), 0);
    }
}

mod on_postgres {
    use crate::support::House;

    #[tokio::test]
    async fn a_database_that_cannot_be_written_is_told() {
        let house = House::empty().await;
        let name = house.column("SELECT current_database()::text").await;
        let only = format!(
            "ALTER DATABASE \"{}\" SET default_transaction_read_only = on",
            name[0]
        );
        for is_migrated in [false, true] {
            if is_migrated {
                house.db.migrate().await.expect("the migrations run");
            }
            let done = house.runs(&["doctor"]);
            assert!(done.out.contains("ok    database"), "{done:?}");
            house.run(&only).await;
            let done = house.runs(&["doctor"]);
            assert_eq!(done.status, Some(1), "{done:?}");
            assert!(done.out.contains("FAIL  database"), "{done:?}");
            house.run(&only.replace("= on", "= off")).await;
        }
    }
}
