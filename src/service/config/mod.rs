//! The only reader of the environment: one validated [`Config`], or every fault at once with its cure.

mod database;
mod elsewhere;
mod environment;
mod fault;
mod place;
mod provider;
mod read;
mod secret;
mod secret_file;
mod strength;
mod word;

#[cfg(test)]
mod tests;

pub use crate::domain::SignUp;
pub use elsewhere::Elsewhere;
pub use fault::{ConfigError, ConfigFault};
pub use provider::Oidc;
pub use read::{VARIABLES, Variables};
pub use secret_file::SecretFile;
pub use strength::fresh_secret;

use crate::domain::{Moment, Next};
use ipnet::IpNet;
use std::{fmt, net::SocketAddr, path::PathBuf};
use url::{Position, Url};

/// A value that never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps it.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: the one greppable way in.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    Pretty,
    /// For programs, one object a line.
    Json,
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The server, with its credentials.
    pub smtp: Secret<String>,
    /// The sender.
    pub from: String,
}

/// Everything the operator decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite:` or `postgres:`.
    pub database_url: Secret<String>,
    /// Where the outbox and a generated secret live: the database file's folder, or `data`.
    pub data: PathBuf,
    /// Signs tokens; every other key is derived from it.
    pub secret: Secret<Vec<u8>>,
    /// Still verifies tokens while the secret is rotated.
    pub previous_secret: Option<Secret<Vec<u8>>>,
    /// What people type into the browser.
    pub public_url: Url,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where `/metrics` listens, if it does.
    pub metrics: Option<SocketAddr>,
    /// Who may make an account.
    pub sign_up: SignUp,
    /// Where mail goes; none: into the outbox.
    pub mail: Option<Mail>,
    /// Whether nobody comes in before their address is confirmed.
    pub require_verified_email: bool,
    /// The identity provider that people may come in with, if there is one.
    pub oidc: Option<Oidc>,
    /// Networks whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Exact origins whose pages may call `/api/tasks`.
    pub cors_origins: Vec<String>,
    /// Off only for tests and benchmarks.
    pub rate_limit: bool,
    /// How long an unused session lives, in seconds.
    pub session_ttl: i64,
    /// How long a token lives at most, in seconds.
    pub token_ttl: i64,
    /// What tokens carry, and must carry, as `aud`.
    pub token_audience: Option<String>,
    /// Which log lines are written, in `RUST_LOG`'s language.
    pub log_filter: String,
    /// How log lines are written.
    pub log_format: LogFormat,
}

impl Config {
    /// The database's file, if the database is one.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        database::sqlite_path(self.database_url.expose())
    }

    /// Where the database is, for people: a file's path, or an address without its password.
    #[must_use]
    pub fn database_place(&self) -> String {
        database::place(self.database_url.expose())
    }

    /// Whether people reach us over TLS: decides the cookie's name and attributes.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Scheme, host and port, as an `Origin` header has them.
    #[must_use]
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// Whether an `Origin` header's value is ours. While `PUBLIC_URL` is a loopback address, `localhost`, `127.0.0.1` and `[::1]` on its
    /// port are one origin.
    #[must_use]
    pub fn is_our_origin(&self, origin: &str) -> bool {
        if origin == self.origin() {
            return true;
        }
        let Ok(theirs) = Url::parse(origin) else {
            return false;
        };
        origin == theirs.origin().ascii_serialization()
            && is_loopback(&self.public_url)
            && is_loopback(&theirs)
            && theirs.scheme() == self.public_url.scheme()
            && theirs.port_or_known_default() == self.public_url.port_or_known_default()
    }

    /// The path that an address leads to, if it is one of this site: the path alone, or with our origin before it.
    #[must_use]
    pub fn path_of(&self, address: &str) -> Option<Next> {
        // What reads an address elsewhere may make something else of these than we do.
        let is_odd = |c: char| c == '\\' || c.is_whitespace() || c.is_control();
        if address.contains(is_odd) {
            return None;
        }
        let ours = Url::parse(address).ok().filter(|url| {
            let origin = url.origin().ascii_serialization();
            let is_plain = url.username().is_empty() && url.password().is_none();
            is_plain && address.starts_with(&origin) && self.is_our_origin(&origin)
        });
        ours.map_or_else(
            || address.parse().ok(),
            |url| url[Position::BeforePath..].parse().ok(),
        )
    }

    /// An absolute address of one of our paths.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// When a session that is used now ends.
    #[must_use]
    pub const fn session_end(&self, now: Moment) -> Moment {
        now.plus_seconds(self.session_ttl)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
