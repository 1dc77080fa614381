//! The calls of `/api/tasks`, and the two descriptions themselves.

use super::{
    TASKS,
    call::{Answer, Call, Door, parameter},
    schema::{Schemed, flag, formatted, integer, named, text, whole, words},
};
use crate::{
    domain::{Description, Error, Priority, Query, Scope, Sort, Task, Title},
    http::api::{self, body, tasks::TaskList},
};
use http::StatusCode;
use serde_json::json;
use utoipa::openapi::{
    path::{HttpMethod, Parameter, ParameterIn},
    schema::{AdditionalProperties, ObjectBuilder, SchemaFormat, SchemaType, Type},
};

const TAG: (&str, &str) = ("ETag", "The tag of this version, for If-Match.");
const IF_MATCH: &str = "Only if the task is at one of these versions.";

pub fn calls() -> Vec<Call> {
    vec![list(), create(), read(), change(), delete()]
}

/// The shapes that these calls alone speak of.
pub fn schemas() -> Vec<(&'static str, Schemed)> {
    vec![
        ("Task", whole::<Task>(&[])),
        (
            "Priority",
            words(Priority::ALL.iter().map(|each| each.as_str())),
        ),
        ("Sort", words(Sort::ALL.iter().map(|each| each.as_str()))),
        ("TaskList", whole::<TaskList>(&[])),
        ("NewTask", task_body(true)),
        ("TaskChange", task_body(false)),
    ]
}

fn call(method: HttpMethod, path: &'static str, id: &'static str, summary: &'static str) -> Call {
    let scope = match method {
        HttpMethod::Get => Scope::TasksRead,
        _ => Scope::TasksWrite,
    };
    Call {
        method,
        path,
        id,
        summary,
        tag: TASKS,
        door: Door::Token(scope),
        parameters: Vec::new(),
        body: None,
        may_be_empty: false,
        answers: Vec::new(),
        errors: &[],
    }
}

fn task(status: StatusCode, words: &'static str, headers: &'static [(&str, &str)]) -> Answer {
    Answer {
        status,
        words,
        schema: Some(named("Task")),
        headers,
    }
}

fn id() -> Parameter {
    let id = formatted("uuid");
    parameter(ParameterIn::Path, "id", "The task’s id.", id)
}

fn header(name: &str, words: &str) -> Parameter {
    parameter(ParameterIn::Header, name, words, text())
}

fn list() -> Call {
    let query = |name, words, schema| parameter(ParameterIn::Query, name, words, schema);
    let limit = integer()
        .minimum(Some(1))
        .maximum(Some(100))
        .default(Some(json!(50)));
    let q = text().min_length(Some(1)).max_length(Some(Query::MOST));
    let date = || formatted("date").into();
    Call {
        parameters: vec![
            query(
                "limit",
                "How many at most; 50 unless it is said.",
                limit.into(),
            ),
            query(
                "cursor",
                "Where to begin: nextCursor of the page before.",
                text().into(),
            ),
            query(
                "completed",
                "Only those that are done, or not.",
                flag().into(),
            ),
            query(
                "q",
                "Only those with this in title or description; case is ignored.",
                q.into(),
            ),
            query(
                "priority",
                "Only those of this priority.",
                named("Priority"),
            ),
            query("dueBefore", "Only those due before this day.", date()),
            query("dueAfter", "Only those due after this day.", date()),
            query(
                "sort",
                "In which order; createdAt unless it is said.",
                named("Sort"),
            ),
        ],
        answers: vec![Answer {
            status: StatusCode::OK,
            words: "A page of the list.",
            schema: Some(named("TaskList")),
            headers: &[("Link", "The next page, as rel=\"next\" (RFC 8288).")],
        }],
        errors: &[Error::Malformed, Error::Unprocessable],
        ..call(HttpMethod::Get, api::TASKS, "listTasks", "List tasks")
    }
}

fn create() -> Call {
    Call {
        parameters: vec![parameter(
            ParameterIn::Header,
            "Idempotency-Key",
            "A name for this request, so that it may be repeated for 24 hours and is done once.",
            text()
                .min_length(Some(1))
                .max_length(Some(255))
                .pattern(Some("^[!-~]+$")),
        )],
        body: Some((&[body::JSON], "NewTask")),
        answers: vec![task(
            StatusCode::CREATED,
            "The new task.",
            &[("Location", "The task’s address."), TAG],
        )],
        errors: &[
            Error::Unprocessable,
            Error::TooManyTasks,
            Error::IdempotencyKeyReused,
            Error::Conflict,
        ],
        ..call(HttpMethod::Post, api::TASKS, "createTask", "Make a task")
    }
}

fn read() -> Call {
    Call {
        parameters: vec![
            id(),
            header("If-Match", IF_MATCH),
            header(
                "If-None-Match",
                "Only if the task is at none of these versions.",
            ),
        ],
        answers: vec![
            task(StatusCode::OK, "The task.", &[TAG]),
            Answer {
                status: StatusCode::NOT_MODIFIED,
                words: "You have this version already.",
                schema: None,
                headers: &[TAG],
            },
        ],
        errors: &[Error::TaskNotFound, Error::PreconditionFailed],
        ..call(HttpMethod::Get, api::TASK, "readTask", "Read a task")
    }
}

fn change() -> Call {
    Call {
        parameters: vec![id(), header("If-Match", IF_MATCH)],
        body: Some((&[body::MERGE_PATCH, body::JSON], "TaskChange")),
        answers: vec![task(StatusCode::OK, "The task as it is now.", &[TAG])],
        errors: &[
            Error::Unprocessable,
            Error::TaskNotFound,
            Error::PreconditionFailed,
        ],
        ..call(
            HttpMethod::Patch,
            api::TASK,
            "changeTask",
            "Change a task: what is not named stays as it is",
        )
    }
}

fn delete() -> Call {
    Call {
        parameters: vec![id(), header("If-Match", IF_MATCH)],
        answers: vec![Answer {
            status: StatusCode::NO_CONTENT,
            words: "It is gone.",
            schema: None,
            headers: &[],
        }],
        errors: &[
            Error::TaskNotFound,
            Error::PreconditionFailed,
            Error::StorageFull,
        ],
        ..call(HttpMethod::Delete, api::TASK, "deleteTask", "Delete a task")
    }
}

fn task_body(is_new: bool) -> Schemed {
    const FARTHEST: isize = (1 << 53) - 1;
    let title = text().min_length(Some(1)).max_length(Some(Title::MOST));
    let notes = text()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(Description::MOST))
        .description(Some("Notes, in several lines if need be; null for none."));
    let completed = flag().description(Some("Whether it is done."));
    let date = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .format(Some(SchemaFormat::Custom("date".to_owned())))
        .description(Some("Of the years 1900 to 2999; null for none."));
    let position = integer()
        .minimum(Some(-FARTHEST))
        .maximum(Some(FARTHEST))
        .description(Some(if is_new {
            "Its place in your own order; if nothing is said, the time it is made, in milliseconds since 1970."
        } else {
            "Its place in your own order."
        }));
    let object = ObjectBuilder::new()
        .property("title", title)
        .property("description", notes)
        .property("completed", completed)
        .property("priority", named("Priority"))
        .property("dueDate", date)
        .property("position", position)
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .examples([
            json!({ "title": "Water the plants", "priority": "high", "dueDate": "2026-11-21" }),
        ]);
    if is_new {
        object.required("title").into()
    } else {
        object.into()
    }
}
