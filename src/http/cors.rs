//! Whose pages may call `/api/tasks` besides our own (CORS).

use crate::service::Config;
use axum::{body::Body, extract::Request, response::Response};
use http::{
    HeaderName, HeaderValue, Method,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LINK, LOCATION, ORIGIN,
        RETRY_AFTER, WWW_AUTHENTICATE,
    },
};
use std::{convert::Infallible, future::ready, mem::take, time::Duration};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::CorsLayer;

const TASKS: &str = "/api/tasks";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What `CORS_ORIGINS` allows: never a cookie, and nothing at all while the list is empty.
#[must_use]
pub fn allowed(config: &Config) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> = config
        .cors_origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok())
        .collect();
    if origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            ACCEPT,
            AUTHORIZATION,
            CONTENT_TYPE,
            IF_MATCH,
            IF_NONE_MATCH,
            IDEMPOTENCY_KEY,
        ])
        .expose_headers([
            ETAG,
            LINK,
            LOCATION,
            RETRY_AFTER,
            WWW_AUTHENTICATE,
            REQUEST_ID,
        ])
        .max_age(Duration::from_mins(10));
    Some(layer)
}

/// Lets the pages of [`allowed`] origins read what `/api/tasks` answers, refusals too. A step outside of
/// [`finish`](super::reply::finish), which writes refusals anew.
pub async fn share(
    allowed: Option<&CorsLayer>,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let path = request.uri().path();
    let is_task = path
        .strip_prefix(TASKS)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_from_a_page = request.headers().contains_key(ORIGIN);
    let Some(allowed) = allowed.filter(|_| is_task && is_from_a_page) else {
        return next(request).await;
    };
    // The layer answers a question of the browser's own; to everything else it adds its headers.
    let mut head = Request::new(Body::empty());
    head.method_mut().clone_from(request.method());
    head.headers_mut().clone_from(request.headers());
    let mut response = match *request.method() {
        Method::OPTIONS => Response::default(),
        _ => next(request).await,
    };
    let answered = service_fn(|_: Request| ready(Ok::<_, Infallible>(take(&mut response))));
    let Ok(shared) = allowed.layer(answered).oneshot(head).await;
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::Error,
        http::{
            reply::{self, Refused},
            support::{self, answer},
        },
    };
    use axum::{
        Router,
        middleware::{Next, from_fn},
        routing::get,
    };
    use http::{HeaderMap, StatusCode};

    const FRIEND: &str = "https://app.example.org";

    async fn asked(
        origins: &str,
        method: &str,
        path: &str,
        origin: &str,
    ) -> (StatusCode, HeaderMap) {
        let config = support::config(&[("CORS_ORIGINS", origins)]);
        let router = Router::new()
            .route("/api/tasks", get(|| async {}))
            .route(
                "/api/tasks/{id}",
                get(|| async { Refused::from(Error::Unauthorized) }),
            )
            .route("/api/auth/session", get(|| async {}))
            .layer(from_fn(move |request, next: Next| {
                let allowed = allowed(&config);
                let inner =
                    async |request| reply::finish(request, |request| next.run(request)).await;
                async move { share(allowed.as_ref(), request, inner).await }
            }));
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
        ];
        let (status, headers, _) = answer(&router, support::request(method, path, &headers)).await;
        (status, headers)
    }

    fn shared_with(headers: &HeaderMap) -> &str {
        headers
            .get("access-control-allow-origin")
            .map_or("", |origin| origin.to_str().unwrap())
    }

    #[tokio::test]
    async fn a_listed_origin_may_read_answers_and_refusals_but_never_with_a_cookie() {
        for (path, status) in [
            ("/api/tasks", StatusCode::OK),
            ("/api/tasks/7", StatusCode::UNAUTHORIZED),
        ] {
            let (answered, headers) = asked(FRIEND, "GET", path, FRIEND).await;
            assert_eq!((answered, shared_with(&headers)), (status, FRIEND));
            assert!(!headers.contains_key("access-control-allow-credentials"));
        }
        let (status, headers) = asked(FRIEND, "OPTIONS", "/api/tasks/7", FRIEND).await;
        assert_eq!((status, shared_with(&headers)), (StatusCode::OK, FRIEND));
        let methods = headers["access-control-allow-methods"].to_str().unwrap();
        assert!(
            methods.contains("PATCH") && methods.contains("DELETE"),
            "{methods}"
        );
        let names = headers["access-control-allow-headers"].to_str().unwrap();
        assert!(
            names.contains("authorization") && !names.contains('*'),
            "{names}"
        );
    }

    #[tokio::test]
    async fn nobody_else_may_and_nothing_else_is_shared() {
        for (origins, path, origin) in [
            (FRIEND, "/api/tasks", "https://evil.example"),
            (FRIEND, "/api/tasks", "https://app.example.org.evil.example"),
            (FRIEND, "/api/tasks", "null"),
            (FRIEND, "/api/auth/session", FRIEND),
            ("", "/api/tasks", FRIEND),
        ] {
            for method in ["GET", "OPTIONS"] {
                let (_, headers) = asked(origins, method, path, origin).await;
                assert_eq!(shared_with(&headers), "", "{method} {path} from {origin}");
            }
        }
    }

    #[tokio::test]
    async fn where_nothing_is_shared_options_is_a_wrong_method() {
        let (status, _) = asked("", "OPTIONS", "/api/tasks", FRIEND).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    }
}
