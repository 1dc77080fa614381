//! The ring in front of a task: its weight and bars say the priority, its tick says done.

use super::icon::drawn;
use crate::domain::{Priority, Task};
use leptos::prelude::*;

/// What the ring's `data-priority` says; nothing for a task of no priority.
#[must_use]
pub fn mark(priority: Priority) -> Option<&'static str> {
    (priority != Priority::None).then(|| priority.as_str())
}

/// What the ring's `aria-pressed` says.
#[must_use]
pub const fn pressed(done: bool) -> &'static str {
    if done { "true" } else { "false" }
}

/// The ring itself, with bars and tick.
#[component]
pub fn Ring(
    /// How many bars.
    priority: Priority,
) -> impl IntoView + use<> {
    let bars = match priority {
        Priority::None => None,
        Priority::Low => Some("bars-low"),
        Priority::Medium => Some("bars-medium"),
        Priority::High => Some("bars-high"),
    };
    view! {
        <span class="check__ring">
            {bars.map(|name| drawn("check__bars", name))}
            {drawn("icon check__tick", "tick")}
        </span>
    }
}

/// The ring as a button of the row's form. It sends the wanted state, not the flip.
#[component]
pub fn Check<'a>(
    /// Whose ring it is.
    task: &'a Task,
) -> impl IntoView + use<> {
    view! {
        <button
            class="check"
            name="completed"
            value=pressed(!task.completed)
            aria-pressed=pressed(task.completed)
            aria-label=format!("Done: {}", task.title)
            data-priority=mark(task.priority)
        >
            <Ring priority=task.priority />
        </button>
    }
}
