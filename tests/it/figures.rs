//! `/metrics`: the figures are right, and no stranger can add to their number.

use crate::support::{
    House,
    binary::Server,
    wire::{self, Caller, Reply},
};
use latchkey::domain::Error;
use std::{collections::BTreeSet, net::TcpListener};

fn get(address: &str, method: &str, path: &str) -> Reply {
    let stream = wire::says(address, &wire::request(method, path, &[], ""));
    Reply::of(stream.expect("sent")).expect("an answer")
}

/// The value of the series with all of these.
fn figure(figures: &str, series: &str) -> Option<f64> {
    figures
        .lines()
        .find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

/// A server that shows its figures, and where.
async fn shows_figures(house: &House) -> (Server, String) {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let figures_at = free.local_addr().expect("an address").to_string();
    drop(free);
    let server = Server::start(house.binary(&["serve"]).env("METRICS_ADDR", &figures_at));
    server.is_ready().await;
    (server, figures_at)
}

#[tokio::test]
async fn the_figures_count_each_answer_once_and_name_routes_instead_of_addresses() {
    let house = House::empty().await;
    let (server, figures_at) = shows_figures(&house).await;
    let maya = Caller::new(&server.address, "Maya");
    for title in ["One", "Two", "Three"] {
        maya.makes(title).expect("an answer").is(201);
    }
    maya.tasks().expect("an answer").is(200);
    let secret = "sekrit";
    for number in 0..40 {
        get(
            &server.address,
            "GET",
            &format!("/api/tasks/{secret}{number}"),
        )
        .is(401);
        get(&server.address, "GET", &format!("/{secret}{number}")).is(404);
        get(&server.address, "GET", &format!("/pkg/{secret}{number}.js")).is(404);
        get(&server.address, &format!("MADE{number}"), "/healthz").is(405);
    }

    let figures = get(&figures_at, "GET", "/metrics").is(200).body;
    for (series, value) in [
        (
            r#"http_requests_total{method="POST",route="/api/tasks",status="201"}"#,
            3.0,
        ),
        (
            r#"http_requests_total{method="GET",route="/api/tasks",status="200"}"#,
            1.0,
        ),
        (
            r#"http_requests_total{method="GET",route="/api/tasks/{id}",status="401"}"#,
            40.0,
        ),
        (
            r#"http_requests_total{method="GET",route="none",status="404"}"#,
            80.0,
        ),
        (
            r#"http_requests_total{method="other",route="/healthz",status="405"}"#,
            40.0,
        ),
        (
            r#"http_request_duration_seconds_count{method="POST",route="/api/tasks",status="201"}"#,
            3.0,
        ),
        (
            r#"http_request_duration_seconds_bucket{method="POST",route="/api/tasks",status="201",le="+Inf"}"#,
            3.0,
        ),
    ] {
        assert_eq!(figure(&figures, series), Some(value), "{series}\n{figures}");
    }
    assert!(!figures.contains(secret), "{figures}");
    let routes: BTreeSet<&str> = figures
        .lines()
        .filter_map(|line| line.split_once("route=\"")?.1.split_once('"'))
        .map(|(route, _)| route)
        .collect();
    let known = [
        "/api/auth/sign-up",
        "/api/tasks",
        "/api/tasks/{id}",
        "/healthz",
        "/readyz",
        "none",
    ];
    assert_eq!(routes, BTreeSet::from(known));
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn whoever_strays_at_the_address_of_the_figures_gets_a_problem() {
    let house = House::empty().await;
    let (server, figures_at) = shows_figures(&house).await;
    get(&figures_at, "GET", "/nope").says(Error::NotFound);
    let posted = get(&figures_at, "POST", "/metrics").says(Error::MethodNotAllowed);
    assert_eq!(posted.header("allow"), Some("GET,HEAD"));
    get(&figures_at, "GET", "/metrics").is(200);
    assert_eq!(server.stops(), Some(0));
}
