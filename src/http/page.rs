//! The pages: who may see which, and what happens to a request that cannot be answered with one.

use super::{
    front::{Front, Secretive, confirm_first, see_other, sign_in_first, wants_html},
    reply::{Refused, carry, is_api},
    shield::name::CalledBy,
    takeout,
};
use crate::{
    domain::{Error, Next, Role, SignedIn, UserId},
    service::{clock, entry::Visit, operator},
    ui::{Chapter, Office, Page},
};
use axum::{
    Router,
    extract::{Path, Request, State},
    middleware::{self, Next as Inner},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{Extensions, HeaderMap, Method, StatusCode, Version, header};

/// The pages with their paths.
pub fn routes(front: &Front) -> Router {
    let open = Router::new()
        .route("/", page(Page::Landing))
        .route("/signup", page(Page::SignUp))
        .route("/signin", page(Page::SignIn))
        .route("/two-factor", page(Page::TwoFactor))
        .layer(middleware::from_fn_with_state(
            front.clone(),
            strangers_only,
        ));
    let protected = Chapter::ALL
        .into_iter()
        .fold(Router::new(), |router, chapter| {
            router.route(chapter.path(), page(Page::Settings(chapter)))
        })
        .route("/dashboard", page(Page::Dashboard))
        .route("/settings/download", get(takeout::download))
        .route("/confirm", page(Page::Confirm))
        .layer(middleware::from_fn_with_state(front.clone(), members_only));
    let for_the_person_alone = Router::new()
        .route("/settings/second-factor", page(Page::SecondFactor))
        .layer(middleware::from_fn(fresh_only))
        .layer(middleware::from_fn_with_state(front.clone(), members_only));
    let for_administrators = Office::ALL
        .into_iter()
        .fold(Router::new(), |router, office| {
            router.route(office.path(), page(Page::Admin(office)))
        })
        .route("/admin/people/{id}", get(person))
        .layer(middleware::from_fn_with_state(
            front.clone(),
            administrators_only,
        ))
        .layer(middleware::from_fn_with_state(front.clone(), members_only));
    let for_everybody = Router::new()
        .route("/verify-email", page(Page::VerifyEmail))
        .layer(middleware::from_fn_with_state(front.clone(), known));
    Router::new()
        .merge(for_the_person_alone)
        .route("/reset-password", page(Page::ResetPassword))
        .route("/forgot-password", page(Page::ForgotPassword))
        .merge(for_everybody)
        .route("/link", page(Page::Link))
        .merge(open)
        .merge(protected)
        .merge(for_administrators)
        .with_state(front.clone())
}

fn page(page: Page) -> axum::routing::MethodRouter<Front> {
    get(
        move |State(front): State<Front>, request: Request| async move {
            let (parts, _) = request.into_parts();
            let asked = front.asked(
                page,
                parts.uri.query().unwrap_or_default(),
                &parts.extensions,
            );
            front.page(parts, asked).await
        },
    )
}

/// The page of the one person whom the path names.
async fn person(State(front): State<Front>, Path(id): Path<String>, request: Request) -> Response {
    let Ok(id) = id.parse::<UserId>() else {
        return Refused::from(Error::NotFound).into_response();
    };
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let query = format!("{query}&{}={id}", Page::PERSON);
    let asked = front.asked(Page::Person, &query, &parts.extensions);
    front.page(parts, asked).await
}

/// To everybody else who is signed in there is nothing here, and the log says that they tried. It stands behind [`members_only`], which says
/// who comes.
async fn administrators_only(
    State(front): State<Front>,
    request: Request,
    inner: Inner,
) -> Response {
    let (who, visit) = {
        let known = request.extensions();
        (known.get::<SignedIn>(), known.get::<Visit>())
    };
    if who.is_some_and(|who| who.role == Role::Admin) || !request.method().is_safe() {
        return inner.run(request).await;
    }
    if let (Some(who), Some(visit)) = (who, visit) {
        operator::refuse(&front.state.db, &visit.source, who).await;
    }
    Refused::from(Error::NotFound).into_response()
}

/// A stranger is sent to sign in, with none of the page in the answer; whoever is known comes along.
async fn members_only(State(front): State<Front>, mut request: Request, inner: Inner) -> Response {
    // Nothing is shown to any other method, and there is nothing to come back to.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return inner.run(request).await;
    }
    match front.who(request.extensions()).await {
        Ok(Some(who)) => {
            request.extensions_mut().insert(who);
            inner.run(request).await
        }
        Ok(None) => {
            let path = request
                .uri()
                .path_and_query()
                .map_or("", |path| path.as_str());
            see_other(&sign_in_first(path))
        }
        Err(error) => Refused::from(error).into_response(),
    }
}

