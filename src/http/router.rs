//! Every route and layer of the house on one page.

use super::{door, front::Front, page};
use crate::{service::AppState, ui::Assets};
use axum::{Router, routing::get};
use std::sync::Arc;

/// The whole front door. A request passes the layers from the last to the first.
pub fn router(state: AppState, assets: Assets) -> Router {
    let front = Front {
        assets: Arc::new(assets),
        state,
    };

    // For people: the session's cookie, and only from our own pages.
    let people = Router::new()
        .merge(page::routes(&front))
        .merge(door::routes(&front));
    // For programs: a Bearer token, and never a cookie.
    let probes = Router::new()
        .route("/healthz", get(page::healthy))
        .route("/readyz", get(page::ready))
        .with_state(front.clone());

    Router::new()
        .merge(people)
        .merge(probes)
        .fallback(page::nothing)
}
