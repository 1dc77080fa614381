//! Keys, where a hand need not go to the mouse.

use super::{
    hand, lost, menu,
    page::{around, cast, document, find, focus, focused, made, on, press, set, target, window},
    single, typed,
};
use crate::ui::live::key::{Command, KEYS, command};
use web_sys::{Element, Event, HtmlDialogElement, HtmlFormElement, KeyboardEvent};

/// Hears the keys, and the button that shows them all.
pub fn start() {
    on("keydown", pressed);
    on("click", |event| {
        if around(event, "button[data-keys]").is_some() {
            show_keys();
        }
    });
}

fn pressed(event: &Event) {
    let Some(key) = cast::<KeyboardEvent>(event.clone()) else {
        return;
    };
    if key.default_prevented() || key.is_composing() || find("dialog[open]").is_some() {
        return;
    }
    let is_held = key.ctrl_key() || key.alt_key() || key.meta_key();
    let is_typing = target(event).is_some_and(|element| is_field(&element));
    if single::is_one(&key.key()) && single::are_off() {
        return;
    }
    if let Some(command) = command(&key.key(), is_held, is_typing)
        && obey(command, is_typing)
    {
        event.prevent_default();
    }
}

fn is_field(element: &Element) -> bool {
    element
        .closest("input, textarea, select, [contenteditable]")
        .is_ok_and(|field| field.is_some())
}

/// Does it. Says whether there was anything to do.
fn obey(command: Command, is_typing: bool) -> bool {
    match command {
        Command::New => find("#new").map(focus).is_some(),
        Command::Find => find("#q").map(focus).is_some(),
        Command::Next => hand::step(1),
        Command::Previous => hand::step(-1),
        Command::Tick => hand::press_in(".check"),
        Command::Edit => hand::press_in("a.task__title"),
        Command::Undo => find(".toast[role=status] button").map(press).is_some(),
        Command::Delete => hand::press_in(".menu__item--danger"),
        Command::Send => send(),
        Command::Keys => show_keys(),
        Command::Leave => leave(is_typing),
    }
}

/// Closes the nearest thing: a menu, an alert, a field, a form that is being edited.
fn leave(is_typing: bool) -> bool {
    if menu::leave() || lost::forget() {
        return true;
    }
    let form = find("form.task__edit").and_then(cast::<HtmlFormElement>);
    let is_unsaved = form.as_ref().is_some_and(typed::is_in);
    let may_go = form.is_some() && (!is_unsaved || !is_typing && may_discard());
    if may_go && find("form.task__edit a[href]").map(press).is_some() {
        return true;
    }
    if is_typing && let Some(field) = focused() {
        let _ = field.blur();
    }
    false
}

fn may_discard() -> bool {
    window()
        .confirm_with_message("Discard what you changed?")
        .unwrap_or_default()
}

/// Sends the form that is being written in.
fn send() -> bool {
    let form = focused()
        .and_then(|field| field.closest("form").ok().flatten())
        .and_then(cast::<HtmlFormElement>);
    form.is_some_and(|form| form.request_submit().is_ok())
}

fn show_keys() -> bool {
    let dialog = find("dialog#keys")
        .or_else(make_dialog)
        .and_then(cast::<HtmlDialogElement>);
    dialog.is_some_and(|dialog| dialog.show_modal().is_ok())
}

fn make_dialog() -> Option<Element> {
    let dialog = made("dialog", "keys card", "")?;
    dialog.set_id("keys");
    set(&dialog, "aria-labelledby", "keys-title");
    let title = made("h2", "", "Keys")?;
    title.set_id("keys-title");
    let list = made("ul", "stack stack--tight", "")?;
    for (key, _, words) in KEYS {
        let line = made("li", "row row--apart", "")?;
        let name = match key {
            "Escape" => "Esc",
            "Enter" => "Ctrl + Enter",
            key => key,
        };
        let parts = [made("span", "", words)?, made("kbd", "key", name)?];
        for part in &parts {
            let _ = line.append_child(part);
        }
        let _ = list.append_child(&line);
    }
    let form = made("form", "row", "")?;
    set(&form, "method", "dialog");
    let _ = form.append_child(made("button", "button", "Close")?.as_ref());
    let inside = made("div", "stack", "")?;
    for part in [title, list, single::choice()?, form] {
        let _ = inside.append_child(&part);
    }
    let _ = dialog.append_child(&inside);
    let _ = document().body()?.append_child(&dialog);
    Some(dialog)
}
