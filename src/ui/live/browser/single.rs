//! Keys that are one letter can be turned off (WCAG 2.1.4): whoever dictates to their computer would press them by speaking.

use super::page::{cast, made, set, window};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlInputElement, Storage};

/// The browser remembers it: it is a matter of this keyboard, not of the person.
const PLACE: &str = "single-keys";
const OFF: &str = "off";

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Whether this key is a letter or a sign, which speaking could press.
pub fn is_one(key: &str) -> bool {
    key.chars().count() == 1
}

/// Whether they are turned off.
pub fn are_off() -> bool {
    let said = storage().and_then(|storage| storage.get_item(PLACE).ok().flatten());
    said.as_deref() == Some(OFF)
}

fn turn(on: bool) {
    let Some(storage) = storage() else { return };
    let _ = if on {
        storage.remove_item(PLACE)
    } else {
        storage.set_item(PLACE, OFF)
    };
}

/// The box that turns them on and off.
pub fn choice() -> Option<Element> {
    let (choice, tick) = (
        made("label", "choice choice--plain", "")?,
        made("input", "", "")?,
    );
    set(&tick, "type", "checkbox");
    cast::<HtmlInputElement>(tick.clone())?.set_checked(!are_off());
    let turned = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        let tick = event
            .target()
            .and_then(|tick| tick.dyn_into::<HtmlInputElement>().ok());
        turn(tick.is_some_and(|tick| tick.checked()));
    })
    .into_js_value();
    let _ = tick.add_event_listener_with_callback("change", turned.unchecked_ref());
    let words = made("span", "", "Keys of a single letter")?;
    for part in [tick, words] {
        let _ = choice.append_child(&part);
    }
    Some(choice)
}
