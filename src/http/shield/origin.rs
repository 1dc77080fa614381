//! Whoever changes something must come from our own pages.

use super::{cookie, name::CalledBy};
use crate::{
    domain::{Error, Event},
    http::reply::Refused,
    service::{
        AppState, Config, Source,
        audit::{self, Entry},
        limit, session,
    },
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header::ORIGIN};
use std::sync::Arc;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Refuses a change that says that it comes from elsewhere, and one with the session's cookie that says nothing. A layer for people's
/// routes with the configuration as its state, outside of [`visit`](super::cookie::visit).
pub async fn check(State(config): State<Arc<Config>>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match from_us(request.headers(), &config) {
        Ok(()) => next.run(request).await,
        Err(error) => {
            tracing::warn!(
                code = error.code(),
                origin = ?request.headers().get(ORIGIN),
                "a change from elsewhere was refused; if people reach this server by that origin, set PUBLIC_URL to it"
            );
            let mut response = Refused::from(error).into_response();
            if let Some(name) = CalledBy::origin(request.headers()) {
                response.extensions_mut().insert(name);
            }
            response
        }
    }
}

/// Writes down what [`check`] refused of a browser that is signed in: its person may want to know which site they were on. A few lines a minute,
/// for another site can send as much as it likes. A layer with the house as its state, outside of [`check`].
pub async fn note(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let source = request.extensions().get::<Source>().cloned();
    let brought = cookie::brought_session(request.headers(), &state);
    let response = next.run(request).await;
    let refused = response.extensions().get::<Refused>();
    let error = refused.map(|refused| refused.0.error);
    if let (Some(Error::InvalidOrigin | Error::MissingOrigin), Some(source), Some(brought)) =
        (error, source, brought)
        && let Ok(Some(who)) = session::by_cookie(&brought, &state.config).await
        && let Some(error) = error
        && state
            .limits
            .pace(limit::NOTED, &format!("{} {}", who.session, error.code()))
            .is_ok()
    {
        let entry = Entry::refused(Event::OriginRefused, error.code())
            .of(Some(who.user.id))
            .through(who.session);
        audit::record(&state.db, &source, entry).await;
    }
    response
}

fn from_us(headers: &HeaderMap, config: &Config) -> Result<(), Error> {
    let mut says = false;
    for site in headers.get_all(SEC_FETCH_SITE) {
        if !matches!(site.as_bytes(), b"same-origin" | b"none") {
            return Err(Error::InvalidOrigin);
        }
        says = true;
    }
    for origin in headers.get_all(ORIGIN) {
        if !origin
            .to_str()
            .is_ok_and(|origin| config.is_our_origin(origin))
        {
            return Err(Error::InvalidOrigin);
        }
        says = true;
    }
    if says || !cookie::is_sent(headers, config.is_https()) {
        Ok(())
    } else {
        Err(Error::MissingOrigin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::support::{self, answer};
    use axum::{Router, middleware::from_fn_with_state, routing::any};
    use http::StatusCode;

    const COOKIE: (&str, &str) = ("cookie", "__Host-latchkey_session=x");

    async fn verdict(public_url: &str, method: &str, headers: &[(&str, &str)]) -> Option<Error> {
        let config = support::config(&[("PUBLIC_URL", public_url)]);
        let router = Router::new()
            .route("/", any(|| async {}))
            .layer(from_fn_with_state(config.clone(), check));
        let (status, _, _) = answer(&router, support::request(method, "/", headers)).await;
        let request = support::request(method, "/", headers);
        let error = from_us(request.headers(), &config).err();
        if status == StatusCode::OK {
            assert!(error.is_none() || request.method().is_safe());
            return None;
        }
        assert_eq!(status, StatusCode::FORBIDDEN);
        error
    }

    const OURS: &str = "https://tasks.example.org";

    #[tokio::test]
    async fn b13_b14_b15_a_change_from_elsewhere_is_refused_with_and_without_a_cookie() {
        for bad in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", ""),
            ("origin", "http://tasks.example.org"),
            ("origin", "https://tasks.example.org:8443"),
            ("origin", "https://tasks.example.org.evil.example"),
            ("origin", "https://TASKS.example.org/"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "anything"),
        ] {
            for method in ["POST", "PUT", "PATCH", "DELETE", "BREW"] {
                let refused = Some(Error::InvalidOrigin);
                assert_eq!(verdict(OURS, method, &[bad]).await, refused, "{bad:?}");
                assert_eq!(
                    verdict(OURS, method, &[bad, COOKIE]).await,
                    refused,
                    "{bad:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn b13_one_good_word_does_not_make_up_for_a_bad_one() {
        let good = ("origin", OURS);
        for headers in [
            [good, ("sec-fetch-site", "cross-site")],
            [("sec-fetch-site", "same-origin"), ("origin", "null")],
            [good, ("origin", "https://evil.example")],
        ] {
            let refused = Some(Error::InvalidOrigin);
            assert_eq!(
                verdict(OURS, "POST", &headers).await,
                refused,
                "{headers:?}"
            );
        }
    }

    #[tokio::test]
    async fn e3_with_the_cookie_a_change_must_say_where_it_comes_from() {
        assert_eq!(
            verdict(OURS, "POST", &[COOKIE]).await,
            Some(Error::MissingOrigin)
        );
        for says in [
            ("origin", OURS),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
        ] {
            assert_eq!(
                verdict(OURS, "POST", &[COOKIE, says]).await,
                None,
                "{says:?}"
            );
        }
        assert_eq!(verdict(OURS, "POST", &[]).await, None);
        assert_eq!(
            verdict(OURS, "POST", &[("cookie", "theme=dark")]).await,
            None
        );
    }

    #[tokio::test]
    async fn reading_is_free_for_all() {
        for method in ["GET", "HEAD", "OPTIONS"] {
            let headers = [COOKIE, ("origin", "https://evil.example")];
            assert_eq!(verdict(OURS, method, &headers).await, None, "{method}");
        }
    }

    #[tokio::test]
    async fn while_we_are_at_home_all_names_of_home_are_one() {
        let home = "http://localhost:3000";
        for (origin, refused) in [
            ("http://localhost:3000", None),
            ("http://127.0.0.1:3000", None),
            ("http://[::1]:3000", None),
            ("http://localhost:3001", Some(Error::InvalidOrigin)),
            ("http://192.168.1.7:3000", Some(Error::InvalidOrigin)),
        ] {
            assert_eq!(
                verdict(home, "POST", &[("origin", origin)]).await,
                refused,
                "{origin}"
            );
        }
    }
}
