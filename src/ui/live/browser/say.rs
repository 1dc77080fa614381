//! Words for the person: aloud for a screen reader, or on a sheet that lies over the page.

use super::{
    page::{after, all, document, find, made, set},
    toast,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;

const SILENCE: i32 = 50;

/// Has a screen reader say it.
pub fn aloud(text: &str) {
    if let Some(place) = find("[data-said]") {
        // Said twice, the same words are a change only after silence.
        place.set_text_content(None);
        let text = text.to_owned();
        after(SILENCE, move || place.set_text_content(Some(&text)));
    }
}

/// Shows a short note which goes by itself, and says it.
pub fn note(text: &str) {
    if let Some(note) = sheet("status", text) {
        put(&note);
        toast::wait();
    }
}

/// A sheet with a text, not on the page yet.
pub fn sheet(role: &str, text: &str) -> Option<Element> {
    let sheet = made("div", "toast", "")?;
    set(&sheet, "role", role);
    let _ = sheet.append_child(made("p", "toast__text", text)?.as_ref());
    Some(sheet)
}

/// Adds a button to a sheet.
pub fn button(sheet: &Element, label: &str, act: impl FnOnce() + 'static) {
    let Some(button) = made("button", "button", label) else {
        return;
    };
    set(&button, "type", "button");
    let pressed = Closure::once_into_js(act);
    let _ = button.add_event_listener_with_callback("click", pressed.unchecked_ref());
    let _ = sheet.append_child(&button);
}

/// Puts a sheet on the page. Only one thing is said at a time.
pub fn put(sheet: &Element) {
    all(".toast").iter().for_each(Element::remove);
    if let Some(body) = document().body() {
        let _ = body.append_child(sheet);
    }
}
