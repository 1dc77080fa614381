//! A text that is made to be copied.

use super::icon::Icon;
use leptos::prelude::*;

/// The text in a frame, with a button that copies it.
#[component]
pub fn Secret(
    /// The text's id.
    id: &'static str,
    /// What it is.
    label: &'static str,
    /// What the button says to those who cannot see it.
    copy: &'static str,
    /// The text.
    text: String,
) -> impl IntoView {
    view! {
        <div class="field">
            <h3 class="field__label">{label}</h3>
            <div class="secret">
                <pre>
                    <code id=id>{text}</code>
                </pre>
                <button class="button button--quiet button--icon scripted" type="button" data-copy=id aria-label=copy>
                    <Icon name="copy" />
                </button>
            </div>
        </div>
    }
    .into_any()
}
