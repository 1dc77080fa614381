//! The post: letters are written with what they tell of, and reach a mail server that is away, busy, rude or gone for a while.

use crate::support::{
    House, PASSWORD,
    app::{App, mail_by},
    binary::Server,
    sink::{Manner, Sink},
    wire::Caller,
};
use http::StatusCode;
use latchkey::service::{
    AppState, Config, Database, clock,
    config::Secret,
    mail::{self, Letter, Post},
};
use std::{collections::HashSet, fs, os::unix::fs::PermissionsExt as _};

const ADA: &str = "ada@example.org";

async fn writes(app: &App, letter: &Letter) {
    mail::queue(app.house.db.write(), &app.state.mail, ADA, letter)
        .await
        .expect("written");
}

fn a_link() -> Letter {
    Letter::ResetPassword {
        link: "http://localhost:3000/reset-password?token=hushhush".to_owned(),
    }
}

async fn waiting(house: &House) -> u64 {
    mail::waiting(&house.db).await.expect("a number")
}

/// Another instance on the same database.
async fn instance(config: &Config) -> Post {
    let db = Database::open(config).await.expect("a pool");
    let state = AppState::new(config.clone(), db).expect("a house");
    Post::new(&state)
}

#[tokio::test]
async fn c17_a_letter_goes_to_the_mail_server_and_nothing_of_it_stays() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    writes(&app, &Letter::PasswordChanged).await;
    assert_eq!(waiting(&app.house).await, 1);

    assert_eq!(app.carries().await, 1);

    let [letter] = &sink.letters()[..] else {
        panic!("one letter")
    };
    assert_eq!(letter.from, "tasks@example.org");
    assert_eq!(letter.to, [ADA]);
    assert_eq!(letter.header("To"), ADA);
    assert_eq!(letter.header("Subject"), "Your password was changed");
    assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
    assert!(letter.link().starts_with("http://localhost:3000/"));
    assert_eq!(waiting(&app.house).await, 0);
    assert_eq!(app.carries().await, 0);
}

#[tokio::test]
async fn c17_a_mail_server_that_was_down_gets_the_letter_when_it_is_back() {
    let sink = Sink::open();
    let address = sink.address();
    let app = App::with_mail(&sink, |_| {}).await;
    drop(sink);
    while std::net::TcpStream::connect(address).is_ok() {}
    writes(&app, &Letter::PasswordChanged).await;

    let begun = clock::now();
    assert_eq!(app.carries_at(begun).await, 0);
    assert_eq!(waiting(&app.house).await, 1);
    let sink = Sink::at(address);
    // Not before the first pause is over.
    assert_eq!(app.carries_at(begun.plus_seconds(29)).await, 0);
    assert_eq!(app.carries_at(begun.plus_seconds(30)).await, 1);

    assert_eq!(sink.to(ADA).len(), 1);
    assert_eq!(waiting(&app.house).await, 0);
}

#[tokio::test]
async fn a_letter_is_tried_less_and_less_often_while_the_server_says_later() {
    let sink = Sink::open();
    sink.is(Manner::Later);
    let app = App::with_mail(&sink, |_| {}).await;
    writes(&app, &Letter::PasswordChanged).await;
    let mut at = clock::now();
    for pause in [30, 60, 120, 240] {
        assert_eq!(app.carries_at(at).await, 0);
        let attempts = app
            .house
            .column("SELECT CAST(attempts AS text) FROM mail")
            .await;
        let too_soon = at.plus_seconds(pause - 1);
        assert_eq!(app.carries_at(too_soon).await, 0);
        assert_eq!(
            app.house
                .column("SELECT CAST(attempts AS text) FROM mail")
                .await,
            attempts,
            "nothing is tried before the pause is over"
        );
        at = at.plus_seconds(pause);
    }
    sink.is(Manner::Takes);
    assert_eq!(app.carries_at(at).await, 1);
}

