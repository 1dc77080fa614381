//! A task's form, in the place of its row's words.

use super::{
    choice::Choice,
    field::{Labelled, described_by, inside_textarea},
};
use crate::{
    domain::{Description, Priority, Task, TaskId, Title},
    ui::{asked::Asked, form::Form},
};
use leptos::prelude::*;

/// Where the form is sent.
pub const CHANGE: &str = "/action/tasks/change";
const FIELDS: &[&str] = &["title", "description", "dueDate", "priority"];

/// The task that is open for editing: the one whose form was refused, else the one that the address names.
#[must_use]
pub fn edited(asked: &Asked) -> Option<TaskId> {
    asked
        .refused_at(CHANGE)
        .map_or(asked.parameter("edit"), |form| Some(form.typed("id")))
        .and_then(|id| id.parse().ok())
}

/// Its form.
#[must_use]
pub fn form(asked: &Asked) -> Form {
    Form::at(asked, &[CHANGE], FIELDS)
}

/// The form for a task that is there already.
#[component]
pub fn Edit<'a>(
    /// The task as it is.
    task: &'a Task,
    /// What was typed, if it was refused.
    form: &'a Form,
    /// Where to go without saving.
    cancel: String,
    /// Whether the cursor may begin here.
    takes_cursor: bool,
) -> impl IntoView + use<> {
    let stands = |name: &str| takes_cursor && form.stands_on(name);
    let title_fault = form.fault("title");
    let notes_fault = form.fault("description");
    let title = view! {
        <input
            class="task__name"
            dir="auto"
            id="title"
            name="title"
            value=form.typed_or("title", task.title.as_str())
            maxlength=Title::MOST.to_string()
            autocomplete="off"
            required
            autofocus=stands("title")
            aria-invalid=title_fault.map(|_| "true")
            aria-describedby=described_by("title", false, title_fault.is_some())
        />
    };
    let notes = view! {
        <textarea
            id="notes"
            name="description"
            rows="2"
            dir="auto"
            maxlength=Description::MOST.to_string()
            autofocus=stands("description")
            aria-invalid=notes_fault.map(|_| "true")
            aria-describedby=described_by("notes", false, notes_fault.is_some())
        >
            {inside_textarea(&form.typed_or("description", task.description.as_str()))}
        </textarea>
    };
    view! {
        <form class="task__edit stack" method="post" action=CHANGE aria-label=format!("Edit: {}", task.title)>
            <input type="hidden" name="id" value=task.id.to_string() />
            <Labelled id="title" label="Task" label_class="visually-hidden" fault=title_fault>
                {title}
            </Labelled>
            <Labelled id="notes" label="Notes" class="field field--small" fault=notes_fault>
                {notes}
            </Labelled>
            <div class="task__fields">
                <DueField id="due" form value=task.due_date.map(|day| day.to_string()).unwrap_or_default() takes_cursor />
                <PriorityField id="priority" form value=task.priority takes_cursor />
            </div>
            {buttons(cancel)}
        </form>
    }
    .into_any()
}

fn buttons(cancel: String) -> AnyView {
    view! {
        <div class="row row--apart">
            <div class="row">
                <button class="button button--primary">"Save"</button>
                <a class="button button--quiet" href=cancel>
                    "Cancel"
                </a>
            </div>
            <button class="button button--quiet" formaction="/action/tasks/delete" formnovalidate>
                "Delete"
            </button>
        </div>
    }
    .into_any()
}

/// The day that a task is due.
#[component]
pub fn DueField<'a>(
    /// The field's id.
    id: &'static str,
    /// The form it stands in.
    form: &'a Form,
    /// What stands there already.
    #[prop(optional)]
    value: String,
    /// Whether the cursor may begin here.
    takes_cursor: bool,
) -> impl IntoView + use<> {
    let fault = form.fault("dueDate");
    let control = view! {
        <input
            id=id
            name="dueDate"
            type="date"
            min="1900-01-01"
            max="2999-12-31"
            value=form.typed_or("dueDate", value)
            autofocus=takes_cursor && form.stands_on("dueDate")
            aria-invalid=fault.map(|_| "true")
            aria-describedby=described_by(id, false, fault.is_some())
        />
    };
    view! { <Labelled id label="Due" class="field field--small" fault>{control}</Labelled> }
}

/// How much a task matters.
#[component]
pub fn PriorityField<'a>(
    /// The field's id.
    id: &'static str,
    /// The form it stands in.
    form: &'a Form,
    /// What is chosen already.
    #[prop(optional)]
    value: Priority,
    /// Whether the cursor may begin here.
    takes_cursor: bool,
) -> impl IntoView + use<> {
    let options = [
        (Priority::None, "None"),
        (Priority::Low, "Low"),
        (Priority::Medium, "Medium"),
        (Priority::High, "High"),
    ]
    .map(|(priority, words)| (priority.as_str(), words));
    let chosen = form.typed_or("priority", value.as_str());
    view! { <Choice form name="priority" id label="Priority" class="field field--small" options chosen=&chosen takes_cursor /> }
}
