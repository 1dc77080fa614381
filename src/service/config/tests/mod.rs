//! The rules of the configuration as a whole.

mod any_input;
mod example;
mod secret;

use super::*;

const GOOD: &str = "Zk3v9QxT1mB7nL5rW8yC2hJ6dF4gS0ap";
const OLD: &str = "m4Nq8WzE2xR6vT0yU3bI7oP1aS5dF9gH";

fn set(pairs: &[(&str, &str)]) -> Variables {
    pairs
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::read(&set(pairs), |_| Ok(GOOD.into()))
}

fn faulty(pairs: &[(&str, &str)]) -> Vec<&'static str> {
    let error = read(pairs).expect_err("a fault");
    error.faults().iter().map(|fault| fault.variable).collect()
}

#[test]
fn an_empty_environment_has_every_default() {
    let config = read(&[]).unwrap();

    assert_eq!(config.database_url.expose(), "sqlite://data/latchkey.db");
    assert_eq!(config.sqlite_path(), Some("data/latchkey.db".into()));
    assert_eq!(config.data, PathBuf::from("data"));
    assert_eq!(config.secret.expose(), GOOD.as_bytes());
    assert_eq!(config.previous_secret, None);
    assert_eq!(config.origin(), "http://localhost:3000");
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.metrics, None);
    assert_eq!(config.sign_up, SignUp::Open);
    assert!(config.mail.is_none() && !config.require_verified_email);
    assert!(config.trusted_proxies.is_empty() && config.oidc.is_none());
    assert!(config.cors_origins.is_empty() && config.rate_limit);
    assert_eq!((config.session_ttl, config.token_ttl), (604_800, 604_800));
    assert_eq!(config.token_audience, None);
    assert!(config.log_filter.starts_with("info,"));
    assert_eq!(config.log_format, LogFormat::Json);
}

#[test]
fn every_variable_reaches_its_place() {
    let config = read(&[
        ("DATABASE_URL", "postgres://u:p@db/latchkey"),
        ("AUTH_SECRET", GOOD),
        ("AUTH_SECRET_PREVIOUS", OLD),
        ("PUBLIC_URL", "https://tasks.example.org/"),
        ("LEPTOS_SITE_ADDR", "0.0.0.0:8080"),
        ("METRICS_ADDR", "127.0.0.1:9464"),
        ("SIGN_UP", "invite"),
        ("SMTP_URL", "smtps://u:p@mail.example.org"),
        ("MAIL_FROM", "tasks@example.org"),
        ("REQUIRE_VERIFIED_EMAIL", "on"),
        ("OIDC_ISSUER", "https://id.example.org/"),
        ("OIDC_CLIENT_ID", "latchkey"),
        ("OIDC_CLIENT_SECRET", "hushhush"),
        ("OIDC_NAME", "Example ID"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1"),
        ("CORS_ORIGINS", "https://app.example.org"),
        ("RATE_LIMIT", "off"),
        ("SESSION_TTL", "30d"),
        ("TOKEN_TTL", "15m"),
        ("TOKEN_AUDIENCE", "tasks"),
        ("RUST_LOG", "debug"),
        ("LOG_FORMAT", "pretty"),
    ])
    .unwrap();

    assert_eq!(config.database_url.expose(), "postgres://u:p@db/latchkey");
    assert_eq!(config.sqlite_path(), None);
    assert_eq!(config.data, PathBuf::from("data"));
    assert_eq!(config.previous_secret, Some(Secret::new(OLD.into())));
    assert_eq!(config.origin(), "https://tasks.example.org");
    assert!(config.is_https());
    assert_eq!(config.listen.to_string(), "0.0.0.0:8080");
    assert_eq!(config.metrics, "127.0.0.1:9464".parse().ok());
    assert_eq!(config.sign_up, SignUp::Invite);
    let mail = config.mail.unwrap();
    assert_eq!(mail.smtp.expose(), "smtps://u:p@mail.example.org");
    assert_eq!(mail.from, "tasks@example.org");
    assert!(config.require_verified_email);
    let oidc = config.oidc.unwrap();
    assert_eq!(oidc.issuer, "https://id.example.org/");
    assert_eq!(oidc.client_id, "latchkey");
    assert_eq!(oidc.client_secret.expose(), "hushhush");
    assert_eq!(oidc.name, "Example ID");
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.cors_origins, ["https://app.example.org"]);
    assert!(!config.rate_limit);
    assert_eq!((config.session_ttl, config.token_ttl), (2_592_000, 900));
    assert_eq!(config.token_audience.as_deref(), Some("tasks"));
    assert_eq!(config.log_filter, "debug");
    assert_eq!(config.log_format, LogFormat::Pretty);
}

