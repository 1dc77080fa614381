//! `/signin`: where a person comes in.

use super::sign_up::{hidden_next, next};
use crate::{
    domain::{Error, SignUp},
    ui::{
        address::address,
        asked::Asked,
        form::Form,
        layout::sheet::Sheet,
        part::{
            alert::{Alert, Status},
            field::Field,
            kept::kept,
            passkey::{Act, PasskeyButton, WithoutScript},
            password::{Asks, PasswordField},
            provider::{Continue, Mishaps},
        },
    },
};
use leptos::prelude::*;

/// Where the form is sent, by people and by programs.
const PATHS: [&str; 3] = ["/signin", "/api/auth/sign-in", "/api/auth/sign-in/email"];

/// The form.
#[component]
pub fn SignIn() -> impl IntoView {
    let asked = expect_context::<Asked>();
    let form = Form::at(&asked, &PATHS, &["email", "password"]);
    let next = next(&asked);
    let wanted = next.clone();
    // Where there are passkeys, the browser offers them beside the addresses that it knows.
    let address_may_be = if asked.passkey_origin.is_some() {
        "username webauthn"
    } else {
        "username"
    };
    let sign_up =
        (asked.sign_up != SignUp::Closed).then(|| address("/signup", [("next", next.as_str())]));
    let words = if asked.sign_up == SignUp::Open {
        "Make an account"
    } else {
        "It takes an invitation"
    };
    view! {
        <Sheet heading="Sign in">
            <Mishaps asked=&asked />
            {unsaved(&asked)}
            <form class="stack" method="post" action="/signin">
                {form.alert().map(|error| view! { <Alert message=error.message() id="fault" /> })}
                {news(&asked, &form)}
                <Field form=&form name="email" label="E-mail" kind="email" autocomplete=address_may_be />
                <PasswordField
                    form=&form
                    name="password"
                    label="Password"
                    asks=Asks::Current
                    alert=(form.alert() == Some(Error::InvalidCredentials)).then_some("fault")
                />
                <label class="choice choice--plain">
                    <input type="checkbox" name="rememberMe" value="true" checked=remembers(&form) />
                    "Keep me signed in"
                </label>
                {hidden_next(next)}
                <button class="button button--primary button--wide">"Sign in"</button>
            </form>
            {other_ways(&asked, wanted)}
            <footer class="stack stack--tight">
                <p>
                    <a href="/forgot-password">"Forgot your password?"</a>
                </p>
                {sign_up
                    .map(|address| {
                        view! { <p>"New here? " <a href=address>{words}</a></p> }
                    })}
            </footer>
        </Sheet>
    }
    .into_any()
}

/// A form of another page that was sent when nobody was signed in any more, and what it held.
fn unsaved(asked: &Asked) -> Option<AnyView> {
    let form = asked
        .refused
        .as_ref()
        .filter(|form| !PATHS.contains(&form.action.as_str()))?;
    let shown = view! {
        <Alert message="You were signed out, so this was not saved. Sign in, then put it in again." />
        {kept(form)}
    };
    Some(shown.into_any())
}

/// The other ways in, where there are any.
fn other_ways(asked: &Asked, next: String) -> Option<AnyView> {
    let passkey = asked.passkey_origin.clone().map(with_passkey);
    let has_any = passkey.is_some() || asked.provider.is_some();
    let shown = view! {
        <div class="stack">
            <Continue asked=asked next />
            {passkey}
        </div>
    };
    has_any.then(|| shown.into_any())
}

/// With nothing typed.
fn with_passkey(origin: String) -> impl IntoView {
    view! {
        <div>
            <PasskeyButton act=Act::Enter origin label="Sign in with a passkey" class="button button--wide" />
            <WithoutScript words="Passkeys need JavaScript, which is off in this browser. Sign in with your password." />
        </div>
    }
    .into_any()
}

/// Ticked unless the person unticked it: a browser leaves an unticked box out of what it sends.
fn remembers(form: &Form) -> bool {
    !form.is_refused() || !form.typed("rememberMe").is_empty()
}

/// What brought the person here, while nothing is refused.
fn news(asked: &Asked, form: &Form) -> impl IntoView + use<> {
    let message = match asked.parameter("done") {
        Some("password") => Some("Your password is changed. Sign in with the new one."),
        Some("signed-out") => Some("You are signed out."),
        Some("verified") => Some("Your address is confirmed. Sign in."),
        Some("signed-out-everywhere") => Some("You are signed out everywhere."),
        _ => None,
    };
    message
        .filter(|_| !form.is_refused())
        .map(|message| view! { <Status message /> })
}
