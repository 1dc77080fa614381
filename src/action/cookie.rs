//! A small cookie beside the session's: what a browser keeps for one thing that is begun and not done yet.

use super::context::state;
use crate::domain::Refusal;
use http::{
    HeaderValue,
    header::{COOKIE, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Its name as it is sent. `__Host-` ties it to this one host over TLS, so that no neighbour can set it.
fn named(name: &str, is_https: bool) -> String {
    let prefix = if is_https { "__Host-" } else { "" };
    format!("{prefix}latchkey_{name}")
}

/// What came with the request. Two that differ are none: one of them is somebody else's.
pub fn kept(name: &str) -> Result<Option<String>, Refusal> {
    let name = named(name, state()?.config.is_https());
    let Some(parts) = use_context::<Parts>() else {
        return Ok(None);
    };
    let mut values = parts
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value);
    let first = values.next().map(str::to_owned);
    let is_one = values.all(|value| first.as_deref() == Some(value));
    Ok(first.filter(|_| is_one))
}

/// Has the browser keep this for so many seconds, and send it only from our own pages.
pub fn keep(name: &str, value: &str, seconds: i64) -> Result<(), Refusal> {
    let is_https = state()?.config.is_https();
    let (name, secure) = (named(name, is_https), if is_https { "; Secure" } else { "" });
    let cookie =
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age={seconds}");
    if let (Some(response), Ok(mut cookie)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&cookie),
    ) {
        cookie.set_sensitive(true);
        response.append_header(SET_COOKIE, cookie);
    }
    Ok(())
}
