//! The session's cookie: read into a [`Visit`], and written back when the visit changed it.

use crate::{
    domain::Error,
    http::reply::Refused,
    service::{
        AppState, Source,
        entry::Visit,
        pocket::{self, Change, Keepsake, Pocket, the_one},
        session::SessionTable,
    },
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header::SET_COOKIE};
use std::sync::Arc;
use tower_sessions::{Expiry, Session};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The cookie's name. `__Host-` ties it to this one host over TLS, so that no neighbour can set it.
#[must_use]
pub const fn cookie_name(is_https: bool) -> &'static str {
    if is_https {
        "__Host-latchkey_session"
    } else {
        "latchkey_session"
    }
}

/// Gives people's routes their [`Visit`], and the answer its cookie. A layer with the house as its state, inside
/// [`trace`](crate::http::source::trace) and [`check`](super::origin::check).
pub async fn visit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Some(source) = request.extensions().get::<Source>().cloned() else {
        tracing::error!("a request came without its source");
        return Refused::from(Error::Internal).into_response();
    };
    let is_https = state.config.is_https();
    let sent = the_one(request.headers(), cookie_name(is_https));
    let id = sent.as_deref().and_then(|value| value.parse().ok());
    let cookie = Session::new(id, Arc::new(SessionTable(state.db.clone())), None);
    let pocket = brought(request.headers(), is_https);
    let visit = Visit {
        cookie: cookie.clone(),
        pocket: pocket.clone(),
        source,
    };
    request.extensions_mut().insert(visit.clone());
    let mut response = next.run(request).await;
    // For the page in the place of one that cannot be shown.
    response.extensions_mut().insert(visit);
    if sent.is_some() && cookie.is_empty().await {
        take_away(response.headers_mut(), is_https);
    } else if cookie.is_modified() && !response.status().is_server_error() {
        give(response.headers_mut(), is_https, &cookie).await;
    }
    for (what, change) in pocket.changes() {
        let (value, seconds) = match &change {
            Change::Give(value, seconds) => (value.expose().as_str(), *seconds),
            Change::Take => ("", 0),
        };
        let name = what.name(is_https);
        set(response.headers_mut(), is_https, name, value, Some(seconds));
    }
    response
}

/// What a request's cookie may lead to, whoever sent it; none if it carries none that could be ours.
pub fn brought_session(headers: &HeaderMap, state: &AppState) -> Option<Session> {
    let id = the_one(headers, cookie_name(state.config.is_https()))?;
    let table = Arc::new(SessionTable(state.db.clone()));
    Some(Session::new(Some(id.parse().ok()?), table, None))
}

/// The small cookies that a browser sent, each if it is the one of its name.
fn brought(headers: &HeaderMap, is_https: bool) -> Pocket {
    let brought = Keepsake::ALL
        .iter()
        .filter_map(|&what| Some((what, the_one(headers, what.name(is_https))?)));
    Pocket::holding(brought)
}

/// Whether a request carries the session's cookie, whatever it is worth.
#[must_use]
pub fn is_sent(headers: &HeaderMap, is_https: bool) -> bool {
    pocket::sent(headers, cookie_name(is_https))
        .next()
        .is_some()
}

async fn give(headers: &mut HeaderMap, is_https: bool, cookie: &Session) {
    if let Err(cause) = cookie.save().await {
        // A new session is saved where it begins: this one is only not renewed, and will be next time.
        tracing::warn!(%cause, "a session could not be renewed");
        return;
    }
    let Some(id) = cookie.id() else { return };
    let age = match cookie.expiry() {
        Some(Expiry::OnInactivity(age)) => Some(age.whole_seconds().max(0)),
        _ => None,
    };
    set(
        headers,
        is_https,
        cookie_name(is_https),
        &id.to_string(),
        age,
    );
}

/// With the attributes that it was given with, or the browser keeps it.
fn take_away(headers: &mut HeaderMap, is_https: bool) {
    set(headers, is_https, cookie_name(is_https), "", Some(0));
    if is_https {
        headers.insert(CLEAR_SITE_DATA, HeaderValue::from_static(r#""cache""#));
    }
}

fn set(headers: &mut HeaderMap, is_https: bool, name: &str, value: &str, age: Option<i64>) {
    let secure = if is_https { "; Secure" } else { "" };
    let age = age.map_or(String::new(), |age| format!("; Max-Age={age}"));
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
        cookie.set_sensitive(true);
        headers.append(SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests;
