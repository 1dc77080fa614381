//! What keeps the account shut.

use crate::{
    action::confirm::ways_to_confirm,
    ui::{
        asked::Asked,
        form::Form,
        part::{
            alert::Alert,
            password::{Asks, PasswordField},
        },
    },
};
use leptos::prelude::*;

const CHANGE: &str = "/api/auth/change-password";

/// The password, for those who have one.
pub async fn section(asked: &Asked) -> AnyView {
    if has_password().await {
        change(asked)
    } else {
        none()
    }
}

/// Whether the person has one. Where that cannot be told, forms ask for it, and the answer says whether there is one.
pub async fn has_password() -> bool {
    ways_to_confirm().await.map_or(true, |ways| ways.password)
}

fn none() -> AnyView {
    view! {
        <section class="section" aria-labelledby="password-change">
            <div class="section__head">
                <h2 id="password-change">"Password"</h2>
                <p class="quiet">"You have none, and need none. To have one too, ask for a link that sets it."</p>
            </div>
            <div class="row">
                <a class="button" href="/forgot-password">
                    "Ask for a link"
                </a>
            </div>
        </section>
    }
    .into_any()
}

fn change(asked: &Asked) -> AnyView {
    let form = Form::at(asked, &[CHANGE], &["currentPassword", "newPassword"]);
    let email = asked.who.as_ref().map(|who| who.user.email.clone());
    let takes_cursor = form.is_refused();
    view! {
        <section class="section" aria-labelledby="password-change">
            <div class="section__head">
                <h2 id="password-change">"Password"</h2>
                <p class="quiet">
                    "A new one signs you out everywhere but here, and ends the API token of every session. "
                    <a href="/settings/api#access-tokens">"Access tokens"</a> " go on until you revoke them."
                </p>
            </div>
            <form class="stack" method="post" action=CHANGE>
                {form.alert().map(|error| view! { <Alert message=error.message() /> })}
                // For the browser's keeper of passwords: which account this is.
                <input type="text" name="username" autocomplete="username" value=email hidden />
                <PasswordField
                    form=&form
                    name="currentPassword"
                    label="Current password"
                    asks=Asks::Current
                    takes_cursor
                />
                <PasswordField form=&form name="newPassword" label="New password" asks=Asks::New takes_cursor />
                <div class="row">
                    <button class="button button--primary">"Change the password"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
