//! The page in the place of one that cannot be shown.

use crate::{
    domain::{Error, Next},
    ui::{
        asked::Asked,
        part::{icon::Mark, kept::kept},
    },
};
use leptos::prelude::*;

/// What is said about it: a heading and a sentence, fixed for each kind.
pub fn words(error: Error) -> (&'static str, &'static str) {
    match error {
        Error::NotFound | Error::TaskNotFound => (
            "There is no page behind this door",
            "The address may be mistyped, or what was here has been put away.",
        ),
        Error::Unavailable => (
            "Busy for a moment",
            "The server is busy or its database is away. Nothing is lost. Try again in a moment.",
        ),
        error if error.status().is_server_error() => (
            "Something went wrong on our side",
            "It is written down in the server’s log. Try again, or go back to where you were.",
        ),
        error if error.status() == http::StatusCode::FORBIDDEN => {
            ("This door stays shut", error.message())
        }
        error if error.status() == http::StatusCode::TOO_MANY_REQUESTS => {
            ("Too many tries", "Wait a little, then try again.")
        }
        error => ("That could not be done", error.message()),
    }
}

/// Whether it may be over in a moment.
fn passes(error: Error) -> bool {
    let status = error.status();
    status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS
}

/// One message, a way home, and where it may help one to try again.
#[component]
pub fn Failed(
    /// Why there is nothing to show.
    error: Error,
) -> impl IntoView {
    let asked = expect_context::<Asked>();
    asked.answer_with(error);
    let (heading, sentence) = words(error);
    let request = error
        .status()
        .is_server_error()
        .then(|| asked.request_id.clone())
        .filter(|id| !id.is_empty());
    let (way, home) = if asked.who.is_some() {
        (Next::HOME, "Go to your tasks")
    } else {
        ("/", "Go to the front door")
    };
    // Asked again, it may be there.
    let again = asked.again.filter(|_| passes(error));
    let home_class = if again.is_some() {
        "button"
    } else {
        "button button--primary"
    };
    let wanted = asked.called_by.map(|name| format!("PUBLIC_URL={name}"));
    view! {
        <main class="page page--lone center" id="main">
            <Mark ghost=true />
            <h1>{heading}</h1>
            <p>{sentence}</p>
            {asked.refused.as_ref().and_then(kept)}
            {wanted.map(|line| view! { <p>"That would be " <code>{line}</code></p> })}
            <div class="row">
                {again
                    .map(|path| {
                        view! {
                            <a class="button button--primary" href=path.to_string()>
                                "Try again"
                            </a>
                        }
                    })}
                <a class=home_class href=way>
                    {home}
                </a>
            </div>
            {request.map(|id| view! { <p class="quiet">"Request " <code>{id}</code></p> })}
        </main>
    }
    .into_any()
}
