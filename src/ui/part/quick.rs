//! The line that a new task is written on.

use super::{
    edit::{DueField, PriorityField},
    field::{FieldFault, described_by},
    icon::Icon,
};
use crate::{
    domain::Title,
    ui::{asked::Asked, form::Form, inert::Inert},
};
use leptos::prelude::*;
use uuid::Uuid;

/// Where the form is sent.
pub const CREATE: &str = "/action/tasks/create";
const FIELDS: &[&str] = &["title", "dueDate", "priority"];

/// Its form.
#[must_use]
pub fn form(asked: &Asked) -> Form {
    Form::at(asked, &[CREATE], FIELDS)
}

/// A title, and behind the button beside it day and priority. The cursor is in it only after a refusal: who opens the page came to read.
#[component]
pub fn Quick<'a>(
    /// What was typed, if it was refused.
    form: &'a Form,
) -> impl IntoView + use<> {
    let fault = form.fault("title");
    let takes_cursor = form.is_refused();
    let is_open = form.fault("dueDate").is_some() || form.fault("priority").is_some();
    view! {
        <div class="stack stack--tight">
            <form class="quick card" method="post" action=CREATE>
                <input type="hidden" name="once" value=Uuid::now_v7().to_string() autocomplete="off" />
                <Icon name="plus" />
                <label class="visually-hidden" for="new">
                    "New task"
                </label>
                <input
                    class="quick__input"
                    dir="auto"
                    id="new"
                    name="title"
                    value=form.typed("title")
                    maxlength=Title::MOST.to_string()
                    placeholder="Add a task"
                    autocomplete="off"
                    required
                    autofocus=takes_cursor && form.stands_on("title")
                    aria-keyshortcuts="n"
                    aria-invalid=fault.map(|_| "true")
                    aria-describedby=described_by("new", false, fault.is_some())
                />
                <details class="menu" name="menu" open=is_open>
                    <summary class="button button--quiet button--icon" aria-label="Due and priority">
                        <Icon name="tune" />
                    </summary>
                    <div class="menu__sheet menu__sheet--form stack">
                        <DueField id="new-due" form takes_cursor />
                        <PriorityField id="new-priority" form takes_cursor />
                    </div>
                </details>
                <button class="button button--primary">"Add"</button>
            </form>
            <FieldFault id="new" message=fault />
        </div>
    }
    .inert()
}
