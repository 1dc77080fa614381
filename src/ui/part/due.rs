//! When a task is due, in words that fit the day it is read on.

use super::icon::Icon;
use crate::domain::Task;
use jiff::{Unit, civil::Date};
use leptos::prelude::*;

/// A day, said to somebody who lives on `today`.
#[must_use]
pub fn words(day: Date, today: Date) -> String {
    let away = days(today, day);
    let name = match away {
        -1 => return "Yesterday".to_owned(),
        0 => return "Today".to_owned(),
        1 => return "Tomorrow".to_owned(),
        -6..=6 => day.strftime("%A"),
        _ if day.year() == today.year() => day.strftime("%-d %B"),
        _ => day.strftime("%-d %B %Y"),
    };
    name.to_string()
}

/// The same as part of a sentence.
#[must_use]
pub fn in_a_sentence(day: Date, today: Date) -> String {
    let words = words(day, today);
    match days(today, day) {
        -1..=1 => words.to_lowercase(),
        _ => words,
    }
}

/// How many days lie between these two.
fn days(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to))
        .map_or(0, |span| span.get_days())
}

/// The words, the icon and what `data-due` says: of an open task whether it is late or for today, of a done one nothing.
fn said(task: &Task, day: Date, today: Date) -> (String, &'static str, Option<&'static str>) {
    let away = days(today, day);
    let words = words(day, today);
    match away {
        _ if task.completed => (words, "date", None),
        ..-1 => (
            format!("{words}, {} days late", away.unsigned_abs()),
            "late",
            Some("late"),
        ),
        -1 => (words, "late", Some("late")),
        0 => (words, "clock", Some("today")),
        _ => (words, "date", None),
    }
}

/// The quiet line's first word: when it is due, if it is due at all.
#[component]
pub fn Due<'a>(
    /// The task.
    task: &'a Task,
    /// The day it is where the person is.
    today: Date,
) -> impl IntoView + use<> {
    task.due_date.map(|day| {
        let (words, icon, when) = said(task, day, today);
        view! {
            <span class="due" data-due=when>
                <Icon name=icon small=true />
                <time datetime=day.to_string()>{words}</time>
            </span>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::part::sample;
    use jiff::civil::date;

    #[test]
    fn near_days_have_names_and_far_ones_have_dates() {
        let today = date(2026, 11, 21);
        for (day, expected) in [
            (date(2026, 11, 20), "Yesterday"),
            (date(2026, 11, 21), "Today"),
            (date(2026, 11, 22), "Tomorrow"),
            (date(2026, 11, 25), "Wednesday"),
            (date(2026, 11, 28), "28 November"),
            (date(2027, 1, 2), "2 January 2027"),
        ] {
            assert_eq!(words(day, today), expected);
        }
    }

    #[test]
    fn only_an_open_task_can_be_late() {
        let (today, day) = (date(2026, 11, 21), date(2026, 11, 19));
        let mut task = sample::task("Send the lease", Some(day));
        assert_eq!(
            said(&task, day, today),
            ("Thursday, 2 days late".to_owned(), "late", Some("late"))
        );
        task.completed = true;
        assert_eq!(
            said(&task, day, today),
            ("Thursday".to_owned(), "date", None)
        );
    }
}
