//! From variables to a [`Config`], without touching the world: the reader collects every fault before it gives up.

use super::{
    Config, Mail, Secret, database,
    fault::{ConfigError, Wrong},
    place,
    secret_file::SecretFile,
    word,
};
use std::{collections::BTreeMap, io, net::SocketAddr};
use url::Url;

/// Variables by name. Unset and empty mean the same.
pub type Variables = BTreeMap<String, String>;

/// Every variable that is read, in the order of `.env.example`.
pub const VARIABLES: &[&str] = &[
    "DATABASE_URL",
    "AUTH_SECRET",
    "BETTER_AUTH_SECRET",
    "AUTH_SECRET_FILE",
    "AUTH_SECRET_PREVIOUS",
    "PUBLIC_URL",
    "BETTER_AUTH_URL",
    "LEPTOS_SITE_ADDR",
    "METRICS_ADDR",
    "SIGN_UP",
    "SMTP_URL",
    "MAIL_FROM",
    "REQUIRE_VERIFIED_EMAIL",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_CLIENT_SECRET_FILE",
    "OIDC_NAME",
    "TRUSTED_PROXIES",
    "CORS_ORIGINS",
    "RATE_LIMIT",
    "SESSION_TTL",
    "TOKEN_TTL",
    "TOKEN_AUDIENCE",
    "RUST_LOG",
    "LOG_FORMAT",
];

/// Names of one and the same thing: who sets one of them in the environment means it instead of all of them in `.env`.
pub(super) const ALIASES: &[&[&str]] = &[
    &["AUTH_SECRET", "BETTER_AUTH_SECRET", "AUTH_SECRET_FILE"],
    &["PUBLIC_URL", "BETTER_AUTH_URL"],
    &["OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET_FILE"],
];

const DATABASE_URL: &str = "sqlite://data/latchkey.db";

/// `tower_sessions` and the database crates report at these levels what is reported here already.
const LOG_FILTER: &str = "info,tower_sessions=error,tower_sessions_core=error,sqlx=warn,sea_orm=warn,sea_orm_migration=warn";

impl Config {
    /// Reads the variables. Does nothing by itself: when a secret is in a file, `open` is asked for it, and for a
    /// [`SecretFile::Kept`], which would be created, only if nothing else is wrong. `LOG_FORMAT` is `json` unless set.
    pub fn read(
        variables: &Variables,
        open: impl FnMut(&SecretFile) -> io::Result<Vec<u8>>,
    ) -> Result<Self, ConfigError> {
        Reader::new(variables, ConfigError::default()).finish(open)
    }
}

/// Reads one variable after the other and notes what is wrong.
pub(super) struct Reader<'a> {
    variables: &'a Variables,
    pub(super) faults: ConfigError,
}

impl<'a> Reader<'a> {
    /// Goes on from faults that are known already.
    pub(super) const fn new(variables: &'a Variables, faults: ConfigError) -> Self {
        Self { variables, faults }
    }

    /// The configuration, or every fault.
    pub(super) fn finish(
        mut self,
        open: impl FnMut(&SecretFile) -> io::Result<Vec<u8>>,
    ) -> Result<Config, ConfigError> {
        let config = self.config(open);
        config
            .filter(|_| self.faults.is_empty())
            .ok_or_else(|| self.faults.in_order_of(VARIABLES))
    }

    fn config(
        &mut self,
        mut open: impl FnMut(&SecretFile) -> io::Result<Vec<u8>>,
    ) -> Option<Config> {
        let database_url = self.or("DATABASE_URL", DATABASE_URL, database::database_url);
        let previous_secret = self.previous_secret();
        let listen = self.or("LEPTOS_SITE_ADDR", "127.0.0.1:3000", place::address);
        let public_url = self.public_url(listen.map_or(3000, |address| address.port()));
        let metrics = self.metrics(listen);
        let sign_up = self.or("SIGN_UP", "open", word::sign_up);
        let mail = self.mail();
        let require_verified_email = self.require_verified_email();
        let oidc = self.oidc(&mut open);
        let trusted_proxies = self.optional("TRUSTED_PROXIES", place::networks);
        let cors_origins = self.optional("CORS_ORIGINS", place::cors_origins);
        let rate_limit = self.or("RATE_LIMIT", "on", word::switch);
        let session_ttl = self.or("SESSION_TTL", "7d", word::duration);
        let token_ttl = self.or("TOKEN_TTL", "7d", word::duration);
        let token_audience = self.optional("TOKEN_AUDIENCE", word::audience);
        let log_filter = self.or("RUST_LOG", LOG_FILTER, word::log_filter);
        let log_format = self.or("LOG_FORMAT", "json", word::log_format);
        let secret = self.secret(database_url.as_deref(), open);
        let database_url = database_url?;
        Some(Config {
            data: database::data_folder(&database_url),
            database_url: Secret::new(database_url),
            secret: secret?,
            previous_secret,
            public_url: public_url?,
            listen: listen?,
            metrics,
            sign_up: sign_up?,
            mail,
            require_verified_email: require_verified_email?,
            oidc,
            trusted_proxies: trusted_proxies.unwrap_or_default(),
            cors_origins: cors_origins.unwrap_or_default(),
            rate_limit: rate_limit?,
            session_ttl: session_ttl?,
            token_ttl: token_ttl?,
            token_audience,
            log_filter: log_filter?,
            log_format: log_format?,
        })
    }

