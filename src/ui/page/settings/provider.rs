//! Sign-in with the identity provider: whether the account is connected with it.

use crate::{
    action::provider,
    domain::{Connection, Mishap},
    ui::{
        asked::Asked,
        part::{
            alert::{Alert, Status, shown_or_alert},
            reader::Reader,
        },
    },
};
use leptos::prelude::*;

const CONNECT: &str = "/api/auth/oauth2/link";
const DISCONNECT: &str = "/api/auth/unlink-account";

/// The whole of it; nothing where there is no provider.
pub async fn section(asked: &Asked) -> AnyView {
    let connection = provider::provider_connection().await;
    shown_or_alert(asked, connection, |connection| {
        connection.map(|connection| shown(asked, &connection))
    })
}

fn shown(asked: &Asked, connection: &Connection) -> AnyView {
    let name = &connection.name;
    let reader = Reader::of(asked);
    let since = connection.since.map(|since| {
        view! { <p>"Your account is connected " <span class="quiet">"since " {reader.time(since)}</span></p> }
    });
    let form = match (connection.since, connection.is_spare) {
        (None, _) => button(CONNECT, format!("Connect with {name}"), "button").into_any(),
        (Some(_), true) => {
            button(DISCONNECT, "Disconnect".to_owned(), "button button--danger").into_any()
        }
        (Some(_), false) => view! {
            <p class="quiet">
                "It is your only way in. To disconnect it, add a passkey or set a password first, "
                <a href="/forgot-password">"by a link"</a> "."
            </p>
        }
        .into_any(),
    };
    view! {
        <section class="section" aria-labelledby="provider">
            <div class="section__head">
                <h2 id="provider">{format!("Sign-in with {name}")}</h2>
                <p class="quiet">"Come in without your password here."</p>
            </div>
            <div class="stack">
                {news(asked)} {since}
                {form}
            </div>
        </section>
    }
    .into_any()
}

fn button(action: &'static str, words: String, class: &'static str) -> impl IntoView + use<> {
    view! {
        <form class="row" method="post" action=action>
            <input type="hidden" name="providerId" value="oidc" />
            <button class=class>{words}</button>
        </form>
    }
}

/// What was done last, or why it was not.
fn news(asked: &Asked) -> AnyView {
    let refused = asked
        .refused
        .as_ref()
        .filter(|form| [CONNECT, DISCONNECT].contains(&form.action.as_str()));
    if let Some(form) = refused {
        return view! { <Alert message=form.refusal.error.message() /> }.into_any();
    }
    match asked
        .parameter("provider")
        .filter(|_| asked.refused.is_none())
    {
        Some("connected") => {
            view! { <Status message="Connected. From now on you come in either way." /> }.into_any()
        }
        Some("disconnected") => {
            view! { <Status message="Your account is disconnected." /> }.into_any()
        }
        Some(word) => Mishap::from_word(word)
            .map(|mishap| view! { <Alert message=mishap.message() /> })
            .into_any(),
        None => ().into_any(),
    }
}
