//! `/metrics` for Prometheus, on an address of its own: figures are the operator's.

use super::{
    reply,
    serve::{Patience, serve},
};
use crate::service::stopping::Stopping;
use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    routing::get,
};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::Duration;
use tokio::{net::TcpListener, time::interval};

/// In seconds: from a page out of memory to a request at its limit.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];
/// How often figures are put together while nobody asks, so that they do not pile up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts counting, for the whole process and once. Before that nothing is counted, and counting costs nothing.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    let durations = Matcher::Suffix("_seconds".to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(durations, &BUCKETS)?
        .install_recorder()?;
    metrics::describe_counter!("http_requests_total", "Requests answered");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time until an answer began"
    );
    Ok(handle)
}

/// Serves the figures at this listener, and only there.
pub async fn serve_figures(listener: TcpListener, handle: PrometheusHandle, stop: Stopping) {
    let keep_up = async {
        let mut pulse = interval(UPKEEP);
        loop {
            pulse.tick().await;
            handle.run_upkeep();
        }
    };
    tokio::select! {
        () = serve(listener, routes(handle.clone()), Patience::default(), stop) => {}
        () = keep_up => {}
    }
}

fn routes(handle: PrometheusHandle) -> Router {
    let figures = move || {
        let text = handle.render();
        async move {
            let headers = [
                (CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
                (CACHE_CONTROL, "no-store"),
            ];
            (headers, text)
        }
    };
    Router::new().route("/metrics", get(figures)).layer(from_fn(
        async |request: Request, next: Next| {
            reply::finish(request, |request| next.run(request)).await
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::support::{self, answer};

    #[tokio::test]
    async fn the_figures_are_prometheus_text() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || metrics::counter!("knocks_total").increment(3));
        let request = support::request("GET", "/metrics", &[]);
        let (status, headers, body) = answer(&routes(handle), request).await;
        assert_eq!(status, http::StatusCode::OK);
        assert!(
            headers[CONTENT_TYPE]
                .to_str()
                .unwrap()
                .starts_with("text/plain")
        );
        let text = String::from_utf8(body).unwrap();
        assert!(text.contains("knocks_total 3"), "{text}");
    }

    #[tokio::test]
    async fn a19_whoever_strays_gets_a_problem() {
        let routes = routes(PrometheusBuilder::new().build_recorder().handle());
        for (method, path, status, code) in [
            ("GET", "/nope", 404, "NOT_FOUND"),
            ("POST", "/metrics", 405, "METHOD_NOT_ALLOWED"),
        ] {
            let request = support::request(method, path, &[]);
            let (found, headers, body) = answer(&routes, request).await;
            assert_eq!(found.as_u16(), status, "{method} {path}");
            assert_eq!(headers[CONTENT_TYPE], "application/problem+json");
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["code"], code);
        }
    }
}
