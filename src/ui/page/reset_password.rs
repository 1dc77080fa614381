//! `/reset-password?token=…`: where a person who forgot the password sets a new one.

use crate::{
    domain::Error,
    ui::{
        asked::Asked,
        form::Form,
        layout::sheet::Sheet,
        part::{
            alert::Alert,
            password::{Asks, PasswordField},
        },
    },
};
use leptos::prelude::*;

const PATHS: [&str; 2] = ["/reset-password", "/api/auth/reset-password"];

/// The form, or what to do without a link that works.
#[component]
pub fn ResetPassword() -> impl IntoView {
    let asked = expect_context::<Asked>();
    let form = Form::at(&asked, &PATHS, &["newPassword"]);
    let dead = form.alert() == Some(Error::InvalidResetToken);
    let Some(token) = asked
        .parameter("token")
        .filter(|_| !dead)
        .map(str::to_owned)
    else {
        let why = if dead {
            Error::InvalidResetToken.message()
        } else {
            "This link is not whole. Open it again, or copy all of it into the address bar."
        };
        return view! {
            <Sheet heading="Set a new password">
                <Alert message=why />
                {if asked.has_mail {
                    view! {
                        <a class="button button--primary button--wide" href="/forgot-password">
                            "Ask for a new link"
                        </a>
                    }
                        .into_any()
                } else {
                    view! { <p>"Whoever runs this server can make you a new link."</p> }.into_any()
                }}
                <p>
                    <a href="/signin">"Back to sign in"</a>
                </p>
            </Sheet>
        }
        .into_any();
    };
    let fault = form.fault("password");
    view! {
        <Sheet heading="Set a new password">
            <form class="stack" method="post" action="/reset-password">
                {form
                    .alert()
                    .filter(|_| fault.is_none())
                    .map(|error| view! { <Alert message=error.message() /> })}
                <input type="hidden" name="token" value=token />
                <PasswordField form=&form name="newPassword" label="New password" asks=Asks::New fault />
                <p class="quiet">"It signs you out everywhere else."</p>
                <button class="button button--primary button--wide">"Set the password"</button>
            </form>
            <p>
                <a href="/signin">"Back to sign in"</a>
            </p>
        </Sheet>
    }
    .into_any()
}
