//! From where a request comes, and what is written down about it: its id, one log line, and the counters.

use crate::service::{Config, Source};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::USER_AGENT};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};
use tracing::{Instrument as _, field};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: &str = "x-forwarded-for";
const LONGEST_USER_AGENT: usize = 256;
const LONGEST_ID: usize = 64;
const LONGEST_PATH: usize = 256;

/// Gives the request its [`Source`] and the answer its id, and writes both down. The outermost layer, with the configuration as its state.
///
/// Of an address only the path is written: a query can hold what must not be known.
pub async fn trace(
    State(config): State<Arc<Config>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    let source = source(peer, request.headers(), &config.trusted_proxies);
    let span = tracing::info_span!(
        "request",
        request.id = source.request_id,
        user.id = field::Empty
    );
    let id = HeaderValue::from_str(&source.request_id).ok();
    let asked = Asked::of(&request);
    request.extensions_mut().insert(source);

    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;

    span.in_scope(|| asked.answered(response.status(), began.elapsed()));
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn source(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Source {
    let peer = peer.map(|peer| peer.to_canonical());
    let is_behind = peer.is_some_and(|peer| is_trusted(peer, trusted));
    let given = headers
        .get(&REQUEST_ID)
        .filter(|_| is_behind)
        .and_then(|id| id.to_str().ok())
        .filter(|id| is_sane(id));
    Source {
        address: peer.map(|peer| client(peer, headers, trusted)),
        user_agent: user_agent(headers),
        request_id: given.map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned),
    }
}

/// Goes back hop by hop, as long as a hop is one of ours and so can be believed about the one before it.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    let mut client = peer;
    for hop in lines.iter().flat_map(|line| line.split(',')).rev() {
        if !is_trusted(client, trusted) {
            break;
        }
        let Some(before) = address(hop.trim()) else {
            break;
        };
        client = before;
    }
    client
}

/// An address, with a port or without.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|hop| hop.strip_suffix(']'))
        .unwrap_or(hop);
    bare.parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|address| address.to_canonical())
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

fn is_sane(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn user_agent(headers: &HeaderMap) -> String {
    let bytes = headers
        .get(USER_AGENT)
        .map_or(&b""[..], HeaderValue::as_bytes);
    String::from_utf8_lossy(bytes)
        .chars()
        .filter(|character| !character.is_control())
        .take(LONGEST_USER_AGENT)
        .collect()
}

/// What is known of a request before it is answered.
struct Asked {
    method: &'static str,
    path: String,
    route: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self {
            method: method(request.method()),
            path: request.uri().path().chars().take(LONGEST_PATH).collect(),
            route: route.map_or("none", MatchedPath::as_str).to_owned(),
        }
    }

    fn answered(self, status: StatusCode, took: Duration) {
        tracing::info!(
            target: "latchkey::access",
            {
                http.method = self.method,
                http.path = self.path,
                http.status = status.as_u16(),
                duration_ms = took.as_secs_f64() * 1000.0,
            },
            "answered"
        );
        let (method, route) = (self.method, self.route);
        let status = status.as_u16().to_string();
        metrics::counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status.clone()).increment(1);
        metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route, "status" => status).record(took);
    }
}

/// The methods that have a meaning here; a stranger's invention is no label of its own.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::support::{self, answer};
    use axum::{Extension, Router, middleware::from_fn_with_state, routing::get};
    use metrics_exporter_prometheus::PrometheusBuilder;
    use std::{io, sync::Mutex};

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
            .layer(from_fn_with_state(support::config(&[]), trace))
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
}
