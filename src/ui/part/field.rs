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
pub fn FieldFault<'a>(
    /// The field's id.
    id: &'a str,
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

/// Whatever is typed into or chosen from, between its label and what is to be said of it. That itself is described by it: [`described_by`].
#[component]
pub fn Labelled<'a>(
    /// Its id.
    id: &'a str,
    /// What is asked for.
    label: &'static str,
    /// How the label looks.
    #[prop(default = "field__label")]
    label_class: &'static str,
    /// How the whole of it looks.
    #[prop(default = "field")]
    class: &'static str,
    /// What helps to fill it in.
    #[prop(default = None, into)]
    hint: Option<&'static str>,
    /// What is wrong with it, if anything is.
    #[prop(default = None)]
    fault: Option<&'static str>,
    /// What is typed into or chosen from.
    children: Children,
) -> impl IntoView + use<> {
    view! {
        <div class=class>
            <label class=label_class for=id.to_owned()>
                {label}
            </label>
            {children()}
            {hint
                .map(|hint| {
                    view! {
                        <p class="field__hint" id=format!("{id}-hint")>
                            {hint}
                        </p>
                    }
                })}
            <FieldFault id message=fault />
        </div>
    }
    .into_any()
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
    let control = view! {
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
    };
    view! { <Labelled id=name label fault>{control}</Labelled> }
}
