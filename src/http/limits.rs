//! How much a request may bring, how long it may take, and what happens when a room breaks.

use crate::{domain::Error, http::reply::Refused};
use axum::{
    BoxError,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::FutureExt;
use http::{HeaderMap, HeaderValue, header::CONTENT_LENGTH};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Frame, SizeHint};
use std::{
    any::Any,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::timeout;

/// The most that a body may hold.
pub const LARGEST_BODY: usize = 64 * 1024;
/// The same of a task's form: each of 10,000 characters of notes may be up to twelve bytes in it (`application/x-www-form-urlencoded`).
pub const LARGEST_TASK: usize = 128 * 1024;

/// The most that path and query may hold together.
pub const LONGEST_ADDRESS: usize = 8 * 1024;

/// How long a request may take, its body's way here included.
pub const LONGEST: Duration = Duration::from_secs(30);

/// Holds a request to the limits: an address too long is 400, a body too large 413, one too slow 408, and an answer too slow 503.
pub async fn hold(
    (longest, largest): (Duration, usize),
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let address = request.uri().path_and_query();
    if address.map_or(0, |address| address.as_str().len()) > LONGEST_ADDRESS {
        return Refused::from(Error::Malformed).into_response();
    }
    if announced(request.headers()) > largest as u64 {
        return Refused::from(Error::PayloadTooLarge).into_response();
    }
    let is_awaited = Arc::new(AtomicBool::new(false));
    let request = request.map(|body| {
        Body::new(Arriving {
            is_awaited: is_awaited.clone(),
            body: Limited::new(body, largest),
        })
    });
    match timeout(longest, next(request)).await {
        Ok(response) => response,
        Err(_) if is_awaited.load(Ordering::Relaxed) => {
            Refused::from(Error::RequestTimeout).into_response()
        }
        Err(_) => {
            tracing::error!("an answer took too long, and was given up");
            Refused::from(Error::Unavailable).into_response()
        }
    }
}

/// How long the body says it is.
fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH).map(HeaderValue::to_str);
    length.and_then(|text| text.ok()?.parse().ok()).unwrap_or(0)
}

/// Answers 500 where a room panics, and logs why; the process and all other requests go on.
pub async fn unbroken(answer: impl Future<Output = Response>) -> Response {
    let whole = AssertUnwindSafe(answer).catch_unwind().await;
    whole.unwrap_or_else(|panic| broken(panic.as_ref()))
}

fn broken(panic: &(dyn Any + Send)) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("of an unknown kind");
    tracing::error!(cause, "a room panicked");
    Refused::from(Error::Internal).into_response()
}

/// A body that remembers whether somebody waits for more of it: then it is the sender who is slow.
struct Arriving {
    is_awaited: Arc<AtomicBool>,
    body: Limited<Body>,
}

impl hyper::body::Body for Arriving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.is_awaited
            .store(polled.is_pending(), Ordering::Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Reads a body to its end, or to this limit.
pub async fn whole(body: Body, most: usize) -> Result<Bytes, Refused> {
    match Limited::new(body, most).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(cause) if is_too_large(cause.as_ref()) => Err(Error::PayloadTooLarge.into()),
        Err(_) => Err(Error::Malformed.into()),
    }
}

/// The limit may be that of `whole` or that of `hold` before it, which axum wraps in errors of its own.
fn is_too_large(cause: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(cause);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{
        reply,
        support::{self, answer},
    };
    use axum::{
        Router,
        middleware::{Next, from_fn},
        routing::{get, post},
    };
    use futures::stream;
    use http::StatusCode;
    use std::{convert::Infallible, future::pending, time::Instant};

    const SOON: Duration = Duration::from_millis(50);

    async fn panics() {
        panic!("CANARY in {}", file!());
    }

    fn router(longest: Duration) -> Router {
        Router::new()
            .route(
                "/",
                post(|body: String| async move { body.len().to_string() }),
            )
            .route("/slow", post(|_: String| pending::<()>()))
            .route("/panic", get(panics))
            .route("/fine", get(|| async {}))
            .layer(from_fn(move |request, next: Next| async move {
                let held = async |request| {
                    hold((longest, LARGEST_BODY), request, |request| {
                        next.run(request)
                    })
                    .await
                };
                reply::finish(request, async |request| unbroken(held(request)).await).await
            }))
    }

    async fn code(router: &Router, request: Request) -> (StatusCode, String) {
        let (status, _, body) = answer(router, request).await;
        let text = String::from_utf8(body).unwrap();
        assert!(!text.contains("CANARY") && !text.contains(".rs"), "{text}");
        let problem: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let code = problem["code"].as_str().unwrap_or(&text).to_owned();
        (status, code)
    }

    fn sends(path: &str, body: Body) -> Request {
        support::request("POST", path, &[]).map(|_| body)
    }

    #[tokio::test]
    async fn b28_a_body_of_64_kib_passes_and_one_byte_more_is_413() {
        let router = router(LONGEST);
        let fits = sends("/", vec![b'x'; LARGEST_BODY].into());
        assert_eq!(
            code(&router, fits).await,
            (StatusCode::OK, "65536".to_owned())
        );
        let large = sends("/", vec![b'x'; LARGEST_BODY + 1].into());
        let refused = (
            StatusCode::PAYLOAD_TOO_LARGE,
            "PAYLOAD_TOO_LARGE".to_owned(),
        );
        assert_eq!(code(&router, large).await, refused);
        let chunks = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 1024])));
        let endless = sends("/", Body::from_stream(chunks));
        assert_eq!(code(&router, endless).await, refused);
    }

    #[tokio::test]
    async fn b28_five_gigabytes_are_refused_before_they_are_sent() {
        let mut request = sends(
            "/",
            Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()),
        );
        request
            .headers_mut()
            .insert("content-length", 5_000_000_000_u64.into());
        assert_eq!(
            code(&router(LONGEST), request).await.0,
            StatusCode::PAYLOAD_TOO_LARGE
        );
    }

    #[tokio::test]
    async fn c12_a_body_that_does_not_come_is_408() {
        let began = Instant::now();
        let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let answer = code(&router(SOON), sends("/", body)).await;
        assert_eq!(
            answer,
            (StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT".to_owned())
        );
        assert!(began.elapsed() >= SOON);
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_503() {
        let answer = code(&router(SOON), sends("/slow", "x".into())).await;
        let refused = (
            StatusCode::SERVICE_UNAVAILABLE,
            "SERVICE_UNAVAILABLE".to_owned(),
        );
        assert_eq!(answer, refused);
    }

    #[tokio::test]
    async fn b28_an_address_of_more_than_8_kib_is_refused() {
        let router = router(LONGEST);
        for (length, status) in [(8_000, StatusCode::OK), (9_000, StatusCode::BAD_REQUEST)] {
            let path = format!("/fine?{}", "q".repeat(length));
            let request = support::request("GET", &path, &[]);
            assert_eq!(code(&router, request).await.0, status);
        }
    }

    #[tokio::test]
    async fn c16_a_panic_is_an_answer_without_a_word_about_the_inside() {
        let router = router(LONGEST);
        for _ in 0..2 {
            let request = support::request("GET", "/panic", &[]);
            let refused = (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL".to_owned());
            assert_eq!(code(&router, request).await, refused);
        }
        let request = support::request("GET", "/fine", &[]);
        assert_eq!(code(&router, request).await.0, StatusCode::OK);
    }
}
