//! A task and its row: what one becomes in the other.

use super::fold::{searched, sorted};
use crate::{
    domain::{NewTask, Priority, Task, TaskChange, TaskId, UserId},
    service::{clock, entity::task},
};
use uuid::Uuid;

fn keys(title: &str, description: &str) -> (String, String) {
    let search = format!("{}\n{}", searched(title), searched(description));
    (sorted(title), search)
}

/// A task that is made now.
pub(super) fn new_row(owner: UserId, new: NewTask) -> task::Model {
    let now = clock::now();
    let (title_key, search_key) = keys(new.title.as_str(), new.description.as_str());
    task::Model {
        id: TaskId(Uuid::now_v7()),
        user_id: owner,
        title: new.title.into(),
        description: new.description.as_str().to_owned(),
        completed_at: new.completed.then_some(now),
        priority: rank(new.priority),
        due_date: new.due_date.map(|date| date.to_string()),
        // Later ones stand further down, without asking where the last one is.
        position: new.position.unwrap_or(now.0),
        created_at: now,
        updated_at: now,
        version: 1,
        title_key,
        search_key,
    }
}

/// The row after this change.
pub(super) fn changed(mut row: task::Model, change: &TaskChange) -> task::Model {
    let now = clock::now();
    if let Some(title) = &change.title {
        title.as_str().clone_into(&mut row.title);
    }
    if let Some(description) = &change.description {
        description.as_str().clone_into(&mut row.description);
    }
    if let Some(completed) = change.completed {
        row.completed_at = if completed {
            row.completed_at.or(Some(now))
        } else {
            None
        };
    }
    if let Some(priority) = change.priority {
        row.priority = rank(priority);
    }
    if let Some(date) = change.due_date {
        row.due_date = date.map(|date| date.to_string());
    }
    row.position = change.position.unwrap_or(row.position);
    (row.title_key, row.search_key) = keys(&row.title, &row.description);
    row.updated_at = now;
    row.version += 1;
    row
}

/// A task that comes back: its version goes on, so that an ETag from before never fits again.
pub(super) fn stored(owner: UserId, task: &Task) -> task::Model {
    let (title_key, search_key) = keys(&task.title, &task.description);
    task::Model {
        id: task.id,
        user_id: owner,
        title: task.title.clone(),
        description: task.description.clone(),
        completed_at: task.completed_at,
        priority: rank(task.priority),
        due_date: task.due_date.map(|date| date.to_string()),
        position: task.position,
        created_at: task.created_at,
        updated_at: clock::now(),
        version: clock::now().0,
        title_key,
        search_key,
    }
}

/// A priority, as it is sorted.
pub(super) fn rank(priority: Priority) -> i16 {
    match priority {
        Priority::None => 0,
        Priority::Low => 1,
        Priority::Medium => 2,
        Priority::High => 3,
    }
}

pub(super) fn priority(rank: i16) -> Priority {
    match rank {
        1 => Priority::Low,
        2 => Priority::Medium,
        3 => Priority::High,
        _ => Priority::None,
    }
}

/// A row, as its owner sees it.
pub(super) fn seen(row: task::Model) -> Task {
    Task {
        id: row.id,
        title: row.title,
        description: row.description,
        completed: row.completed_at.is_some(),
        completed_at: row.completed_at,
        priority: priority(row.priority),
        due_date: row.due_date.and_then(|date| date.parse().ok()),
        position: row.position,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}
