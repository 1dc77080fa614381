//! What was done last, and its undoing.

use crate::{
    action::tasks::{Noticed, task_notice},
    ui::asked::Asked,
};
use leptos::prelude::*;

/// What can have been done to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Added,
    Changed,
    Done,
    Reopened,
    Deleted,
    Restored,
}

/// As the page's address names them.
const DEEDS: [(&str, Deed); 6] = [
    ("added", Deed::Added),
    ("changed", Deed::Changed),
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
            Self::Added | Self::Changed | Self::Restored => !noticed.is_deleted,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Saved",
            Self::Done => "Done",
            Self::Reopened => "Open again",
            Self::Deleted => "Deleted",
            Self::Restored => "Back again",
        }
    }

    /// Where its undoing is sent, and the state that is wanted back.
    fn undo(self) -> Option<(&'static str, Option<&'static str>)> {
        match self {
            Self::Added => Some(("/action/tasks/delete", None)),
            Self::Done => Some(("/action/tasks/complete", Some("false"))),
            Self::Reopened => Some(("/action/tasks/complete", Some("true"))),
            Self::Deleted => Some(("/action/tasks/restore", None)),
            Self::Changed | Self::Restored => None,
        }
    }
}

/// The deed that the address names, with its task, if that can be read and the deed still holds.
pub async fn read(asked: &Asked) -> Option<AnyView> {
    let (name, deed) = DEEDS
        .into_iter()
        .find(|(name, _)| asked.parameter(name).is_some())?;
    let id = asked.parameter(name)?.parse().ok()?;
    let noticed = task_notice(id).await.ok()?;
    deed.holds(&noticed).then(|| toast(deed, noticed))
}

fn toast(deed: Deed, noticed: Noticed) -> AnyView {
    let Noticed { task, .. } = noticed;
    let undo = deed.undo().map(|(action, completed)| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="id" value=task.id.to_string() />
                {completed.map(|value| view! { <input type="hidden" name="completed" value=value /> })}
                <button class="button">"Undo"</button>
            </form>
        }
    });
    view! {
        <div class="toast" role="status">
            <p class="toast__text" dir="auto">{format!("{}: {}", deed.words(), task.title)}</p>
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
