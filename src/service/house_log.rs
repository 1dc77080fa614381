//! What happened to accounts, for those who look after them.

use super::{
    audit::{self, KEPT_SECONDS},
    entity::{audit_event, user},
};
use crate::{
    domain::{Event, HouseLine, HouseLog, Place, Result, Someone, UserId},
    service::{Database, clock},
};
use audit_event::Column;
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::HashMap;

/// How many lines a page shows.
const A_PAGE: usize = 50;

/// Which lines are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this kind alone.
    pub event: Option<Event>,
    /// About this person, or done by them.
    pub person: Option<UserId>,
    /// After this place.
    pub after: Option<Place>,
}

/// Some of the lines, newest first.
pub async fn read(db: &Database, wanted: Wanted) -> Result<HouseLog> {
    let mut select = audit_event::Entity::find()
        .filter(Column::At.gt(clock::now().plus_seconds(-KEPT_SECONDS)))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(A_PAGE as u64 + 1);
    if let Some(event) = wanted.event {
        select = select.filter(Column::Event.eq(event.code()));
    }
    if let Some(person) = wanted.person {
        let theirs = Condition::any()
            .add(Column::UserId.eq(person))
            .add(Column::ActorId.eq(person));
        select = select.filter(theirs);
    }
    if let Some(place) = wanted.after {
        let same = Column::At.eq(place.at);
        let beyond = Condition::any()
            .add(Column::At.lt(place.at))
            .add(same.and(Column::Id.lt(place.id.to_string())));
        select = select.filter(beyond);
    }
    let mut rows = select.all(db.read()).await?;
    let more = rows.len() > A_PAGE;
    rows.truncate(A_PAGE);
    let next = rows.last().filter(|_| more).map(|last| Place {
        at: last.at,
        id: last.id.0,
    });
    let names = names(db, &rows).await?;
    let lines = rows.iter().filter_map(|row| line(row, &names)).collect();
    Ok(HouseLog { lines, next })
}

/// What those are called whom these rows speak of, as far as they are here.
async fn names(
    db: &Database,
    rows: &[audit_event::Model],
) -> Result<HashMap<UserId, String>, DbErr> {
    let mut ids: Vec<UserId> = rows
        .iter()
        .flat_map(|row| [row.user_id, row.actor_id])
        .flatten()
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let found: Vec<(UserId, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .filter(user::Column::Id.is_in(ids))
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(found.into_iter().collect())
}

fn line(row: &audit_event::Model, names: &HashMap<UserId, String>) -> Option<HouseLine> {
    let someone = |id: UserId| Someone {
        id,
        name: names.get(&id).cloned(),
    };
    Some(HouseLine {
        line: audit::line(row)?,
        reason: row.reason.clone(),
        about: row.user_id.map(someone),
        by: row.actor_id.map(someone),
    })
}