/// Whoever is known comes along, and nobody needs to be.
async fn known(State(front): State<Front>, mut request: Request, inner: Inner) -> Response {
    match front.who(request.extensions()).await {
        Ok(who) => {
            if let Some(who) = who {
                request.extensions_mut().insert(who);
            }
            inner.run(request).await
        }
        Err(error) => Refused::from(error).into_response(),
    }
}

/// Whoever has not shown for a while that it is them does so first. Inside [`members_only`].
async fn fresh_only(request: Request, inner: Inner) -> Response {
    let who = request.extensions().get::<SignedIn>();
    if who.is_some_and(|who| !who.is_fresh(clock::now())) {
        let path = request.uri().path_and_query();
        return see_other(&confirm_first(path.map_or("", |path| path.as_str())));
    }
    inner.run(request).await
}

/// Whoever is signed in already has nothing to do here.
async fn strangers_only(State(front): State<Front>, request: Request, inner: Inner) -> Response {
    // A form that is sent here says for itself what it wants.
    if !request.method().is_safe() {
        return inner.run(request).await;
    }
    match front.who(request.extensions()).await {
        Ok(Some(_)) => {
            let asked =
                url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
                    .find(|(name, _)| name == "next")
                    .map(|(_, path)| path.into_owned());
            see_other(&Next::or_home(asked.as_deref()))
        }
        Ok(None) => inner.run(request).await,
        Err(error) => Refused::from(error).into_response(),
    }
}

/// Gives a browser a page where a program gets a problem.
pub async fn failures(
    front: &Front,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    if !wants_html(request.headers()) || is_api(request.uri().path()) {
        return next(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let response = next(Request::from_parts(parts.clone(), body)).await;
    if let Some(name) = response.extensions().get::<CalledBy>() {
        parts.extensions.insert(name.clone());
    }
    let status = response.status();
    let has_body = response.headers().contains_key(header::CONTENT_TYPE);
    let refused = response.extensions().get::<Refused>();
    let retry_after = refused.and_then(|refused| refused.0.retry_after);
    let error = match refused {
        Some(refused) => refused.0.error,
        None if status.is_client_error() || status.is_server_error() => {
            if has_body && !super::reply::is_plain(response.headers()) {
                return response;
            }
            super::reply::row_of(status)
        }
        None => return response,
    };
    // Whoever is signed in stays so, in their own colours; but nobody waits for a database that has just failed.
    if let Some(visit) = response.extensions().get::<Visit>()
        && !error.status().is_server_error()
        && let Ok(Some(who)) = visit.who(&front.state).await
    {
        parts.extensions.insert(who);
    }
    let mut page = front.failed(parts, error).await;
    carry(response.headers(), page.headers_mut());
    if let Some(seconds) = retry_after {
        page.headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    page
}

/// Pages are sent compressed, but none that shows a secret: how long it became would tell something of it (BREACH).
pub fn may_be_compressed(
    _: StatusCode,
    _: Version,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> bool {
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    is_page && extensions.get::<Secretive>().is_none()
}

/// There is nothing here.
pub async fn nothing() -> Response {
    Refused::from(Error::NotFound).into_response()
}
