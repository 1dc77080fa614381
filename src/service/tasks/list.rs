//! Lists of tasks: filtered, sorted, a page at a time. A page begins after the last one's end (keyset), so that page 200 costs what page 1 does.

use super::{
    cursor::{self, By, Place},
    folded, owned_by, rank, seen,
};
use crate::{
    domain::{Error, Result, Sort, TaskPage, TaskQuery, UserId},
    service::{Database, entity::task, key::Key},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LikeExpr},
};
use task::Column;

/// A page of at most `limit` tasks, after `cursor` if there is one.
pub async fn list(
    db: &Database,
    key: &Key,
    owner: UserId,
    query: &TaskQuery,
    page: (u64, Option<&str>),
) -> Result<TaskPage> {
    let (limit, after) = page;
    let (column, order) = order(query.sort);
    let mut select = task::Entity::find()
        .filter(owned_by(owner))
        .filter(filters(query));
    if let Some(after) = after {
        let place = cursor::read(key, owner, query.sort, after)?;
        select = select.filter(beyond(column, &order, place)?);
    }
    if matches!(column, Column::DueDate) {
        // Without a date comes last either way.
        select = select.order_by_asc(column.is_null());
    }
    let rows = select
        .order_by(column, order.clone())
        .order_by(Column::Id, order)
        .limit(limit + 1)
        .all(db.read())
        .await?;

    let more = rows.len() as u64 > limit;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let last = if more { rows.get(most - 1) } else { None };
    let next_cursor = last
        .map(|row| cursor::write(key, owner, query.sort, &place(column, row)))
        .transpose()?;
    Ok(TaskPage {
        tasks: rows.into_iter().take(most).map(seen).collect(),
        next_cursor,
    })
}

const fn order(sort: Sort) -> (Column, Order) {
    match sort {
        Sort::CreatedAt => (Column::CreatedAt, Order::Asc),
        Sort::CreatedAtDown => (Column::CreatedAt, Order::Desc),
        Sort::DueDate => (Column::DueDate, Order::Asc),
        Sort::DueDateDown => (Column::DueDate, Order::Desc),
        Sort::Priority => (Column::Priority, Order::Asc),
        Sort::PriorityDown => (Column::Priority, Order::Desc),
        Sort::Title => (Column::TitleKey, Order::Asc),
        Sort::TitleDown => (Column::TitleKey, Order::Desc),
        Sort::Position => (Column::Position, Order::Asc),
        Sort::PositionDown => (Column::Position, Order::Desc),
    }
}

fn filters(query: &TaskQuery) -> Condition {
    use sea_orm::sea_query::ExprTrait;

    let completed = query.completed.map(|done| {
        if done {
            Column::CompletedAt.is_not_null()
        } else {
            Column::CompletedAt.is_null()
        }
    });
    let searched = query
        .q
        .as_ref()
        .map(|q| Expr::col(Column::SearchKey).like(containing(&folded(q.as_str()))));
    Condition::all()
        .add_option(completed)
        .add_option(searched)
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

/// `%` and `_` are letters like any other here.
fn containing(text: &str) -> LikeExpr {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// What stands after this place in this order.
fn beyond(column: Column, order: &Order, place: Place) -> Result<Condition> {
    let further = |column: Column, value: sea_orm::Value| {
        if *order == Order::Desc {
            column.lt(value)
        } else {
            column.gt(value)
        }
    };
    let after_id = further(Column::Id, place.id.into());
    let value: sea_orm::Value = match (place.by, column) {
        (None, Column::DueDate) => return Ok(Condition::all().add(column.is_null()).add(after_id)),
        (Some(By::Text(text)), Column::DueDate | Column::TitleKey) => text.into(),
        (Some(By::Number(number)), Column::CreatedAt | Column::Position) => number.into(),
        (Some(By::Number(number)), Column::Priority) => i16::try_from(number)
            .map_err(|_| Error::InvalidCursor)?
            .into(),
        _ => return Err(Error::InvalidCursor),
    };
    let beyond = Condition::any()
        .add(further(column, value.clone()))
        .add(Condition::all().add(column.eq(value)).add(after_id));
    Ok(if matches!(column, Column::DueDate) {
        beyond.add(column.is_null())
    } else {
        beyond
    })
}

fn place(column: Column, row: &task::Model) -> Place {
    let by = match column {
        Column::CreatedAt => Some(By::Number(row.created_at.0)),
        Column::Position => Some(By::Number(row.position)),
        Column::Priority => Some(By::Number(row.priority.into())),
        Column::DueDate => row.due_date.clone().map(By::Text),
        _ => Some(By::Text(row.title_key.clone())),
    };
    Place { by, id: row.id }
}
