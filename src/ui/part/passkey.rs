//! What has to do with passkeys on a page: a button for the browser's part of it, and words where there is none.

use super::icon::Icon;
use leptos::prelude::*;

/// What a button is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Makes one, and goes on to this page.
    Add(&'static str),
    /// Signs in with one.
    Enter,
    /// Shows with one that it is still the person, and goes on to this page.
    Confirm(String),
}

/// A button that `public/passkeys.js` hears, and the place where it says what went wrong. Without a script neither is there.
#[component]
pub fn PasskeyButton(
    /// What it is for.
    act: Act,
    /// The one origin that passkeys are for.
    origin: String,
    /// What it says.
    label: &'static str,
    /// How it looks.
    class: &'static str,
) -> impl IntoView {
    let (what, then) = match act {
        Act::Add(then) => ("add", Some(then.to_owned())),
        Act::Confirm(then) => ("confirm", Some(then)),
        Act::Enter => ("use", None),
    };
    view! {
        <div class="stack scripted">
            <div class="alert" role="alert" data-passkey-said hidden>
                <Icon name="late" />
                <p></p>
            </div>
            <div class="row">
                <button class=class type="button" data-passkey=what data-origin=origin data-then=then>
                    <Icon name="passkey" />
                    {label}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// Why there is no button, where no script runs.
#[component]
pub fn WithoutScript(
    /// What it takes, and what one does instead.
    words: &'static str,
) -> impl IntoView {
    view! { <p class="quiet unscripted">{words}</p> }.into_any()
}
