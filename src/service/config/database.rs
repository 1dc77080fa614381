//! `DATABASE_URL`: a file for SQLite, or an address of PostgreSQL.

use super::fault::Wrong;
use std::path::{self, Path, PathBuf};
use url::Url;

const SSL_MODES: &[&str] = &[
    "disable",
    "allow",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
];

/// What the driver knows beside these it writes into the log, with its value.
const PARAMETERS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// Those that say where the database is.
const PLACES: &[&str] = &["host", "hostaddr", "port", "dbname"];

/// Checks it and gives it back as it was written.
///
/// What the database driver would refuse or misread is refused here: the driver is asked again and again while a database is away,
/// and an address that can never work should not look like one.
pub(super) fn database_url(text: &str) -> Result<String, Wrong> {
    let (scheme, rest) = text.split_once(':').unwrap_or_default();
    match scheme {
        "sqlite" => sqlite(rest)?,
        "postgres" | "postgresql" => postgres(text)?,
        _ => {
            return Err(Wrong::new(
                "is neither a sqlite: nor a postgres: address",
                "Write sqlite://data/latchkey.db, or postgres://user:password@host/database.",
            ));
        }
    }
    if Url::parse(text).is_err() {
        return Err(Wrong::new(
            "is not a well-formed address",
            "Write sqlite:path/to/file.db, or postgres://user:password@host/database with %-escapes for unusual characters.",
        ));
    }
    Ok(text.to_owned())
}

fn sqlite(rest: &str) -> Result<(), Wrong> {
    let (path, parameters) = parts(rest);
    if path == ":memory:" || parameters.is_some_and(|all| all.contains("mode=memory")) {
        return Err(Wrong::new(
            "is a database in memory, which forgets everything when the server stops",
            "Name a file, like sqlite://data/latchkey.db.",
        ));
    }
    if path.is_empty() || path.ends_with(['/', '.']) {
        return Err(Wrong::new(
            "names no file",
            "Name one, like sqlite://data/latchkey.db.",
        ));
    }
    if path.contains(['%', '#']) {
        return Err(Wrong::new(
            "has a % or # in the file's path",
            "Choose a path without them.",
        ));
    }
    if !matches!(parameters, None | Some("mode=rwc" | "mode=rw")) {
        return Err(Wrong::new(
            "has parameters behind the file's path",
            "Leave out the ? and what follows it.",
        ));
    }
    Ok(())
}

fn postgres(text: &str) -> Result<(), Wrong> {
    const CURE: &str = "Write postgres://user:password@host/database, with %-escapes for unusual characters in user and password.";
    let url = Url::parse(text)
        .map_err(|_| Wrong::new("is not a well-formed PostgreSQL address", CURE))?;
    let at_a_socket = || url.query_pairs().any(|(name, _)| name == "host");
    if url.cannot_be_a_base() || (!url.has_host() && !at_a_socket()) {
        return Err(Wrong::new("names no host", CURE));
    }
    let is_known = |mode: &str| SSL_MODES.contains(&mode);
    if url
        .query_pairs()
        .any(|(name, mode)| matches!(&*name, "sslmode" | "ssl-mode") && !is_known(&mode))
    {
        return Err(Wrong::new(
            "has an unknown sslmode",
            "Write sslmode=disable, allow, prefer, require, verify-ca or verify-full.",
        ));
    }
    if url.query_pairs().any(|(name, _)| !is_parameter(&name)) {
        return Err(Wrong::new(
            "has a parameter that is none here",
            "Leave out all but sslmode, sslrootcert, sslcert, sslkey, statement-cache-capacity, host, hostaddr, port, dbname, user, password, application_name and options.",
        ));
    }
    Ok(())
}

fn is_parameter(name: &str) -> bool {
    PARAMETERS.contains(&name) || (name.starts_with("options[") && name.ends_with(']'))
}

/// Path and parameters of what follows `sqlite:`.
fn parts(rest: &str) -> (&str, Option<&str>) {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    match rest.split_once('?') {
        Some((path, parameters)) => (path, Some(parameters)),
        None => (rest, None),
    }
}

