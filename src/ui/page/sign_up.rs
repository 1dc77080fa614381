//! `/signup`: where a stranger makes an account.

use crate::ui::{
    address::address,
    asked::Asked,
    form::Form,
    layout::sheet::Sheet,
    part::{
        alert::Alert,
        field::Field,
        password::{Asks, PasswordField},
        provider::Continue,
    },
};
use leptos::prelude::*;

/// Where the form is sent, by people and by programs.
const PATHS: [&str; 3] = ["/signup", "/api/auth/sign-up", "/api/auth/sign-up/email"];

/// The form, or why there is none.
#[component]
pub fn SignUp() -> impl IntoView {
    let asked = expect_context::<Asked>();
    if !asked.sign_up_is_open {
        return view! {
            <Sheet heading="Make an account">
                <p>"New accounts are not open here. Ask whoever runs this server for one."</p>
                <p>
                    "Already have one? "
                    <a href=address("/signin", [("next", next(&asked).as_str())])>"Sign in"</a>
                </p>
            </Sheet>
        }
        .into_any();
    }
    let form = Form::at(&asked, &PATHS, &["name", "email", "password"]);
    let next = next(&asked);
    let wanted = next.clone();
    let sign_in = address("/signin", [("next", next.as_str())]);
    view! {
        <Sheet heading="Make an account">
            <form class="stack" method="post" action="/signup">
                {form.alert().map(|error| view! { <Alert message=error.message() id="fault" /> })}
                <Field form=&form name="name" label="Name" autocomplete="name" />
                <Field form=&form name="email" label="E-mail" kind="email" autocomplete="username" />
                <PasswordField form=&form name="password" label="Password" asks=Asks::New />
                <input type="hidden" name="timeZone" value="" />
                {hidden_next(next)}
                <button class="button button--primary button--wide">"Make an account"</button>
            </form>
            <Continue asked=&asked next=wanted />
            <p>"Already have one? " <a href=sign_in>"Sign in"</a></p>
        </Sheet>
    }
    .into_any()
}

/// Where the person wanted to go before they were asked who they are.
pub(super) fn next(asked: &Asked) -> String {
    let typed = asked.refused.as_ref().map_or("", |form| form.typed("next"));
    if typed.is_empty() {
        asked.parameter("next").unwrap_or_default().to_owned()
    } else {
        typed.to_owned()
    }
}

/// Carries it through the form.
pub(super) fn hidden_next(next: String) -> impl IntoView {
    (!next.is_empty()).then(|| view! { <input type="hidden" name="next" value=next /> })
}
