//! What the tests of this floor share: a configuration, and an answer taken apart.

use crate::service::{
    Config, Source,
    config::{SecretFile, Variables},
};
use axum::{Router, body::Body, extract::Request};
use http::{HeaderMap, StatusCode, request::Builder};
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;

/// A configuration in which these variables are set.
pub fn config(pairs: &[(&str, &str)]) -> Arc<Config> {
    let mut variables: Variables = [("AUTH_SECRET", "Zk3v9QxT1mB7nL5rW8yC2hJ6dF4gS0ap")]
        .iter()
        .chain(pairs)
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    variables.entry("LOG_FORMAT".to_owned()).or_default();
    let never = |_: &SecretFile| unreachable!("the secret is given");
    Arc::new(Config::read(&variables, never).unwrap())
}

/// Where a request came from when nobody says.
pub fn source() -> Source {
    Source {
        address: None,
        user_agent: String::new(),
        request_id: "the-request".to_owned(),
    }
}

/// A request with these headers.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Request {
    let with = |builder: Builder, &(name, value): &(&str, &str)| builder.header(name, value);
    headers
        .iter()
        .fold(Request::builder().method(method).uri(path), with)
        .body(Body::empty())
        .unwrap()
}

/// What this router answers.
pub async fn answer(router: &Router, request: Request) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, body.to_vec())
}
