//! A refusal as programs read it: `application/problem+json` (RFC 9457).

use super::shield::name::CalledBy;
use crate::{
    domain::{Error, Refusal},
    service::Source,
};
use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE},
};
use serde_json::{Value, json};

/// A refusal on its way out. It becomes a body in [`finish`], which knows the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Refusal);

impl<E: Into<Refusal>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.0.error.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every refusal its body, and every bare status of the framework its row of the table.
pub async fn finish(request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let instance = request
        .extensions()
        .get::<Source>()
        .map(|source| source.request_id.clone())
        .unwrap_or_default();
    let is_api = is_api(request.uri().path());
    let response = next(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let refusal = response
        .extensions()
        .get::<Refused>()
        .map(|refused| refused.0.clone());
    let is_whole = response.headers().contains_key(CONTENT_TYPE)
        && refusal.is_none()
        && !is_plain(response.headers());
    if is_whole {
        return response;
    }
    let refusal = refusal.unwrap_or_else(|| row_of(status).into());
    let called_by = response.extensions().get::<CalledBy>();
    let mut problem = problem(&refusal, &instance, called_by, is_api);
    carry(response.headers(), problem.headers_mut());
    problem.extensions_mut().insert(Refused(refusal));
    problem
}

/// What stays true of an answer that is written anew: which methods there are, when to come again, and what becomes of the cookie.
pub fn carry(from: &HeaderMap, to: &mut HeaderMap) {
    let clear_site_data = HeaderName::from_static("clear-site-data");
    for name in [ALLOW, RETRY_AFTER, SET_COOKIE, clear_site_data] {
        for value in from.get_all(&name) {
            if name == SET_COOKIE {
                to.append(&name, value.clone());
            } else {
                to.insert(&name, value.clone());
            }
        }
    }
}

/// Whether a path belongs to programs.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The framework's own words are plain text; ours never are.
pub fn is_plain(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

/// The row of the table for a bare status.
pub fn row_of(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Error::MethodNotAllowed,
        StatusCode::REQUEST_TIMEOUT => Error::RequestTimeout,
        StatusCode::PAYLOAD_TOO_LARGE => Error::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::UnsupportedMediaType,
        StatusCode::UNAUTHORIZED => Error::Unauthorized,
        StatusCode::UNPROCESSABLE_ENTITY => Error::Unprocessable,
        StatusCode::TOO_MANY_REQUESTS => Error::TooManyRequests,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => Error::Unavailable,
        status if status.is_client_error() => Error::Malformed,
        _ => Error::Internal,
    }
}

/// The whole answer for a program.
#[must_use]
pub fn problem(
    refusal: &Refusal,
    instance: &str,
    called_by: Option<&CalledBy>,
    challenge: bool,
) -> Response {
    let mut body = body(refusal, instance);
    if let Some(CalledBy(name)) = called_by {
        let message = refusal.error.message();
        body["detail"] = format!("{message} That would be PUBLIC_URL={name}.").into();
    }
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = refusal.error.status();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some(seconds) = refusal.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if challenge && refusal.error.status() == StatusCode::UNAUTHORIZED {
        let bad = matches!(refusal.error, Error::InvalidToken | Error::TokenExpired);
        let text = if bad {
            r#"Bearer realm="latchkey", error="invalid_token""#
        } else {
            r#"Bearer realm="latchkey""#
        };
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(text));
    }
    if let (true, Some(scope)) = (challenge, refusal.lacks()) {
        let text =
            format!(r#"Bearer realm="latchkey", error="insufficient_scope", scope="{scope}""#);
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(WWW_AUTHENTICATE, value);
        }
    }
    response
}

fn body(refusal: &Refusal, instance: &str) -> Value {
    let error = refusal.error;
    let mut body = json!({
        "type": format!("/problems/{}", error.code().to_ascii_lowercase().replace('_', "-")),
        "title": error.status().canonical_reason().unwrap_or("Error"),
        "status": error.status().as_u16(),
        "detail": error.message(),
        "instance": instance,
        "code": error.code(),
        "message": error.message(),
    });
    if let Some(scope) = refusal.lacks() {
        body["detail"] = format!("{} It needs the scope {scope}.", error.message()).into();
        body["scope"] = scope.as_str().into();
    } else if !refusal.faults.is_empty() {
        let faults = refusal.faults.iter().map(|fault| json!({ "field": fault.field, "code": fault.error.code(), "message": fault.error.message() }));
        body["errors"] = faults.collect();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Router,
        middleware::{Next, from_fn},
        routing::get,
    };
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn answer(router: Router, path: &str) -> (StatusCode, HeaderMap, Value) {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = path.parse().unwrap();
        let source = Source {
            address: None,
            user_agent: String::new(),
            request_id: "the-request".to_owned(),
        };
        request.extensions_mut().insert(source);
        let response = router
            .layer(from_fn(async |request, next: Next| {
                finish(request, |request| next.run(request)).await
            }))
            .oneshot(request)
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        (
            parts.status,
            parts.headers,
            serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap(),
        )
    }

    #[tokio::test]
    async fn a18_every_row_of_the_table_becomes_a_whole_problem() {
        for &error in Error::ALL {
            let router =
                Router::new().route("/api/x", get(move || async move { Refused::from(error) }));
            let (status, headers, body) = answer(router, "/api/x").await;
            assert_eq!(status, error.status());
            assert_eq!(headers[CONTENT_TYPE], "application/problem+json");
            assert_eq!(body["status"], status.as_u16());
            assert_eq!(body["code"], error.code());
            assert_eq!(body["message"], error.message());
            assert_eq!(body["instance"], "the-request");
            assert_eq!(
                headers.contains_key(WWW_AUTHENTICATE),
                status == StatusCode::UNAUTHORIZED
            );
        }
    }

    #[tokio::test]
    async fn a17_a_bad_token_is_named_in_the_challenge_and_a_missing_one_is_not() {
        for (error, challenge) in [
            (Error::Unauthorized, r#"Bearer realm="latchkey""#),
            (
                Error::InvalidToken,
                r#"Bearer realm="latchkey", error="invalid_token""#,
            ),
        ] {
            let router =
                Router::new().route("/api/x", get(move || async move { Refused::from(error) }));
            assert_eq!(
                answer(router, "/api/x").await.1[WWW_AUTHENTICATE],
                challenge
            );
        }
    }

    #[tokio::test]
    async fn a19_a30_the_frameworks_own_words_never_get_out() {
        let router = || {
            Router::new()
                .route("/post", axum::routing::post(|| async {}))
                .route(
                    "/text",
                    get(|| async {
                        (StatusCode::INTERNAL_SERVER_ERROR, "panicked at src/main.rs")
                    }),
                )
        };
        let (status, _, body) = answer(router(), "/nothing").await;
        assert_eq!(
            (status, &body["code"]),
            (StatusCode::NOT_FOUND, &json!("NOT_FOUND"))
        );
        let (status, headers, body) = answer(router(), "/post").await;
        assert_eq!(
            (status, &body["code"], &headers[ALLOW]),
            (
                StatusCode::METHOD_NOT_ALLOWED,
                &json!("METHOD_NOT_ALLOWED"),
                &HeaderValue::from_static("POST")
            )
        );
        let (_, _, body) = answer(router(), "/text").await;
        assert_eq!(body["code"], "INTERNAL");
        assert!(!body.to_string().contains("main.rs"));
    }
}
