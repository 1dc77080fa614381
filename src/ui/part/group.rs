//! Tasks by when they are due.

use crate::{
    domain::{Sort, Task},
    ui::part::stand::{Filter, Stand},
};
use jiff::civil::Date;

/// Some of a page's tasks, under a heading or under none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The heading and its id; a list in another order than by day has none.
    pub heading: Option<(&'static str, &'static str)>,
    /// The tasks, in the order they came.
    pub tasks: Vec<Task>,
}

const GROUPS: [(&str, &str); 5] = [
    ("late", "Overdue"),
    ("today", "Today"),
    ("coming", "Upcoming"),
    ("undated", "Without a date"),
    ("finished", "Done"),
];

fn group_of(task: &Task, today: Date) -> usize {
    match task.due_date {
        _ if task.completed => 4,
        Some(day) if day < today => 0,
        Some(day) if day == today => 1,
        Some(_) => 2,
        None => 3,
    }
}

/// The tasks in groups, those that are empty left out. Only a list by day that has open tasks in it is parted.
#[must_use]
pub fn groups(tasks: Vec<Task>, stand: &Stand, today: Date) -> Vec<Group> {
    if stand.sort != Sort::DueDate || stand.filter == Filter::Done {
        return vec![Group {
            heading: None,
            tasks,
        }];
    }
    let mut groups = GROUPS.map(|heading| Group {
        heading: Some(heading),
        tasks: Vec::new(),
    });
    for task in tasks {
        if let Some(group) = groups.get_mut(group_of(&task, today)) {
            group.tasks.push(task);
        }
    }
    groups
        .into_iter()
        .filter(|group| !group.tasks.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::part::sample;
    use jiff::civil::date;

    fn stand(filter: Filter, sort: Sort) -> Stand {
        Stand {
            filter,
            q: String::new(),
            sort,
            after: String::new(),
        }
    }

    fn tasks() -> Vec<Task> {
        let mut done = sample::task("done", Some(date(2026, 11, 1)));
        done.completed = true;
        vec![
            done,
            sample::task("late", Some(date(2026, 11, 20))),
            sample::task("today", Some(date(2026, 11, 21))),
            sample::task("coming", Some(date(2026, 11, 22))),
            sample::task("undated", None),
        ]
    }

    #[test]
    fn the_persons_day_decides_what_is_late_and_what_is_done_is_never_late() {
        let groups = groups(
            tasks(),
            &stand(Filter::Everything, Sort::DueDate),
            date(2026, 11, 21),
        );
        let seen: Vec<_> = groups
            .iter()
            .map(|group| (group.heading.unwrap().1, group.tasks[0].title.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("Overdue", "late"),
                ("Today", "today"),
                ("Upcoming", "coming"),
                ("Without a date", "undated"),
                ("Done", "done")
            ]
        );
    }

    #[test]
    fn groups_without_tasks_are_not_shown() {
        let late = vec![tasks().remove(1)];
        let groups = groups(
            late,
            &stand(Filter::Open, Sort::DueDate),
            date(2026, 11, 21),
        );
        assert_eq!(groups.len(), 1);
    }

    #[test]
    fn another_order_is_not_torn_apart() {
        for stand in [
            stand(Filter::Open, Sort::Title),
            stand(Filter::Done, Sort::DueDate),
        ] {
            let groups = groups(tasks(), &stand, date(2026, 11, 21));
            assert_eq!((groups.len(), groups[0].heading), (1, None));
            assert_eq!(groups[0].tasks, tasks());
        }
    }
}
