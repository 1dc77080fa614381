//! A token of ours in somebody else's hands: `PyJWT` reads it with the secret as it stands in the configuration.

use crate::support::app::App;
use http::StatusCode;
use latchkey::service::config::{Secret, fresh_secret};
use serde_json::{Value, json};
use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

/// As a back end in Python would write it.
const READER: &str = r#"
import json, sys, jwt
token, secret = json.load(sys.stdin)
print(json.dumps(jwt.decode(token, secret, algorithms=["HS256"])))
"#;

/// What `PyJWT` says of this token, or why it refuses.
fn read(token: &str, secret: &str) -> Result<Value, String> {
    let python = tools().join("pyjwt/bin/python");
    let mut reader = Command::new(&python)
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|cause| {
            panic!(
                "{} does not start ({cause}); run: bin/setup pyjwt",
                python.display()
            )
        });
    let input = json!([token, secret]).to_string();
    let mut pipe = reader.stdin.take().expect("a pipe");
    pipe.write_all(input.as_bytes()).expect("written");
    drop(pipe);
    let said = reader.wait_with_output().expect("an end");
    if said.status.success() {
        Ok(serde_json::from_slice(&said.stdout).expect("JSON"))
    } else {
        Err(String::from_utf8_lossy(&said.stderr).into_owned())
    }
}

/// Where bin/setup puts what the tests need.
fn tools() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "where the tools are is said from outside, as in bin/env.sh"
    )]
    let said = |name| std::env::var(name).ok().map(PathBuf::from);
    said("LATCHKEY_TOOLS")
        .or_else(|| said("XDG_CACHE_HOME").map(|cache| cache.join("latchkey/tools")))
        .or_else(|| said("HOME").map(|home| home.join(".cache/latchkey/tools")))
        .expect("HOME")
}

#[tokio::test]
async fn f87_pyjwt_verifies_a_token_with_the_secret_as_it_stands() {
    let secret = fresh_secret();
    let app = App::with(|config| config.secret = Secret::new(secret.clone().into_bytes())).await;
    let browser = app.person("Maya").await;

    let session = browser
        .reads("/api/auth/session")
        .await
        .is(StatusCode::OK)
        .json();
    let token = session["session"]["token"].as_str().expect("a token");
    let claims = read(token, &secret).expect("PyJWT takes it");

    assert_eq!(claims["sub"], session["user"]["id"]);
    assert_eq!(claims["email"], "maya@example.org");
    assert_eq!(claims["sid"], session["session"]["id"]);
    let (made, ends) = (claims["iat"].as_i64(), claims["exp"].as_i64());
    let lasts = ends.expect("exp") - made.expect("iat");
    // Made a moment after its session, whose end it does not outlive.
    assert!((604_790..=604_800).contains(&lasts), "{lasts}");

    let other = fresh_secret();
    let refused = read(token, &other).expect_err("another secret");
    assert!(refused.contains("InvalidSignatureError"), "{refused}");
}

#[tokio::test]
async fn f87_with_an_audience_pyjwt_has_to_ask_for_it() {
    let secret = fresh_secret();
    let app = App::with(|config| {
        config.secret = Secret::new(secret.clone().into_bytes());
        config.token_audience = Some("tasks".to_owned());
    })
    .await;
    let program = app.person("Maya").await.program().await;
    program.get("/api/tasks").await.is(StatusCode::OK);

    let token = program.token.expect("a token");
    let refused = read(&token, &secret).expect_err("an audience nobody asked for");

    assert!(refused.contains("InvalidAudienceError"), "{refused}");
}
