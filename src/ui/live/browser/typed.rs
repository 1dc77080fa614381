//! What somebody typed and has not sent.

use super::page::cast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// Whether this form holds something that leaving it would lose.
pub fn is_in(form: &HtmlFormElement) -> bool {
    let fields = form.elements();
    (0..fields.length())
        .filter_map(|at| fields.item(at))
        .any(|field| differs(&field).unwrap_or_default())
}

/// Whether the field holds something else than what the page came with.
fn differs(field: &Element) -> Option<bool> {
    if let Some(input) = cast::<HtmlInputElement>(field.clone()) {
        let is_ticked_anew = input.checked() != input.default_checked();
        Some(is_ticked_anew || input.value() != input.default_value())
    } else if let Some(area) = cast::<HtmlTextAreaElement>(field.clone()) {
        Some(area.value() != area.default_value().ok()?)
    } else {
        let select = cast::<HtmlSelectElement>(field.clone())?;
        let chosen = select.query_selector("option[selected]").ok()?;
        let option = chosen.or(select.query_selector("option").ok()?)?;
        let value = option
            .get_attribute("value")
            .or_else(|| option.text_content())?;
        Some(value != select.value())
    }
}
