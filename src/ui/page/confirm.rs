//! `/confirm?next=…`: whether it is still the same person, before what only they may do.

use super::sign_up::{hidden_next, next};
use crate::{
    action::confirm::ways_to_confirm,
    domain::{Error, Mishap, Next, Ways},
    ui::{
        asked::Asked,
        form::Form,
        layout::sheet::Sheet,
        part::{
            alert::{Alert, shown_or_alert},
            passkey::{Act, PasskeyButton, WithoutScript},
            password::{Asks, PasswordField},
        },
    },
};
use leptos::prelude::*;

const PATHS: [&str; 2] = ["/confirm", "/action/confirm"];
const BY_PROVIDER: [&str; 2] = ["/confirm/provider", "/action/provider/confirm"];

/// The ways to confirm that the person has, one below the other.
#[component]
pub fn Confirm() -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let ways = ways_to_confirm().await;
        let next = next(&asked);
        let back = Next::or_home(Some(&next)).to_string();
        let ways = shown_or_alert(&asked, ways, |ways| shown(&asked, ways, &next, &back));
        view! {
            <Sheet heading="Confirm that it is you">
                {ways}
                <p>
                    <a href=back>"Back, without it"</a>
                </p>
            </Sheet>
        }
        .into_any()
    })
}

fn shown(asked: &Asked, ways: Ways, next: &str, back: &str) -> AnyView {
    let with = match (ways.password, ways.passkey, ways.provider) {
        (true, false, false) => "asks for the password once more",
        (false, true, false) => "asks for your passkey once more",
        (false, false, true) => "asks you to go once more to the provider that you sign in with",
        (false, false, false) => "asks you to show once more that it is you",
        _ => "asks you to show once more that it is you, in one of these ways",
    };
    let words = format!(
        "You signed in a while ago. What you want to do now {with}; then nothing asks for ten minutes."
    );
    let passkey = asked.passkey_origin.clone().filter(|_| ways.passkey);
    let provider = asked.provider.clone().filter(|_| ways.provider);
    view! {
        <p>{words}</p>
        {ways.password.then(|| by_password(asked, next.to_owned()))}
        {passkey.map(|origin| by_passkey(origin, back.to_owned(), ways))}
        {provider.map(|name| by_provider(asked, &name, next.to_owned(), ways))}
        {(!ways.any()).then(|| view! { <Alert message=Error::NoPassword.message() /> })}
    }
    .into_any()
}

fn by_password(asked: &Asked, next: String) -> impl IntoView + use<> {
    let form = Form::at(asked, &PATHS, &["password"]);
    let email = asked.who.as_ref().map(|who| who.user.email.clone());
    view! {
        <form class="stack" method="post" action=PATHS[0]>
            {form.alert().map(|error| view! { <Alert message=error.message() /> })}
            // For the browser's keeper of passwords: which account this is.
            <input type="text" name="username" autocomplete="username" value=email hidden />
            <PasswordField form=&form name="password" label="Password" asks=Asks::Current />
            {hidden_next(next)}
            <button class="button button--primary button--wide">"Continue"</button>
        </form>
    }
    .into_any()
}

fn by_passkey(origin: String, back: String, ways: Ways) -> impl IntoView {
    let words = if ways.password || ways.provider {
        "A passkey would do as well, but needs JavaScript, which is off in this browser."
    } else {
        "Your passkey needs JavaScript, which is off in this browser. Turn it on for this page."
    };
    view! {
        <div>
            <PasskeyButton act=Act::Confirm(back) origin label="Use a passkey" class=class(!ways.password) />
            <WithoutScript words />
        </div>
    }
    .into_any()
}

/// Shows there that it is them, which is as good as it was at the first time.
fn by_provider(asked: &Asked, name: &str, next: String, ways: Ways) -> impl IntoView + use<> {
    let mishap = asked.parameter("provider").and_then(Mishap::from_word);
    let message = match Form::at(asked, &BY_PROVIDER, &[]).alert() {
        Some(error) => Some(error.message()),
        None => mishap
            .filter(|_| asked.refused.is_none())
            .map(Mishap::message),
    };
    let is_first = !ways.password && !ways.passkey;
    view! {
        <form class="stack" method="post" action=BY_PROVIDER[0]>
            {message.map(|message| view! { <Alert message /> })}
            <input type="hidden" name="providerId" value="oidc" />
            {hidden_next(next)}
            <button class=class(is_first)>{format!("Continue with {name}")}</button>
        </form>
    }
    .into_any()
}

const fn class(is_first: bool) -> &'static str {
    if is_first {
        "button button--primary button--wide"
    } else {
        "button button--wide"
    }
}
