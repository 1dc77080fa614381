//! A field for a password, with a button that shows it.

use super::{
    field::{Labelled, described_by},
    icon::Icon,
};
use crate::ui::form::Form;
use leptos::prelude::*;

const RULES: &str =
    "At least 8 characters. Three words that don’t belong together make a good one.";

/// Which password is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The one that the account has.
    Current,
    /// One that it is to have: the rules are said below it.
    New,
}

/// A field for a password; it never holds what was typed before.
#[component]
pub fn PasswordField<'a>(
    /// The form it stands in.
    form: &'a Form,
    /// Its name and id.
    name: &'static str,
    /// What is asked for.
    label: &'static str,
    /// Which one.
    asks: Asks,
    /// What is wrong with it, if it is known by another name.
    #[prop(default = None)]
    fault: Option<&'static str>,
    /// The alert that describes it, when the whole form is refused.
    #[prop(default = None)]
    alert: Option<&'static str>,
    /// Whether the cursor may begin here.
    #[prop(default = true)]
    takes_cursor: bool,
) -> impl IntoView + use<> {
    let fault = form.fault(name).or(fault);
    let is_new = asks == Asks::New;
    let hint = is_new.then_some(RULES);
    let described = described_by(name, is_new, fault.is_some()).or(alert.map(str::to_owned));
    let control = view! {
        <div class="field__group">
            <input
                id=name
                name=name
                type="password"
                autocomplete=if is_new { "new-password" } else { "current-password" }
                minlength=is_new.then_some("8")
                maxlength=is_new.then_some("128")
                required
                autofocus=takes_cursor && (form.stands_on(name) || fault.is_some() && form.fault(name).is_none())
                aria-invalid=(fault.is_some() || alert.is_some()).then_some("true")
                aria-describedby=described
            />
            <button
                class="button button--quiet button--icon scripted"
                type="button"
                aria-pressed="false"
                aria-controls=name
                aria-label="Show password"
            >
                <Icon name="eye" />
            </button>
        </div>
    };
    view! { <Labelled id=name label hint fault>{control}</Labelled> }
}
