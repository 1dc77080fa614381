//! `/api/tasks`: for programs that carry a Bearer token. And what describes it: `/api/openapi.json`, and `/api/docs` for people.

pub mod body;
pub mod caller;
pub mod condition;
pub mod docs;
pub mod openapi;
pub mod query;
pub mod tasks;

use super::assets;
use crate::{
    service::{AppState, Config},
    ui::Assets,
};
use axum::{
    Router,
    body::{Body, Bytes},
    response::Response,
    routing::{MethodRouter, get},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY},
};
use sha2::{Digest as _, Sha256};

/// All tasks: the list, and new ones.
pub const TASKS: &str = "/api/tasks";
/// One task.
pub const TASK: &str = "/api/tasks/{id}";
/// The description for programs.
pub const OPENAPI: &str = "/api/openapi.json";
/// The description for people.
pub const DOCS: &str = "/api/docs";

/// The page of documentation needs its style sheet and nothing else.
const DOCS_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The paths that are for programs.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(TASKS, get(tasks::list).post(tasks::create))
        .route(
            TASK,
            get(tasks::read).patch(tasks::change).delete(tasks::delete),
        )
}

/// What describes them. Both descriptions are written once, here, and need no database.
pub fn descriptions(config: &Config, assets: &Assets) -> Router {
    let description = openapi::describe(&config.origin());
    let page = docs::page(&description, assets);
    Router::new()
        .route(
            OPENAPI,
            fixed("application/json", None, description.to_string()),
        )
        .route(
            DOCS,
            fixed("text/html; charset=utf-8", Some(DOCS_POLICY), page),
        )
}

/// Something that is the same for everybody as long as the process runs, and is not sent to whoever has it. Its tag is weak: compressed it is
/// still the same, byte by byte it is not.
fn fixed(kind: &'static str, policy: Option<&'static str>, text: String) -> MethodRouter {
    let tag = assets::tag(&Sha256::digest(&text));
    let weak = HeaderValue::from_str(&format!("W/{tag}")).ok();
    let body = Bytes::from(text);
    get(async move |asked: HeaderMap| {
        let is_known = assets::is_known(&asked, &tag);
        let mut response = Response::new(if is_known { Body::empty() } else { body.into() });
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Some(weak) = weak {
            headers.insert(ETAG, weak);
        }
        // Also where nothing is sent: a browser puts the headers of that answer on what it has.
        if let Some(policy) = policy {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        }
        if !is_known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        response
    })
}
