//! `/confirm?next=…`: whether it is still the same person, before what only they may do.

use super::sign_up::{hidden_next, next};
use crate::{
    domain::{Error, Next},
    ui::{
        asked::Asked,
        form::Form,
        layout::sheet::Sheet,
        part::{
            alert::Alert,
            passkey::{Act, PasskeyButton, WithoutScript},
            password::{Asks, PasswordField},
        },
    },
};
use leptos::prelude::*;

const PATHS: [&str; 2] = ["/confirm", "/action/confirm"];

/// The ways to confirm, one below the other.
#[component]
pub fn Confirm() -> impl IntoView {
    let asked = expect_context::<Asked>();
    let next = next(&asked);
    let back = Next::or_home(Some(&next)).to_string();
    view! {
        <Sheet heading="Confirm that it is you">
            <p>"You signed in a while ago. What you want to do now asks for the password once more; then nothing asks for ten minutes."</p>
            {by_password(&asked, next)} {asked.passkey_origin.clone().map(|origin| by_passkey(origin, back.clone()))}
            <p>
                <a href=back>"Back, without it"</a>
            </p>
        </Sheet>
    }
    .into_any()
}

fn by_password(asked: &Asked, next: String) -> impl IntoView + use<> {
    let form = Form::at(asked, &PATHS, &["password"]);
    let email = asked.who.as_ref().map(|who| who.user.email.clone());
    let alert = form.alert();
    view! {
        <form class="stack" method="post" action=PATHS[0]>
            {alert
                .map(|error| {
                    let words = if error == Error::NoPassword {
                        "This account has no password. Sign out and in again: that confirms it too."
                    } else {
                        error.message()
                    };
                    view! { <Alert message=words /> }
                })}
            // For the browser's keeper of passwords: which account this is.
            <input type="text" name="username" autocomplete="username" value=email hidden />
            <PasswordField form=&form name="password" label="Password" asks=Asks::Current />
            {hidden_next(next)}
            <button class="button button--primary button--wide">"Continue"</button>
        </form>
    }
    .into_any()
}

fn by_passkey(origin: String, back: String) -> impl IntoView {
    view! {
        <div>
            <PasskeyButton act=Act::Confirm(back) origin label="Use a passkey" class="button button--wide" />
            <WithoutScript words="A passkey would do as well, but needs JavaScript, which is off in this browser." />
        </div>
    }
    .into_any()
}