#[test]
fn unset_and_empty_mean_the_same() {
    let empty: Vec<_> = VARIABLES.iter().map(|&name| (name, "")).collect();
    assert_eq!(
        format!("{:?}", read(&empty).unwrap()),
        format!("{:?}", read(&[]).unwrap())
    );
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_example() {
    let bad: Vec<_> = VARIABLES.iter().map(|&name| (name, "\u{1}")).collect();
    let expected: Vec<_> = VARIABLES
        .iter()
        .filter(|name| !name.starts_with("BETTER_AUTH"))
        .collect();
    assert_eq!(faulty(&bad).iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_fault_is_one_line_with_a_cure() {
    let error = read(&[("SESSION_TTL", "soon"), ("SIGN_UP", "maybe")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "SIGN_UP is none of open, invite and closed. Write open, invite or closed.\n\
         SESSION_TTL is not a length of time from 1s to 400d. Write a whole number with s, m, h or d, like 7d."
    );
}

#[test]
fn the_public_url_follows_the_port_listened_on() {
    let origin = |pairs: &[_]| read(pairs).unwrap().origin();
    let listen = ("LEPTOS_SITE_ADDR", "[::]:8080");
    assert_eq!(origin(&[listen]), "http://localhost:8080");
    assert_eq!(
        origin(&[listen, ("BETTER_AUTH_URL", "https://a.example")]),
        "https://a.example"
    );
    let chance = ("LEPTOS_SITE_ADDR", "127.0.0.1:0");
    assert_eq!(faulty(&[chance]), ["PUBLIC_URL"]);
    assert_eq!(
        origin(&[chance, ("PUBLIC_URL", "https://b.example")]),
        "https://b.example"
    );
}

#[test]
fn two_public_urls_must_be_the_same_but_for_how_they_are_written() {
    let both = |other| {
        [
            ("PUBLIC_URL", "https://a.example"),
            ("BETTER_AUTH_URL", other),
        ]
    };
    for same in [
        "https://a.example",
        "https://a.example/",
        "HTTPS://A.example:443",
    ] {
        assert_eq!(
            read(&both(same)).unwrap().origin(),
            "https://a.example",
            "{same}"
        );
    }
    for other in ["https://b.example", "http://a.example", "a.example"] {
        assert_eq!(faulty(&both(other)), ["BETTER_AUTH_URL"], "{other}");
    }
    let told = read(&both("https://b.example")).unwrap_err().to_string();
    assert_eq!(
        told,
        "BETTER_AUTH_URL is not the same as PUBLIC_URL. Keep one of the two."
    );
}

#[test]
fn mail_needs_both_its_variables() {
    assert_eq!(faulty(&[("SMTP_URL", "smtp://localhost")]), ["MAIL_FROM"]);
    assert_eq!(faulty(&[("MAIL_FROM", "a@example.org")]), ["SMTP_URL"]);
    let required = ("REQUIRE_VERIFIED_EMAIL", "on");
    assert_eq!(faulty(&[required]), ["REQUIRE_VERIFIED_EMAIL"]);
    let cure = read(&[required]).unwrap_err().to_string();
    assert!(cure.contains("Set SMTP_URL and MAIL_FROM"), "{cure}");
}

#[test]
fn an_identity_provider_needs_all_its_variables_and_the_missing_ones_are_named() {
    let issuer = ("OIDC_ISSUER", "https://id.example.org");
    let id = ("OIDC_CLIENT_ID", "latchkey");
    let secret = ("OIDC_CLIENT_SECRET", "hushhush");
    let name = ("OIDC_NAME", "Example ID");
    assert_eq!(
        faulty(&[issuer]),
        ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME"]
    );
    assert_eq!(faulty(&[id, secret, name]), ["OIDC_ISSUER"]);
    let file = ("OIDC_CLIENT_SECRET_FILE", "key");
    let config = read(&[issuer, id, file, name]).unwrap();
    assert_eq!(config.oidc.unwrap().client_secret.expose(), GOOD);
    assert_eq!(
        faulty(&[issuer, id, secret, file, name]),
        ["OIDC_CLIENT_SECRET_FILE"]
    );
    assert_eq!(
        faulty(&[file]),
        ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_NAME"]
    );
    let plain = ("OIDC_ISSUER", "http://id.example.org");
    assert_eq!(faulty(&[plain, id, secret, name]), ["OIDC_ISSUER"]);
}

#[test]
fn metrics_and_the_site_do_not_share_an_address() {
    assert_eq!(
        faulty(&[("METRICS_ADDR", "127.0.0.1:3000")]),
        ["METRICS_ADDR"]
    );
}

#[test]
fn a_variable_nobody_reads_is_no_fault() {
    assert!(read(&[("LATCHKEY_COLOUR", "teal"), ("AUTH_SECERT", "x")]).is_ok());
}

#[test]
fn a_loopback_site_has_three_names_and_any_other_one() {
    let local = read(&[]).unwrap();
    for name in ["localhost", "127.0.0.1", "[::1]"] {
        assert!(
            local.is_our_origin(&format!("http://{name}:3000")),
            "{name}"
        );
    }
    for other in [
        "https://localhost:3000",
        "http://localhost:3001",
        "http://localhost:3000/",
        "null",
        "",
    ] {
        assert!(!local.is_our_origin(other), "{other}");
    }
    let public = read(&[("PUBLIC_URL", "https://tasks.example.org")]).unwrap();
    assert!(public.is_our_origin("https://tasks.example.org"));
    assert!(!public.is_our_origin("https://localhost"));
    assert_eq!(public.link("/signin"), "https://tasks.example.org/signin");
}
