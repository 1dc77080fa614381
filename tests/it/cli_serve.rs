//! `latchkey serve`: how it starts, waits and stops.

use crate::support::{
    House,
    app::App,
    binary::{Server, ended},
};
use http::StatusCode;
use latchkey::{
    domain::{Email, NewTask},
    service::{audit, clock, session, tasks, upkeep},
};
use std::{
    fs,
    net::{TcpListener, TcpStream},
    time::Duration,
};
use tokio::time::sleep;

#[tokio::test]
async fn c2_a_server_makes_its_tables_listens_and_stops_when_it_is_told_to() {
    let house = House::empty().await;
    let server = house.serves();
    server.is_ready().await;
    assert_eq!(server.status("/healthz"), 200);
    assert_eq!(house.db.is_migrated().await, Ok(true));
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn c2_readiness_ends_as_soon_as_the_server_is_told_to_stop() {
    let app = App::open().await;
    let ready = async || app.browser().get("/readyz").await.status;
    assert_eq!(ready().await, StatusCode::OK);
    app.stopping.begin();
    assert_eq!(ready().await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.browser().get("/healthz").await.status, StatusCode::OK);
}

/// It would take twice its memory.
#[tokio::test]
async fn a_server_is_not_laid_into_huge_pages_where_the_system_makes_them_of_everything() {
    let house = House::open().await;
    let server = house.serves();
    server.is_ready().await;
    let system = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
    let makes_them = system.is_ok_and(|system| system.contains("[always]"));
    // A kernel that makes none says so of every process, and a process inherits what its parent was told.
    let own = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let may_never = own
        .lines()
        .any(|line| line.split_whitespace().eq(["THP_enabled:", "0"]));
    if let Some(may_have_some) = server.status_of_process("THP_enabled") {
        assert_eq!(may_have_some == "0", makes_them || may_never);
    }
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn the_figures_are_served_where_metrics_addr_says() {
    let house = House::open().await;
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let done = ended(house.binary(&["serve"]).env("METRICS_ADDR", &address));
    assert_eq!(done.status, Some(1), "{done:?}");
    assert!(done.err.contains("METRICS_ADDR"), "{done:?}");
    drop(taken);
    let server = Server::start(house.binary(&["serve"]).env("METRICS_ADDR", &address));
    assert_eq!(Server::status_at(&address, "/metrics"), 200);
    assert_eq!(server.status("/metrics"), 404);
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn a_server_whose_log_cannot_be_written_starts_and_answers() {
    let house = House::empty().await;
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    drop(taken);
    let mut child = house
        .limited("exec >/dev/full 2>&1")
        .env("LEPTOS_SITE_ADDR", &address)
        .env("LOG_FORMAT", "pretty")
        .spawn()
        .expect("it starts");
    while TcpStream::connect(&address).is_err() {
        assert!(child.try_wait().expect("its state").is_none(), "it ended");
        sleep(Duration::from_millis(20)).await;
    }
    for _ in 0..3 {
        assert_eq!(Server::status_at(&address, "/healthz"), 200);
    }
    child.kill().expect("killed");
    child.wait().expect("its end");
}

#[tokio::test]
async fn the_start_says_where_everything_is_and_whether_it_is_new() {
    let house = House::empty().await;
    for word in ["which is new", "which was there"] {
        let server = house.serves();
        let mut greeting = server.greeting.iter();
        let line = greeting.find(|line| line.contains("the database is "));
        let line = line.expect("a line of its own");
        assert!(line.contains(word), "{line}");
        let place = if house.is_postgres() {
            "postgres"
        } else {
            house.folder.path().to_str().expect("a path")
        };
        assert!(line.contains(place), "{line}");
        assert_eq!(server.stops(), Some(0));
    }
}

#[tokio::test]
async fn nothing_typed_means_serve() {
    let house = House::empty().await;
    let server = Server::start(&mut house.binary(&[]));
    server.is_ready().await;
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_with_its_cure() {
    let house = House::open().await;
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let done = ended(house.binary(&["serve"]).env("LEPTOS_SITE_ADDR", &address));
    assert_eq!(done.status, Some(1), "{done:?}");
    assert!(
        done.err.contains("Another program listens there") && done.err.contains("LEPTOS_SITE_ADDR"),
        "{done:?}"
    );
}

#[tokio::test]
async fn c3_a_server_that_waits_stops_when_it_is_told_to() {
    let house = House::open().await;
    let nowhere = "postgres://maya:hushhush@127.0.0.1:1/latchkey";
    let server = Server::start(house.binary(&["serve"]).env("DATABASE_URL", nowhere));
    assert_eq!(server.status("/healthz"), 200);
    assert_eq!(server.status("/readyz"), 503);
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn a_database_that_waiting_cannot_cure_ends_the_start() {
    let house = House::empty().await;
    let path = house.folder.path().join("notes.txt");
    std::fs::write(&path, "this is a text and no database. ".repeat(200)).expect("written");
    let url = format!("sqlite://{}", path.display());
    let done = ended(house.binary(&["serve"]).env("DATABASE_URL", url));
    assert_eq!(done.status, Some(1), "{done:?}");
    assert!(done.err.contains("no SQLite database"), "{done:?}");
}

#[tokio::test]
async fn a37_a_secret_that_could_be_guessed_ends_the_start_and_is_not_told() {
    let house = House::empty().await;
    let (hush, letter) = ("hush".repeat(8), "a".repeat(64));
    let placeholder = "your-256-bit-secret-that-everybody-knows";
    for secret in ["hushhush", &letter, &hush, placeholder] {
        let done = ended(house.binary(&["serve"]).env("AUTH_SECRET", secret));
        assert!(matches!(done.status, Some(1 | 2)), "{secret}: {done:?}");
        assert!(done.err.contains("AUTH_SECRET"), "{secret}: {done:?}");
        assert!(done.err.contains("latchkey secret"), "{secret}: {done:?}");
        let said = format!("{}{}", done.out, done.err);
        assert!(!said.contains(secret), "{said}");
    }
    assert_eq!(house.db.is_migrated().await, Ok(false));
}

#[tokio::test]
async fn c10_what_is_over_is_forgotten_and_what_lives_stays() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let who = house.signs_in(&house.browser(), &ada).await;
    let new = NewTask::titled("Water the plants".parse().expect("a title"));
    let task = tasks::create(&house.db, ada.id, new).await.expect("a task");
    tasks::delete(&house.db, ada.id, task.id, None)
        .await
        .expect("deleted");
    house.runs(&["user", "reset-link", "ada@example.org"]);

    assert_eq!(upkeep::sweep(&house.db, clock::now()).await, 0);
    assert_eq!(
        session::is_open(&house.db, who.session, ada.id).await,
        Ok(true)
    );

    let later = clock::now().plus_seconds(100 * 24 * 60 * 60);
    upkeep::sweep(&house.db, later).await;
    for table in ["session", "verification", "deleted_task", "audit_event"] {
        let left = house.column(&format!("SELECT id FROM {table}")).await;
        assert!(left.is_empty(), "{table}: {left:?}");
    }
    let email: Email = "ada@example.org".parse().expect("an address");
    assert!(
        latchkey::service::operator::find(&house.db, &email)
            .await
            .expect("asked")
            .is_some()
    );
}

#[tokio::test]
async fn c10_more_rows_of_the_log_than_are_removed_at_once_all_go() {
    let house = House::open().await;
    house
        .run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001) \
            INSERT INTO audit_event (id, at, event, outcome, ip_address, user_agent, request_id) \
            SELECT 'old-' || i, 0, 'signed_in', 'success', '', '', '' FROM n",
        )
        .await;
    let gone = audit::sweep(&house.db, clock::now()).await;
    assert_eq!(gone, Ok(20001));
}

#[tokio::test]
async fn c4_a_sweep_outlives_a_table_that_cannot_be_swept() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    house.signs_in(&house.browser(), &ada).await;
    house.run("DROP TABLE verification").await;
    let later = clock::now().plus_seconds(100 * 24 * 60 * 60);
    assert!(upkeep::sweep(&house.db, later).await >= 2);
    assert!(house.column("SELECT id FROM session").await.is_empty());
}

mod on_sqlite {
    use crate::support::{House, wire::Caller};
    use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};
    use std::io::{BufRead as _, BufReader};

    #[tokio::test]
    async fn whoever_waits_for_a_file_that_another_process_has_is_told_so() {
        let house = House::open().await;
        house.db.close().await;
        let mut alone = ConnectOptions::new(house.config.database_url.expose());
        alone.max_connections(1);
        let other = Database::connect(alone).await.expect("a connection");
        let takes = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE";
        other.execute_unprepared(takes).await.expect("the file");

        let mut child = house.binary(&["serve"]).spawn().expect("it starts");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let mut lines = out.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("another process has the database")));
        other.close().await.expect("closed");
        assert!(lines.any(|line| line.contains("listens on")));
        child.kill().expect("killed");
        child.wait().expect("its end");
    }

    #[tokio::test]
    async fn c14_whatever_ends_leaves_no_log_beside_the_database() {
        let house = House::empty().await;
        house.db.close().await;
        let left = || {
            let all = std::fs::read_dir(house.folder.path()).expect("the folder");
            let names = all.map(|file| file.expect("a file").file_name());
            let names = names.map(|name| name.to_string_lossy().into_owned());
            names
                .filter(|name| name.ends_with("-wal") || name.ends_with("-shm"))
                .collect::<Vec<_>>()
        };
        let server = house.serves();
        server.is_ready().await;
        let maya = Caller::new(&server.address, "Maya");
        maya.makes("Water the plants").expect("an answer").is(201);
        assert_eq!(server.stops(), Some(0));
        assert_eq!(left(), Vec::<String>::new());
        for words in [
            &["doctor"][..],
            &["migrate", "status"],
            &["user", "reset-link", "maya@example.org"],
            &["user", "reset-link", "nobody@example.org"],
        ] {
            house.runs(words);
            assert_eq!(left(), Vec::<String>::new(), "{words:?}");
        }
    }
}

mod on_postgres {
    use crate::support::{House, binary::Server};
    use sea_orm::ConnectionTrait as _;

    #[tokio::test]
    async fn c3_a_server_waits_for_a_database_that_comes_late() {
        let house = House::open().await;
        let name = format!("late_{}", uuid::Uuid::now_v7().simple());
        let mut url: url::Url = house
            .config
            .database_url
            .expose()
            .parse()
            .expect("an address");
        url.set_path(&name);
        let server = Server::start(house.binary(&["serve"]).env("DATABASE_URL", url.as_str()));
        assert_eq!(server.status("/healthz"), 200);
        assert_eq!(server.status("/readyz"), 503);

        let make = format!("CREATE DATABASE {name}");
        house
            .db
            .write()
            .execute_unprepared(&make)
            .await
            .expect("a database");

        server.is_ready().await;
        assert_eq!(server.stops(), Some(0));
    }
}
