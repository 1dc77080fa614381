//! The address that one signs in with, and another one.

use crate::{
    domain::SignedIn,
    ui::{
        asked::Asked,
        form::Form,
        part::{
            alert::Alert,
            field::Field,
            password::{Asks, PasswordField},
        },
    },
};
use leptos::prelude::*;

const CHANGE: &str = "/api/auth/change-email";

/// The address as it is, and the form for another. Who has no password confirms that it is them in another way, when that is asked for.
pub fn section(asked: &Asked, who: &SignedIn, has_password: bool) -> impl IntoView + use<> {
    let form = Form::at(asked, &[CHANGE], &["newEmail", "currentPassword"]);
    let takes_cursor = form.is_refused();
    let state = if who.user.email_verified {
        "Confirmed"
    } else {
        "Not confirmed"
    };
    let badge = asked
        .has_mail
        .then(|| view! { <span class="badge">{state}</span> });
    let what_happens = if asked.has_mail {
        "We send a link to the new address. It changes when you open the link, and that signs you out everywhere else."
    } else {
        "It changes at once, and signs you out everywhere else."
    };
    view! {
        <section class="section" aria-labelledby="address">
            <div class="section__head">
                <h2 id="address">"Address"</h2>
                <p class="quiet">{what_happens}</p>
            </div>
            <form class="stack" method="post" action=CHANGE>
                {form.alert().map(|error| view! { <Alert message=error.message() /> })}
                <p class="row">{who.user.email.clone()} {badge}</p>
                <Field
                    form=&form
                    name="newEmail"
                    label="New address"
                    kind="email"
                    autocomplete="email"
                    takes_cursor
                />
                {has_password
                    .then(|| {
                        view! {
                            <PasswordField
                                form=&form
                                name="currentPassword"
                                label="Current password"
                                asks=Asks::Current
                                takes_cursor
                            />
                        }
                    })}
                <div class="row">
                    <button class="button">"Change the address"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
