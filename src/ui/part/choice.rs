//! One of several, chosen from a list.

use super::field::{Labelled, described_by};
use crate::ui::form::Form;
use leptos::prelude::*;

/// A list to choose from.
#[component]
pub fn Choice<'a, O, V, W>(
    /// The form it stands in.
    form: &'a Form,
    /// Its name.
    name: &'static str,
    /// Its id, where that is not its name.
    #[prop(default = name)]
    id: &'static str,
    /// What is asked for.
    label: &'static str,
    /// How it looks.
    #[prop(default = "field")]
    class: &'static str,
    /// What there is to choose from: as it is sent, and in words.
    options: O,
    /// What is chosen already.
    chosen: &'a str,
    /// Whether the cursor may begin here.
    takes_cursor: bool,
) -> AnyView
where
    O: IntoIterator<Item = (V, W)>,
    V: Into<String>,
    W: Into<String>,
{
    let fault = form.fault(name);
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let (value, words): (String, String) = (value.into(), words.into());
            view! {
                <option selected=value == chosen value=value>
                    {words}
                </option>
            }
        })
        .collect_view();
    let control = view! {
        <select
            id=id
            name=name
            autofocus=takes_cursor && form.stands_on(name)
            aria-invalid=fault.map(|_| "true")
            aria-describedby=described_by(id, false, fault.is_some())
        >
            {options}
        </select>
    };
    view! { <Labelled id label class fault>{control}</Labelled> }.into_any()
}
