//! The database comes late, goes away, hangs, is full of waiting requests, and comes back.

use crate::support::{
    PASSWORD,
    binary::Server,
    wire::{Caller, Reply},
};
use serde_json::json;

const JSON: &str = "application/json";
const HTML: &str = "text/html";

fn asked(reply: std::io::Result<Reply>) -> Reply {
    reply.expect("an answer")
}

/// Nobody is told anything but that it will pass: not that there are no tasks, nor that they are signed out.
async fn nothing_is_known_and_nothing_lost(server: &Server, caller: &Caller) {
    server.is_not_ready().await;
    assert_eq!(server.status("/healthz"), 200);
    // How the API works is known without it.
    for path in ["/api/docs", "/api/openapi.json"] {
        assert_eq!(server.status(path), 200, "{path}");
    }
    asked(caller.tasks()).says_later();
    asked(caller.makes("Lost")).says_later();
    asked(caller.reads("/api/auth/session", JSON)).says_later();
    asked(caller.reads("/api/auth/token", JSON)).says_later();
    let sign_in = json!({ "email": "maya@example.org", "password": PASSWORD });
    asked(caller.calls("/api/auth/sign-in", &sign_in)).says_later();
    asked(caller.calls("/api/auth/sign-out", &json!({}))).says_later();
    let page = asked(caller.reads("/dashboard", HTML)).is(503);
    let is_html = page
        .header("content-type")
        .expect("a type")
        .starts_with(HTML);
    assert!(
        is_html && page.body.contains("database is away"),
        "{page:?}"
    );
    assert_eq!(page.header("set-cookie"), None, "{page:?}");
}

/// The cookie and the token from before, and what was acknowledged.
async fn all_is_as_before(server: &Server, caller: &Caller, title: &str) {
    server.is_ready().await;
    let tasks = asked(caller.tasks()).is(200).json();
    let titles = tasks["tasks"].as_array().expect("tasks");
    assert!(titles.iter().any(|task| task["title"] == title), "{tasks}");
    assert!(titles.iter().all(|task| task["title"] != "Lost"), "{tasks}");
    let session = asked(caller.reads("/api/auth/session", JSON)).is(200);
    assert_eq!(session.json()["user"]["name"], "Maya");
    asked(caller.reads("/dashboard", HTML)).is(200);
}

mod on_postgres {
    use super::{HTML, JSON, all_is_as_before, asked, nothing_is_known_and_nothing_lost};
    use crate::support::{
        House,
        binary::Server,
        cluster::Cluster,
        proxy::Proxy,
        wire::{Caller, Reply},
    };
    use latchkey::service::config::Secret;
    use sea_orm::{ConnectionTrait, TransactionTrait as _};
    use std::{thread, time::Instant};

    #[tokio::test]
    async fn c3_c4_postgresql_may_come_late_go_and_return_without_a_restart() {
        let cluster = Cluster::make();
        let house = House::with(|config| config.database_url = Secret::new(cluster.url())).await;
        let server = Server::start(house.binary(&["serve"]).env("RATE_LIMIT", "off"));
        assert_eq!(server.status("/healthz"), 200);
        assert_eq!(server.status("/readyz"), 503);

        cluster.starts();
        server.is_ready().await;
        let maya = Caller::new(&server.address, "Maya");
        for round in 0..2 {
            let title = format!("Before {round}");
            asked(maya.makes(&title)).is(201);
            cluster.stops();
            nothing_is_known_and_nothing_lost(&server, &maya).await;
            cluster.starts();
            all_is_as_before(&server, &maya, &title).await;
        }

        let admin = sea_orm::Database::connect(cluster.url()).await.expect("it");
        assert!(connections(&admin).await <= 16);
        assert_eq!(server.stops(), Some(0));
    }

