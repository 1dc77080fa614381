//! Tasks, as pages work on them. Each function asks who calls before it does anything.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::{Flag, Input};
use crate::domain::{Refusal, Task, TaskCount, TaskId};
use jiff::civil::Date;
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use serde::{Deserialize, Serialize};

/// Where the address of a page that says that a task has another day names the one it had before.
pub const BEFORE: &str = "before";
/// What it says there of a task that had none.
pub const NO_DAY: &str = "none";

/// Which tasks a page shows: what its address says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// `open`, `done` or `all`.
    #[serde(default)]
    pub filter: Option<String>,
    /// What is searched for.
    #[serde(default)]
    pub q: Option<String>,
    /// What it is ordered by.
    #[serde(default)]
    pub sort: Option<String>,
    /// Where the page begins.
    #[serde(default)]
    pub after: Option<String>,
}

/// A page of tasks, and how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The tasks.
    pub tasks: Vec<Task>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many there are in all.
    pub count: TaskCount,
    /// The day it is where the person is.
    pub today: Date,
}

/// A task that a page's notice speaks of, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Noticed {
    /// The task.
    pub task: Task,
    /// Whether it is deleted and can still be brought back.
    pub is_deleted: bool,
}

/// The tasks that a page shows.
#[server(prefix = "/action/tasks", endpoint = "list", input = GetUrl, output = Json)]
pub async fn list_tasks(#[server(flatten)] shown: Shown) -> Result<Listing, Refusal> {
    use super::context::{signed_in, state};
    use crate::{
        domain::{Sort, TaskQuery},
        service::{clock, tasks},
    };
    const A_PAGE: u64 = 50;
    let (who, state) = (signed_in().await?, state()?);
    let completed = match shown.filter.as_deref() {
        Some("all") => None,
        Some("done") => Some(true),
        _ => Some(false),
    };
    // What an address says wrong is shown as if it said nothing: a page is not a place to be told off.
    let query = TaskQuery {
        completed,
        q: shown.q.and_then(|q| q.parse().ok()),
        sort: shown
            .sort
            .and_then(|sort| sort.parse().ok())
            .unwrap_or(Sort::DueDate),
        ..TaskQuery::default()
    };
    let page = match tasks::list(
        &state.db,
        &state.cursors,
        who.user.id,
        &query,
        (A_PAGE, shown.after.as_deref()),
    )
    .await
    {
        Err(crate::domain::Error::InvalidCursor) => {
            tasks::list(
                &state.db,
                &state.cursors,
                who.user.id,
                &query,
                (A_PAGE, None),
            )
            .await?
        }
        page => page?,
    };
    let count = tasks::count(&state.db, who.user.id).await?;
    Ok(Listing {
        tasks: page.tasks,
        next: page.next_cursor,
        count,
        today: clock::now().date_in(&who.wishes.zone()),
    })
}

/// The task that a notice speaks of, deleted or not.
#[server(prefix = "/action/tasks", endpoint = "notice", input = GetUrl, output = Json)]
pub async fn task_notice(id: TaskId) -> Result<Noticed, Refusal> {
    use super::context::{signed_in, state};
    use crate::{domain::Error, service::tasks};
    let (who, state) = (signed_in().await?, state()?);
    let (task, is_deleted) = match tasks::read(&state.db, who.user.id, id).await {
        Err(Error::TaskNotFound) => (tasks::read_deleted(&state.db, who.user.id, id).await?, true),
        task => (task?, false),
    };
    Ok(Noticed { task, is_deleted })
}

