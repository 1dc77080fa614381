//! A task as tests need one.

use crate::domain::{Moment, Priority, Task, TaskId};
use jiff::civil::Date;

/// An open task with this title and day.
pub fn task(title: &str, due_date: Option<Date>) -> Task {
    Task {
        id: TaskId(uuid::Uuid::nil()),
        title: title.to_owned(),
        description: String::new(),
        completed: false,
        completed_at: None,
        priority: Priority::None,
        due_date,
        position: 0,
        created_at: Moment(0),
        updated_at: Moment(0),
        version: 1,
    }
}
