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
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::get,
};
use std::sync::Arc;
use tower_http::{
    compression::{CompressionLayer, CompressionLevel},
    cors::CorsLayer,
};

/// The whole front door. A request passes [`pass`], then the layers of its part from the last to the first.
pub fn router(state: AppState, assets: Assets) -> Router {
    // Pages are rendered by tasks of this runtime. It is set once in a process, and a second house in it changes nothing.
    let _ = Executor::init_tokio();
    let front = Front {
        assets: Arc::new(assets),
        state,
    };
    let (state, config) = (&front.state, &front.state.config);
    let compressed = CompressionLayer::new().quality(CompressionLevel::Fastest);

    // For people: the session's cookie, and changes only from our own pages.
    let people = Router::new()
        .merge(page::routes(&front))
        .merge(door::routes(&front))
        .merge(provider::routes(&front))
        .layer(from_fn_with_state(state.clone(), cookie::visit))
        .layer(from_fn_with_state(config.clone(), origin::check))
        .layer(from_fn_with_state(state.clone(), origin::note))
        .layer(compressed.clone().compress_when(page::may_be_compressed));
    // For programs: a Bearer token, and never a cookie.
    let programs = api::routes().with_state(state.clone());
    let on_the_database = Router::new()
        .merge(people)
        .merge(programs)
        .layer(from_fn_with_state(state.clone(), ready::on_the_database));
    // For whoever reads about them: nothing in it is secret, and all of it is known at the start.
    let descriptions = api::descriptions(config, &front.assets).layer(compressed);
    // For whoever watches over the server, by whatever name.
    let probes = Router::new()
        .route("/healthz", get(ready::healthy))
        .route("/readyz", get(ready::ready))
        .with_state(front.clone());

    // Whoever strays is still known.
    let nowhere = Router::new()
        .fallback(page::nothing)
        .layer(from_fn_with_state(state.clone(), cookie::visit));

    Router::new()
        .merge(on_the_database)
        .merge(descriptions)
        .merge(assets::routes())
        .merge(probes)
        .fallback_service(nowhere)
        .layer(from_fn_with_state(Hall::of(front), pass))
}

/// What stands between the world and every room, whatever the path.
#[derive(Clone, Debug)]
struct Hall {
    front: Front,
    friends: Option<Arc<CorsLayer>>,
}

impl Hall {
    fn of(front: Front) -> Self {
        let friends = cors::allowed(&front.state.config).map(Arc::new);
        Self { front, friends }
    }
}

/// The way in and the way out again: a request passes these steps from the last to the first. They are functions that hand it on, and no
/// layers: a stack of those copies itself for every request, once for each of them.
async fn pass(State(hall): State<Hall>, request: Request, next: Next) -> Response {
    let (front, config) = (&hall.front, &*hall.front.state.config);
    let room = |request| next.run(request);
    let named = async |request| host::check(config, request, room).await;
    let held = async |request: Request| {
        let most = door::largest(request.uri().path());
        limits::hold((limits::LONGEST, most), request, named).await
    };
    let whole = async |request| limits::unbroken(held(request)).await;
    let shown = async |request| page::failures(front, request, whole).await;
    // Once more: an error's page can break itself.
    let answered = async |request| limits::unbroken(shown(request)).await;
    let finished = async |request| reply::finish(request, answered).await;
    let shared = async |request| cors::share(hall.friends.as_deref(), request, finished).await;
    let protected = async |request| headers::protect(config, request, shared).await;
    source::trace(config, request, protected).await
}
