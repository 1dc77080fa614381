//! A text, copied by the button beside it.

use super::{
    page::{around, document, on, window},
    say,
};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event};

/// Hears the buttons that name what they copy.
pub fn start() {
    on("click", copy);
}

fn copy(event: &Event) {
    let source = around(event, "button[data-copy]")
        .and_then(|button| button.get_attribute("data-copy"))
        .and_then(|id| document().get_element_by_id(&id));
    let Some(source) = source else { return };
    let clipboard = window().navigator().clipboard();
    // Without TLS, and elsewhere than on this machine, a browser has no clipboard for us.
    if clipboard.is_undefined() {
        select(&source);
        return;
    }
    let text = source.text_content().unwrap_or_default();
    spawn_local(async move {
        if JsFuture::from(clipboard.write_text(text.trim()))
            .await
            .is_ok()
        {
            say::note("Copied.");
        } else {
            select(&source);
        }
    });
}

fn select(source: &Element) {
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.select_all_children(source);
    }
    say::note("Selected. Copy it with your keyboard or menu.");
}
