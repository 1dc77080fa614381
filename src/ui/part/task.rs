//! A task's row: ring, title, quiet line, and what can be done with it. All of its buttons send one form, each to where it leads.

use super::{
    check::Check,
    due::Due,
    edit::{CHANGE, Edit},
    gap::Gap,
    icon::Icon,
    stand::Stand,
};
use crate::{
    domain::{Priority, Task},
    ui::{form::Form, inert::Inert},
};
use jiff::{ToSpan, civil::Date};
use leptos::{prelude::*, tachys::html::InertElement};

/// A row of the list. With a form it is open for editing.
#[component]
pub fn Row<'a>(
    /// The task.
    task: &'a Task,
    /// Where on the page of tasks we are.
    stand: &'a Stand,
    /// The day it is where the person is.
    today: Date,
    /// The form to edit it with.
    form: Option<Form>,
    /// Whether the cursor may begin in that form.
    takes_cursor: bool,
    /// The gap that it came up into, if it is this row that did.
    gap: Option<Gap>,
) -> impl IntoView + use<> {
    let id = task.id.to_string();
    let words = form
        .is_none()
        .then(|| read(task, &stand.edit(task.id), today));
    let gap = gap.filter(|gap| gap.held_by == task.id).map(|gap| {
        view! { <span class="task__gap" id=format!("task-{}", gap.gone)></span> }
    });
    let edit = form.map(|form| view! { <Edit task form=&form cancel=stand.here() takes_cursor /> });
    view! {
        <li class="task" id=format!("task-{id}") data-task=id>
            {gap}
            <form class="task__form" method="post" action="/action/tasks/complete">
                <input type="hidden" name="id" value=id.clone() />
                <Check task />
                {words}
            </form>
            {edit}
        </li>
    }
    .inert()
}

fn read(task: &Task, edit: &str, today: Date) -> InertElement {
    let priority = (task.priority != Priority::None).then(|| format!("{} priority", task.priority));
    let has_notes = !task.description.is_empty();
    let has_meta = priority.is_some() || has_notes || task.due_date.is_some();
    view! {
        <div class="task__body">
            <a class="task__title" dir="auto" href=edit>
                {task.title.as_str()}
            </a>
            {has_meta
                .then(|| {
                    view! {
                        <div class="task__meta">
                            {priority.map(|words| view! { <span class="visually-hidden">{words}</span> })}
                            <Due task today />
                            {has_notes.then(|| view! { <span><Icon name="note" small=true />"Notes"</span> })}
                        </div>
                    }
                })}
        </div>
        {actions(task, edit, today)}
    }
    .inert()
}

fn actions(task: &Task, edit: &str, today: Date) -> InertElement {
    let about = |what: &str| format!("{what}: {}", task.title);
    let tomorrow = today
        .checked_add(1.day())
        .ok()
        .filter(|day| !task.completed && task.due_date != Some(*day))
        .map(|day| day.to_string());
    let put_off = tomorrow.clone().map(|day| {
        view! {
            <button
                class="button button--quiet button--icon"
                formaction=CHANGE
                name="dueDate"
                value=day
                aria-label=about("Put off to tomorrow")
            >
                <Icon name="tomorrow" />
            </button>
        }
    });
    let item = tomorrow.map(|day| {
        view! {
            <li>
                <button class="menu__item" formaction=CHANGE name="dueDate" value=day>
                    <Icon name="tomorrow" />
                    "Put off to tomorrow"
                </button>
            </li>
        }
    });
    view! {
        <div class="task__actions">
            <a class="button button--quiet button--icon" href=edit aria-label=about("Edit")>
                <Icon name="edit" />
            </a>
            {put_off}
            <details class="menu" name="menu">
                <summary class="button button--quiet button--icon" aria-label=about("More for")>
                    <Icon name="more" />
                </summary>
                <ul class="menu__sheet">
                    <li>
                        <a class="menu__item" href=edit>
                            <Icon name="edit" />
                            "Edit"
                        </a>
                    </li>
                    {item}
                    <li>
                        <button class="menu__item menu__item--danger" formaction="/action/tasks/delete">
                            <Icon name="trash" />
                            "Delete"
                        </button>
                    </li>
                </ul>
            </details>
        </div>
    }
    .inert()
}
