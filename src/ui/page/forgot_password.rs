//! `/forgot-password`: where a person who cannot get in asks for a link.

use crate::ui::{
    asked::Asked,
    form::Form,
    layout::sheet::Sheet,
    part::{
        alert::{Alert, Status},
        field::Field,
    },
};
use leptos::prelude::*;

/// Where the form is sent, by people and by programs.
const PATHS: [&str; 3] = [
    "/forgot-password",
    "/api/auth/request-password-reset",
    "/api/auth/forgot-password",
];

/// The form; after it, what happens now; and without a mail server, who can help.
#[component]
pub fn ForgotPassword() -> impl IntoView {
    let asked = expect_context::<Asked>();
    let form = Form::at(&asked, &PATHS, &["email"]);
    let is_sent = asked.parameter("done") == Some("sent") && !form.is_refused();
    let body = if !asked.has_mail {
        view! {
            <p>
                "No mail leaves this server. Ask whoever runs it for a link: it opens a page where you set a new password."
            </p>
        }
        .into_any()
    } else if is_sent {
        view! {
            <Status message="If there is an account with this address, a letter with a link is on its way." />
            <p class="quiet">
                "The link is good for 30 minutes. If nothing comes, look among the unwanted mail, or whether you have the account with another address."
            </p>
            <a class="button button--wide" href="/forgot-password">
                "Try another address"
            </a>
        }
        .into_any()
    } else {
        view! {
            <form class="stack" method="post" action="/forgot-password">
                {form.alert().map(|error| view! { <Alert message=error.message() /> })}
                <Field form=&form name="email" label="E-mail" kind="email" autocomplete="username" />
                <p class="quiet">"We send you a link to a page where you set a new password."</p>
                <button class="button button--primary button--wide">"Send the link"</button>
            </form>
        }
        .into_any()
    };
    view! {
        <Sheet heading="Forgot your password?">
            {body} <p>
                <a href="/signin">"Back to sign in"</a>
            </p>
        </Sheet>
    }
    .into_any()
}
