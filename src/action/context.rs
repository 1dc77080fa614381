//! What a server function's body stands on: the house, and who called.

use super::{
    auth::{SecondStep, SignInAnswer},
    tasks::{BEFORE, NO_DAY},
};
use crate::{
    domain::{Error, Next, Refusal, Role, SignedIn, TaskId},
    service::{AppState, confirm, confirmation, entry::Visit, operator},
};
use http::{
    HeaderValue,
    header::{LOCATION, REFERER, SET_COOKIE},
    request::Parts,
};
use jiff::civil::Date;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use url::{Url, form_urlencoded::Serializer};

/// The house.
pub fn state() -> Result<AppState, Refusal> {
    use_context::<AppState>().ok_or_else(missing)
}

/// The caller's side: cookie and source. The session layer put it into the request.
pub fn visit() -> Result<Visit, Refusal> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Visit>().cloned())
        .ok_or_else(missing)
}

/// The person who calls. Every function that is not for strangers begins with this.
pub async fn signed_in() -> Result<SignedIn, Refusal> {
    let (state, visit) = (state()?, visit()?);
    Ok(visit.who(&state).await?.ok_or(Error::Unauthorized)?)
}

/// The administrator who calls. To everybody else who is signed in there is nothing at this address, and the log says that they tried. Every
/// function that looks after people begins with this.
pub async fn administrator() -> Result<SignedIn, Refusal> {
    let who = signed_in().await?;
    if who.role == Role::Admin {
        Ok(who)
    } else {
        operator::refuse(&state()?.db, &visit()?.source, &who).await;
        Err(Error::NotFound.into())
    }
}

/// The administrator who is about to change something for somebody else, and showed a moment ago that it is them.
pub async fn acting_administrator() -> Result<SignedIn, Refusal> {
    administrator().await?;
    freshly_signed_in().await
}

/// The person who calls, if they showed a moment ago that it is them: by signing in, or by confirming it since. A browser's form that is
/// refused for it is led to `/confirm`, and from there back to its page.
pub async fn freshly_signed_in() -> Result<SignedIn, Refusal> {
    let who = signed_in().await?;
    confirm::fresh(&who)?;
    Ok(who)
}

/// The person who calls, if the password that came along is theirs; without one, if they are freshly signed in.
pub async fn confirmed(password: Option<&str>) -> Result<SignedIn, Refusal> {
    let who = signed_in().await?;
    confirmation::check(&state()?, &visit()?, &who, password).await?;
    Ok(who)
}

/// What a sign-in answers whose second factor is asked for; a plain form is sent on to the page that asks, and from there to `next`.
pub fn second_step(next: &Next) -> SignInAnswer {
    go_to(next.by_way_of("/two-factor").as_str());
    SignInAnswer::SecondStep(SecondStep {
        two_factor_redirect: true,
        two_factor_methods: vec!["totp".to_owned()],
    })
}

fn missing() -> Refusal {
    tracing::error!("a server function was called without its context");
    Error::Internal.into()
}

/// The path that a `callbackURL` names. An empty one names none; one that leads off this site is refused.
pub fn callback(state: &AppState, url: Option<&str>) -> Result<Option<Next>, Refusal> {
    let Some(url) = url.filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    let path = state.config.path_of(url);
    Ok(Some(path.ok_or(Error::InvalidCallbackUrl)?))
}

/// What a page says about the last thing done: one of these with a task's id in its address.
pub const NOTICES: [&str; 7] = [
    "added",
    "changed",
    "rescheduled",
    "done",
    "reopened",
    "deleted",
    "restored",
];

/// Sends a plain form back to the page that it stood on, to the task's row, and the page then says what was done. The address carries the
/// task's id and no words, so that nobody can make the page say something of their own.
pub fn back(notice: &str, id: TaskId) {
    back_with(&[(notice, &id.to_string())], Some(id));
}

/// The same of a task that was written down: to the line for the next one.
pub fn added(id: TaskId) {
    back_with(&[("added", &id.to_string())], None);
}

/// The same of a task that has another day now: the address carries the one before too, for the undoing.
pub fn rescheduled(id: TaskId, before: Option<Date>) {
    let before = before.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string());
    back_with(
        &[("rescheduled", &id.to_string()), (BEFORE, &before)],
        Some(id),
    );
}

fn back_with(notice: &[(&str, &str)], row: Option<TaskId>) {
    let referer = use_context::<Parts>()
        .and_then(|parts| parts.headers.get(REFERER)?.to_str().ok().map(str::to_owned));
    let page = referer.and_then(|referer| Url::parse(&referer).ok());
    let path = page.as_ref().map_or(Next::HOME, Url::path);
    let kept = page.iter().flat_map(Url::query_pairs).filter(|(name, _)| {
        !["edit", BEFORE].contains(&name.as_ref()) && !NOTICES.contains(&name.as_ref())
    });
    let query = Serializer::new(String::new())
        .extend_pairs(kept)
        .extend_pairs(notice)
        .finish();
    let row = row.map_or_else(String::new, |id| format!("#task-{id}"));
    go_to(&format!("{path}?{query}{row}"));
}

/// Gives the browser this cookie.
pub fn give(cookie: HeaderValue) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(SET_COOKIE, cookie);
    }
}

/// Sends a plain form on to this page of ours, or home.
pub fn go_to(path: &str) {
    let path = Next::or_home(Some(path));
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(path.as_str()),
    ) {
        response.insert_header(LOCATION, value);
    }
}
