//! A Better Auth database to move in from.

use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection};
use std::{fs, path::PathBuf};

pub const THEIR_PASSWORD: &str = "three words apart";
/// Made by `hashPassword` of Better Auth 1.7.24 in Node 20; `service/password/scrypt.rs` says how it was checked.
pub const HASH: &str = "895fbd498397d41e09f4ece4e0c9d456:63a3b4fb749024a8efac1bb530eb0727bd121981d5641368620573a84ebab2a32b7f4d9dae5d0699258affc913ec693bef7eba7e974e5c4ab1b3bbf7eb8f63f6";

/// How a Better Auth database spells its columns and keeps its times.
#[derive(Clone, Copy, Debug)]
pub enum Dialect {
    /// As its own command line makes the tables.
    Own,
    /// As a schema written by hand has them, with `snake_case` and times without a zone, or as numbers where there is no type for them.
    ByHand,
}

pub struct BetterAuth {
    pub url: String,
    dialect: Dialect,
    folder: tempfile::TempDir,
    db: DatabaseConnection,
}

impl BetterAuth {
    /// An empty one: on the server that the tests run on, or in a file.
    pub async fn open(dialect: Dialect) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = super::database(&folder).await;
        Self::at(url, folder, dialect).await
    }

    /// An empty one in a file, wherever the tests run.
    pub async fn in_a_file(dialect: Dialect) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/latchkey.db", folder.path().display());
        Self::at(url, folder, dialect).await
    }

    async fn at(url: String, folder: tempfile::TempDir, dialect: Dialect) -> Self {
        let making = url.replace("latchkey.db", "latchkey.db?mode=rwc");
        let db = sea_orm::Database::connect(making)
            .await
            .expect("a database");
        let theirs = Self {
            url,
            dialect,
            folder,
            db,
        };
        let (truth, time) = match (theirs.is_postgres(), dialect) {
            (true, Dialect::Own) => ("boolean", "timestamptz"),
            (true, Dialect::ByHand) => ("boolean", "timestamp"),
            (false, Dialect::Own) => ("integer", "date"),
            (false, Dialect::ByHand) => ("integer", "integer"),
        };
        theirs.run(&format!(
            "create table \"user\" (\"id\" text not null primary key, \"name\" text, \"email\" text not null unique, \"emailVerified\" {truth} not null, \
             \"image\" text, \"createdAt\" {time}, \"updatedAt\" {time})"
        )).await;
        theirs.run(&format!(
            "create table \"account\" (\"id\" text not null primary key, \"accountId\" text not null, \"providerId\" text not null, \
             \"userId\" text not null references \"user\" (\"id\") on delete cascade, \"accessToken\" text, \"password\" text, \"createdAt\" {time}, \"updatedAt\" {time})"
        )).await;
        theirs
    }

    pub fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == DatabaseBackend::Postgres
    }

    /// Runs this, with columns in quotes spelled as this database spells them.
    pub async fn run(&self, sql: &str) {
        let sql = match self.dialect {
            Dialect::Own => sql.to_owned(),
            Dialect::ByHand => snake(sql),
        };
        self.db.execute_unprepared(&sql).await.expect(&sql);
    }

    /// Somebody who came there on 2026-01-02 at 03:04:05.678.
    pub async fn person(&self, id: &str, name: &str, email: &str) {
        let verified = if self.is_postgres() { "true" } else { "1" };
        let (made, changed) = match (self.is_postgres(), self.dialect) {
            (false, Dialect::ByHand) => ("1767323045678", "1767323046000"),
            (true, Dialect::ByHand) => ("'2026-01-02 03:04:05.678'", "'2026-01-02 03:04:06'"),
            (true, Dialect::Own) => ("'2026-01-02 04:04:05.678+01'", "'2026-01-02T03:04:06Z'"),
            (false, Dialect::Own) => ("'2026-01-02T03:04:05.678Z'", "'2026-01-02T03:04:06.000Z'"),
        };
        self.run(&format!(
            "insert into \"user\" (\"id\", \"name\", \"email\", \"emailVerified\", \"createdAt\", \"updatedAt\") \
             values ('{id}', '{name}', '{email}', {verified}, {made}, {changed})"
        ))
        .await;
    }

    /// A way of signing in.
    pub async fn account(&self, user: &str, provider: &str, password: Option<&str>) {
        let password = password.map_or("null".to_owned(), |hash| format!("'{hash}'"));
        self.run(&format!(
            "insert into \"account\" (\"id\", \"accountId\", \"providerId\", \"userId\", \"accessToken\", \"password\") \
             values ('{provider}-{user}', '{user}', '{provider}', '{user}', 'a token of theirs', {password})"
        ))
        .await;
    }

    /// Somebody with [`THEIR_PASSWORD`].
    pub async fn signs_up(&self, id: &str, name: &str, email: &str) {
        self.person(id, name, email).await;
        self.account(id, "credential", Some(HASH)).await;
    }

    /// The file's bytes, if it is one, with everything in it.
    pub async fn bytes(&self) -> Vec<u8> {
        let file: PathBuf = self.folder.path().join("latchkey.db");
        if self.is_postgres() {
            return Vec::new();
        }
        let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.db.execute_unprepared(truncate).await.expect(truncate);
        fs::read(file).expect("a file")
    }
}

/// `"emailVerified"` as `"email_verified"`; what is not in double quotes stays.
fn snake(sql: &str) -> String {
    let mut text = String::new();
    let mut in_a_name = false;
    for letter in sql.chars() {
        in_a_name ^= letter == '"';
        if in_a_name && letter.is_ascii_uppercase() {
            text.push('_');
            text.push(letter.to_ascii_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}
