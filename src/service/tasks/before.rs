//! What a task of another program says, whatever its columns were called. Nothing of it is lost: what has no place of its own goes into
//! the notes.

use crate::{
    domain::{Moment, Priority, Task, TaskId, Title, task},
    service::foreign::{Row, moment},
};
use serde_json::Value;
use uuid::Uuid;

const TITLES: &[&str] = &["title", "name", "text", "content"];
const NOTES: &[&str] = &["description", "notes", "details"];
const DONE: &[&str] = &[
    "completed",
    "is_completed",
    "complete",
    "done",
    "is_done",
    "status",
];
const DONE_AT: &[&str] = &["completed_at", "done_at"];
const MADE_AT: &[&str] = &["created_at", "created"];
const CHANGED_AT: &[&str] = &["updated_at", "updated"];
const DUE: &[&str] = &["due_date", "due", "deadline"];
/// They meant something to the system before, and mean nothing to a person.
const MEANINGLESS: &[&str] = &["id", "uuid", "user_id", "owner_id"];

/// The task that this row was.
pub(super) fn read(mut row: Row, now: Moment) -> Task {
    for name in MEANINGLESS {
        row.remove(*name);
    }
    let made = take(&mut row, MADE_AT, moment).unwrap_or(now);
    let changed = take(&mut row, CHANGED_AT, moment).unwrap_or(made);
    let done_at = take(&mut row, DONE_AT, moment);
    let done = take(&mut row, DONE, done).unwrap_or(done_at.is_some());
    let priority = take(&mut row, &["priority"], priority).unwrap_or_default();
    let due_date = take(&mut row, DUE, |value| {
        task::due_date(value.as_str()?.get(..10)?).ok()
    });
    let text = take(&mut row, TITLES, words).unwrap_or_default();
    let notes = take(&mut row, NOTES, words).unwrap_or_default();
    let title = title(&text);
    let whole = if title == text.trim() {
        String::new()
    } else {
        text
    };
    let rest = row.iter().filter_map(|(name, value)| remark(name, value));
    let description: Vec<String> = [whole, notes].into_iter().chain(rest).collect();
    Task {
        id: TaskId(Uuid::now_v7()),
        title,
        description: description
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n"),
        completed: done,
        completed_at: done.then(|| done_at.unwrap_or(changed)),
        priority,
        due_date,
        position: made.0,
        created_at: made,
        updated_at: changed,
        version: 1,
    }
}

/// What the first of these columns that can be understood says. One that cannot stays in the row.
fn take<T>(row: &mut Row, names: &[&str], understand: impl Fn(&Value) -> Option<T>) -> Option<T> {
    names.iter().find_map(|name| {
        let understood = understand(row.get(*name)?)?;
        row.remove(*name);
        Some(understood)
    })
}

fn words(value: &Value) -> Option<String> {
    value.as_str().map(|text| text.replace('\0', ""))
}

/// One line with at most as many characters as a title has.
fn title(text: &str) -> String {
    if let Ok(title) = text.parse::<Title>() {
        return title.into();
    }
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.chars().filter(|c| !c.is_control()).take(Title::MOST);
    line.collect::<String>()
        .parse::<Title>()
        .map_or_else(|_| "Untitled".to_owned(), String::from)
}

fn done(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(done) => Some(*done),
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        Value::String(word) => match word.to_lowercase().as_str() {
            "true" | "t" | "1" | "done" | "complete" | "completed" => Some(true),
            "false" | "f" | "0" | "open" | "todo" | "pending" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn priority(value: &Value) -> Option<Priority> {
    match value {
        Value::String(word) => word.to_lowercase().parse().ok(),
        Value::Number(number) => {
            let rank = usize::try_from(number.as_i64()?).ok()?;
            Priority::ALL.get(rank).copied()
        }
        _ => None,
    }
}

/// What a column says that has no place of its own; nothing, if it says nothing.
fn remark(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(format!("{name}: {}", text.replace('\0', ""))),
        other => Some(format!("{name}: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::foreign::tests::anything;
    use proptest::prelude::*;
    use serde_json::json;

    const NOW: Moment = Moment(1_795_215_662_123);

    fn task(row: Value) -> Task {
        serde_json::from_value(row)
            .map(|row| read(row, NOW))
            .unwrap()
    }

    #[test]
    fn a_row_keeps_what_it_says_by_whatever_name() {
        let task = task(json!({
            "id": 7, "name": " Water the plants ", "notes": "All of them", "is_done": 1, "priority": "High",
            "due_date": "2026-12-24T00:00:00", "created_at": "2026-11-20 23:01:02.123", "updated_at": 1_795_215_662,
        }));
        assert_eq!(task.title, "Water the plants");
        assert_eq!(task.description, "All of them");
        assert_eq!(task.priority, Priority::High);
        assert_eq!(
            task.due_date.map(|date| date.to_string()).as_deref(),
            Some("2026-12-24")
        );
        assert_eq!(task.created_at, NOW);
        assert_eq!(task.completed_at, Some(Moment(1_795_215_662_000)));
    }

    #[test]
    fn what_has_no_place_of_its_own_goes_into_the_notes() {
        let task = task(json!({
            "title": "Book", "description": null, "tags": "home,red", "due": "soon", "status": "blocked", "estimate": 3,
            "archived": false, "user_id": "somebody",
        }));
        let mut lines: Vec<&str> = task.description.lines().collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                "due: soon",
                "estimate: 3",
                "status: blocked",
                "tags: home,red"
            ]
        );
        assert!(!task.completed && task.completed_at.is_none());
    }

    #[test]
    fn a_title_that_is_none_becomes_one_and_stays_whole_in_the_notes() {
        let long = "a\nvery long text ".repeat(20);
        let cut = task(json!({ "title": long }));
        assert!(
            cut.title.starts_with("a very long text a very") && cut.title.parse::<Title>().is_ok()
        );
        assert_eq!(cut.description, long);
        assert_eq!(task(json!({})).title, "Untitled");
        assert_eq!(task(json!({})).created_at, NOW);
    }

    proptest! {
        #[test]
        fn any_row_becomes_a_task_and_its_words_are_kept(
            values in prop::collection::vec(anything(), 8),
            stray in "[a-z]{1,20}",
        ) {
            let names = ["title", "notes", "done", "done_at", "created", "updated", "due", "priority"];
            let mut row: Row = names.iter().map(|&name| name.to_owned()).zip(values).collect();
            row.insert("stray".to_owned(), stray.clone().into());
            let task = read(row.clone(), NOW);
            let title: String = task.title.parse::<Title>().map(String::from).unwrap();
            prop_assert_eq!(&title, &task.title);
            prop_assert_eq!(task.completed, task.completed_at.is_some());
            let remark = format!("stray: {stray}");
            prop_assert!(task.description.contains(&remark));
            if let Some(text) = row["title"].as_str() {
                let text = text.replace('\0', "");
                prop_assert!(task.title == text.trim() || task.description.contains(&text));
            }
            prop_assert!(!task.description.contains('\0'));
        }
    }
}