/// Writes a task down. A form that says which one it is (`once`) makes it once, however often it arrives: pressed twice, or sent again
/// because the first answer was lost.
#[server(prefix = "/action/tasks", endpoint = "create", input = Input, output = Json)]
pub async fn create_task(
    title: String,
    #[server(default)] priority: Option<String>,
    #[server(default)]
    #[server(rename = "dueDate")]
    due_date: Option<String>,
    #[server(default)] once: Option<String>,
) -> Result<Task, Refusal> {
    use super::context::{added, signed_in, state};
    use crate::{
        domain::{Error, Faults, NewTask, task},
        service::tasks,
    };
    let (who, state) = (signed_in().await?, state()?);
    let mut faults = Faults::default();
    let title = faults.check(title.parse());
    let priority = faults.check(priority.as_deref().unwrap_or("none").parse());
    let due_date = faults.check(
        due_date
            .filter(|date| !date.is_empty())
            .map(|date| task::due_date(&date))
            .transpose(),
    );
    faults.refuse()?;
    let (Some(title), Some(priority), Some(due_date)) = (title, priority, due_date) else {
        return Err(Error::Internal.into());
    };
    let new = NewTask {
        priority,
        due_date,
        ..NewTask::titled(title)
    };
    let task = match once.filter(|form| !form.is_empty()) {
        Some(form) => {
            // Another task on the same form is another one.
            let what = format!(
                "{form}\n{}\n{}\n{:?}",
                new.title, new.priority, new.due_date
            );
            tasks::create_once(&state.db, who.user.id, new, (&what, what.as_bytes())).await?
        }
        None => tasks::create(&state.db, who.user.id, new).await?,
    };
    added(task.id);
    Ok(task)
}

/// Changes what a task says; what is not sent stays as it is, and an empty date takes the date away.
#[server(prefix = "/action/tasks", endpoint = "change", input = Input, output = Json)]
pub async fn change_task(
    id: TaskId,
    #[server(default)] title: Option<String>,
    #[server(default)] description: Option<String>,
    #[server(default)] priority: Option<String>,
    #[server(default)]
    #[server(rename = "dueDate")]
    due_date: Option<String>,
) -> Result<Task, Refusal> {
    use super::context::{back, rescheduled, signed_in, state};
    use crate::{
        domain::{Faults, TaskChange, task},
        service::tasks,
    };
    let (who, state) = (signed_in().await?, state()?);
    let is_day_alone =
        due_date.is_some() && title.is_none() && description.is_none() && priority.is_none();
    let mut faults = Faults::default();
    let day = |date: String| {
        if date.is_empty() {
            Ok(None)
        } else {
            task::due_date(&date).map(Some)
        }
    };
    let change = TaskChange {
        title: title.and_then(|title| faults.check(title.parse())),
        description: description.and_then(|notes| faults.check(notes.parse())),
        priority: priority.and_then(|priority| faults.check(priority.parse())),
        due_date: due_date.and_then(|date| faults.check(day(date))),
        ..TaskChange::default()
    };
    faults.refuse()?;
    let changed = tasks::change(&state.db, who.user.id, id, &change, None).await?;
    if is_day_alone {
        rescheduled(id, changed.before.due_date);
    } else {
        back("changed", id);
    }
    Ok(changed.after)
}

/// Sets whether a task is done. The wanted state is sent, not the flip: sent twice it is still right.
#[server(prefix = "/action/tasks", endpoint = "complete", input = Input, output = Json)]
pub async fn complete_task(id: TaskId, completed: Flag) -> Result<Task, Refusal> {
    use super::context::{back, signed_in, state};
    use crate::{domain::TaskChange, service::tasks};
    let (who, state) = (signed_in().await?, state()?);
    let change = TaskChange {
        completed: Some(completed.0),
        ..TaskChange::default()
    };
    let changed = tasks::change(&state.db, who.user.id, id, &change, None).await?;
    back(if completed.0 { "done" } else { "reopened" }, id);
    Ok(changed.after)
}

/// Deletes a task; for a day it can be brought back.
#[server(prefix = "/action/tasks", endpoint = "delete", input = Input, output = Json)]
pub async fn delete_task(id: TaskId) -> Result<Task, Refusal> {
    use super::context::{back, signed_in, state};
    let (who, state) = (signed_in().await?, state()?);
    let task = crate::service::tasks::delete(&state.db, who.user.id, id, None).await?;
    back("deleted", id);
    Ok(task)
}

/// Brings a deleted task back.
#[server(prefix = "/action/tasks", endpoint = "restore", input = Input, output = Json)]
pub async fn restore_task(id: TaskId) -> Result<Task, Refusal> {
    use super::context::{back, signed_in, state};
    let (who, state) = (signed_in().await?, state()?);
    let task = crate::service::tasks::restore(&state.db, who.user.id, id).await?;
    back("restored", id);
    Ok(task)
}
