//! A task's row: ring, title, quiet line, and what can be done with it.

use super::{check::Check, due::Due, edit::Edit, icon::Icon, stand::Stand};
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
) -> impl IntoView + use<> {
    let id = task.id.to_string();
    let inside = match form {
        Some(form) => view! { <Edit task form=&form cancel=stand.here() takes_cursor /> }.inert(),
        None => read(task, &stand.edit(task.id), today),
    };
    view! {
        <li class="task" id=format!("task-{id}") data-task=id>
            <Check task />
            {inside}
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
            <a class="task__title" dir="auto" href=edit.to_owned()>
                {task.title.clone()}
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
        .filter(|day| !task.completed && task.due_date != Some(*day));
    let put_off = move |id: String, button: InertElement| {
        tomorrow.map(|day| {
            view! {
                <form method="post" action="/action/tasks/change">
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="dueDate" value=day.to_string() />
                    {button}
                </form>
            }
        })
    };
    let id = task.id.to_string();
    view! {
        <div class="task__actions">
            <a class="button button--quiet button--icon" href=edit.to_owned() aria-label=about("Edit")>
                <Icon name="edit" />
            </a>
            {put_off(
                id.clone(),
                view! {
                    <button class="button button--quiet button--icon" aria-label=about("Put off to tomorrow")>
                        <Icon name="tomorrow" />
                    </button>
                }
                    .inert(),
            )}
            <details class="menu" name="menu">
                <summary class="button button--quiet button--icon" aria-label=about("More for")>
                    <Icon name="more" />
                </summary>
                <ul class="menu__sheet">
                    <li>
                        <a class="menu__item" href=edit.to_owned()>
                            <Icon name="edit" />
                            "Edit"
                        </a>
                    </li>
                    {tomorrow.map(|_| view! { <li>{put_off(id.clone(), item("tomorrow", "Put off to tomorrow"))}</li> })}
                    <li>
                        <form method="post" action="/action/tasks/delete">
                            <input type="hidden" name="id" value=id.clone() />
                            <button class="menu__item menu__item--danger">
                                <Icon name="trash" />
                                "Delete"
                            </button>
                        </form>
                    </li>
                </ul>
            </details>
        </div>
    }
    .inert()
}

fn item(icon: &'static str, words: &'static str) -> InertElement {
    view! {
        <button class="menu__item">
            <Icon name=icon />
            {words}
        </button>
    }
    .inert()
}
