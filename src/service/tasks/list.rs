//! Lists of tasks: filtered, sorted, a page at a time. A page begins after the last one's end (keyset), so that page 200 costs what page 1 does.

use super::{
    cursor::{self, By, Place},
    fold::searched,
    owned_by,
    row::{priority, rank},
};
use crate::{
    domain::{Error, Moment, Result, Sort, Task, TaskPage, TaskQuery, UserId},
    service::{Database, claimant::Claimant, entity::task, key::Key},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, Order, QueryResult,
    sea_query::{Expr, Func, FunctionCall, NullOrdering, Query, SelectStatement},
};
use task::Column;

/// What is read of a task: all that its owner sees.
const SEEN: [Column; 10] = [
    Column::Id,
    Column::Title,
    Column::Description,
    Column::CompletedAt,
    Column::Priority,
    Column::DueDate,
    Column::Position,
    Column::CreatedAt,
    Column::UpdatedAt,
    Column::Version,
];

/// A page of at most `limit` tasks, after `cursor` if there is one.
pub async fn list(
    db: &Database,
    key: &Key,
    owner: UserId,
    query: &TaskQuery,
    page: (u64, Option<&str>),
) -> Result<TaskPage> {
    let select = prepare(db.backend(), key, owner, query, page)?;
    finish(key, owner, query, page.0, rows(db, query, &select).await?)
}

/// A page of the tasks of whoever a token names. One statement both asks whether the token lives and reads the tasks; only when it finds
/// nothing a second one tells an empty list from a token that is dead.
pub async fn list_as(
    db: &Database,
    key: &Key,
    claimant: Claimant,
    query: &TaskQuery,
    page: (u64, Option<&str>),
) -> Result<TaskPage> {
    let owner = claimant.user;
    let mut select = match prepare(db.backend(), key, owner, query, page) {
        Ok(select) => select,
        Err(error) => {
            claimant.admitted(db).await?;
            return Err(error);
        }
    };
    select.and_where(Expr::exists(claimant.lives()));
    let rows = rows(db, query, &select).await?;
    if rows.is_empty() {
        claimant.admitted(db).await?;
    }
    finish(key, owner, query, page.0, rows)
}

fn prepare(
    backend: DbBackend,
    key: &Key,
    owner: UserId,
    query: &TaskQuery,
    (limit, after): (u64, Option<&str>),
) -> Result<SelectStatement> {
    let (column, order) = order(query.sort);
    let mut select = Query::select();
    select
        .columns(SEEN)
        .from(task::Entity)
        .cond_where(owned_by(owner))
        .cond_where(filters(backend, query));
    if matches!(column, Column::TitleKey) {
        select.column(column);
    }
    if let Some(after) = after {
        let place = cursor::read(key, owner, query.sort, after)?;
        select.cond_where(beyond(column, &order, place)?);
    }
    if may_be_null(column) {
        // Without one comes last either way. Said like this, the index on the dates serves it, and nothing is sorted.
        select.order_by_with_nulls(column, order.clone(), NullOrdering::Last);
    } else {
        select.order_by(column, order.clone());
    }
    select.order_by(Column::Id, order).limit(limit + 1);
    Ok(select)
}

async fn rows(db: &Database, query: &TaskQuery, select: &SelectStatement) -> Result<Vec<Listed>> {
    let by_title = matches!(order(query.sort).0, Column::TitleKey);
    let rows = db.read().query_all(select).await?;
    let rows: Result<_, DbErr> = rows.iter().map(|row| listed(row, by_title)).collect();
    Ok(rows?)
}

/// A task with the key of its title as it stands in the row, if it is sorted by that: one that another version of the server wrote stands where
/// it put it.
type Listed = (Task, Option<String>);

/// Reads a row by the places of [`SEEN`].
fn listed(row: &QueryResult, by_title: bool) -> Result<Listed, DbErr> {
    let completed_at: Option<Moment> = row.try_get_by_index(3)?;
    let due_date: Option<String> = row.try_get_by_index(5)?;
    let task = Task {
        id: row.try_get_by_index(0)?,
        title: row.try_get_by_index(1)?,
        description: row.try_get_by_index(2)?,
        completed: completed_at.is_some(),
        completed_at,
        priority: priority(row.try_get_by_index(4)?),
        due_date: due_date.and_then(|date| date.parse().ok()),
        position: row.try_get_by_index(6)?,
        created_at: row.try_get_by_index(7)?,
        updated_at: row.try_get_by_index(8)?,
        version: row.try_get_by_index(9)?,
    };
    let title_key = if by_title {
        row.try_get_by_index(SEEN.len())?
    } else {
        None
    };
    Ok((task, title_key))
}

