//! What a password may be, from the front door to the row.

use crate::support::{
    PASSWORD,
    app::{Answer, App},
};
use http::StatusCode;
use latchkey::domain::Error;
use serde_json::json;

async fn signs_up(app: &App, name: &str, password: &str) -> Answer {
    let email = format!("{name}@example.org");
    let body = json!({ "name": name, "email": email, "password": password });
    app.browser().calls("/api/auth/sign-up", &body).await
}

async fn signs_in(app: &App, name: &str, password: &str) -> Answer {
    let body = json!({ "email": format!("{name}@example.org"), "password": password });
    app.browser().calls("/api/auth/sign-in", &body).await
}

async fn unlimited() -> App {
    App::with(|config| config.rate_limit = false).await
}

#[tokio::test]
async fn a1_a2_from_8_to_128_characters_are_taken_as_people_count_them() {
    let app = unlimited().await;
    let letters = |count: usize| {
        "ölknabvyrtqz"
            .chars()
            .cycle()
            .take(count)
            .collect::<String>()
    };
    for (count, refused) in [
        (7, Some(Error::PasswordTooShort)),
        (8, None),
        (128, None),
        (129, Some(Error::PasswordTooLong)),
    ] {
        let (name, password) = (format!("p{count}"), letters(count));
        let answer = signs_up(&app, &name, &password).await;
        if let Some(error) = refused {
            answer.says(error);
        } else {
            answer.is(StatusCode::OK);
            signs_in(&app, &name, &password).await.is(StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn a2_the_beginning_of_a_long_password_is_not_the_password() {
    let app = unlimited().await;
    let password = "as long as it takes to say it, ".repeat(4);
    let password = password.trim_end();
    signs_up(&app, "maya", password).await.is(StatusCode::OK);
    for length in [72, 64, 100, password.len() - 1] {
        signs_in(&app, "maya", &password[..length])
            .await
            .says(Error::InvalidCredentials);
    }
    signs_in(&app, "maya", &format!("{password}."))
        .await
        .says(Error::InvalidCredentials);
    signs_in(&app, "maya", password).await.is(StatusCode::OK);
}

#[tokio::test]
async fn a3_nobody_is_asked_for_capitals_digits_or_signs() {
    let app = unlimited().await;
    for (at, password) in [
        "water the garden",
        "49027716358204",
        "WATERTHEGARDEN",
        "!?;-)&%$(=/",
        "Ζεφυρος πνει",
        "🦊🌱🪴🐝🌦️🪵🍄🐌",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("p{at}");
        signs_up(&app, &name, password).await.is(StatusCode::OK);
        signs_in(&app, &name, password).await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn a42_another_spelling_of_the_same_letters_signs_in() {
    let app = unlimited().await;
    let (composed, decomposed) = (
        "Z\u{fc}rich \u{e9}t\u{e9}",
        "Zu\u{308}rich e\u{301}te\u{301}",
    );
    for (name, given, typed) in [
        ("maya", composed, decomposed),
        ("ada", decomposed, composed),
    ] {
        signs_up(&app, name, given).await.is(StatusCode::OK);
        signs_in(&app, name, typed).await.is(StatusCode::OK);
        signs_in(&app, name, "Zurich ete")
            .await
            .says(Error::InvalidCredentials);
    }
}

#[tokio::test]
async fn f29_in_the_row_stands_an_argon2id_string_and_nothing_of_the_password() {
    let app = unlimited().await;
    signs_up(&app, "maya", PASSWORD).await.is(StatusCode::OK);
    signs_up(&app, "ada", PASSWORD).await.is(StatusCode::OK);
    let rows = "SELECT password FROM account WHERE provider_id = 'credential'";
    let rows = app.house.column(rows).await;
    assert_eq!(rows.len(), 2);
    assert_ne!(rows[0], rows[1], "each has its own salt");
    for row in rows {
        let rest = row.strip_prefix("$argon2id$v=19$m=19456,t=2,p=1$");
        let (salt, hash) = rest
            .and_then(|rest| rest.split_once('$'))
            .unwrap_or_else(|| panic!("{row}"));
        // In base 64: 128 bits and 256.
        assert_eq!((salt.len(), hash.len()), (22, 43), "{row}");
        assert!(!row.contains("words"));
    }
}
