//! Whether requests can be served: what those who watch over the server ask, and what is asked before the database is used.

use super::{front::Front, reply::Refused};
use crate::{domain::Error, service::AppState};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::time::Duration;

/// How long the database may think about it.
const SOON: Duration = Duration::from_secs(1);

/// Whether the process answers at all.
pub async fn healthy() -> &'static str {
    "ok"
}

/// Whether requests can be served: the database answers, its tables are up to date, and the server is to go on.
pub async fn ready(State(front): State<Front>) -> Response {
    let db = &front.state.db;
    if front.state.stopping.has_begun() || !db.is_in_place() {
        return Refused::from(Error::Unavailable).into_response();
    }
    let asked = async {
        db.ping().await?;
        db.is_migrated().await
    };
    match tokio::time::timeout(SOON, asked).await {
        Ok(Ok(true)) => "ready".into_response(),
        _ => Refused::from(Error::Unavailable).into_response(),
    }
}

/// Refuses what needs the database while its file is not in its place, and what waits for a server that hangs.
pub async fn on_the_database(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if !state.db.is_in_place() {
        tracing::error!(
            "the database's file was moved or replaced: bring it back, or stop the server first"
        );
        return Refused::from(Error::Unavailable).into_response();
    }
    let answer = state.db.unless_it_hangs(next.run(request)).await;
    answer.unwrap_or_else(|error| Refused::from(error).into_response())
}