fn finish(
    key: &Key,
    owner: UserId,
    query: &TaskQuery,
    limit: u64,
    mut rows: Vec<Listed>,
) -> Result<TaskPage> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let last = if more { rows.last() } else { None };
    let next_cursor = last
        .map(|last| cursor::write(key, owner, query.sort, &place(query.sort, last)))
        .transpose()?;
    let tasks = rows.into_iter().map(|(task, _)| task).collect();
    Ok(TaskPage { tasks, next_cursor })
}

/// A task need not be due, nor done.
const fn may_be_null(column: Column) -> bool {
    matches!(column, Column::DueDate | Column::CompletedAt)
}

const fn order(sort: Sort) -> (Column, Order) {
    match sort {
        Sort::CreatedAt => (Column::CreatedAt, Order::Asc),
        Sort::CreatedAtDown => (Column::CreatedAt, Order::Desc),
        Sort::DueDate => (Column::DueDate, Order::Asc),
        Sort::DueDateDown => (Column::DueDate, Order::Desc),
        Sort::CompletedAt => (Column::CompletedAt, Order::Asc),
        Sort::CompletedAtDown => (Column::CompletedAt, Order::Desc),
        Sort::Priority => (Column::Priority, Order::Asc),
        Sort::PriorityDown => (Column::Priority, Order::Desc),
        Sort::Title => (Column::TitleKey, Order::Asc),
        Sort::TitleDown => (Column::TitleKey, Order::Desc),
        Sort::Position => (Column::Position, Order::Asc),
        Sort::PositionDown => (Column::Position, Order::Desc),
    }
}

fn filters(backend: DbBackend, query: &TaskQuery) -> Condition {
    use sea_orm::sea_query::ExprTrait;

    let completed = query.completed.map(|done| {
        if done {
            Column::CompletedAt.is_not_null()
        } else {
            Column::CompletedAt.is_null()
        }
    });
    let found = query
        .q
        .as_ref()
        .map(|q| Expr::expr(place_of(backend, searched(q.as_str()))).gt(0));
    Condition::all()
        .add_option(completed)
        .add_option(found)
        .add_option(
            query
                .priority
                .map(|priority| Column::Priority.eq(rank(priority))),
        )
        .add_option(
            query
                .due_before
                .map(|date| Column::DueDate.lt(date.to_string())),
        )
        .add_option(
            query
                .due_after
                .map(|date| Column::DueDate.gt(date.to_string())),
        )
}

/// Where the words stand in what is searched, or 0. No `LIKE`, which tries again from each letter: words that nearly match everywhere would cost
/// as much as both lengths multiplied.
fn place_of(backend: DbBackend, words: String) -> FunctionCall {
    let name = match backend {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    Func::cust(name).args([Expr::col(Column::SearchKey), Expr::val(words)])
}

/// What stands after this place in this order.
fn beyond(column: Column, order: &Order, place: Place) -> Result<Condition> {
    let is_down = *order == Order::Desc;
    let further = |column: Column, value: sea_orm::Value| {
        if is_down {
            column.lt(value)
        } else {
            column.gt(value)
        }
    };
    let after_id = further(Column::Id, place.id.into());
    let Some(value) = value(place.by, column)? else {
        return Ok(Condition::all().add(column.is_null()).add(after_id));
    };
    let same = Condition::all().add(column.eq(value.clone())).add(after_id);
    let beyond = Condition::any()
        .add(further(column, value.clone()))
        .add(same);
    if may_be_null(column) {
        return Ok(beyond.add(column.is_null()));
    }
    // It follows from the other condition, and alone tells the index where to begin.
    let bound = if is_down {
        column.lte(value)
    } else {
        column.gte(value)
    };
    Ok(Condition::all().add(bound).add(beyond))
}

/// What the last one had there; nothing, where it had none.
fn value(by: Option<By>, column: Column) -> Result<Option<sea_orm::Value>> {
    Ok(Some(match (by, column) {
        (None, column) if may_be_null(column) => return Ok(None),
        (Some(By::Text(text)), Column::DueDate | Column::TitleKey) => text.into(),
        (Some(By::Number(number)), Column::CreatedAt | Column::CompletedAt | Column::Position) => {
            number.into()
        }
        (Some(By::Number(number)), Column::Priority) => i16::try_from(number)
            .map_err(|_| Error::InvalidCursor)?
            .into(),
        _ => return Err(Error::InvalidCursor),
    }))
}

fn place(sort: Sort, (task, title_key): &Listed) -> Place {
    let by = match order(sort).0 {
        Column::CreatedAt => Some(By::Number(task.created_at.0)),
        Column::Position => Some(By::Number(task.position)),
        Column::Priority => Some(By::Number(rank(task.priority).into())),
        Column::CompletedAt => task.completed_at.map(|at| By::Number(at.0)),
        Column::DueDate => task.due_date.map(|date| By::Text(date.to_string())),
        _ => title_key.clone().map(By::Text),
    };
    Place { by, id: task.id }
}
