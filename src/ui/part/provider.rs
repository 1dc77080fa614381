//! The button that leads to the identity provider, and what is said when somebody comes back without having come in.

use super::alert::Alert;
use crate::{domain::Mishap, ui::asked::Asked};
use leptos::prelude::*;

/// Where the button's form is sent.
pub const LEAVE: &str = "/api/auth/sign-in/oauth2";

/// The button below the form of a sheet, where there is a provider.
#[component]
pub fn Continue<'a>(
    /// The page that it stands on.
    asked: &'a Asked,
    /// Where the person wanted to go.
    next: String,
    /// The invitation that they came with.
    #[prop(default = None)]
    invitation: Option<String>,
) -> impl IntoView + use<> {
    asked.provider.clone().map(|name| {
        view! {
            <form class="stack" method="post" action=LEAVE>
                <p class="center quiet">"or"</p>
                <input type="hidden" name="providerId" value="oidc" />
                {invitation.map(|token| view! { <input type="hidden" name="invitation" value=token /> })}
                {(!next.is_empty()).then(|| view! { <input type="hidden" name="next" value=next /> })}
                <button class="button button--wide">{format!("Continue with {name}")}</button>
            </form>
        }
        .into_any()
    })
}

/// Why it did not work, if somebody has just tried.
#[component]
pub fn Mishaps<'a>(
    /// The page that it stands on.
    asked: &'a Asked,
) -> impl IntoView + use<> {
    let refused = asked
        .refused
        .as_ref()
        .map(|form| (form.action.as_str(), form.refusal.error));
    let message = match refused {
        Some((LEAVE, error)) => Some(error.message()),
        Some(_) => None,
        None => asked
            .parameter("provider")
            .and_then(Mishap::from_word)
            .map(Mishap::message),
    };
    message.map(|message| view! { <Alert message /> })
}