/// Where it is, without what nobody else should read.
pub(super) fn place(url: &str) -> String {
    if let Some(file) = sqlite_path(url) {
        return path::absolute(&file).unwrap_or(file).display().to_string();
    }
    let shown = Url::parse(url).ok().and_then(without_secrets);
    shown.unwrap_or_else(|| "PostgreSQL".to_owned())
}

fn without_secrets(mut url: Url) -> Option<String> {
    let all: Vec<_> = url.query_pairs().into_owned().collect();
    let kept: Vec<_> = all
        .iter()
        .filter(|(name, _)| PLACES.contains(&name.as_str()))
        .collect();
    if url.password().is_some() {
        url.set_password(None).ok()?;
    }
    url.set_fragment(None);
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    Some(url.to_string())
}

/// The file of a `sqlite:` address; none for PostgreSQL, and none in memory.
pub(super) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let (path, parameters) = parts(url.strip_prefix("sqlite:")?);
    let in_memory = path == ":memory:" || parameters.is_some_and(|all| all.contains("mode=memory"));
    (!in_memory && !path.is_empty()).then(|| PathBuf::from(path))
}

/// Where files beside the database live: its own folder, or `data`.
pub(super) fn data_folder(url: &str) -> PathBuf {
    let Some(file) = sqlite_path(url) else {
        return PathBuf::from("data");
    };
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_sqlite_address_names_its_file_and_folder() {
        for (url, file, folder) in [
            ("sqlite://data/latchkey.db", "data/latchkey.db", "data"),
            ("sqlite:data/latchkey.db", "data/latchkey.db", "data"),
            ("sqlite:///srv/lk/t.db", "/srv/lk/t.db", "/srv/lk"),
            ("sqlite:/srv/lk/t.db", "/srv/lk/t.db", "/srv/lk"),
            ("sqlite://tasks.db", "tasks.db", "."),
            ("sqlite://./tasks.db", "./tasks.db", "."),
            ("sqlite://d/t.db?mode=rwc", "d/t.db", "d"),
        ] {
            assert_eq!(database_url(url).as_deref(), Ok(url));
            assert_eq!(sqlite_path(url), Some(PathBuf::from(file)), "{url}");
            assert_eq!(data_folder(url), PathBuf::from(folder), "{url}");
        }
    }

    #[test]
    fn postgresql_has_no_file_and_keeps_its_secret_out_of_the_way_in_data() {
        for url in [
            "postgres://u:p@db/latchkey",
            "postgresql://db:5433/latchkey?sslmode=verify-full",
            "postgres:///latchkey?host=/run/postgresql",
            "postgres://u@[::1]/latchkey",
        ] {
            assert_eq!(database_url(url).as_deref(), Ok(url));
            assert_eq!(sqlite_path(url), None);
            assert_eq!(data_folder(url), PathBuf::from("data"));
        }
    }

    #[test]
    fn where_a_database_is_can_be_said_without_its_secrets() {
        for (url, shown) in [
            ("sqlite:///srv/lk/t.db", "/srv/lk/t.db"),
            (
                "postgres://maya:hush@db:5433/latchkey?sslmode=require&password=hush",
                "postgres://maya@db:5433/latchkey",
            ),
            (
                "postgres:///latchkey?host=%2Frun&password=hush",
                "postgres:///latchkey?host=%2Frun",
            ),
        ] {
            assert_eq!(place(url), shown);
        }
    }

    #[test]
    fn a_database_that_could_not_work_is_refused() {
        for bad in [
            "mysql://db/latchkey",
            "postgresql+asyncpg://db/latchkey",
            "data/latchkey.db",
            "sqlite",
            "sqlite:",
            "sqlite://",
            "sqlite://data/",
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://t.db?mode=memory",
            "sqlite://t.db?cache=shared",
            "sqlite://my data/t.db",
            "sqlite://a%20b.db",
            "postgres:latchkey",
            "postgres:///latchkey",
            "postgres://u:p@db:port/latchkey",
            "postgres://u:pa/ss@db/latchkey",
            "postgres://db/latchkey?sslmode=on",
            "postgres://db/latchkey?sslpassword=hush",
        ] {
            assert!(database_url(bad).is_err(), "{bad}");
        }
    }
}
