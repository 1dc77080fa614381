//! The page, as the behaviours read it and change it.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, Event, HtmlElement, Window};

/// The window. There is one wherever this runs.
pub fn window() -> Window {
    leptos::prelude::window()
}

/// The document.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// Calls this whenever such an event reaches the document.
pub fn on(kind: &str, act: fn(&Event)) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |event| act(&event)).into_js_value();
    let _ = document().add_event_listener_with_callback(kind, closure.unchecked_ref());
}

/// The first element that matches.
pub fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// The element itself or the nearest around it that matches what the event happened to.
pub fn around(event: &Event, selector: &str) -> Option<Element> {
    event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest(selector)
        .ok()
        .flatten()
}

/// Sets an attribute.
pub fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Whether the attribute says `true`.
pub fn is(element: &Element, name: &str) -> bool {
    element
        .get_attribute(name)
        .is_some_and(|value| value == "true")
}

/// The element as something more particular, if it is that.
pub fn cast<T: JsCast>(value: impl Into<JsValue>) -> Option<T> {
    value.into().dyn_into().ok()
}

/// The element that has the focus; the body does not count.
pub fn focused() -> Option<HtmlElement> {
    document()
        .active_element()
        .filter(|element| element.tag_name() != "BODY")
        .and_then(cast)
}
