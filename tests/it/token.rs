//! Bearer tokens: altered ones are refused, and others who hold the secret can read ours.

use crate::support::House;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use latchkey::{
    domain::{Error, SignedIn},
    service::{auth, config::Secret, token::Keys},
};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

async fn ada() -> (House, SignedIn) {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let who = house.signs_in(&house.browser(), &ada).await;
    (house, who)
}

fn claims(who: &SignedIn) -> Value {
    let now = latchkey::service::clock::now().seconds();
    json!({ "iss": "http://localhost:3000", "sub": who.user.id, "sid": who.session, "email": who.user.email, "iat": now, "exp": now + 600, "jti": uuid::Uuid::now_v7() })
}

fn part(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

fn signed(secret: &[u8], header: &str, claims: &str) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let mac = Hmac::<Sha256>::new_from_slice(secret)
        .expect("a key")
        .chain_update(&message)
        .finalize()
        .into_bytes();
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac))
}

const PLAIN: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

async fn verdict(house: &House, token: &str) -> Result<(), Error> {
    auth::by_bearer(&house.db, &house.keys, token)
        .await
        .map(drop)
}

#[tokio::test]
async fn a_plain_token_with_the_right_claims_is_good() {
    let (house, who) = ada().await;
    let token = signed(
        house.config.secret.expose(),
        PLAIN,
        &claims(&who).to_string(),
    );
    assert_eq!(verdict(&house, &token).await, Ok(()));
}

#[tokio::test]
async fn a16_a_token_lasts_seven_days_and_never_longer_than_its_session() {
    let (house, mut who) = ada().await;
    let (token, expires) = house.keys.issue(&who).expect("a token");
    let said = house.keys.read(&token).expect("claims");
    assert!((said.exp - said.iat - 604_800).abs() <= 1);
    assert_eq!(
        (said.sub, said.sid, said.email.as_str(), expires.seconds()),
        (who.user.id, who.session, "ada@example.org", said.exp)
    );

    who.expires_at = latchkey::service::clock::now().plus_seconds(60);
    let (short, _) = house.keys.issue(&who).expect("a token");
    assert_eq!(
        house.keys.read(&short).expect("claims").exp,
        who.expires_at.seconds()
    );
}

#[tokio::test]
async fn a16_the_token_of_a_sign_in_lasts_exactly_as_long_as_its_session_however_late_it_is_made() {
    let (house, who) = ada().await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let (token, _) = house.keys.first(&who).expect("a token");
    let said = house.keys.read(&token).expect("claims");
    assert_eq!(said.exp - said.iat, 604_800);
}

#[tokio::test]
async fn b1_b2_b3_b4_b5_a_token_with_another_header_or_key_is_refused() {
    let (house, who) = ada().await;
    let (secret, body) = (
        house.config.secret.expose().clone(),
        claims(&who).to_string(),
    );
    let good = signed(&secret, PLAIN, &body);
    let (message, mac) = good.rsplit_once('.').expect("three parts");
    let other_hash = |header: &str, wide: bool| {
        let message = format!("{}.{}", part(header), part(&body));
        let mac = if wide {
            Hmac::<Sha512>::new_from_slice(&secret)
                .expect("a key")
                .chain_update(&message)
                .finalize()
                .into_bytes()
                .to_vec()
        } else {
            Hmac::<Sha384>::new_from_slice(&secret)
                .expect("a key")
                .chain_update(&message)
                .finalize()
                .into_bytes()
                .to_vec()
        };
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac))
    };
    let long_kid = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "a".repeat(10_000));
    let mut bad = vec![
        format!("{message}."),
        message.to_owned(),
        format!("{good}.x"),
        format!("{good}\n"),
        format!("{good}="),
        format!("{}.{mac}", message.replace('.', "..")),
        other_hash(r#"{"alg":"HS512","typ":"JWT"}"#, true),
        other_hash(r#"{"alg":"HS384","typ":"JWT"}"#, false),
    ];
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"None"}"#,
        r#"{"alg":"nOnE","typ":"JWT"}"#,
        r#"{"alg":"RS256","typ":"JWT"}"#,
        r#"{"alg":"EdDSA"}"#,
        r#"{"alg":"hs256"}"#,
        r#"{"alg":"HS256","crit":["x"]}"#,
        r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","kid":"../../../../dev/null"}"#,
        r#"{"alg":"HS256","kid":"' OR 1=1--"}"#,
        r#"{"alg":"HS256","kid":7}"#,
        &long_kid,
        r#"{"alg":"HS256","jku":"http://127.0.0.1:1/"}"#,
        r#"{"alg":"HS256","x5u":"http://127.0.0.1:1/"}"#,
        r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
        "[]",
        "{",
        "",
    ] {
        bad.push(signed(&secret, header, &body));
    }
    for key in [b"".as_slice(), b"secret", b"changeme", b"your-secret-key"] {
        bad.push(signed(key, PLAIN, &body));
    }
    for token in bad {
        assert_eq!(
            verdict(&house, &token).await,
            Err(Error::InvalidToken),
            "{token}"
        );
    }
}

