//! Taking along what is one's own, and leaving for good.

use crate::ui::{
    asked::Asked,
    form::Form,
    part::{
        alert::Alert,
        field::Field,
        password::{Asks, PasswordField},
    },
};
use leptos::prelude::*;

const DELETE: &str = "/api/auth/delete-user";
const DOWNLOAD: &str = "/settings/download";

/// A copy of everything, and the end.
pub fn sections(asked: &Asked, has_password: bool) -> AnyView {
    view! { {download()} {delete(asked, has_password)} }.into_any()
}

fn download() -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="download">
            <div class="section__head">
                <h2 id="download">"Your data"</h2>
                <p class="quiet">
                    "Everything that is kept of you in one JSON file: profile, tasks, sessions, access tokens and activity, without secrets."
                </p>
            </div>
            <div>
                <a class="button" href=DOWNLOAD download>
                    "Download my data"
                </a>
            </div>
        </section>
    }
    .into_any()
}

fn delete(asked: &Asked, has_password: bool) -> impl IntoView + use<> {
    let form = Form::at(asked, &[DELETE], &["email", "password"]);
    let takes_cursor = form.is_refused();
    view! {
        <section class="section" aria-labelledby="delete">
            <div class="section__head">
                <h2 id="delete">"Delete account"</h2>
                <p class="quiet">"All tasks, sessions, tokens and activity go with it, at once. There is no way back."</p>
            </div>
            <form class="stack" method="post" action=DELETE aria-labelledby="delete">
                {form.alert().map(|error| view! { <Alert message=error.message() /> })}
                <Field
                    form=&form
                    name="email"
                    label="Your e-mail address"
                    kind="email"
                    autocomplete="off"
                    takes_cursor
                />
                {has_password
                    .then(|| {
                        view! {
                            <PasswordField form=&form name="password" label="Your password" asks=Asks::Current takes_cursor />
                        }
                    })}
                <div class="row">
                    <button class="button button--danger">"Delete my account"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
