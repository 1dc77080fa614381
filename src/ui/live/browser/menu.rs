//! Menus, which close when somebody turns away from them.

use super::page::{all, focus, focused, on, target, within};
use web_sys::{Element, HtmlFormElement};

/// Hears where somebody points.
pub fn start() {
    on("click", |event| {
        let at = target(event);
        for menu in open() {
            if !menu.contains(at.as_ref().map(AsRef::as_ref)) {
                close(&menu);
            }
        }
    });
}

fn open() -> Vec<Element> {
    all("details.menu[open]")
}

fn close(menu: &Element) {
    let _ = menu.remove_attribute("open");
}

/// Closes the menu that this stands in: what was chosen there is done.
pub fn close_around(element: &Element) {
    if let Ok(Some(menu)) = element.closest("details.menu") {
        close(&menu);
    }
}

/// Closes the menus that this form holds: what was set there is sent.
pub fn close_in(form: &HtmlFormElement) {
    open()
        .iter()
        .filter(|menu| form.contains(Some(menu)))
        .for_each(close);
}

/// Closes what is open; the focus goes back to what opened it. Says whether anything was open.
pub fn leave() -> bool {
    let menus = open();
    for menu in &menus {
        let held = focused().is_some_and(|element| menu.contains(Some(&element)));
        close(menu);
        if let Some(summary) = within(menu, "summary").filter(|_| held) {
            focus(summary);
        }
    }
    !menus.is_empty()
}
