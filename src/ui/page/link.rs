//! `/link`: where somebody who came back from the identity provider shows that the account with their address is theirs.

use crate::{
    action::provider,
    domain::{Error, PendingLink},
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

const PATHS: [&str; 2] = ["/link", "/action/provider/prove"];

/// The form, or where to begin again.
#[component]
pub fn Link() -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let form = Form::at(&asked, &PATHS, &["password"]);
        let name = asked.provider.clone().unwrap_or_default();
        match provider::link_in_waiting().await {
            Ok(Some(pending)) => asks(&form, &name, &pending),
            Ok(None) => over(Error::ProviderErrandOver),
            Err(refusal) => {
                asked.answer_with(refusal.error);
                over(refusal.error)
            }
        }
    })
}

fn asks(form: &Form, name: &str, pending: &PendingLink) -> AnyView {
    let alert = form.alert();
    let why = if pending.is_proven {
        format!("You are signed in as {}.", pending.email)
    } else {
        format!(
            "There is an account with the address {}. Enter its password to connect it with {name}.",
            pending.email
        )
    };
    let field = (!pending.is_proven).then(|| {
        let wrong = alert == Some(Error::InvalidCredentials);
        view! {
            <PasswordField form name="password" label="Password" asks=Asks::Current alert=wrong.then_some("fault") />
        }
        .into_any()
    });
    view! {
        <Sheet heading="Connect your account">
            <form class="stack" method="post" action="/link">
                {alert.map(|error| view! { <Alert message=words(error) id="fault" /> })}
                <p>{why}</p>
                {field}
                <button class="button button--primary button--wide">"Connect"</button>
            </form>
            <footer class="stack stack--tight">
                <p class="quiet">"From then on you come in either way."</p>
                <p>
                    <a href="/forgot-password">"Forgot your password?"</a>
                </p>
                <p>
                    <a href="/signin">"Back to sign in"</a>
                </p>
            </footer>
        </Sheet>
    }
    .into_any()
}

/// Here only the password is asked for.
const fn words(error: Error) -> &'static str {
    match error {
        Error::InvalidCredentials => "That is not its password. Try again.",
        error => error.message(),
    }
}

fn over(error: Error) -> AnyView {
    view! {
        <Sheet heading="Connect your account">
            <Alert message=error.message() />
            <a class="button button--primary button--wide" href="/signin">
                "Back to sign in"
            </a>
        </Sheet>
    }
    .into_any()
}
