//! Fields for the codes of the second factor. Neither ever holds what was typed before.

use super::field::{Labelled, described_by};
use crate::ui::form::Form;
use leptos::prelude::*;

/// For the six digits that an authenticator app shows.
#[component]
pub fn CodeField<'a>(
    /// The form it stands in.
    form: &'a Form,
    /// Whether the cursor begins here even in a form that was not refused.
    #[prop(default = true)]
    takes_cursor: bool,
) -> impl IntoView + use<> {
    let fault = form.fault("code");
    let control = view! {
        <input
            class="code"
            id="code"
            name="code"
            inputmode="numeric"
            autocomplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            maxlength="7"
            placeholder="––––––"
            required
            autofocus=takes_cursor || form.is_refused()
            aria-invalid=fault.map(|_| "true")
            aria-describedby=described_by("code", true, fault.is_some())
        />
    };
    view! {
        <Labelled id="code" label="Six-digit code" hint="It changes every 30 seconds; the last one still works." fault>
            {control}
        </Labelled>
    }
}

/// For a recovery code.
#[component]
pub fn RecoveryCodeField<'a>(
    /// The form it stands in.
    form: &'a Form,
) -> impl IntoView + use<> {
    let fault = form.fault("code");
    let control = view! {
        <input
            id="code"
            name="code"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder="xxxx-xxxx-xxxx-xxxx"
            maxlength="32"
            required
            autofocus
            aria-invalid=fault.map(|_| "true")
            aria-describedby=described_by("code", true, fault.is_some())
        />
    };
    view! {
        <Labelled
            id="code"
            label="Recovery code"
            hint="One of those you kept when you set this up. Each works once."
            fault
        >
            {control}
        </Labelled>
    }
}
