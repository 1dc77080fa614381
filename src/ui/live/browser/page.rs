//! The page, as the behaviours read it and change it.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, Event, HtmlElement, Location, Node, NodeList, Window};

/// The window. There is one wherever this runs.
pub fn window() -> Window {
    leptos::prelude::window()
}

/// The document.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// Where we are.
pub fn location() -> Location {
    window().location()
}

/// The path and query of where we are.
pub fn here() -> String {
    let location = location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Lets the browser go there by itself.
pub fn go(address: &str) {
    let _ = location().assign(address);
}

/// Calls this whenever such an event reaches the document.
pub fn on(kind: &str, act: fn(&Event)) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |event| act(&event)).into_js_value();
    let _ = document().add_event_listener_with_callback(kind, closure.unchecked_ref());
}

/// Calls this once, after so many milliseconds.
pub fn after(milliseconds: i32, act: impl FnOnce() + 'static) {
    let closure = Closure::once_into_js(act);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(
        closure.unchecked_ref(),
        milliseconds,
    );
}

/// The first element that matches.
pub fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Everything that matches.
pub fn all(selector: &str) -> Vec<Element> {
    document()
        .query_selector_all(selector)
        .map(|found| nodes(&found))
        .unwrap_or_default()
        .into_iter()
        .filter_map(|node| node.dyn_into().ok())
        .collect()
}

/// What the browser lists, as it is now.
pub fn nodes(list: &NodeList) -> Vec<Node> {
    (0..list.length()).filter_map(|at| list.get(at)).collect()
}

/// The first element inside this one that matches.
pub fn within(element: &Element, selector: &str) -> Option<Element> {
    element.query_selector(selector).ok().flatten()
}

/// The element that the event happened to.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The element itself or the nearest around it that matches what the event happened to.
pub fn around(event: &Event, selector: &str) -> Option<Element> {
    target(event)?.closest(selector).ok().flatten()
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

/// A new element with a class and a text, neither of which need be.
pub fn made(tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    Some(element)
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

/// Gives the focus to the element.
pub fn focus(element: Element) {
    if let Some(element) = cast::<HtmlElement>(element) {
        let _ = element.focus();
    }
}

/// Presses the element.
pub fn press(element: Element) {
    if let Some(element) = cast::<HtmlElement>(element) {
        element.click();
    }
}
