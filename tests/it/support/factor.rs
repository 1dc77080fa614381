//! Somebody with an authenticator app.

use super::{
    PASSWORD,
    app::{App, Browser},
};
use http::StatusCode;
use latchkey::service::clock;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

pub const VERIFY: &str = "/api/auth/two-factor/verify-totp";
pub const RECOVER: &str = "/api/auth/two-factor/verify-backup-code";

/// An app that was told a seed.
pub struct Phone(Totp);

impl Phone {
    /// Told by the address that a picture holds.
    pub fn told(uri: &str) -> Self {
        let url = url::Url::parse(uri).expect("an address");
        let secret = url
            .query_pairs()
            .find(|(name, _)| name == "secret")
            .expect("a seed");
        Self::typed(&secret.1)
    }

    /// Told by the key that is typed.
    pub fn typed(key: &str) -> Self {
        let key = key.replace(' ', "");
        let secret = Secret::try_from_base32(&key).expect("base 32");
        Self(
            Builder::new()
                .with_secret(secret)
                .build()
                .expect("a seed that is long enough"),
        )
    }

    /// What it shows so many steps from now.
    pub fn shows(&self, steps: i64) -> String {
        let at = clock::now().seconds() + 30 * steps;
        let at = u64::try_from(at).expect("a time");
        self.0.generate(at).to_string()
    }

    /// Six digits that are none of those that count now or in the next minutes.
    pub fn never_shows(&self) -> String {
        let good: Vec<_> = (-2..=10).map(|step| self.shows(step)).collect();
        (0..1000)
            .map(|code| format!("{code:06}"))
            .find(|code| !good.contains(code))
            .expect("one of a thousand")
    }
}

/// A person whose second factor is on: their browser, their app, and their recovery codes. No code is used up yet.
pub async fn with_factor<'a>(app: &'a App, name: &str) -> (Browser<'a>, Phone, Vec<String>) {
    let browser = app.person(name).await;
    let begun = browser
        .calls(
            "/api/auth/two-factor/enable",
            &json!({ "password": PASSWORD }),
        )
        .await
        .is(StatusCode::OK)
        .json();
    let phone = Phone::told(begun["totpURI"].as_str().expect("an address"));
    browser
        .calls(VERIFY, &json!({ "code": phone.shows(0) }))
        .await
        .is(StatusCode::OK);
    app.house.run("UPDATE totp SET last_step = 0").await;
    (browser, phone, texts(&begun["backupCodes"]))
}

/// A browser in which this person has given the password, and nothing more.
pub async fn challenged<'a>(app: &'a App, name: &str) -> Browser<'a> {
    let browser = app.browser();
    let answer = browser.calls("/api/auth/sign-in", &claim(name)).await;
    let answer = answer.is(StatusCode::OK).json();
    assert_eq!(answer["twoFactorRedirect"], true, "{answer}");
    browser
}

/// What one signs in with.
pub fn claim(name: &str) -> Value {
    json!({ "email": format!("{}@example.org", name.to_lowercase()), "password": PASSWORD })
}

pub fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}
