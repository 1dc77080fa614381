//! From where a request comes, and what is written down about it: its id, one log line, and the counters.

use crate::service::{Config, Source};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::USER_AGENT};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};
use tracing::{Instrument as _, field};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: &str = "x-forwarded-for";
const LONGEST_USER_AGENT: usize = 256;
const LONGEST_ID: usize = 64;
const LONGEST_PATH: usize = 256;

/// Gives the request its [`Source`] and the answer its id, and writes both down. The outermost step.
///
/// Of an address only the path is written: a query can hold what must not be known.
pub async fn trace(
    config: &Config,
    mut request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
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
    let mut response = next(request).instrument(span.clone()).await;

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
mod tests;