#[tokio::test]
async fn b6_b7_a_token_with_other_claims_is_refused() {
    let (house, who) = ada().await;
    let secret = house.config.secret.expose();
    let now = latchkey::service::clock::now().seconds();
    let with = |member: &str, value: Value| {
        let mut all = claims(&who);
        all[member] = value;
        all.to_string()
    };
    let without = |member: &str| {
        let mut all = claims(&who);
        all.as_object_mut().expect("an object").remove(member);
        all.to_string()
    };
    let mut bad: Vec<String> = ["exp", "iss", "sub", "sid", "iat", "jti"]
        .iter()
        .map(|member| without(member))
        .collect();
    for exp in [
        json!("9999999999"),
        json!(null),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(253_402_300_800_i64),
        json!([now + 60]),
        json!(true),
    ] {
        bad.push(with("exp", exp));
    }
    bad.extend([
        with("nbf", json!(now + 600)),
        with("nbf", json!("x")),
        with("iat", json!(now + 3600)),
        with("role", json!("admin")),
        with("sub", json!(7)),
        with("sub", json!([who.user.id])),
        with("sub", json!(uuid::Uuid::now_v7())),
        with("sid", json!(uuid::Uuid::now_v7())),
        with("iss", json!("http://evil.example")),
        with("aud", json!("somebody")),
        with("exp", json!(now + 30 * 24 * 3600)),
        claims(&who)
            .to_string()
            .replacen('{', &format!(r#"{{"sub":"{}","#, who.user.id), 1),
        claims(&who)
            .to_string()
            .replacen('{', &format!(r#"{{"exp":{},"#, now + 60), 1),
    ]);
    for body in bad {
        assert!(
            verdict(&house, &signed(secret, PLAIN, &body))
                .await
                .is_err(),
            "{body}"
        );
    }
    for exp in [now, now - 1] {
        let mut all = claims(&who);
        all["iat"] = json!(now - 60);
        all["exp"] = json!(exp);
        assert_eq!(
            verdict(&house, &signed(secret, PLAIN, &all.to_string())).await,
            Err(Error::TokenExpired)
        );
    }
}

#[tokio::test]
async fn b45_a_token_of_the_previous_secret_is_good_while_that_is_listed() {
    let (mut house, who) = ada().await;
    let (old, _) = house.keys.issue(&who).expect("a token");

    house.config.previous_secret = Some(house.config.secret.clone());
    house.config.secret = Secret::new(b"another secret of the tests, also long".to_vec());
    let rotating = Keys::new(&house.config);
    house.config.previous_secret = None;
    let rotated = Keys::new(&house.config);

    assert!(auth::by_bearer(&house.db, &rotating, &old).await.is_ok());
    assert_eq!(
        auth::by_bearer(&house.db, &rotated, &old).await,
        Err(Error::InvalidToken)
    );
    let (new, _) = rotating.issue(&who).expect("a token");
    assert!(auth::by_bearer(&house.db, &rotated, &new).await.is_ok());
}

#[tokio::test]
async fn b45_a_token_that_names_no_key_is_read_with_both() {
    let (mut house, who) = ada().await;
    let old = house.config.secret.expose().clone();
    house.config.previous_secret = Some(house.config.secret.clone());
    house.config.secret = Secret::new(vec![7; 32]);
    let keys = Keys::new(&house.config);
    let claims = claims(&who).to_string();
    for secret in [old.as_slice(), &[7; 32]] {
        let token = signed(secret, r#"{"alg":"HS256","typ":"JWT"}"#, &claims);
        assert!(keys.read(&token).is_ok());
    }
    let token = signed(&[8; 32], r#"{"alg":"HS256","typ":"JWT"}"#, &claims);
    assert_eq!(keys.read(&token), Err(Error::InvalidToken));
}
