//! `/api/tasks`: for programs that carry a Bearer token. And what describes it: `/api/openapi.json`, and `/api/docs` for people.

pub mod body;
pub mod caller;
pub mod condition;
pub mod docs;
pub mod openapi;
pub mod query;
pub mod tasks;

use crate::{
    service::{AppState, Config},
    ui::Assets,
};
use axum::{Router, body::Bytes, response::Response, routing::get};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};

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

/// The paths that are for programs. Both descriptions are written once, here.
pub fn routes(config: &Config, assets: &Assets) -> Router<AppState> {
    let description = openapi::describe(&config.origin());
    let page = Bytes::from(docs::page(&description, assets));
    let description = Bytes::from(description.to_string());
    Router::new()
        .route(TASKS, get(tasks::list).post(tasks::create))
        .route(
            TASK,
            get(tasks::read).patch(tasks::change).delete(tasks::delete),
        )
        .route(
            OPENAPI,
            get(async move || fixed("application/json", description.clone())),
        )
        .route(
            DOCS,
            get(async move || {
                let mut response = fixed("text/html; charset=utf-8", page.clone());
                let policy = HeaderValue::from_static(DOCS_POLICY);
                response
                    .headers_mut()
                    .insert(CONTENT_SECURITY_POLICY, policy);
                response
            }),
        )
}

/// Something that is the same for everybody as long as the process runs.
fn fixed(kind: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
