//! Many at once.

use crate::support::{
    PASSWORD,
    app::{Answer, App, Browser},
};
use futures::future::join_all;
use http::StatusCode;
use latchkey::domain::Error;
use serde_json::json;

const PEOPLE: usize = 100;

/// What one person does in a day.
async fn a_day(app: &App, at: usize) {
    let browser = app.person(&format!("Person{at}")).await;
    let program = browser.program().await;
    let mine = format!("Task of number {at} alone");
    let form = [("title", mine.as_str())];
    browser
        .form("/action/tasks/create", &form)
        .await
        .is(StatusCode::SEE_OTHER);
    let task = program
        .post("/api/tasks", &json!({ "title": mine, "priority": "high" }))
        .await
        .is(StatusCode::CREATED);
    let page = browser.get("/dashboard").await.is(StatusCode::OK).text();
    assert!(page.contains(&mine));
    let path = task.location().to_owned();
    let done = program
        .patch(&path, &json!({ "completed": true }))
        .await
        .is(StatusCode::OK);
    assert_eq!(done.json()["completed"], true);
    let all = program.get("/api/tasks").await.is(StatusCode::OK).json();
    let titles: Vec<_> = all["tasks"]
        .as_array()
        .expect("tasks")
        .iter()
        .map(|task| &task["title"])
        .collect();
    assert_eq!(
        titles,
        [&json!(mine), &json!(mine)],
        "two, and nobody else's"
    );
    program.delete(&path).await.is(StatusCode::NO_CONTENT);
    browser
        .form("/api/auth/sign-out", &[])
        .await
        .is(StatusCode::SEE_OTHER);
    program.get("/api/tasks").await.says(Error::InvalidToken);
}

#[tokio::test]
async fn f118_a_hundred_people_at_once_work_without_an_error() {
    let app = App::with(|config| config.rate_limit = false).await;

    join_all((0..PEOPLE).map(|at| a_day(&app, at))).await;

    let left = app.house.column("SELECT title FROM task").await;
    assert_eq!(left.len(), PEOPLE);
    assert!(app.house.column("SELECT id FROM session").await.is_empty());
}

#[tokio::test]
async fn f118_a_hundred_sign_ins_at_once_all_succeed() {
    let app = App::with(|config| config.rate_limit = false).await;
    app.person("Maya").await;
    let body = json!({ "email": "maya@example.org", "password": PASSWORD });

    let browsers: Vec<Browser<'_>> = (0..PEOPLE).map(|_| app.browser()).collect();
    let answers = join_all(
        browsers
            .iter()
            .map(|browser| browser.calls("/api/auth/sign-in", &body)),
    )
    .await;

    for answer in answers {
        answer.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn b44_a_storm_of_sign_ins_gets_only_answers_that_are_meant() {
    const STORM: usize = 1000;
    let app = App::with(|config| config.rate_limit = false).await;
    let maya = app.person("Maya").await;
    let program = maya.program().await;
    let before = resident_kib();
    let right = json!({ "email": "maya@example.org", "password": PASSWORD });
    let wrong = json!({ "email": "maya@example.org", "password": "not the password" });

    let strangers: Vec<Browser<'_>> = (0..STORM).map(|_| app.browser()).collect();
    let storm = join_all(strangers.iter().enumerate().map(async |(at, browser)| {
        let body = if at % 2 == 0 { &right } else { &wrong };
        browser.calls("/api/auth/sign-in", body).await
    }));
    let work = join_all((0..20).map(|_| program.get("/api/tasks")));
    let (answers, tasks) = futures::join!(storm, work);

    for answer in tasks {
        if answer.status == StatusCode::SERVICE_UNAVAILABLE {
            is_sent_away(answer);
        } else {
            answer.is(StatusCode::OK);
        }
    }
    let mut signed_in = 0;
    for (at, answer) in answers.into_iter().enumerate() {
        match answer.status {
            StatusCode::OK if at % 2 == 0 => signed_in += 1,
            StatusCode::UNAUTHORIZED if at % 2 == 1 => {}
            StatusCode::SERVICE_UNAVAILABLE => is_sent_away(answer),
            other => panic!("{other}: {}", answer.text()),
        }
    }
    assert!(signed_in > 0);
    if let (Some(before), Some(after)) = (before, resident_kib()) {
        // Each hashing thread holds one hash's memory, and may still be giving back the last one's; the rest is for the requests that wait.
        let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get() as u64);
        let most = threads * 2 * 19 * 1024 + 96 * 1024;
        assert!(after < before + most, "{before} KiB, then {after} KiB");
    }
    app.browser()
        .calls("/api/auth/sign-in", &right)
        .await
        .is(StatusCode::OK);
}

/// A machine that cannot keep up says so, and when to come again.
#[track_caller]
fn is_sent_away(answer: Answer) {
    assert!(answer.header("retry-after").parse::<u64>().is_ok());
    drop(answer.says(Error::Unavailable));
}

/// What this process has taken at most so far, where the machine says.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
