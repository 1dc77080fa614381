//! Where the secret may come from, and what is told about it.

use super::*;
use std::io;

#[test]
fn a37_with_postgresql_a_secret_is_required_and_the_command_that_prints_one_is_named() {
    let database = ("DATABASE_URL", "postgres://u:p@db/latchkey");
    let error = Config::read(&set(&[database]), |_| unreachable!("no file is kept")).unwrap_err();
    assert!(error.to_string().starts_with("AUTH_SECRET is not set"));
    assert!(error.to_string().contains("`latchkey secret`"), "{error}");
    assert!(read(&[database, ("BETTER_AUTH_SECRET", GOOD)]).is_ok());
    assert!(read(&[database, ("AUTH_SECRET_FILE", "key")]).is_ok());
}

#[test]
fn with_sqlite_the_secret_is_kept_beside_the_database() {
    let mut asked = None;
    Config::read(&set(&[("DATABASE_URL", "sqlite:///srv/lk/t.db")]), |file| {
        asked = Some(file.clone());
        Ok(GOOD.into())
    })
    .unwrap();
    assert_eq!(asked, Some(SecretFile::Kept("/srv/lk/secret".into())));
}

#[test]
fn no_secret_is_made_while_anything_else_is_wrong() {
    let open = |_: &SecretFile| -> io::Result<Vec<u8>> { unreachable!("made for nothing") };
    let error = Config::read(&set(&[("RATE_LIMIT", "maybe")]), open).unwrap_err();
    assert_eq!(error.faults().len(), 1);
}

#[test]
fn a37_a_weak_secret_is_refused_wherever_it_comes_from() {
    let weak = "changeme-changeme-changeme-42-changeme";
    assert_eq!(faulty(&[("AUTH_SECRET", weak)]), ["AUTH_SECRET"]);
    assert_eq!(
        faulty(&[("BETTER_AUTH_SECRET", weak)]),
        ["BETTER_AUTH_SECRET"]
    );
    assert_eq!(faulty(&[("AUTH_SECRET", &GOOD[1..])]), ["AUTH_SECRET"]);
    assert_eq!(
        faulty(&[("AUTH_SECRET_PREVIOUS", weak)]),
        ["AUTH_SECRET_PREVIOUS"]
    );
    for (name, told) in [
        ("AUTH_SECRET_FILE", "AUTH_SECRET_FILE"),
        ("UNKNOWN", "AUTH_SECRET"),
    ] {
        let error = Config::read(&set(&[(name, "key")]), |_| Ok(weak.into())).unwrap_err();
        assert_eq!(error.faults()[0].variable, told);
        assert!(!error.to_string().contains(weak));
    }
}

#[test]
fn two_secrets_that_differ_are_refused_rather_than_chosen_from() {
    let both = |other| [("AUTH_SECRET", GOOD), ("BETTER_AUTH_SECRET", other)];
    assert!(read(&both(GOOD)).is_ok());
    assert_eq!(faulty(&both(OLD)), ["BETTER_AUTH_SECRET"]);
    assert_eq!(
        faulty(&[("AUTH_SECRET", GOOD), ("AUTH_SECRET_FILE", "key")]),
        ["AUTH_SECRET_FILE"]
    );
}

#[test]
fn an_unreadable_secret_file_is_told_without_its_path() {
    let denied = |_: &SecretFile| Err(io::Error::new(io::ErrorKind::PermissionDenied, "/srv/hush"));
    let named = Config::read(&set(&[("AUTH_SECRET_FILE", "/srv/hush")]), denied).unwrap_err();
    assert!(named.to_string().contains("permission denied"), "{named}");
    assert!(!named.to_string().contains("hush"));
    let kept = Config::read(&set(&[]), denied).unwrap_err();
    assert!(
        kept.to_string().contains("AUTH_SECRET is not set"),
        "{kept}"
    );
}

#[test]
fn a_configuration_prints_without_its_secrets() {
    let config = read(&[
        ("DATABASE_URL", "postgres://u:hush1@db/latchkey"),
        ("AUTH_SECRET", GOOD),
        ("AUTH_SECRET_PREVIOUS", OLD),
        ("SMTP_URL", "smtp://u:hush2@mail.example.org"),
        ("MAIL_FROM", "a@example.org"),
        ("OIDC_ISSUER", "https://id.example.org"),
        ("OIDC_CLIENT_ID", "latchkey"),
        ("OIDC_CLIENT_SECRET", "hush3"),
        ("OIDC_NAME", "Example ID"),
    ])
    .unwrap();
    let text = format!("{config:?}");
    for secret in ["hush1", "hush2", "hush3", GOOD, OLD] {
        assert!(!text.contains(secret), "{text}");
    }
}
