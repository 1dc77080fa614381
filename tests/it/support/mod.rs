//! A house of its own for every test.

pub mod answer;
pub mod api;
pub mod app;
pub mod authenticator;
pub mod better_auth;
pub mod binary;
pub mod cluster;
pub mod dashboard;
pub mod described;
pub mod factor;
pub mod identity;
pub mod markup;
pub mod page;
pub mod provider;
pub mod proxy;
pub mod sink;
pub mod wire;

use latchkey::{
    domain::{Name, NewTask, SignedIn, Title, User, UserId, Wishes},
    service::{
        Config, Database, Source, auth,
        auth::NewAccount,
        config::{LogFormat, Secret, SignUp},
        key::{Key, Purpose},
        password::Hasher,
        session::{self, NewSession, SessionTable},
        token::Keys,
    },
};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use std::sync::Arc;
use tower_sessions::Session;
use uuid::Uuid;

pub const PASSWORD: &str = "three words apart";
pub const SECRET: &str = "a secret of the tests, 32 bytes and more";

/// A migrated database, and what stands on it.
pub struct House {
    pub config: Config,
    pub db: Database,
    pub keys: Keys,
    pub hasher: Hasher,
    pub cursors: Key,
    pub folder: tempfile::TempDir,
}

impl House {
    pub async fn open() -> Self {
        let house = Self::empty().await;
        house.db.migrate().await.expect("the migrations run");
        house
    }

    /// With a database that has no tables yet.
    pub async fn empty() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(&database(&folder).await, &folder);
        change(&mut config);
        let db = Database::open(&config).await.expect("a pool");
        let hasher = Hasher::start();
        Self {
            db,
            keys: Keys::new(&config),
            hasher,
            cursors: Key::derive(&config, Purpose::Cursor),
            config,
            folder,
        }
    }

    pub async fn sign_up(&self, name: &str) -> User {
        let new = NewAccount {
            name: name.parse::<Name>().expect("a name"),
            email: format!("{}@example.org", name.to_lowercase())
                .parse()
                .expect("an address"),
            password: Some(latchkey::domain::Password::chosen(PASSWORD).expect("a password")),
            time_zone: None,
        };
        auth::sign_up(&self.db, &self.hasher, &Source::operator(), new)
            .await
            .expect("a new account")
            .0
    }

    /// The cookie's side of a browser that holds nothing yet.
    pub fn browser(&self) -> Session {
        Session::new(None, Arc::new(SessionTable(self.db.clone())), None)
    }

    /// The same browser at its next request.
    pub fn next_request(&self, browser: &Session) -> Session {
        Session::new(browser.id(), Arc::new(SessionTable(self.db.clone())), None)
    }

    pub async fn signs_in(&self, browser: &Session, user: &User) -> SignedIn {
        let new = NewSession {
            user: user.clone(),
            wishes: Wishes::default(),
            remember: true,
        };
        session::begin(browser, &self.config, &Source::operator(), new)
            .await
            .expect("a session")
    }

    /// One value of one column, as text.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        let rows = self
            .db
            .read()
            .query_all_raw(Statement::from_string(self.db.backend(), sql))
            .await
            .expect(sql);
        rows.iter()
            .map(|row| row.try_get_by_index::<String>(0).expect("text"))
            .collect()
    }

    /// The tables that there are.
    pub async fn tables(&self) -> Vec<String> {
        self.column(if self.is_postgres() {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        })
        .await
    }

    pub async fn run(&self, sql: &str) {
        self.db.write().execute_unprepared(sql).await.expect(sql);
    }

    /// From now on this happens whenever a row of this table is written, at the same moment.
    pub async fn meanwhile(&self, table: &str, statement: &str) {
        let on = format!("CREATE TRIGGER meanwhile AFTER INSERT ON {table}");
        let trigger = if self.is_postgres() {
            format!(
                "CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NULL; END $$;
                 {on} FOR EACH ROW EXECUTE FUNCTION meanwhile()"
            )
        } else {
            format!("{on} BEGIN {statement}; END")
        };
        self.run(&trigger).await;
    }

    pub fn is_postgres(&self) -> bool {
        self.db.backend() == DatabaseBackend::Postgres
    }
}

pub fn titled(title: &str) -> NewTask {
    NewTask::titled(title.parse::<Title>().expect("a title"))
}

/// Somebody who never signed up.
pub fn stranger() -> UserId {
    UserId(Uuid::now_v7())
}

/// The PostgreSQL server to test on, if it is to be one.
pub fn postgres() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "which database to test on is said from outside"
    )]
    std::env::var("TEST_DATABASE_URL").ok()
}

/// A file of its own, or a database of its own on the server that is named.
pub async fn database(folder: &tempfile::TempDir) -> String {
    let Some(server) = postgres() else {
        return format!("sqlite://{}/latchkey.db", folder.path().display());
    };
    let name = format!("test_{}", Uuid::now_v7().simple());
    let admin = sea_orm::Database::connect(&server)
        .await
        .expect("the server that TEST_DATABASE_URL names");
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a database");
    admin.close().await.expect("closed");
    let mut url = url::Url::parse(&server).expect("an address");
    url.set_path(&name);
    url.to_string()
}

/// The configuration of a house on this database.
pub fn config(database_url: &str, folder: &tempfile::TempDir) -> Config {
    Config {
        database_url: Secret::new(database_url.to_owned()),
        data: folder.path().to_owned(),
        secret: Secret::new(SECRET.into()),
        previous_secret: None,
        public_url: "http://localhost:3000".parse().expect("an address"),
        listen: ([127, 0, 0, 1], 0).into(),
        metrics: None,
        sign_up: SignUp::Open,
        mail: None,
        require_verified_email: false,
        oidc: None,
        trusted_proxies: Vec::new(),
        cors_origins: Vec::new(),
        rate_limit: true,
        session_ttl: 604_800,
        token_ttl: 604_800,
        token_audience: None,
        log_format: LogFormat::Json,
        log_filter: "off".to_owned(),
    }
}
