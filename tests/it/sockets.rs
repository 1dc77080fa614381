//! Requests that no honest program sends, byte by byte, to the server itself: each gets an answer or a closed connection, and none
//! a fault of ours.

use crate::support::{
    House,
    binary::Server,
    wire::{self, Caller, Reply},
};
use std::{io::Write as _, net::TcpStream};

/// The status of every answer that comes until the server closes.
fn answers(stream: TcpStream) -> Vec<u16> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let mut stream = stream;
    // It may close hard on what it has not read. The wait is longer than any that the server has.
    if let Err(cause) = stream.read_to_end(&mut bytes) {
        assert_eq!(cause.kind(), std::io::ErrorKind::ConnectionReset, "{cause}");
    }
    String::from_utf8_lossy(&bytes)
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| answer[..3].parse().expect("a status"))
        .collect()
}

#[tokio::test]
async fn b28_a_request_that_can_be_read_in_two_ways_is_refused_and_never_a_fault_of_ours() {
    let house = House::empty().await;
    let server = Server::start(house.binary(&["serve"]).env("RATE_LIMIT", "off"));
    server.is_ready().await;
    let maya = Caller::new(&server.address, "Maya");
    let inner = maya.making("Smuggled", &[]);
    let host = "host: localhost:3000\r\n";
    let post =
        format!("POST /api/auth/sign-in HTTP/1.1\r\n{host}content-type: application/json\r\n");

    for (what, text, refused) in [
        (
            "two lengths of one body",
            format!("{post}content-length: 5\r\ncontent-length: 6\r\n\r\nabcdef"),
            true,
        ),
        (
            "a length that is none",
            format!("{post}content-length: -1\r\n\r\n"),
            true,
        ),
        (
            "a length and chunks",
            format!(
                "{post}content-length: {}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{inner}",
                5 + inner.len()
            ),
            false,
        ),
        (
            "chunks by another name",
            format!("{post}transfer-encoding: xchunked\r\ncontent-length: 0\r\n\r\n{inner}"),
            true,
        ),
        (
            "a chunk whose size is none",
            format!("{post}transfer-encoding: chunked\r\n\r\nzz\r\nx\r\n"),
            true,
        ),
        (
            "a header on two lines",
            format!("GET /signin HTTP/1.1\r\n{host}x-odd: one\r\n two\r\n\r\n"),
            true,
        ),
        (
            "a NUL in a header",
            format!("GET /signin HTTP/1.1\r\n{host}x-odd: a\0b\r\n\r\n"),
            true,
        ),
        (
            "a space before the colon",
            format!("GET /signin HTTP/1.1\r\n{host}x-odd : a\r\n\r\n"),
            true,
        ),
        (
            "two hosts",
            format!(
                "GET /signin HTTP/1.1\r\n{host}host: evil.example\r\nconnection: close\r\n\r\n"
            ),
            true,
        ),
        (
            "no host",
            "GET /signin HTTP/1.1\r\nconnection: close\r\n\r\n".to_owned(),
            true,
        ),
        (
            "another host in the address",
            format!("GET http://evil.example/signin HTTP/1.1\r\n{host}connection: close\r\n\r\n"),
            true,
        ),
        (
            "no HTTP",
            "\x16\x03\x01\x02\0\x01\0\r\n\r\n".to_owned(),
            true,
        ),
    ] {
        let statuses = answers(wire::says(&server.address, &text).expect("sent"));
        for status in &statuses {
            assert!((200..500).contains(status), "{what}: {statuses:?}");
        }
        let is_refused = statuses.iter().all(|status| (400..500).contains(status));
        assert!(is_refused || !refused, "{what}: {statuses:?}");
    }
    let titles = house.column("SELECT title FROM task").await;
    assert!(titles.is_empty(), "{titles:?}");
    assert_eq!(server.status("/healthz"), 200);
    assert_eq!(server.stops(), Some(0));
}

#[tokio::test]
async fn b28_a_body_without_end_is_cut_off_at_64_kib() {
    let house = House::empty().await;
    let server = Server::start(house.binary(&["serve"]).env("RATE_LIMIT", "off"));
    server.is_ready().await;
    let maya = Caller::new(&server.address, "Maya");
    let (head, _) = maya
        .making("x", &[("transfer-encoding", "chunked")])
        .split_once("\r\n\r\n")
        .map(|(head, body)| (head.to_owned(), body.to_owned()))
        .expect("a head");
    let head: Vec<&str> = head
        .lines()
        .filter(|line| !line.starts_with("content-length"))
        .collect();
    let mut stream =
        wire::says(&server.address, &format!("{}\r\n\r\n", head.join("\r\n"))).expect("sent");
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let mut sent = 0;
    // Far more than the kernel keeps, so that the end is the server's doing.
    while sent < 64 << 20 && stream.write_all(chunk.as_bytes()).is_ok() {
        sent += 0x1000;
    }
    assert!(sent < 64 << 20, "all of it was taken");
    if let Ok(reply) = Reply::of(stream) {
        assert_eq!(reply.status, 413, "{reply:?}");
    }
    maya.tasks().expect("an answer").is(200);
    assert_eq!(server.stops(), Some(0));
}