#[tokio::test]
async fn a_letter_that_is_refused_for_good_is_given_up_at_once() {
    let sink = Sink::open();
    sink.is(Manner::Never);
    let app = App::with_mail(&sink, |_| {}).await;
    writes(&app, &Letter::PasswordChanged).await;

    assert_eq!(app.carries().await, 0);

    assert_eq!(waiting(&app.house).await, 0);
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn a_server_that_does_not_let_us_in_costs_no_letter() {
    let sink = Sink::open();
    sink.is(Manner::Shut);
    let app = App::with_mail(&sink, |config| {
        let mail = config.mail.as_mut().expect("a mail server");
        let url = sink.url().replace("smtp://", "smtp://maya:wrong@");
        mail.smtp = Secret::new(url);
    })
    .await;
    writes(&app, &Letter::PasswordChanged).await;

    assert_eq!(app.carries().await, 0);
    assert_eq!(waiting(&app.house).await, 1);
}

#[tokio::test]
async fn a_letter_is_given_up_after_three_days_and_one_with_a_link_when_the_link_is_over() {
    let sink = Sink::open();
    sink.is(Manner::Later);
    let app = App::with_mail(&sink, |_| {}).await;
    writes(&app, &a_link()).await;
    writes(&app, &Letter::PasswordChanged).await;

    let begun = clock::now();
    let late = begun.plus_seconds(29 * 60 + 45);
    assert_eq!(app.carries_at(late).await, 0);
    assert_eq!(
        app.house.column("SELECT kind FROM mail").await,
        ["password-changed"],
        "no next try before the link ends"
    );
    sink.is(Manner::Takes);
    let later = begun.plus_seconds(3 * 24 * 60 * 60);
    assert_eq!(app.carries_at(later).await, 0);

    assert_eq!(waiting(&app.house).await, 0);
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn several_instances_send_each_letter_once() {
    const LETTERS: u64 = 24;
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    for _ in 0..LETTERS {
        writes(&app, &Letter::PasswordChanged).await;
    }
    let mut posts = Vec::new();
    for _ in 0..3 {
        posts.push(instance(&app.house.config).await);
    }
    let now = clock::now();

    let sent = futures::future::join_all(posts.iter().map(|post| post.carry(now))).await;

    let sent: Vec<u64> = sent
        .into_iter()
        .map(|sent| sent.expect("carried"))
        .collect();
    assert_eq!(sent.iter().sum::<u64>(), LETTERS, "{sent:?}");
    let ids: HashSet<_> = sink
        .letters()
        .iter()
        .map(|letter| letter.header("Message-ID"))
        .collect();
    assert_eq!(sink.letters().len(), 24);
    assert_eq!(ids.len(), 24);
    assert_eq!(waiting(&app.house).await, 0);
}

#[tokio::test]
async fn a_letter_that_somebody_died_over_is_free_again_after_a_while() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    writes(&app, &Letter::PasswordChanged).await;
    // As one leaves it who took it and did not come back.
    let taken = clock::now();
    let lease = taken.plus_seconds(150).0;
    app.house
        .run(&format!("UPDATE mail SET attempts = 1, next_at = {lease}"))
        .await;

    assert_eq!(app.carries_at(taken.plus_seconds(149)).await, 0);
    assert_eq!(app.carries_at(taken.plus_seconds(150)).await, 1);
}

#[tokio::test]
async fn b46_what_lies_in_the_table_opens_nothing() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    writes(&app, &a_link()).await;
    let rows = app
        .house
        .column("SELECT id || kind || body FROM mail")
        .await
        .concat();
    for word in ["hushhush", "reset-password?", ADA] {
        assert!(!rows.contains(word), "{word} in {rows}");
    }

    // With another secret the letter cannot be read, and is given up.
    let mut other = app.house.config.clone();
    other.secret = Secret::new(b"another secret of the tests, 32 bytes".to_vec());
    let sent = instance(&other).await.carry(clock::now()).await;
    assert_eq!(sent, Ok(0));
    assert_eq!(waiting(&app.house).await, 0);
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn b45_a_letter_that_was_sealed_with_the_secret_before_this_one_still_goes() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    writes(&app, &a_link()).await;
    let mut rotated = app.house.config.clone();
    rotated.previous_secret = Some(rotated.secret.clone());
    rotated.secret = Secret::new(b"another secret of the tests, 32 bytes".to_vec());

    assert_eq!(instance(&rotated).await.carry(clock::now()).await, Ok(1));
    assert!(
        sink.last(ADA, "Set a new password")
            .link()
            .contains("hushhush")
    );
}

#[tokio::test]
async fn without_a_mail_server_letters_are_laid_down_for_the_operator_alone() {
    let app = App::open().await;
    writes(&app, &a_link()).await;

    assert_eq!(app.carries().await, 1);

    let outbox = app.house.config.data.join("outbox");
    let mode = |path: &std::path::Path| {
        let meta = fs::metadata(path).expect("it is there");
        meta.permissions().mode() & 0o777
    };
    assert_eq!(mode(&outbox), 0o700);
    let files: Vec<_> = fs::read_dir(&outbox)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    let [file] = &files[..] else {
        panic!("{files:?}")
    };
    assert_eq!(file.extension().and_then(|end| end.to_str()), Some("eml"));
    assert_eq!(mode(file), 0o600);
    let letter = fs::read_to_string(file).expect("text");
    assert!(letter.contains("To: ada@example.org\r\n"), "{letter}");
    assert!(letter.contains("hushhush"), "{letter}");
    assert_eq!(waiting(&app.house).await, 0);
}

#[tokio::test]
async fn an_outbox_that_cannot_be_written_costs_no_letter() {
    let app = App::open().await;
    fs::write(app.house.config.data.join("outbox"), "in the way").expect("written");
    writes(&app, &Letter::PasswordChanged).await;
    assert_eq!(app.carries().await, 0);
    assert_eq!(waiting(&app.house).await, 1);
}

