//! What every answer tells the browser not to do.

use crate::{http::front::LeadsTo, service::Config};
use axum::{extract::Request, response::Response};
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
        STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};
use leptos::nonce::Nonce;

/// The same for all answers. `same-origin`, because with `no-referrer` a browser's form says `Origin: null`.
const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), \
         publickey-credentials-create=(self), publickey-credentials-get=(self)",
    ),
];

/// For whatever is not a page.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Puts a fresh [`Nonce`] into the request for the page to use, and the headers of SECURITY.md E9 on the answer; what a room has said of
/// its own caching or content policy stands. A step outside of everything that answers.
pub async fn protect(
    config: &Config,
    mut request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next(request).await;
    let leads_to = response.extensions_mut().remove::<LeadsTo>();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if config.is_https() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(
            CONTENT_SECURITY_POLICY,
            content(headers, &nonce, config, leads_to),
        );
    }
    // Only the site's own files say how they may be kept; everything else can be somebody's.
    let is_a_file = headers
        .get(CACHE_CONTROL)
        .is_some_and(|control| control != "no-store");
    if !is_a_file {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let why = HeaderValue::from_static("Cookie, Authorization, Accept");
        headers.append(VARY, why);
    }
    response
}

fn content(
    headers: &HeaderMap,
    nonce: &Nonce,
    config: &Config,
    leads_to: Option<LeadsTo>,
) -> HeaderValue {
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let nothing = HeaderValue::from_static(NOTHING);
    if is_page {
        let forms = leads_to.map_or_else(String::new, |place| format!(" {}", place.0));
        HeaderValue::from_str(&for_pages(nonce, &forms, config.is_https())).unwrap_or(nothing)
    } else {
        nothing
    }
}

/// Browsers hold `form-action` against every redirect that follows a form too, so that it names the place where one ends.
fn for_pages(nonce: &Nonce, forms: &str, is_https: bool) -> String {
    let upgrade = if is_https {
        "; upgrade-insecure-requests"
    } else {
        ""
    };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'{forms}; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'{upgrade}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::support::{self, answer};
    use axum::{
        Extension, Router,
        middleware::{Next, from_fn},
        response::Html,
        routing::get,
    };

    async fn headers(public_url: &str, path: &str) -> (HeaderMap, String) {
        let page = |Extension(nonce): Extension<Nonce>| async move { Html(nonce.to_string()) };
        let config = support::config(&[("PUBLIC_URL", public_url)]);
        let router = Router::new()
            .route("/page", get(page))
            .route("/json", get(|| async { axum::Json(1) }))
            .route(
                "/file",
                get(|| async { ([(CACHE_CONTROL, "max-age=7")], "") }),
            )
            .layer(from_fn(move |request, next: Next| {
                let config = config.clone();
                async move { protect(&config, request, |request| next.run(request)).await }
            }));
        let request = support::request("GET", path, &[]);
        let (_, headers, body) = answer(&router, request).await;
        (headers, String::from_utf8(body).unwrap())
    }

    fn policy(headers: &HeaderMap) -> &str {
        headers[CONTENT_SECURITY_POLICY].to_str().unwrap()
    }

    #[tokio::test]
    async fn a22_a_page_runs_only_our_scripts_and_those_of_this_very_answer() {
        let (headers, nonce) = headers("http://localhost:3000", "/page").await;
        let policy = policy(&headers);
        let scripts = format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval';");
        assert!(nonce.len() >= 16 && policy.contains(&scripts), "{policy}");
        assert!(policy.starts_with("default-src 'none';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("upgrade"));
        let (_, other) = self::headers("http://localhost:3000", "/page").await;
        assert_ne!(nonce, other);
    }

    #[tokio::test]
    async fn a23_every_answer_has_the_headers_and_what_is_no_page_may_load_nothing() {
        for path in ["/page", "/json", "/file", "/nothing"] {
            let (headers, _) = headers("http://localhost:3000", path).await;
            for (name, value) in ALWAYS {
                assert_eq!(headers[&name], value, "{path}");
            }
            assert_eq!(policy(&headers) == NOTHING, path != "/page", "{path}");
            assert!(!headers.contains_key(STRICT_TRANSPORT_SECURITY));
        }
    }

    #[tokio::test]
    async fn a21_over_tls_it_stays_over_tls() {
        let (headers, _) = headers("https://tasks.example.org", "/page").await;
        let value = "max-age=31536000; includeSubDomains";
        assert_eq!(headers[STRICT_TRANSPORT_SECURITY], value);
        assert!(policy(&headers).ends_with("upgrade-insecure-requests"));
    }

    #[tokio::test]
    async fn e9_whatever_can_be_personal_is_not_kept() {
        for path in ["/page", "/json", "/nothing"] {
            let (headers, _) = headers("http://localhost:3000", path).await;
            assert_eq!(headers[CACHE_CONTROL], "no-store", "{path}");
            assert_eq!(headers[VARY], "Cookie, Authorization, Accept", "{path}");
        }
        let (headers, _) = headers("http://localhost:3000", "/file").await;
        assert_eq!(headers[CACHE_CONTROL], "max-age=7");
        assert!(!headers.contains_key(VARY));
    }
}
