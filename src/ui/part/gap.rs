//! The gap that a task leaves behind on a page: where somebody looked when they ticked it off, and is led back to without a script.

use crate::domain::{Sort, Task, TaskId};
use std::cmp::Ordering;

/// A task that is not on the page any more, and the row that came up into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The task that is gone.
    pub gone: TaskId,
    /// Whose row holds its place now.
    pub held_by: TaskId,
}

impl Gap {
    /// Where this task was among those in this order; nowhere, if it is there still or its place cannot be told. The last row holds the place
    /// of what came after it.
    #[must_use]
    pub fn of(task: &Task, rows: &[Task], sort: Sort) -> Option<Self> {
        if rows.iter().any(|row| row.id == task.id) {
            return None;
        }
        let mut held_by = rows.last()?;
        for row in rows {
            if order(sort, row, task)?.is_gt() {
                held_by = row;
                break;
            }
        }
        Some(Self {
            gone: task.id,
            held_by: held_by.id,
        })
    }
}

/// Which of two comes first, nearly: titles stand as the database has them but for their marks. When a task was done is forgotten as soon as it
/// is open again.
fn order(sort: Sort, one: &Task, other: &Task) -> Option<Ordering> {
    let day = |task: &Task| (task.due_date.is_none(), task.due_date);
    let id = one.id.cmp(&other.id);
    Some(match sort {
        Sort::DueDate => day(one).cmp(&day(other)).then(id),
        Sort::PriorityDown => other.priority.cmp(&one.priority).then(id.reverse()),
        Sort::Title => {
            let [one, other] = [one, other].map(|task| task.title.to_lowercase());
            one.cmp(&other).then(id)
        }
        Sort::CreatedAt => id,
        Sort::CreatedAtDown => id.reverse(),
        Sort::CompletedAtDown => {
            let (one, other) = (one.completed_at?, other.completed_at?);
            other.cmp(&one).then(id.reverse())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::Priority, ui::part::sample};
    use jiff::civil::date;

    fn task(number: u128, title: &str, day: Option<i8>, priority: Priority) -> Task {
        Task {
            id: TaskId(uuid::Uuid::from_u128(number)),
            priority,
            ..sample::task(title, day.map(|day| date(2031, 5, day)))
        }
    }

    fn tasks() -> Vec<Task> {
        vec![
            task(1, "banana", Some(3), Priority::High),
            task(2, "Apple", None, Priority::Low),
            task(3, "cherry", Some(1), Priority::High),
            task(4, "Damson", Some(3), Priority::None),
        ]
    }

    #[test]
    fn in_each_order_that_a_page_offers_the_next_row_holds_the_place() {
        for (sort, in_order) in [
            (Sort::DueDate, [3, 1, 4, 2]),
            (Sort::PriorityDown, [3, 1, 2, 4]),
            (Sort::Title, [2, 1, 3, 4]),
            (Sort::CreatedAt, [1, 2, 3, 4]),
            (Sort::CreatedAtDown, [4, 3, 2, 1]),
        ] {
            for at in 0..4 {
                let mut rows = in_order.map(|number| tasks().remove(number - 1)).to_vec();
                let gone = rows.remove(at);
                let held_by = rows.get(at).or_else(|| rows.last()).map(|row| row.id);
                let gap = Gap::of(&gone, &rows, sort);
                assert_eq!(gap.map(|gap| gap.held_by), held_by, "{sort} {at}");
                assert_eq!(gap.map(|gap| gap.gone), Some(gone.id));
            }
        }
    }

    #[test]
    fn what_is_there_leaves_no_gap_and_what_was_reopened_none_that_is_known() {
        let rows = tasks();
        assert_eq!(Gap::of(&rows[0], &rows, Sort::DueDate), None);
        assert_eq!(Gap::of(&rows[0], &rows[1..], Sort::CompletedAtDown), None);
        assert_eq!(Gap::of(&rows[0], &[], Sort::DueDate), None);
    }
}
