//! Slow, silent, greedy and lasting connections, on real sockets.

use super::*;
use axum::{body::Bytes, routing::get};
use futures::{StreamExt as _, stream};
use std::convert::Infallible;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Notify,
    task::JoinHandle,
};

/// Nothing here takes this long, however busy the machine is.
const AGES: Duration = Duration::from_mins(2);
const SOON: Duration = Duration::from_millis(100);

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// Waits for everything, so that a test says what is cut.
fn patient() -> Patience {
    Patience {
        first_byte: AGES,
        head: AGES,
        silence: AGES,
        farewell: Duration::ZERO,
        drain: AGES,
        connections: 16,
    }
}

struct Server {
    address: SocketAddr,
    stop: Stopping,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(router: Router, patience: Patience) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), Stopping::default());
        let task = tokio::spawn(serve(listener, router, patience, stop.clone()));
        Self {
            address,
            stop,
            task,
        }
    }

    async fn greeting(patience: Patience) -> Self {
        let peer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
        Self::start(Router::new().route("/", get(peer)), patience).await
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn ends(self) {
        timeout(AGES, self.task).await.unwrap().unwrap();
    }
}

/// All that comes until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A connection that is cut hard has said all that it will say too.
    let _ = timeout(AGES, stream.read_to_end(&mut bytes)).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// One answer's first part.
async fn some(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 4096];
    let length = timeout(AGES, stream.read(&mut bytes))
        .await
        .unwrap()
        .unwrap();
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

#[tokio::test]
async fn a_request_is_answered_and_knows_its_peer() {
    let server = Server::greeting(patient()).await;
    let mut stream = server.connect().await;
    stream.write_all(GET).await.unwrap();
    let answer = some(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let peer = stream.local_addr().unwrap().to_string();
    assert!(answer.ends_with(&peer), "{answer}");
    assert!(!answer.to_lowercase().contains("server:"), "{answer}");
}

#[tokio::test]
async fn c12_a_connection_that_says_nothing_is_cut() {
    let patience = Patience {
        first_byte: SOON,
        ..patient()
    };
    let server = Server::greeting(patience).await;
    assert_eq!(rest(&mut server.connect().await).await, "");
}

#[tokio::test]
async fn t9_a_head_that_is_never_whole_is_cut() {
    let patience = Patience {
        head: SOON,
        ..patient()
    };
    let server = Server::greeting(patience).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: loc")
        .await
        .unwrap();
    let answer = rest(&mut stream).await;
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn c12_whoever_does_not_take_the_answer_is_cut() {
    let patience = Patience {
        silence: SOON,
        ..patient()
    };
    let gone = Arc::new(Notify::new());
    let tells = gone.clone();
    let endless = move || {
        struct Tells(Arc<Notify>);
        impl Drop for Tells {
            fn drop(&mut self) {
                self.0.notify_one();
            }
        }
        let last = Tells(tells.clone());
        let chunks = stream::repeat(Bytes::from_static(&[b'x'; 8192])).map(move |chunk| {
            let _held = &last;
            Ok::<_, Infallible>(chunk)
        });
        async move { Body::from_stream(chunks) }
    };
    let server = Server::start(Router::new().route("/", get(endless)), patience).await;
    let mut stream = server.connect().await;
    stream.write_all(GET).await.unwrap();
    timeout(AGES, gone.notified()).await.unwrap();
}

#[tokio::test]
async fn b28_a_head_of_more_than_32_kib_is_431() {
    let server = Server::greeting(patient()).await;
    let mut stream = server.connect().await;
    let (begin, end) = ("GET / HTTP/1.1\r\nhost: localhost\r\nx: ", "\r\n\r\n");
    let fits = format!("{begin}{}{end}", "x".repeat(LARGEST_HEAD - 100));
    stream.write_all(fits.as_bytes()).await.unwrap();
    assert!(some(&mut stream).await.starts_with("HTTP/1.1 200"));
    let is_not_whole = format!("{begin}{}", "x".repeat(LARGEST_HEAD - begin.len()));
    stream.write_all(is_not_whole.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn c11_one_more_than_there_is_room_for_waits_for_its_turn() {
    let patience = Patience {
        connections: 1,
        ..patient()
    };
    let server = Server::greeting(patience).await;
    let mut first = server.connect().await;
    first.write_all(GET).await.unwrap();
    some(&mut first).await;
    let mut second = server.connect().await;
    second.write_all(GET).await.unwrap();
    let mut byte = [0];
    let early = timeout(SOON, second.peek(&mut byte)).await;
    assert!(early.is_err(), "answered while there was no room");
    drop(first);
    assert!(some(&mut second).await.starts_with("HTTP/1.1 200"));
}

/// A server whose answer begins when it is told to.
async fn slow(patience: Patience) -> (Server, Arc<Notify>, Arc<Notify>) {
    let (asked, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (asks, tells) = (asked.clone(), told.clone());
    let answers = move || {
        let (asks, tells) = (asks.clone(), tells.clone());
        async move {
            asks.notify_one();
            tells.notified().await;
            "whole"
        }
    };
    let server = Server::start(Router::new().route("/", get(answers)), patience).await;
    (server, asked, told)
}

#[tokio::test]
async fn c2_who_has_asked_gets_the_whole_answer_though_the_server_stops() {
    let (server, asked, told) = slow(patient()).await;
    let (mut idle, mut stream) = (server.connect().await, server.connect().await);
    stream.write_all(GET).await.unwrap();
    asked.notified().await;
    server.stop.begin();
    assert_eq!(
        rest(&mut idle).await,
        "",
        "nobody waits for who says nothing"
    );
    assert!(!server.task.is_finished());
    told.notify_one();
    let answer = rest(&mut stream).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("whole"),
        "{answer}"
    );
    assert!(answer.contains("connection: close"), "{answer}");
    let address = server.address;
    server.ends().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn t10_c2_half_a_head_and_an_endless_answer_do_not_keep_the_server_from_stopping() {
    let patience = Patience {
        drain: SOON,
        ..patient()
    };
    let (server, asked, _told) = slow(patience).await;
    let (mut half, mut whole) = (server.connect().await, server.connect().await);
    half.write_all(b"GET / HTTP/1.1\r\nhost").await.unwrap();
    whole.write_all(GET).await.unwrap();
    asked.notified().await;
    server.stop.begin();
    server.ends().await;
    assert_eq!(
        (rest(&mut half).await, rest(&mut whole).await),
        (String::new(), String::new())
    );
}

#[tokio::test]
async fn while_it_says_farewell_it_still_takes_connections() {
    let patience = Patience {
        farewell: AGES,
        ..patient()
    };
    let server = Server::greeting(patience).await;
    server.stop.begin();
    let mut stream = server.connect().await;
    stream.write_all(GET).await.unwrap();
    assert!(some(&mut stream).await.starts_with("HTTP/1.1 200"));
}

#[test]
fn c2_the_last_connection_is_cut_before_ten_seconds_are_over() {
    let usual = Patience::default();
    assert!(usual.farewell + usual.drain <= Duration::from_secs(9));
}
