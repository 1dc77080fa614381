//! The line for new tasks: it is free for the next one as soon as one is sent.

use super::{
    menu,
    page::{cast, set, window, within},
    queue::{Job, Why},
    typed,
};
use std::fmt::Write;
use web_sys::{HtmlFormElement, HtmlInputElement, HtmlSelectElement};

/// Whether this is that line.
pub fn is_it(form: &HtmlFormElement) -> bool {
    form.matches(".quick").unwrap_or_default()
}

/// The line that this was sent from.
fn of(job: &Job) -> Option<&HtmlFormElement> {
    match &job.why {
        Why::Send(form, _) if is_it(form) => Some(form),
        _ => None,
    }
}

/// Whether something else has been written there since this was sent.
pub fn is_in_use(job: &Job) -> bool {
    of(job).is_some_and(typed::is_in)
}

/// Takes away what is on its way, and makes the next one a task of its own.
pub fn free(form: &HtmlFormElement) {
    form.reset();
    menu::close_in(form);
    if let (Some(once), Some(fresh)) = (within(form, "input[name=once]"), fresh()) {
        set(&once, "value", &fresh);
    }
}

/// Something that nobody said before. Not `randomUUID`, which is not there without TLS.
fn fresh() -> Option<String> {
    let mut bytes = [0; 16];
    let crypto = window().crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// Writes down again what could not be saved, if the line is free. Says whether what was typed can be seen.
pub fn give_back(job: &Job) -> bool {
    let (Some(form), Some(sent)) = (of(job), &job.ask.form) else {
        return true;
    };
    if typed::is_in(form) {
        return false;
    }
    for name in ["once", "title", "dueDate", "priority"] {
        let (field, value) = (within(form, &format!("[name={name}]")), sent.get(name));
        let (Some(field), Some(value)) = (field, value) else {
            continue;
        };
        if let Some(input) = cast::<HtmlInputElement>(field.clone()) {
            input.set_value(&value);
        } else if let Some(select) = cast::<HtmlSelectElement>(field) {
            select.set_value(&value);
        }
    }
    true
}

/// What the task is called, if this was to write one down.
pub fn title(job: &Job) -> Option<String> {
    of(job)?;
    job.ask.form.as_ref()?.get("title")
}
