//! Who the person is, how their pages look, and how they leave.

use super::{address, farewell, look, security::has_password};
use crate::{
    domain::SignedIn,
    ui::{
        asked::Asked,
        form::Form,
        part::{alert::Alert, field::Field},
    },
};
use leptos::prelude::*;

/// Name and look.
pub async fn page(asked: &Asked) -> AnyView {
    let Some(who) = &asked.who else {
        return ().into_any();
    };
    let has_password = has_password().await;
    let address = address::section(asked, who, has_password);
    view! { {profile(asked, who)} {address} {look::section(asked, &who.wishes)} {farewell::sections(asked, has_password)} }
        .into_any()
}

fn profile(asked: &Asked, who: &SignedIn) -> impl IntoView + use<> {
    let form = Form::at(asked, &["/settings", "/api/auth/update-user"], &["name"]);
    view! {
        <section class="section" aria-labelledby="profile">
            <div class="section__head">
                <h2 id="profile">"Profile"</h2>
                <p class="quiet">"Your name is seen by you and by administrators."</p>
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
