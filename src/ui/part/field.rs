//! A labelled field with its hint and what is wrong with it.

use super::icon::Icon;
use crate::ui::{form::Form, inert::escaped};
use leptos::prelude::*;

/// Names of what describes a field: its hint and its fault, whichever are there.
pub fn described_by(id: &str, hint: bool, fault: bool) -> Option<String> {
    let names: Vec<String> = [(hint, "hint"), (fault, "fault")]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, what)| format!("{id}-{what}"))
        .collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// Text as it stands between the tags of a `<textarea>`, whose children the renderer writes as they are. A parser drops the line break right after
/// the opening tag: one is given up so that none of the person's is.
pub fn inside_textarea(text: &str) -> String {
    format!("\n{}", escaped(text))
}

/// What is wrong with the field of this id.
#[component]
pub fn FieldFault(
    /// The field's id.
    id: &'static str,
    /// What is wrong with it, if anything is.
    message: Option<&'static str>,
) -> impl IntoView + use<> {
    message.map(|message| {
        view! {
            <p class="field__fault" id=format!("{id}-fault")>
                <Icon name="late" small=true />
                <span>{message}</span>
            </p>
        }
    })
}

/// A line to type into. Its name is its id too.
#[component]
pub fn Field<'a>(
    /// The form it stands in.
    form: &'a Form,
    /// Its name and id.
    name: &'static str,
    /// What is asked for.
    label: &'static str,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    autocomplete: &'static str,
    /// What stands there already.
    #[prop(optional, into)]
    value: String,
    /// Whether the cursor may begin here.
    #[prop(default = true)]
    takes_cursor: bool,
) -> impl IntoView + use<> {
    let fault = form.fault(name);
    let plain = kind == "email";
    view! {
        <div class="field">
            <label class="field__label" for=name>
                {label}
            </label>
            <input
                id=name
                name=name
                type=kind
                value=form.typed_or(name, value)
                autocomplete=autocomplete
                autocapitalize=plain.then_some("none")
                spellcheck=plain.then_some("false")
                required
                autofocus=takes_cursor && form.stands_on(name)
                aria-invalid=fault.map(|_| "true")
                aria-describedby=described_by(name, false, fault.is_some())
            />
            <FieldFault id=name message=fault />
        </div>
    }
    .into_any()
}
