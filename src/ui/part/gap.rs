//! The gap that a task leaves behind on a page: where somebody looked when they ticked it off, and is led back to without a script.

use crate::{
    domain::{Sort, Task, TaskId, line::is_mark},
    ui::part::stand::{Filter, Stand},
};
use std::cmp::Ordering;
use unicode_normalization::UnicodeNormalization;

/// A task that is not on the page any more, and the row that came up into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The task that is gone.
    pub gone: TaskId,
    /// Whose row holds its place now.
    pub held_by: TaskId,
}

impl Gap {
    /// Where this task was among those that are shown; nowhere, if it is there still or its place cannot be told. The last row holds the place
    /// of what came after it.
    #[must_use]
    pub fn of(task: &Task, rows: &[&Task], stand: &Stand) -> Option<Self> {
        if rows.iter().any(|row| row.id == task.id) {
            return None;
        }
        let mut held_by = rows.first()?;
        for (at, row) in rows.iter().enumerate() {
            if order(stand, row, task)?.is_lt() {
                held_by = rows.get(at + 1).unwrap_or(row);
            }
        }
        Some(Self {
            gone: task.id,
            held_by: held_by.id,
        })
    }
}

/// Which of two comes first. When a task was done is forgotten as soon as it is open again.
fn order(stand: &Stand, one: &Task, other: &Task) -> Option<Ordering> {
    // Only where both are shown does what is done come last; elsewhere a task is gone because it is the one or the other now.
    let has_both = stand.filter == Filter::Everything;
    let day = |task: &Task| {
        let is_last = has_both && task.completed;
        (is_last, task.due_date.is_none(), task.due_date)
    };
    let id = one.id.cmp(&other.id);
    Some(match stand.sort {
        Sort::DueDate => day(one).cmp(&day(other)).then(id),
        Sort::PriorityDown => other.priority.cmp(&one.priority).then(id.reverse()),
        Sort::Title => plain(&one.title).cmp(&plain(&other.title)).then(id),
        Sort::CreatedAt => id,
        Sort::CreatedAtDown => id.reverse(),
        Sort::CompletedAtDown => {
            let (one, other) = (one.completed_at?, other.completed_at?);
            other.cmp(&one).then(id.reverse())
        }
        _ => return None,
    })
}

/// Nearly what the database sorts by: without case, and without the marks on letters.
fn plain(title: &str) -> String {
    let letters: String = title.nfd().filter(|&letter| !is_mark(letter)).collect();
    letters.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::Priority,
        ui::part::{group::groups, sample},
    };
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
            task(2, "Äpfel", None, Priority::Low),
            task(3, "cherry", Some(1), Priority::High),
            task(4, "Damson", Some(3), Priority::None),
        ]
    }

    fn stand(filter: Filter, sort: Sort) -> Stand {
        Stand {
            sort,
            ..filter.into()
        }
    }

    /// Each in turn is taken away, and the row that comes up holds its place.
    fn holds(in_order: &[Task], stand: &Stand) {
        for at in 0..in_order.len() {
            let mut rows: Vec<&Task> = in_order.iter().collect();
            let gone = rows.remove(at);
            let held_by = rows.get(at).or(rows.last()).map(|row| row.id);
            let gap = Gap::of(gone, &rows, stand);
            assert_eq!(gap.map(|gap| gap.held_by), held_by, "{stand:?} {at}");
            assert_eq!(gap.map(|gap| gap.gone), Some(gone.id));
        }
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
            let in_order = in_order.map(|number| tasks().remove(number - 1));
            holds(&in_order, &stand(Filter::Open, sort));
        }
    }

    #[test]
    fn where_what_is_done_stands_last_its_gap_does_too() {
        let stand = stand(Filter::Everything, Sort::DueDate);
        let mut by_day = [3, 1, 4, 2].map(|number| tasks().remove(number - 1));
        by_day[0].completed = true;
        by_day[2].completed = true;
        let shown = groups(by_day.to_vec(), &stand, date(2031, 5, 2));
        let shown: Vec<Task> = shown.into_iter().flat_map(|group| group.tasks).collect();
        assert_ne!(shown, by_day);
        holds(&shown, &stand);
    }

    #[test]
    fn what_was_ticked_off_was_open_where_it_stood() {
        let in_order = [3, 1, 4, 2].map(|number| tasks().remove(number - 1));
        let ticked = Task {
            completed: true,
            ..in_order[1].clone()
        };
        let rows = [&in_order[0], &in_order[2], &in_order[3]];
        let gap = Gap::of(&ticked, &rows, &stand(Filter::Open, Sort::DueDate));
        assert_eq!(gap.map(|gap| gap.held_by), Some(in_order[2].id));
    }

    #[test]
    fn what_is_there_leaves_no_gap_and_what_was_reopened_none_that_is_known() {
        let all = tasks();
        let rows: Vec<&Task> = all.iter().collect();
        let due = stand(Filter::Open, Sort::DueDate);
        let last_done = stand(Filter::Done, Sort::CompletedAtDown);
        assert_eq!(Gap::of(rows[0], &rows, &due), None);
        assert_eq!(Gap::of(rows[0], &rows[1..], &last_done), None);
        assert_eq!(Gap::of(rows[0], &[], &due), None);
    }
}
