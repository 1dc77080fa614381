//! Signing up, through the front door: by form and by JSON.

use crate::support::{PASSWORD, app::App};
use http::StatusCode;
use latchkey::{domain::Error, service::config::SignUp};
use serde_json::{Value, json};

fn maya() -> Value {
    json!({ "name": "Maya", "email": "maya@example.org", "password": PASSWORD })
}

#[tokio::test]
async fn a98_sign_up_signs_in_at_once_and_answers_with_the_token_of_the_api() {
    let app = App::open().await;
    let browser = app.browser();

    let answer = browser
        .calls("/api/auth/sign-up", &maya())
        .await
        .is(StatusCode::OK);

    let body = answer.json();
    assert_eq!(body["user"]["email"], "maya@example.org");
    assert_eq!(body["user"]["emailVerified"], false);
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut program = app.program();
    program.token = body["token"].as_str().map(str::to_owned);
    program.get("/api/tasks").await.is(StatusCode::OK);
    assert_eq!(
        browser.reads("/api/auth/session").await.json()["user"]["name"],
        "Maya"
    );
    assert_eq!(
        app.house.column("SELECT provider_id FROM account").await,
        ["credential"]
    );
}

#[tokio::test]
async fn who_signs_up_for_this_once_has_a_session_that_ends_with_the_browser() {
    let app = App::open().await;
    let kept = app.browser().calls("/api/auth/sign-up", &maya()).await;
    assert!(kept.header("set-cookie").contains("Max-Age="));
    let mut ada = json!({ "name": "Ada", "email": "ada@example.org", "password": PASSWORD });
    ada["rememberMe"] = false.into();
    let short = app.browser().calls("/api/auth/sign-up/email", &ada).await;
    let cookie = short.is(StatusCode::OK).header("set-cookie").to_owned();
    assert!(!cookie.contains("Max-Age="), "{cookie}");
    ada["rememberMe"] = "perhaps".into();
    let refused = app.browser().calls("/api/auth/sign-up", &ada).await;
    refused.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a14_the_cookie_is_http_only_lax_for_every_path_and_its_value_never_stands_in_a_body() {
    let app = App::open().await;
    let browser = app.browser();

    let answer = browser.calls("/api/auth/sign-up", &maya()).await;

    let cookie = answer.header("set-cookie").to_owned();
    let value = cookie.split(['=', ';']).nth(1).expect("a value").to_owned();
    assert!(cookie.starts_with("latchkey_session="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(value.len() >= 22, "{value}");
    for path in ["/api/auth/session", "/api/auth/token"] {
        assert!(!browser.reads(path).await.text().contains(&value));
    }
    assert!(!answer.text().contains(&value));
}

#[tokio::test]
async fn a14_on_https_the_cookie_is_bound_to_the_host() {
    let app = App::with(|config| {
        config.public_url = "https://localhost:3000".parse().expect("an address");
    })
    .await;
    let request = crate::support::app::request(http::Method::POST, "/api/auth/sign-up")
        .header("content-type", "application/json")
        .header("origin", "https://localhost:3000")
        .body(maya().to_string().into())
        .expect("a request");

    let answer = app.ask(request).await.is(StatusCode::OK);

    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-latchkey_session=") && cookie.contains("Secure"),
        "{cookie}"
    );
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=31536000")
    );
}

#[tokio::test]
async fn without_javascript_the_form_signs_up_and_leads_on() {
    let app = App::open().await;
    let browser = app.browser();
    let form = [
        ("name", "Maya"),
        ("email", "maya@example.org"),
        ("password", PASSWORD),
        ("timeZone", "Europe/Paris"),
        ("next", "/settings"),
    ];

    let answer = browser
        .form("/signup", &form)
        .await
        .is(StatusCode::SEE_OTHER);

    assert_eq!(answer.location(), "/settings");
    assert!(answer.body.is_empty());
    browser.get("/settings").await.is(StatusCode::OK);
    assert_eq!(
        app.house.column("SELECT time_zone FROM \"user\"").await,
        ["Europe/Paris"]
    );
}

#[tokio::test]
async fn a_refused_form_is_the_page_again_with_every_fault_and_what_was_typed() {
    let app = App::open().await;
    let form = [
        ("name", "Maya <b>"),
        ("email", "maya@example"),
        ("password", "short 7"),
    ];

    let answer = app
        .browser()
        .form("/signup", &form)
        .await
        .is(StatusCode::BAD_REQUEST);

    let page = answer.text();
    assert!(answer.header("content-type").starts_with("text/html"));
    for error in [Error::InvalidEmail, Error::PasswordTooShort] {
        assert!(page.contains(error.message()), "{error:?}");
    }
    assert!(
        page.contains("maya@example") && page.contains("Maya &lt;b&gt;"),
        "what was typed is kept"
    );
    assert!(!page.contains("short 7"), "but never the password");
    assert_eq!(
        page.matches(" autofocus").count(),
        1,
        "one field has the cursor"
    );
    assert!(answer.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn a_json_refusal_names_every_fault_at_once() {
    let app = App::open().await;
    let body = json!({ "name": " ", "email": "nobody", "password": "x" });

    let answer = app
        .browser()
        .calls("/api/auth/sign-up", &body)
        .await
        .says(Error::InvalidName);

    let fields: Vec<_> = answer.json()["errors"]
        .as_array()
        .expect("faults")
        .iter()
        .map(|fault| fault["field"].clone())
        .collect();
    assert_eq!(fields, ["name", "email", "password"]);
}

#[tokio::test]
async fn a_missing_member_or_a_wrong_type_is_a_validation_error() {
    let app = App::open().await;
    for (body, wrong) in [
        (json!({}), ["name", "email", "password"].as_slice()),
        (
            json!({ "name": "Maya", "email": 1, "password": PASSWORD }),
            &["email"],
        ),
        (
            json!({ "name": "Maya", "email": "maya@example.org" }),
            &["password"],
        ),
        (
            json!({ "name": null, "email": [], "password": PASSWORD }),
            &["email", "name"],
        ),
        (json!([]), &[]),
        (json!("a text"), &[]),
        (json!(null), &[]),
    ] {
        let answer = app
            .browser()
            .calls("/api/auth/sign-up", &body)
            .await
            .says(Error::Validation)
            .json();
        let told: Vec<_> = answer["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|fault| fault["field"].as_str().expect("a name"))
            .collect();
        assert_eq!(told, wrong, "{body}");
    }
}

#[tokio::test]
async fn b23_a_taken_address_is_told_once_and_plainly() {
    let app = App::open().await;
    app.person("Maya").await;
    let again = json!({ "name": "Another", "email": "MAYA@example.org", "password": PASSWORD });

    app.browser()
        .calls("/api/auth/sign-up", &again)
        .await
        .says(Error::EmailTaken);

    assert_eq!(
        app.house.column("SELECT name FROM \"user\"").await,
        ["Maya"]
    );
}

#[tokio::test]
async fn b42_nobody_gives_themselves_an_id_a_role_or_a_verified_address() {
    let app = App::open().await;
    let mut body = maya();
    for (member, value) in [
        ("id", json!("x")),
        ("emailVerified", json!(true)),
        ("email_verified", json!(true)),
        ("role", json!("admin")),
        ("createdAt", json!("1970-01-01T00:00:00.000Z")),
    ] {
        body[member] = value;
    }

    let user = app
        .browser()
        .calls("/api/auth/sign-up", &body)
        .await
        .is(StatusCode::OK)
        .json()["user"]
        .clone();

    assert_eq!(user["emailVerified"], false);
    assert_ne!(user["id"], "x");
    assert!(user["createdAt"].as_str() > Some("2026"));
}

#[tokio::test]
async fn a_closed_house_takes_no_new_accounts_and_says_so() {
    let app = App::with(|config| config.sign_up = SignUp::Closed).await;

    app.browser()
        .calls("/api/auth/sign-up", &maya())
        .await
        .says(Error::SignUpClosed);

    let page = app.browser().get("/signup").await;
    assert!(
        !page.text().contains("name=\"password\""),
        "there is no form to fill in in vain"
    );
}

#[tokio::test]
async fn better_auths_name_for_it_leads_to_the_same_function() {
    let app = App::open().await;
    let answer = app
        .browser()
        .calls("/api/auth/sign-up/email", &maya())
        .await
        .is(StatusCode::OK);
    assert!(answer.json()["token"].is_string());
}

#[tokio::test]
async fn b17_of_fifty_sign_ups_with_fifty_spellings_of_one_address_one_is_in() {
    let app = App::with(|config| config.rate_limit = false).await;
    let spelled = |at: usize| {
        let flip = |(place, letter): (usize, char)| match at >> (place % 6) & 1 {
            1 => letter.to_ascii_uppercase(),
            _ => letter,
        };
        let email: String = "maya.l@example.org".chars().enumerate().map(flip).collect();
        format!("{}{email}{}", " ".repeat(at % 3), " ".repeat(at % 2))
    };
    let tries = (0..50).map(|at| {
        let body = json!({ "name": "Maya", "email": spelled(at), "password": PASSWORD });
        let app = &app;
        async move { app.browser().calls("/api/auth/sign-up", &body).await }
    });
    let answers = futures::future::join_all(tries).await;
    let (came, refused): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.status == StatusCode::OK);
    assert_eq!(came.len(), 1);
    for answer in refused {
        assert!(answer.headers.get("set-cookie").is_none());
        // On a machine that is slow at it, some wait too long for their hash.
        if answer.status == StatusCode::SERVICE_UNAVAILABLE {
            answer.says(Error::Unavailable);
        } else {
            answer.says(Error::EmailTaken);
        }
    }
    for sql in [
        r#"SELECT id FROM "user""#,
        "SELECT id FROM account",
        "SELECT id FROM session",
    ] {
        assert_eq!(app.house.column(sql).await.len(), 1, "{sql}");
    }
}

#[tokio::test]
async fn a_password_that_is_refused_counts_for_nothing_and_is_told_with_the_rest() {
    let app = App::open().await;
    let browser = app.browser();
    let weak = json!({ "name": "Maya", "email": "maya@example.org", "password": "password123" });
    for _ in 0..12 {
        browser
            .calls("/api/auth/sign-up", &weak)
            .await
            .says(Error::PasswordCompromised);
    }
    browser
        .calls("/api/auth/sign-up", &maya())
        .await
        .is(StatusCode::OK);
}