#[tokio::test]
async fn a_letter_and_what_it_tells_of_happen_together_or_not_at_all() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let all = app.house.db.transaction().await.expect("begun");
    mail::queue(&all, &app.state.mail, ADA, &Letter::PasswordChanged)
        .await
        .expect("written");
    all.rollback().await.expect("taken back");
    assert_eq!(waiting(&app.house).await, 0);
}

#[tokio::test]
async fn c17_a_server_sends_by_itself_and_after_a_restart_what_was_left() {
    let sink = Sink::open();
    let house = House::empty().await;
    let starts = || {
        let mut command = house.binary(&["serve"]);
        command
            .env("SMTP_URL", sink.url())
            .env("MAIL_FROM", "tasks@example.org");
        Server::start(&mut command)
    };
    let server = starts();
    server.is_ready().await;
    Caller::new(&server.address, "Maya");
    sink.waits_for(1);
    assert_eq!(
        sink.last("maya@example.org", "Confirm your e-mail address")
            .from,
        "tasks@example.org"
    );

    sink.is(Manner::Later);
    Caller::new(&server.address, "Ada");
    server.writes("a letter did not go");
    server.dies();
    sink.is(Manner::Takes);
    house.run("UPDATE mail SET next_at = 0").await;
    let server = starts();
    let letters = sink.waits_for(2);
    assert_eq!(letters[1].to, [ADA]);
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn c2_a_server_that_is_told_to_stop_does_not_wait_for_a_silent_mail_server() {
    let sink = Sink::open();
    sink.is(Manner::Silent);
    let house = House::empty().await;
    let mut command = house.binary(&["serve"]);
    command
        .env("SMTP_URL", sink.url())
        .env("MAIL_FROM", "tasks@example.org");
    let server = Server::start(&mut command);
    server.is_ready().await;
    Caller::new(&server.address, "Maya");
    while house
        .column("SELECT id FROM mail WHERE attempts = 1")
        .await
        .is_empty()
    {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(server.stops(), Some(0));
    assert_eq!(
        waiting(&house).await,
        1,
        "it is tried again after the next start"
    );
}

#[tokio::test]
async fn c17_nobody_waits_for_a_mail_server_that_says_nothing() {
    let sink = Sink::open();
    sink.is(Manner::Silent);
    let app = App::with_mail(&sink, |_| {}).await;
    // Without a limit of time: if an answer waited for the mail server, it would never come.
    app.person("Ada").await;
    let answer = app
        .browser()
        .form("/forgot-password", &[("email", ADA)])
        .await;
    assert_eq!(
        answer.is(StatusCode::SEE_OTHER).location(),
        "/forgot-password?done=sent"
    );
    assert_eq!(waiting(&app.house).await, 2);
}

#[tokio::test]
async fn the_doctor_says_whether_the_mail_server_lets_us_in() {
    let sink = Sink::open();
    let house = House::open().await;
    let mail = mail_by(&sink);
    let looks = |url: &str| {
        let mut command = house.binary(&["doctor"]);
        command.env("SMTP_URL", url).env("MAIL_FROM", &mail.from);
        crate::support::binary::ended(&mut command)
    };
    let done = looks(mail.smtp.expose());
    assert!(done.out.contains("ok    mail"), "{done:?}");
    assert!(sink.letters().is_empty());

    sink.is(Manner::Shut);
    let with_password = sink.url().replace("smtp://", "smtp://maya:hushhush@");
    let done = looks(&with_password);
    assert_eq!(done.status, Some(1), "{done:?}");
    assert!(done.out.contains("FAIL  mail"), "{done:?}");
    assert!(!format!("{done:?}").contains("hushhush"), "{done:?}");

    let address = sink.address();
    drop(sink);
    while std::net::TcpStream::connect(address).is_ok() {}
    let done = looks(&format!("smtp://{address}"));
    assert!(done.out.contains("FAIL  mail"), "{done:?}");
    assert!(done.out.contains("Correct SMTP_URL"), "{done:?}");
}

#[tokio::test]
async fn a_person_hears_of_a_new_password_and_of_a_new_device() {
    let sink = Sink::open();
    let app = App::with_mail(&sink, |_| {}).await;
    let ada = app.person("Ada").await;
    let body =
        serde_json::json!({ "currentPassword": PASSWORD, "newPassword": "other words apart" });
    ada.calls("/api/auth/change-password", &body)
        .await
        .is(StatusCode::OK);
    let claim = serde_json::json!({ "email": ADA, "password": "other words apart" });
    let elsewhere = crate::support::app::request(http::Method::POST, "/api/auth/sign-in")
        .header("content-type", "application/json")
        .header("user-agent", "curl/8.5.0")
        .body(claim.to_string().into())
        .expect("a request");
    app.browser().send(elsewhere).await.is(StatusCode::OK);

    app.carries().await;

    sink.last(ADA, "Your password was changed");
    let letter = sink.last(ADA, "A sign-in with a new device");
    assert!(letter.text().contains("with curl"), "{}", letter.text());
}
