//! Every route and layer of the house on one page.

use super::{
    api, assets, cors, door,
    front::Front,
    limits, page, reply,
    shield::{cookie, headers, host, origin},
    source,
};
use crate::{service::AppState, ui::Assets};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use std::sync::Arc;

/// The whole front door. A request passes the layers from the last to the first.
pub fn router(state: AppState, assets: Assets) -> Router {
    let front = Front {
        assets: Arc::new(assets),
        state,
    };
    let state = &front.state;

    // For people: the session's cookie, and only from our own pages.
    let people = Router::new()
        .merge(page::routes(&front))
        .merge(door::routes(&front));
    // For programs: a Bearer token, and never a cookie.
    let programs = api::routes().with_state(state.clone());
    let probes = Router::new()
        .route("/healthz", get(page::healthy))
        .route("/readyz", get(page::ready))
        .with_state(front.clone());

    Router::new()
        .merge(people)
        .merge(programs)
        .merge(probes)
        .merge(assets::routes())
        .fallback(page::nothing)
}
