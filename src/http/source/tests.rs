//! What is known of a request, and what is written down of it.

use super::*;
use crate::http::support::{self, answer};
use axum::{
    Extension, Router,
    middleware::{Next, from_fn},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusBuilder;
use proptest::prelude::*;
use std::{
    io,
    sync::{Arc, Mutex},
};

fn seen(peer: &str, trusted: &[&str], headers: &[(&str, &str)]) -> Source {
    let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
    let request = support::request("GET", "/", headers);
    source(Some(peer.parse().unwrap()), request.headers(), &trusted)
}

#[test]
fn b20_a_stranger_is_not_believed_about_addresses() {
    for header in [
        "x-forwarded-for",
        "x-real-ip",
        "forwarded",
        "cf-connecting-ip",
    ] {
        let source = seen("203.0.113.9", &["10.0.0.0/8"], &[(header, "198.51.100.1")]);
        assert_eq!(source.address_text(), "203.0.113.9", "{header}");
    }
    let source = seen(
        "10.0.0.1",
        &["10.0.0.0/8"],
        &[("x-real-ip", "198.51.100.1")],
    );
    assert_eq!(source.address_text(), "10.0.0.1");
}

#[test]
fn b20_behind_our_proxies_the_right_most_stranger_is_the_client() {
    for (sent, client) in [
        ("198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
    ] {
        let source = seen(
            "::ffff:10.0.0.1",
            &["10.0.0.0/8"],
            &[("x-forwarded-for", sent)],
        );
        assert_eq!(source.address_text(), client, "{sent}");
    }
    let lines = [
        ("x-forwarded-for", "6.6.6.6"),
        ("x-forwarded-for", "198.51.100.1, 10.0.0.2"),
    ];
    assert_eq!(
        seen("10.0.0.1", &["10.0.0.0/8"], &lines).address_text(),
        "198.51.100.1"
    );
}

#[test]
fn an_id_is_taken_from_our_proxy_alone_and_only_a_sane_one() {
    let given = |peer, id| seen(peer, &["10.0.0.0/8"], &[("x-request-id", id)]).request_id;
    assert_eq!(given("10.0.0.1", "abc-123_x.y"), "abc-123_x.y");
    for (peer, id) in [
        ("203.0.113.9", "abc"),
        ("10.0.0.1", "a b"),
        ("10.0.0.1", "\"}"),
        ("10.0.0.1", ""),
        ("10.0.0.1", &"x".repeat(65)),
    ] {
        let made = given(peer, id);
        assert!(made != id && uuid::Uuid::try_parse(&made).is_ok(), "{id}");
    }
}

#[test]
fn b41_a_user_agent_is_one_short_line() {
    let mut headers = HeaderMap::new();
    let long = format!("a\tb\u{e9}{}", "x".repeat(1000));
    headers.insert(
        USER_AGENT,
        HeaderValue::from_bytes(long.as_bytes()).unwrap(),
    );
    let kept = user_agent(&headers);
    assert!(kept.starts_with("ab\u{e9}x") && kept.chars().count() == 256);
}

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn router() -> Router {
    let known = |Extension(source): Extension<Source>| async {
        tracing::Span::current().record("user.id", "u1");
        source.request_id
    };
    Router::new()
        .route("/tasks/{id}", get(known))
        .layer(from_fn(async |request, next: Next| {
            trace(&support::config(&[]), request, |request| next.run(request)).await
        }))
}

#[tokio::test]
async fn a36_b46_a_request_leaves_one_line_without_its_secrets() {
    let paper = Paper::default();
    let pages = paper.clone();
    let lines = tracing_subscriber::fmt()
        .json()
        .with_writer(move || pages.clone())
        .finish();
    let guard = tracing::subscriber::set_default(lines);
    let headers = [
        ("authorization", "Bearer CANARY"),
        ("cookie", "latchkey_session=CANARY"),
    ];
    let request = support::request("GET", "/tasks/7?token=CANARY", &headers);
    let (_, headers, body) = answer(&router(), request).await;
    drop(guard);
    assert_eq!(headers[&REQUEST_ID].as_bytes(), body);
    let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("CANARY"), "{text}");
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["target"], "latchkey::access");
    assert_eq!(line["fields"]["http.path"], "/tasks/7");
    assert_eq!(line["fields"]["http.status"], 200);
    assert_eq!(line["span"]["user.id"], "u1");
    assert_eq!(
        line["span"]["request.id"].as_str().unwrap().as_bytes(),
        body
    );
}

#[test]
fn counters_are_kept_by_route_and_strangers_make_no_new_ones() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        for (method, path) in [
            ("GET", "/tasks/7"),
            ("GET", "/tasks/8"),
            ("BREW", "/x"),
            ("BOIL", "/y"),
        ] {
            let request = support::request(method, path, &[]);
            runtime.block_on(answer(&router(), request));
        }
    });
    let text = handle.render();
    for line in [
        r#"http_requests_total{method="GET",route="/tasks/{id}",status="200"} 2"#,
        r#"http_requests_total{method="other",route="none",status="404"} 2"#,
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert!(text.contains("http_request_duration_seconds"));
}

proptest! {
    #[test]
    fn b20_whatever_is_forwarded_the_client_is_the_hop_that_our_proxy_saw(said in "[ -~]{0,60}", hop in any::<std::net::Ipv4Addr>()) {
        let ours: IpNet = "10.0.0.0/8".parse().unwrap();
        prop_assume!(!ours.contains(&IpAddr::from(hop)));
        let sent = format!("{said},{hop}");
        let source = seen("10.0.0.1", &["10.0.0.0/8"], &[("x-forwarded-for", &sent)]);
        prop_assert_eq!(source.address_text(), hop.to_string());
        let stranger = seen("203.0.113.9", &["10.0.0.0/8"], &[("x-forwarded-for", &sent)]);
        prop_assert_eq!(stranger.address_text(), "203.0.113.9");
    }

    #[test]
    fn b20_what_is_no_address_leaves_the_hop_that_said_it(said in "[a-z:;=\"\\[\\] ]{0,30}") {
        prop_assume!(address(said.trim()).is_none());
        let source = seen("10.0.0.1", &["10.0.0.0/8"], &[("x-forwarded-for", &said)]);
        prop_assert_eq!(source.address_text(), "10.0.0.1");
    }
}