    /// As it was given; white space around a secret is part of it.
    pub(super) fn raw(&self, variable: &'static str) -> Option<&'a str> {
        debug_assert!(VARIABLES.contains(&variable), "{variable} is not listed");
        self.variables
            .get(variable)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub(super) fn text(&self, variable: &'static str) -> Option<&'a str> {
        self.raw(variable)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }

    pub(super) fn note(&mut self, variable: &'static str, wrong: Wrong) {
        self.faults.note(variable, wrong);
    }

    pub(super) fn keep<T>(&mut self, variable: &'static str, value: Result<T, Wrong>) -> Option<T> {
        value.map_err(|wrong| self.note(variable, wrong)).ok()
    }

    fn or<T>(
        &mut self,
        variable: &'static str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let text = self.text(variable).unwrap_or(default);
        self.keep(variable, parse(text))
    }

    pub(super) fn optional<T>(
        &mut self,
        variable: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let text = self.text(variable)?;
        self.keep(variable, parse(text))
    }

    fn metrics(&mut self, listen: Option<SocketAddr>) -> Option<SocketAddr> {
        let metrics = self.optional("METRICS_ADDR", place::address)?;
        if listen.is_some_and(|site| place::collide(site, metrics)) {
            let wrong = Wrong::new(
                "is where the site listens already",
                "Choose another port, like 127.0.0.1:9464.",
            );
            self.note("METRICS_ADDR", wrong);
        }
        Some(metrics)
    }

    fn public_url(&mut self, port: u16) -> Option<Url> {
        let (ours, theirs) = (self.text("PUBLIC_URL"), self.text("BETTER_AUTH_URL"));
        // What is no origin differs from every one, and is told as such where it counts.
        if let (Some(ours), Some(theirs)) = (ours, theirs)
            && place::public_url(ours).ok() != place::public_url(theirs).ok()
        {
            let wrong = Wrong::new("is not the same as PUBLIC_URL", "Keep one of the two.");
            self.note("BETTER_AUTH_URL", wrong);
        }
        let variable = if ours.is_none() && theirs.is_some() {
            "BETTER_AUTH_URL"
        } else {
            "PUBLIC_URL"
        };
        if port == 0 && self.text(variable).is_none() {
            let wrong = Wrong::new(
                "is not set, and cannot be known while LEPTOS_SITE_ADDR leaves the port to chance",
                "Set it, or name a port.",
            );
            self.note(variable, wrong);
        }
        self.or(
            variable,
            &format!("http://localhost:{port}"),
            place::public_url,
        )
    }

    fn require_verified_email(&mut self) -> Option<bool> {
        let required = self.or("REQUIRE_VERIFIED_EMAIL", "off", word::switch)?;
        if required && self.text("SMTP_URL").is_none() {
            let wrong = Wrong::new(
                "is on, but there is no mail server that could carry the letters",
                "Set SMTP_URL and MAIL_FROM, or write off.",
            );
            self.note("REQUIRE_VERIFIED_EMAIL", wrong);
        }
        Some(required)
    }

    fn mail(&mut self) -> Option<Mail> {
        let smtp = self.optional("SMTP_URL", word::smtp_url);
        let from = self.optional("MAIL_FROM", word::mail_from);
        if self.text("SMTP_URL").is_some() && self.text("MAIL_FROM").is_none() {
            let wrong = Wrong::new(
                "is not set, but SMTP_URL is",
                "Set it to the address mail comes from, like tasks@example.org.",
            );
            self.note("MAIL_FROM", wrong);
        }
        if self.text("MAIL_FROM").is_some() && self.text("SMTP_URL").is_none() {
            let wrong = Wrong::new(
                "is not set, but MAIL_FROM is",
                "Set it to your mail server, like smtps://user:password@host, or remove MAIL_FROM.",
            );
            self.note("SMTP_URL", wrong);
        }
        Some(Mail {
            smtp: smtp?,
            from: from?,
        })
    }
}