    async fn connections(admin: &impl ConnectionTrait) -> i64 {
        let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'latchkey' AND datname = current_database()";
        let count = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, count);
        let row = admin.query_one_raw(count).await.expect("asked");
        row.expect("a row").try_get_by_index(0).expect("a number")
    }

    #[tokio::test]
    async fn c4_a_wire_that_breaks_or_goes_dead_is_noticed_and_its_return_too() {
        let house = House::empty().await;
        let mut url: url::Url = house
            .config
            .database_url
            .expose()
            .parse()
            .expect("an address");
        let proxy = Proxy::to(url.port().unwrap_or(5432));
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(proxy.address.port())).expect("a port");
        let mut serve = house.binary(&["serve"]);
        let server = Server::start(serve.env("DATABASE_URL", url.as_str()));
        server.is_ready().await;
        let maya = Caller::new(&server.address, "Maya");
        asked(maya.makes("Water the plants")).is(201);

        proxy.is_cut();
        nothing_is_known_and_nothing_lost(&server, &maya).await;
        proxy.carries();
        all_is_as_before(&server, &maya, "Water the plants").await;

        // Nobody hears the database hang up: whoever waited for that would be answered by the limit of all requests.
        let soon = |asking: &dyn Fn() -> Reply| {
            let began = Instant::now();
            asking().is(503);
            assert!(began.elapsed() < latchkey::http::limits::LONGEST);
        };
        for asking in [
            &(|| asked(maya.tasks())) as &dyn Fn() -> Reply,
            &|| asked(maya.reads("/api/auth/session", JSON)),
            &|| asked(maya.reads("/dashboard", HTML)),
        ] {
            // On a connection that was used a moment ago, which nobody asks first whether it lives.
            proxy.goes_dead();
            soon(asking);
            server.is_not_ready().await;
            assert_eq!(server.status("/healthz"), 200);
            soon(asking);
            proxy.carries();
            all_is_as_before(&server, &maya, "Water the plants").await;
        }
        assert_eq!(server.stops(), Some(0));
    }

    #[tokio::test]
    async fn c5_a_pool_full_of_waiting_requests_turns_the_others_away_and_recovers() {
        let house = House::open().await;
        let server = Server::start(house.binary(&["serve"]).env("RATE_LIMIT", "off"));
        server.is_ready().await;
        let maya = Caller::new(&server.address, "Maya");
        asked(maya.makes("Water the plants")).is(201);

        let lock = sea_orm::Database::connect(house.config.database_url.expose())
            .await
            .expect("the database");
        let lock = lock.begin().await.expect("a transaction");
        lock.execute_unprepared("LOCK TABLE task IN ACCESS EXCLUSIVE MODE")
            .await
            .expect("the lock");
        thread::scope(|scope| {
            for _ in 0..60 {
                scope.spawn(|| asked(maya.tasks()).says_later());
            }
            assert_eq!(server.status("/healthz"), 200);
        });
        lock.rollback().await.expect("released");

        all_is_as_before(&server, &maya, "Water the plants").await;
        assert!(connections(house.db.read()).await <= 16 + 16);
        assert_eq!(server.stops(), Some(0));
    }

    #[tokio::test]
    async fn c9_a_migration_may_take_longer_than_a_request() {
        let house = House::open().await;
        house.db.migrate_down().await.expect("down");
        house
            .run("CREATE TABLE noted (name TEXT, setting TEXT)")
            .await;
        house
            .run(
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO noted SELECT name, setting FROM pg_settings WHERE name IN
             ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout');
             RETURN NEW; END $$",
            )
            .await;
        house
        .run("CREATE TRIGGER note AFTER INSERT ON seaql_migrations FOR EACH ROW EXECUTE FUNCTION note()")
        .await;
        house.db.migrate().await.expect("up");
        assert_eq!(
            house.column("SELECT setting FROM noted").await,
            ["0", "0", "0"]
        );
        let usual = "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'";
        assert_eq!(house.column(usual).await, ["5000"]);
    }
}

mod on_sqlite {
    use super::{all_is_as_before, asked, nothing_is_known_and_nothing_lost};
    use crate::support::{House, binary::Server, wire::Caller};
    use latchkey::domain::Error;
    use serde_json::json;
    use std::{fs, thread};

    #[tokio::test]
    async fn c4_a_file_that_is_moved_away_is_not_written_to_and_may_return() {
        let house = House::open().await;
        let server = Server::start(house.binary(&["serve"]).env("RATE_LIMIT", "off"));
        server.is_ready().await;
        let maya = Caller::new(&server.address, "Maya");
        asked(maya.makes("Water the plants")).is(201);
        // Ours is a process too that may hold the file.
        house.db.close().await;

        let place = house.config.sqlite_path().expect("a file");
        let aside = house.folder.path().join("aside");
        fs::rename(&place, &aside).expect("moved");
        nothing_is_known_and_nothing_lost(&server, &maya).await;
        assert!(!place.exists(), "an empty database stands in its place");
        fs::write(&place, "").expect("another file");
        nothing_is_known_and_nothing_lost(&server, &maya).await;
        fs::rename(&aside, &place).expect("moved back");

        all_is_as_before(&server, &maya, "Water the plants").await;
        asked(maya.makes("Book the dentist")).is(201);
        assert_eq!(server.stops(), Some(0));
    }

    #[tokio::test]
    async fn c4_while_another_process_writes_to_the_file_reading_goes_on() {
        let house = House::open().await;
        let server = house.serves();
        server.is_ready().await;
        let maya = Caller::new(&server.address, "Maya");
        asked(maya.makes("Water the plants")).is(201);

        let other = house.db.transaction().await.expect("the write lock");
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| asked(maya.makes("Lost")).says_later());
            }
            scope.spawn(|| asked(maya.calls("/api/auth/sign-out", &json!({}))).says_later());
            asked(maya.tasks()).is(200);
        });
        assert_eq!(server.status("/readyz"), 200);
        other.rollback().await.expect("released");

        all_is_as_before(&server, &maya, "Water the plants").await;
        asked(maya.makes("Book the dentist")).is(201);
        asked(maya.calls("/api/auth/sign-out", &json!({}))).is(200);
        asked(maya.tasks()).is(401);
        assert_eq!(
            asked(maya.tasks()).json()["code"],
            Error::InvalidToken.code()
        );
        assert_eq!(server.stops(), Some(0));
    }
}
