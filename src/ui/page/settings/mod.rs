//! `/settings`: the person's name, the look of pages, the token for programs, and what happened to the account.

mod access_tokens;
mod activity;
mod look;
mod provider;
mod token;

use crate::{
    action::{account, auth},
    domain::SignedIn,
    ui::{
        asked::Asked,
        form::Form,
        layout::house::{Here, House},
        part::{
            alert::{Alert, Status},
            field::Field,
            icon::Icon,
        },
    },
};
use leptos::prelude::*;

/// The page of settings.
#[component]
pub fn Settings() -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let session = auth::session().await;
        let lines = account::activity().await;
        let access_tokens = access_tokens::section(&asked).await;
        let provider = provider::section(&asked).await;
        let failed = session
            .as_ref()
            .err()
            .or(lines.as_ref().err())
            .map(|refusal| refusal.error);
        if let Some(error) = failed {
            asked.answer_with(error);
        }
        let who = asked.who.clone();
        view! {
            <House here=Here::Settings>
                <main class="page page--app" id="main" tabindex="-1">
                    <div class="stack">
                        {head()} {saved(&asked)}
                        {failed.map(|error| view! { <Alert message=error.message() /> })}
                    </div>
                    {who.as_ref().map(|who| view! { {profile(&asked, who)} {look::section(&asked, &who.wishes)} })}
                    {session.ok().flatten().map(|answer| token::section(&asked, answer.session))}
                    {provider}
                    {access_tokens}
                    {lines.ok().map(|lines| activity::section(&asked, lines))}
                </main>
            </House>
        }
    })
}

fn head() -> impl IntoView {
    view! {
        <header class="row row--apart">
            <h1>"Settings"</h1>
            <form method="post" action="/api/auth/sign-out">
                <button class="button">
                    <Icon name="leave" />
                    "Sign out"
                </button>
            </form>
        </header>
    }
    .into_any()
}

/// What was saved last, while nothing is refused.
fn saved(asked: &Asked) -> impl IntoView + use<> {
    let message = match asked.parameter("saved") {
        Some("name") => Some("Your name is saved."),
        Some("look") => Some("Your pages look as you wish."),
        _ => None,
    };
    message
        .filter(|_| asked.refused.is_none())
        .map(|message| view! { <Status message /> })
}

fn profile(asked: &Asked, who: &SignedIn) -> impl IntoView + use<> {
    let form = Form::at(asked, &["/settings", "/api/auth/update-user"], &["name"]);
    view! {
        <section class="section" aria-labelledby="profile">
            <div class="section__head">
                <h2 id="profile">"Profile"</h2>
                <p class="quiet">{format!("You sign in as {}. Only you see your name.", who.user.email)}</p>
            </div>
            <form class="stack" method="post" action="/api/auth/update-user">
                {form.alert().map(|error| view! { <Alert message=error.message() /> })}
                <Field
                    form=&form
                    name="name"
                    label="Name"
                    autocomplete="name"
                    value=who.user.name.clone()
                    takes_cursor=form.is_refused()
                />
                <div class="row">
                    <button class="button button--primary">"Save"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
