//! What was done last, and its undoing.

use crate::{
    action::tasks::{BEFORE, NO_DAY, Noticed, task_notice},
    domain::{Task, task::due_date},
    ui::{
        asked::Asked,
        part::{due, edit::CHANGE, reader::Reader},
    },
};
use leptos::prelude::*;

/// What can have been done to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Added,
    Changed,
    Rescheduled,
    Done,
    Reopened,
    Deleted,
    Restored,
}

/// As the page's address names them.
const DEEDS: [(&str, Deed); 7] = [
    ("added", Deed::Added),
    ("changed", Deed::Changed),
    ("rescheduled", Deed::Rescheduled),
    ("done", Deed::Done),
    ("reopened", Deed::Reopened),
    ("deleted", Deed::Deleted),
    ("restored", Deed::Restored),
];

impl Deed {
    /// Whether it still holds: an address can be opened again long after.
    fn holds(self, noticed: &Noticed) -> bool {
        match self {
            Self::Deleted => noticed.is_deleted,
            Self::Done => !noticed.is_deleted && noticed.task.completed,
            Self::Reopened => !noticed.is_deleted && !noticed.task.completed,
            Self::Added | Self::Changed | Self::Rescheduled | Self::Restored => !noticed.is_deleted,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Saved",
            Self::Rescheduled => "Rescheduled",
            Self::Done => "Done",
            Self::Reopened => "Open again",
            Self::Deleted => "Deleted",
            Self::Restored => "Back again",
        }
    }

    /// Where its undoing is sent, and with what besides the task's id.
    fn undo(self, asked: &Asked) -> Option<(&'static str, Option<(&'static str, String)>)> {
        let completed = |value: &str| Some(("completed", value.to_owned()));
        match self {
            Self::Added => Some(("/action/tasks/delete", None)),
            Self::Rescheduled => Some((CHANGE, Some(("dueDate", day_before(asked)?)))),
            Self::Done => Some(("/action/tasks/complete", completed("false"))),
            Self::Reopened => Some(("/action/tasks/complete", completed("true"))),
            Self::Deleted => Some(("/action/tasks/restore", None)),
            Self::Changed | Self::Restored => None,
        }
    }
}

/// The day that the task had before, as a form sends it.
fn day_before(asked: &Asked) -> Option<String> {
    match asked.parameter(BEFORE)? {
        NO_DAY => Some(String::new()),
        day => due_date(day).ok().map(|day| day.to_string()),
    }
}

/// What is told, and of which task.
pub struct Told {
    /// The words, and the way back.
    pub toast: AnyView,
    /// The task as it is now.
    pub task: Task,
}

/// The deed that the address names, with its task, if that can be read and the deed still holds. A task among those that are shown is led to.
pub async fn read(asked: &Asked, shown: &[Task]) -> Option<Told> {
    let (name, deed) = DEEDS
        .into_iter()
        .find(|(name, _)| asked.parameter(name).is_some())?;
    let id = asked.parameter(name)?.parse().ok()?;
    let noticed = task_notice(id).await.ok()?;
    deed.holds(&noticed).then(|| Told {
        toast: toast(asked, deed, &noticed.task, shown),
        task: noticed.task,
    })
}

/// What is said. Of a task that has another day that day matters more than that it was changed.
fn words(asked: &Asked, deed: Deed, task: &Task) -> String {
    match (deed, task.due_date) {
        (Deed::Rescheduled, Some(day)) => {
            format!("Due {}", due::in_a_sentence(day, Reader::of(asked).today()))
        }
        (Deed::Rescheduled, None) => "Due on no day".to_owned(),
        _ => deed.words().to_owned(),
    }
}

fn toast(asked: &Asked, deed: Deed, task: &Task, shown: &[Task]) -> AnyView {
    let words = format!("{}: {}", words(asked, deed, task), task.title);
    let is_shown = shown.iter().any(|row| row.id == task.id);
    let words = if is_shown {
        let row = format!("#task-{}", task.id);
        view! { <a href=row>{words}</a> }.into_any()
    } else {
        words.into_any()
    };
    let undo = deed.undo(asked).map(|(action, wanted)| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="id" value=task.id.to_string() />
                {wanted.map(|(name, value)| view! { <input type="hidden" name=name value=value /> })}
                <button class="button">"Undo"</button>
            </form>
        }
    });
    view! {
        <div class="toast" role="status">
            <p class="toast__text" dir="auto">{words}</p>
            {undo}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::part::sample;

    #[cfg(feature = "ssr")]
    #[test]
    fn every_notice_that_an_action_sends_is_understood() {
        assert_eq!(DEEDS.map(|(name, _)| name), crate::action::context::NOTICES);
    }

    #[test]
    fn a_deed_that_no_longer_holds_is_not_told() {
        let noticed = |completed, is_deleted| {
            let mut task = sample::task("x", None);
            task.completed = completed;
            Noticed { task, is_deleted }
        };
        assert!(Deed::Done.holds(&noticed(true, false)));
        assert!(!Deed::Done.holds(&noticed(false, false)));
        assert!(!Deed::Reopened.holds(&noticed(true, false)));
        assert!(Deed::Deleted.holds(&noticed(false, true)));
        assert!(!Deed::Deleted.holds(&noticed(false, false)));
        assert!(!Deed::Added.holds(&noticed(false, true)));
    }
}
