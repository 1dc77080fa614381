//! The browser's time zone, told to the forms that ask for it.

use super::page::{all, cast};
use js_sys::{Array, Intl::DateTimeFormat, Object, Reflect};
use web_sys::HtmlInputElement;

/// Fills the hidden fields that ask.
pub fn fill() {
    let fields = all("input[type=hidden][name=timeZone]");
    if fields.is_empty() {
        return;
    }
    let options = DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    let zone = Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string());
    let Some(zone) = zone else { return };
    for field in fields.into_iter().filter_map(cast::<HtmlInputElement>) {
        field.set_value(&zone);
    }
}
