//! The floors of the house: imports go down, never up, and one room alone names the task table.

use std::{fs, path::Path};

/// What each floor may import of ours.
const FLOORS: [(&str, &[&str]); 5] = [
    ("src/domain", &["domain"]),
    ("src/service", &["domain", "service"]),
    ("src/action", &["domain", "service", "action"]),
    ("src/ui", &["domain", "action", "ui"]),
    ("src/http", &["domain", "service", "ui", "http"]),
];

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((
                path.display().to_string(),
                fs::read_to_string(&path).expect("text"),
            ));
        }
    }
}

fn all(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        &mut found,
    );
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

#[test]
fn every_floor_imports_only_what_lies_below_it() {
    let floors = ["domain", "service", "action", "ui", "http"];
    for (folder, allowed) in FLOORS {
        for (path, text) in all(folder) {
            for floor in floors.iter().filter(|floor| !allowed.contains(floor)) {
                assert!(
                    !text.contains(&format!("crate::{floor}")),
                    "{path} climbs to {floor}"
                );
            }
        }
    }
}

/// Where people are looked after.
const OFFICE: [&str; 10] = [
    "src/service/operator.rs",
    "src/service/people/mod.rs",
    "src/service/people/list.rs",
    "src/service/invitation.rs",
    "src/service/house_log.rs",
    "src/action/people.rs",
    "src/action/invitations.rs",
    "src/domain/people.rs",
    "src/domain/invitation.rs",
    "src/ui/office.rs",
];

#[test]
fn whoever_looks_after_people_has_no_way_to_their_tasks() {
    let pages = all("src/ui/page/admin");
    let rooms = OFFICE.map(|path| {
        let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        (path.to_owned(), fs::read_to_string(whole).expect("text"))
    });
    let ways = [
        "tasks::", "task::", "tasks,", "Task,", "Task>", "TaskPage", "TaskId", "Title",
    ];
    for (path, text) in pages.into_iter().chain(rooms) {
        for way in ways {
            assert!(!text.contains(way), "{path} knows of {way}");
        }
    }
}

#[test]
fn only_the_task_room_names_the_task_table() {
    for (path, text) in all("src/service") {
        let is_its_room = path.contains("/service/tasks/") || path.contains("/service/entity/");
        assert!(
            is_its_room || !text.contains("task::Entity"),
            "{path} names the task table"
        );
    }
}

#[test]
fn no_test_passes_by_turning_back_at_the_door() {
    for (path, text) in all("tests") {
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for (question, answer) in lines.iter().zip(&lines[1..]) {
            let turns_back = question.contains("is_postgres()") && answer.starts_with("return;");
            assert!(!turns_back, "{path}: put it into on_sqlite or on_postgres");
        }
    }
}
