//! Links and forms of the pages that are worked on: asked for in place, where that is safe.

use super::{
    arrive,
    ask::Ask,
    lost,
    page::{around, cast, find, here, location, on, set, target, window, within},
    queue::{self, Job, Trail, Why},
    quick,
    tick::Tick,
    typed,
};
use crate::ui::live::way::{Place, is_ours, is_page};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Element, Event, FormData, HtmlAnchorElement, HtmlFormElement, MouseEvent, SubmitEvent, Url,
    UrlSearchParams,
};

/// Hears links, forms, Back and Forward.
pub fn start() {
    if !is_page(&location().pathname().unwrap_or_default()) {
        return;
    }
    arrive::remember();
    on("click", follow);
    on("submit", submit);
    let asked =
        Closure::<dyn FnMut(Event)>::new(|event: Event| ask_before_leaving(&event)).into_js_value();
    let _ = window().add_event_listener_with_callback("beforeunload", asked.unchecked_ref());
    for (kind, act) in [("popstate", back as fn()), ("pagehide", queue::flush)] {
        let heard = Closure::<dyn FnMut()>::new(act).into_js_value();
        let _ = window().add_event_listener_with_callback(kind, heard.unchecked_ref());
    }
}

fn follow(event: &Event) {
    let Some(click) = event.dyn_ref::<MouseEvent>() else {
        return;
    };
    let wants_another_window =
        click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key();
    if click.default_prevented() || click.button() != 0 || wants_another_window {
        return;
    }
    let Some(link) = around(event, "a[href]").and_then(cast::<HtmlAnchorElement>) else {
        return;
    };
    if leads_on(&link) {
        event.prevent_default();
        visit(link.href(), Trail::Step, Some(link.into()));
    }
}

fn leads_on(link: &HtmlAnchorElement) -> bool {
    let here = location();
    let (path, query) = (
        here.pathname().unwrap_or_default(),
        here.search().unwrap_or_default(),
    );
    let from = Place {
        path: &path,
        query: &query,
        fragment: "",
    };
    let (path, query, fragment) = (link.pathname(), link.search(), link.hash());
    // An empty fragment, `#`, is the browser's as well: it closes what a fragment has opened.
    let fragment = if link.href().ends_with('#') {
        "#"
    } else {
        &fragment
    };
    let to = Place {
        path: &path,
        query: &query,
        fragment,
    };
    let is_plain =
        !link.has_attribute("download") && matches!(link.target().as_str(), "" | "_self");
    is_plain && here.origin().is_ok_and(|origin| origin == link.origin()) && from.leads_to(to)
}

/// The form of a row that is being edited, if leaving it would lose something.
fn unsaved() -> Option<HtmlFormElement> {
    let form = find("form.task__edit").and_then(cast::<HtmlFormElement>)?;
    typed::is_in(&form).then_some(form)
}

/// The browser asks for itself, in its own words.
fn ask_before_leaving(event: &Event) {
    if unsaved().is_some() || lost::is_any() {
        event.prevent_default();
    }
}

/// Saves what is being edited, unless it is its own "Cancel" that was pressed. Says whether it may be left: where the browser sees something
/// wrong with it, it says so first.
fn save_before(button: Option<&Element>) -> bool {
    let Some(form) = unsaved() else { return true };
    if button.is_some_and(|button| form.contains(Some(button))) {
        return true;
    }
    form.report_validity() && form.request_submit().is_ok()
}

fn visit(url: String, trail: Trail, button: Option<Element>) {
    if !save_before(button.as_ref()) {
        return;
    }
    busy(button.as_ref());
    queue::add(Job {
        ask: Ask { url, form: None },
        why: Why::Visit(trail),
        button,
    });
}

fn busy(button: Option<&Element>) {
    if let Some(button) = button {
        set(button, "aria-busy", "true");
    }
}

fn back() {
    if arrive::is_shown(&here()) {
        return;
    }
    if is_page(&location().pathname().unwrap_or_default()) {
        visit(location().href().unwrap_or_default(), Trail::Back, None);
    } else {
        let _ = location().reload();
    }
}

fn submit(event: &Event) {
    if event.default_prevented() {
        return;
    }
    let Some(form) = target(event).and_then(cast::<HtmlFormElement>) else {
        return;
    };
    let button = event
        .dyn_ref::<SubmitEvent>()
        .and_then(SubmitEvent::submitter)
        .map(Element::from);
    let Some(url) = address(&form, button.as_ref()) else {
        return;
    };
    event.prevent_default();
    // It is on its way already. On the line for new tasks another one stands meanwhile.
    if !quick::is_it(&form)
        && button
            .as_ref()
            .is_some_and(|button| button.has_attribute("aria-busy"))
    {
        return;
    }
    if let Some(fields) = fields(&form, button.as_ref()) {
        send(&form, button, &url, fields);
    }
}

/// Where the form is sent, if it can be sent in place. Passwords are left to the browser, whose keeper of passwords watches for that.
fn address(form: &HtmlFormElement, button: Option<&Element>) -> Option<Url> {
    let action = button
        .and_then(|button| button.get_attribute("formaction"))
        .or_else(|| form.get_attribute("action"))
        .unwrap_or_default();
    let url = Url::new_with_base(&action, &location().href().ok()?).ok()?;
    let is_plain = within(form, "input[type=password], input[type=file]").is_none()
        && !form.has_attribute("target");
    let is_near = location()
        .origin()
        .is_ok_and(|origin| origin == url.origin());
    (is_plain && is_near && is_ours(&form.method(), &url.pathname())).then_some(url)
}

/// What the form holds, with what the button adds that it was sent by.
pub fn fields(form: &HtmlFormElement, button: Option<&Element>) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    if let Some(name) = button
        .and_then(|button| button.get_attribute("name"))
        .filter(|name| !name.is_empty())
    {
        let value = button
            .and_then(|button| button.get_attribute("value"))
            .unwrap_or_default();
        data.append_with_str(&name, &value).ok()?;
    }
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()
}

fn send(form: &HtmlFormElement, button: Option<Element>, url: &Url, fields: UrlSearchParams) {
    if form.method() == "get" {
        url.set_search(&String::from(fields.to_string()));
        visit(url.href(), Trail::Step, button);
        return;
    }
    let ask = Ask {
        url: url.href(),
        form: Some(fields),
    };
    lost::forget_of(form, &ask);
    let tick = button.as_ref().and_then(Tick::of);
    match &tick {
        Some(tick) => tick.turn(),
        None => busy(button.as_ref()),
    }
    queue::add(Job {
        ask,
        why: Why::Send(form.clone(), tick),
        button,
    });
    if quick::is_it(form) {
        quick::free(form);
    }
}
