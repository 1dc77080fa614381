//! Where somebody is after a page was swapped in: the address, what is in view, and the focus.

use super::{
    hand::Hand,
    page::{self, cast, find, here, location, window},
    queue::Trail,
};
use crate::ui::live::way;
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::{FocusOptions, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition, Url};

/// Where the page stands, seen from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The same page, which says what is wrong.
    Refused,
    /// The same part of the same list, after a form.
    Same,
    /// The same part of the same list, after a link: a row is edited, or no longer.
    Turned,
    /// Somewhere else.
    Elsewhere,
    /// Where a fragment points, which the browser goes to by itself.
    Pointed,
}

thread_local! {
    /// The path and query of the page that stands.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Remembers which page stands.
pub fn remember() {
    let (place, address) = (
        here(),
        lasting(
            &location().pathname().unwrap_or_default(),
            &location().search().unwrap_or_default(),
        ),
    );
    if let (Ok(history), true) = (window().history(), place != address) {
        let _ = history.replace_state_with_url(
            &state(),
            "",
            Some(&(address.clone() + &location().hash().unwrap_or_default())),
        );
    }
    SHOWN.set(address);
}

fn lasting(path: &str, query: &str) -> String {
    way::Place {
        path,
        query,
        fragment: "",
    }
    .lasting()
}

/// Whether this path and query is what stands.
pub fn is_shown(place: &str) -> bool {
    SHOWN.with_borrow(|shown| shown == place)
}

/// Writes to this step of the history what is in view, for when somebody comes back to it. Done before anything moves.
pub fn leave() {
    let place = window().scroll_y().unwrap_or_default();
    if let (Ok(history), true) = (window().history(), is_shown(&here())) {
        let _ = history.replace_state(&place.into(), "");
    }
}

/// Puts the address right after a form.
pub fn by_form(url: &Url) -> Place {
    let stays = same_part(url);
    let is_step = location()
        .pathname()
        .is_ok_and(|path| path != url.pathname());
    record(url, is_step);
    if stays { Place::Same } else { Place::Elsewhere }
}

/// Puts the address right after a link, and the page where it is to be read.
pub fn by_visit(trail: Trail, url: &Url, asked: &str) -> Place {
    let stays = same_part(url);
    match trail {
        Trail::Back => {
            SHOWN.set(here());
            let place = state().as_f64();
            window().scroll_to_with_x_and_y(0.0, place.unwrap_or_default());
        }
        Trail::Stay => {
            record(url, false);
            return Place::Same;
        }
        Trail::Step => {
            record(url, here() != path_of(url));
            let fragment = asked.split_once('#').map(|(_, name)| name);
            if let Some(name) = fragment.filter(|name| !name.is_empty()) {
                let _ = location().replace(&format!("#{name}"));
                return Place::Pointed;
            } else if !stays {
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
        }
    }
    if stays {
        Place::Turned
    } else {
        Place::Elsewhere
    }
}

fn path_of(url: &Url) -> String {
    lasting(&url.pathname(), &url.search())
}

fn same_part(url: &Url) -> bool {
    SHOWN.with_borrow(|shown| {
        let (path, query) = shown.split_once('?').unwrap_or((shown, ""));
        let place = |path, query| way::Place {
            path,
            query,
            fragment: "",
        };
        place(path, query).shows_the_same_as(place(&url.pathname(), &url.search()))
    })
}

fn state() -> JsValue {
    window()
        .history()
        .and_then(|history| history.state())
        .unwrap_or(JsValue::NULL)
}

/// Writes the address.
fn record(url: &Url, is_step: bool) {
    let Ok(history) = window().history() else {
        return;
    };
    let address = path_of(url);
    let _ = if is_step {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&state(), "", Some(&address))
    };
    SHOWN.set(address);
}

/// Puts the focus where the page wants it, or leaves it where it was, or near to that.
pub fn focus(place: Place, before: Option<HtmlElement>, hand: Option<&Hand>) {
    let wanted = match place {
        Place::Refused => find("#main [aria-invalid=true]")
            .or_else(|| find("#main [autofocus]"))
            .or_else(|| find("#kept")),
        Place::Turned | Place::Elsewhere => find("#main [autofocus]"),
        Place::Same => None,
        Place::Pointed => return,
    };
    if let Some(element) = wanted {
        page::focus(element);
    } else if place == Place::Elsewhere || !stays(before, hand) {
        let _ = find("#main").and_then(cast).is_some_and(unmoved);
    }
    if place == Place::Refused && find("#main [aria-invalid=true]").is_none() {
        show_reason();
    }
}

/// Leaves the focus where it was, or gives it to the row in hand. Says whether it found a place there.
fn stays(before: Option<HtmlElement>, hand: Option<&Hand>) -> bool {
    before.is_some_and(still) || hand.is_some_and(Hand::take)
}

/// Brings into view why something was refused, when there is no field that says so.
fn show_reason() {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    if let Some(alert) = find("#main .alert--danger") {
        alert.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Gives the focus back to what had it, if it is still there.
fn still(element: HtmlElement) -> bool {
    let is_leaving = element
        .closest("[data-leaving]")
        .is_ok_and(|row| row.is_some());
    element.is_connected() && !is_leaving && unmoved(element)
}

/// Gives the focus to the element, and moves nothing. Says whether it took it.
#[expect(clippy::needless_pass_by_value, reason = "it stands in is_some_and")]
fn unmoved(element: HtmlElement) -> bool {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    element.focus_with_options(&options).is_ok()
}
