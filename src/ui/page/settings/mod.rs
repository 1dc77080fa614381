//! `/settings` and the pages below it: one heading and one navigation over a chapter each.

mod access_tokens;
mod activity;
mod address;
mod farewell;
mod look;
mod passkeys;
mod profile;
mod provider;
mod second_factor;
mod security;
mod sessions;
mod token;

use crate::domain::Role;
use crate::ui::{
    asked::Asked,
    chapter::Chapter,
    layout::house::{Here, House},
    office::Office,
    part::{
        alert::Status,
        chapters::{Way, chapters},
        icon::Icon,
        unconfirmed,
    },
};
use leptos::prelude::*;

/// A page of the settings.
#[component]
pub fn Settings(
    /// Which one.
    chapter: Chapter,
) -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let sections = match chapter {
            Chapter::Profile => profile::page(&asked).await,
            Chapter::Security => {
                let password = security::section(&asked).await;
                let passkeys = passkeys::section(&asked).await;
                let second_factor = second_factor::section(&asked).await;
                let provider = provider::section(&asked).await;
                view! { {password} {passkeys} {second_factor} {provider} }.into_any()
            }
            Chapter::Sessions => sessions::page(&asked).await,
            Chapter::Api => {
                let token = token::section(&asked).await;
                let access_tokens = access_tokens::section(&asked).await;
                view! { {token} {access_tokens} }.into_any()
            }
            Chapter::Activity => activity::section(&asked).await,
        };
        let is_administrator = asked
            .who
            .as_ref()
            .is_some_and(|who| who.role == Role::Admin);
        view! {
            <House here=Here::Settings>
                <main class="page page--app" id="main" tabindex="-1">
                    <div class="stack">
                        {head()} {ways(chapter, is_administrator)} {done(&asked)} {unconfirmed::banner(&asked)}
                    </div>
                    {sections}
                </main>
            </House>
        }
    })
}

fn head() -> impl IntoView {
    view! {
        <header class="row row--apart">
            <h1>"Settings"</h1>
            <form method="post" action="/api/auth/sign-out">
                <button class="button">
                    <Icon name="leave" />
                    "Sign out"
                </button>
            </form>
        </header>
    }
    .into_any()
}

/// On a phone there is no rail: from here an administrator comes to the people too.
fn ways(here: Chapter, is_administrator: bool) -> impl IntoView + use<> {
    let own = Chapter::ALL.into_iter().map(|chapter| Way {
        path: chapter.path(),
        label: chapter.label(),
        current: (here == chapter).then_some("page"),
    });
    let people = is_administrator.then_some(Way {
        path: Office::People.path(),
        label: Office::People.label(),
        current: None,
    });
    let ways: Vec<Way> = own.chain(people).collect();
    chapters("Settings", &ways)
}

/// What was done last, while nothing is refused. The address has a word of ours for it, and none of its own is shown.
fn done(asked: &Asked) -> impl IntoView + use<> {
    let message = match asked.parameter("saved") {
        Some("name") => Some("Your name is saved."),
        Some("look") => Some("Your pages look as you wish."),
        Some("verified") => Some("Your address is confirmed."),
        Some("asked") => Some("A letter with a link is on its way to the new address."),
        Some("address") => Some("You have a new address. Sign in with it from now on."),
        Some("passkey") => Some("The passkey is added. Sign in with it from now on."),
        Some("passkey-name") => Some("The passkey has its new name."),
        Some("passkey-removed") => {
            Some("The passkey is removed. Nothing comes in with it any more.")
        }
        Some("factor-off") => Some("The second factor is off."),
        Some("device") => Some("That browser is asked for the code again."),
        _ => match asked.parameter("done") {
            Some("password") => {
                Some("Your password is changed, and every other session has ended.")
            }
            Some("ended") => Some("The session has ended."),
            Some("others-ended") => Some("Every other session has ended."),
            Some("denied") => Some(
                "Whoever that was is signed out. They knew your password: change it now, and revoke access tokens you did not make.",
            ),
            _ => None,
        },
    };
    message
        .filter(|_| asked.refused.is_none())
        .map(|message| view! { <Status message /> })
}
