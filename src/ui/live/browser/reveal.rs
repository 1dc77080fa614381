//! A password, shown while its button is pressed in.

use super::page::{around, document, is, on, set};
use web_sys::Event;

/// Hears the buttons beside passwords.
pub fn start() {
    on("click", toggle);
}

fn toggle(event: &Event) {
    let Some(button) = around(event, ".field__group button[aria-controls][aria-pressed]") else {
        return;
    };
    let input = button
        .get_attribute("aria-controls")
        .and_then(|id| document().get_element_by_id(&id));
    let Some(input) = input else { return };
    let (shown, kind, label) = if is(&button, "aria-pressed") {
        ("false", "password", "Show password")
    } else {
        ("true", "text", "Hide password")
    };
    set(&input, "type", kind);
    set(&button, "aria-pressed", shown);
    set(&button, "aria-label", label);
}
