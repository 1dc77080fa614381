//! `/verify-email?token=…`: where a person says that an address is theirs. Opening the page changes nothing, because whatever looks ahead at
//! links in letters opens it too; the button does.

use crate::{
    domain::Error,
    ui::{
        asked::Asked,
        form::Form,
        layout::sheet::Sheet,
        part::{
            alert::{Alert, Status},
            field::Field,
        },
    },
};
use leptos::prelude::*;

const CONFIRM: [&str; 2] = ["/verify-email", "/api/auth/verify-email"];
const SEND: &str = "/api/auth/send-verification-email";

/// The button; without a link that works, how to get one.
#[component]
pub fn VerifyEmail() -> impl IntoView {
    let asked = expect_context::<Asked>();
    let form = Form::at(&asked, &CONFIRM, &[]);
    let why = form.alert();
    let dead = why.filter(|why| matches!(why, Error::InvalidLink | Error::LinkExpired));
    let is_resent = asked.refused_at(SEND).is_some();
    let token = asked
        .parameter("token")
        .filter(|_| dead.is_none() && !is_resent)
        .map(str::to_owned);
    let body = match token {
        Some(token) => confirm(&asked, why, token),
        None => send(&asked, dead),
    };
    view! { <Sheet heading="Confirm your address">{body} {way_on(&asked)}</Sheet> }.into_any()
}

fn confirm(asked: &Asked, why: Option<Error>, token: String) -> AnyView {
    let next = asked.parameter("next").map(str::to_owned);
    view! {
        <form class="stack" method="post" action="/verify-email">
            {why.map(|error| view! { <Alert message=error.message() /> })}
            <p>"You opened the link that we sent to your address. Is the address yours?"</p>
            <input type="hidden" name="token" value=token />
            {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
            <button class="button button--primary button--wide">"Yes, it is mine"</button>
        </form>
    }
    .into_any()
}

/// The letter did not come, or its link is over.
fn send(asked: &Asked, dead: Option<Error>) -> AnyView {
    let form = Form::at(asked, &[SEND], &["email"]);
    let is_sent = asked.parameter("done") == Some("sent") && !form.is_refused() && dead.is_none();
    let own = asked.who.as_ref().map(|who| who.user.email.clone());
    let again = match own.filter(|_| !form.is_refused()) {
        Some(own) => view! { <input type="hidden" name="email" value=own /> }.into_any(),
        None => view! { <Field form=&form name="email" label="E-mail" kind="email" autocomplete="username" /> }
            .into_any(),
    };
    view! {
        {dead.map(|error| view! { <Alert message=error.message() /> })}
        {is_sent
            .then(|| {
                view! { <Status message="A letter with a link is on its way. Open the link to confirm your address." /> }
            })}
        <form class="stack" method="post" action=SEND>
            {form.alert().map(|error| view! { <Alert message=error.message() /> })}
            <p class="quiet">
                "Did no letter come? Look among the unwanted mail, or have another one sent."
            </p>
            {again}
            <button class="button button--wide">"Send again"</button>
        </form>
    }
    .into_any()
}

fn way_on(asked: &Asked) -> AnyView {
    let (address, words) = if asked.who.is_some() {
        ("/dashboard", "Go to your tasks")
    } else {
        ("/signin", "Go to sign in")
    };
    view! {
        <p>
            <a href=address>{words}</a>
        </p>
    }
    .into_any()
}
