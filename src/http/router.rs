//! Every route and layer of the house on one page.

use super::{
    api, assets, cors, door,
    front::Front,
    limits, page, provider, ready, reply,
    shield::{cookie, headers, host, origin},
    source,
};
use crate::{service::AppState, ui::Assets};
use any_spawner::Executor;
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use std::sync::Arc;
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// The whole front door. A request passes the layers of each part from the last to the first.
pub fn router(state: AppState, assets: Assets) -> Router {
    // Pages are rendered by tasks of this runtime. It is set once in a process, and a second house in it changes nothing.
    let _ = Executor::init_tokio();
    let front = Front {
        assets: Arc::new(assets),
        state,
    };
    let (state, config) = (&front.state, &front.state.config);

    // For people: the session's cookie, and changes only from our own pages.
    let people = Router::new()
        .merge(page::routes(&front))
        .merge(door::routes(&front))
        .merge(provider::routes(&front))
        .layer(from_fn_with_state(state.clone(), cookie::visit))
        .layer(from_fn_with_state(config.clone(), origin::check))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(page::may_be_compressed),
        );
    // For programs: a Bearer token, and never a cookie.
    let programs = api::routes(config, &front.assets).with_state(state.clone());
    let on_the_database = Router::new()
        .merge(people)
        .merge(programs)
        .layer(from_fn_with_state(state.clone(), ready::in_place));
    // For whoever watches over the server, by whatever name.
    let probes = Router::new()
        .route("/healthz", get(ready::healthy))
        .route("/readyz", get(ready::ready))
        .with_state(front.clone());

    let served = Router::new()
        .merge(on_the_database)
        .merge(assets::routes())
        .fallback(page::nothing)
        .layer(from_fn_with_state(config.clone(), host::check))
        .merge(probes);

    // The outer one is for an error's page that breaks itself.
    let unbroken = limits::unbroken(limits::within(served, limits::LONGEST))
        .layer(from_fn_with_state(front.clone(), page::failures));
    limits::unbroken(unbroken)
        .layer(from_fn(reply::finish))
        .layer(from_fn_with_state(cors::allowed(config), cors::share))
        .layer(from_fn_with_state(config.clone(), headers::protect))
        .layer(from_fn_with_state(config.clone(), source::trace))
}
