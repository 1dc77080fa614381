//! What somebody wrote for a form that is not there any more: shown, so that it can be copied.

use super::field::{Labelled, inside_textarea};
use crate::ui::asked::{RefusedForm, WRITTEN};
use leptos::prelude::*;

/// What was written into the refused form, if there was anything.
pub fn kept(form: &RefusedForm) -> Option<AnyView> {
    let written: Vec<_> = WRITTEN
        .iter()
        .map(|field| form.typed(field).trim())
        .filter(|text| !text.is_empty())
        .collect();
    let text = written.join("\n\n");
    let control = view! {
        <textarea id="kept" rows="3" dir="auto" readonly>
            {inside_textarea(&text)}
        </textarea>
    };
    let shown = view! { <Labelled id="kept" label="What you wrote">{control}</Labelled> };
    (!text.is_empty()).then(|| shown.into_any())
}
