//! The server is told to stop while it works, and meets clients that dawdle.

use crate::support::{
    House, PASSWORD,
    app::ORIGIN,
    binary::Server,
    wire::{self, Caller, Reply},
};
use serde_json::json;
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

/// Sends all of a request but its last byte, as soon as the server waits for the body.
fn begins(address: &str, text: &str) -> (TcpStream, u8) {
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let mut stream = wire::says(address, &format!("{head}\r\n\r\n")).expect("sent");
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).expect("an interim answer");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let (last, most) = body.as_bytes().split_last().expect("a body");
    stream.write_all(most).expect("sent");
    (stream, *last)
}

#[tokio::test]
async fn c2_running_requests_get_their_answers_and_clients_that_dawdle_hold_up_nobody() {
    const EXPECT: &[(&str, &str)] = &[("expect", "100-continue")];
    const FROM_A_PAGE: [(&str, &str); 3] = [
        ("origin", ORIGIN),
        ("content-type", "application/json"),
        ("expect", "100-continue"),
    ];
    let house = House::empty().await;
    let server = Server::start(house.binary(&["serve"]).env("RATE_LIMIT", "off"));
    server.is_ready().await;
    let maya = Caller::new(&server.address, "Maya");
    let sign_in = json!({ "email": "maya@example.org", "password": PASSWORD }).to_string();
    let running: Vec<_> = (0..20)
        .map(|number| {
            let text = if number % 4 == 0 {
                wire::request("POST", "/api/auth/sign-in", &FROM_A_PAGE, &sign_in)
            } else {
                maya.making(&format!("Task {number}"), EXPECT)
            };
            begins(&server.address, &text)
        })
        .collect();
    let _half_a_body = begins(&server.address, &maya.making("Never", EXPECT));
    let _half_a_head = wire::says(&server.address, "GET / HTTP/1.1\r\nhost: local").expect("sent");
    let _silent = wire::says(&server.address, "").expect("connected");

    server.is_told_to_stop();
    server.writes("stopping");
    // After a second nobody new is taken.
    let probe = wire::says(&server.address, &wire::request("GET", "/readyz", &[], ""));
    if let Ok(reply) = probe.and_then(Reply::of) {
        reply.says_later();
    }
    for (mut stream, last) in running {
        stream.write_all(&[last]).expect("sent");
        let reply = Reply::of(stream).expect("a whole answer");
        assert!(matches!(reply.status, 200 | 201), "{reply:?}");
    }
    // A body that never comes would be waited for half a minute: the server's own deadline ends that, which is less than ten seconds
    // (`c2_the_last_connection_is_cut_before_ten_seconds_are_over`).
    server.writes("connections were cut");
    assert_eq!(server.ends(), Some(0));
    let titles = house.column("SELECT title FROM task").await;
    assert_eq!(titles.len(), 15, "{titles:?}");
}

#[tokio::test]
async fn c12_silence_and_half_a_head_are_cut_while_others_are_answered() {
    let house = House::empty().await;
    let server = house.serves();
    server.is_ready().await;
    let mut silent = wire::says(&server.address, "").expect("connected");
    let mut half = wire::says(&server.address, "GET / HTTP/1.1\r\nhost: local").expect("sent");
    assert_eq!(server.status("/healthz"), 200);
    for stream in [&mut silent, &mut half] {
        let mut rest = String::new();
        stream.read_to_string(&mut rest).expect("its end");
        assert!(!rest.contains(" 200 "), "{rest}");
    }
    assert_eq!(server.status("/healthz"), 200);
}

#[tokio::test]
async fn c18_a_server_takes_as_many_files_as_it_may() {
    let house = House::empty().await;
    let server = Server::start(&mut house.limited("ulimit -Sn 64"));
    server.is_ready().await;
    let _crowd: Vec<_> = (0..200)
        .map(|_| wire::says(&server.address, "").expect("connected"))
        .collect();
    assert_eq!(server.status("/readyz"), 200);
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn c18_more_connections_than_the_system_gives_end_nothing() {
    let house = House::empty().await;
    let server = Server::start(&mut house.limited("ulimit -n 64"));
    server.is_ready().await;
    let maya = Caller::new(&server.address, "Maya");
    let crowd: Vec<_> = (0..200)
        .map(|_| wire::says(&server.address, "").expect("connected"))
        .collect();
    server.writes("a connection could not be accepted");
    drop(crowd);
    assert_eq!(server.status("/healthz"), 200);
    server.is_ready().await;
    maya.makes("Water the plants").expect("an answer").is(201);
    assert_eq!(server.stops(), Some(0));
}
