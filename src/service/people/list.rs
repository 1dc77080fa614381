//! Who is here, as those see it who look after people.

use crate::{
    domain::{
        Email, Event, Moment, Outcome, PeoplePage, Person, Place, Query, Result, Role, UserId,
    },
    service::{
        Database, clock,
        entity::{audit_event, session, user},
    },
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{ExprTrait as _, Func, LikeExpr},
};
use std::{cmp::max, collections::HashMap};

/// How many people a page shows.
const A_PAGE: usize = 25;

/// All people, oldest first.
pub async fn all(db: &Database) -> Result<Vec<Person>> {
    let rows = user::Entity::find()
        .order_by_asc(user::Column::CreatedAt)
        .order_by_asc(user::Column::Id)
        .all(db.read())
        .await?;
    known(db, rows, None).await
}

/// The person with this address, if there is one.
pub async fn find(db: &Database, email: &Email) -> Result<Option<Person>> {
    let row = user::Entity::find()
        .filter(user::Column::EmailKey.eq(email.key()))
        .one(db.read())
        .await?;
    alone(db, row).await
}

/// This person, if there is one.
pub async fn one(db: &Database, id: UserId) -> Result<Option<Person>> {
    let row = user::Entity::find_by_id(id).one(db.read()).await?;
    alone(db, row).await
}

/// Some of the people, newest first: those whose name or address has these letters, after this place.
pub async fn page(
    db: &Database,
    query: Option<&Query>,
    after: Option<Place>,
) -> Result<PeoplePage> {
    let mut select = user::Entity::find()
        .order_by_desc(user::Column::CreatedAt)
        .order_by_desc(user::Column::Id)
        .limit(A_PAGE as u64 + 1);
    if let Some(query) = query {
        select = select.filter(called(query.as_str()));
    }
    if let Some(place) = after {
        let same = user::Column::CreatedAt.eq(place.at);
        let beyond = Condition::any()
            .add(user::Column::CreatedAt.lt(place.at))
            .add(same.and(user::Column::Id.lt(place.id.to_string())));
        select = select.filter(beyond);
    }
    let mut rows = select.all(db.read()).await?;
    let more = rows.len() > A_PAGE;
    rows.truncate(A_PAGE);
    let next = rows.last().filter(|_| more).map(|last| Place {
        at: last.created_at,
        id: last.id.0,
    });
    let ids = rows.iter().map(|row| row.id).collect();
    let people = known(db, rows, Some(ids)).await?;
    Ok(PeoplePage { people, next })
}

/// Letters in whatever case. SQLite folds those of ASCII alone: so the others are asked for both as small ones and as capitals.
fn called(text: &str) -> Condition {
    let forms = [text.to_lowercase(), text.to_uppercase()];
    let pattern = |form: &String| {
        let escaped = form
            .to_ascii_lowercase()
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        LikeExpr::new(format!("%{escaped}%")).escape('\\')
    };
    let columns = [user::Column::Name, user::Column::Email];
    columns
        .iter()
        .flat_map(|column| forms.iter().map(move |form| (column, form)))
        .fold(Condition::any(), |any, (column, form)| {
            any.add(Func::lower(column.into_expr()).like(pattern(form)))
        })
}

async fn alone(db: &Database, row: Option<user::Model>) -> Result<Option<Person>> {
    let Some(row) = row else { return Ok(None) };
    let id = row.id;
    Ok(known(db, vec![row], Some(vec![id])).await?.pop())
}

/// What is known of them besides their rows; `ids` narrows down where it is looked for.
async fn known(
    db: &Database,
    rows: Vec<user::Model>,
    ids: Option<Vec<UserId>>,
) -> Result<Vec<Person>> {
    let sessions = sessions(db, ids.as_deref()).await?;
    let seen = last_seen(db, ids.as_deref()).await?;
    let people = rows.into_iter().map(|row| {
        let (count, used) = sessions
            .get(&row.id)
            .map_or((0, None), |(count, used)| (*count, Some(*used)));
        Person {
            id: row.id,
            email: row.email,
            name: row.name,
            email_verified: row.email_verified,
            two_factor_enabled: row.two_factor_enabled,
            role: Role::stored(&row.role),
            disabled_at: row.disabled_at,
            created_at: row.created_at,
            last_seen_at: max(used, seen.get(&row.id).copied()),
            sessions: count,
        }
    });
    Ok(people.collect())
}

/// How many live sessions each has, and when one of them was last used.
async fn sessions(
    db: &Database,
    ids: Option<&[UserId]>,
) -> Result<HashMap<UserId, (u64, Moment)>, DbErr> {
    use session::Column;
    let mut select = session::Entity::find()
        .select_only()
        .column(Column::UserId)
        .column_as(Column::Id.count(), "sessions")
        .column_as(Column::SeenAt.max(), "seen")
        .column_as(Column::UpdatedAt.max(), "renewed")
        .filter(Column::ExpiresAt.gt(clock::now()))
        .group_by(Column::UserId);
    if let Some(ids) = ids {
        select = select.filter(Column::UserId.is_in(ids.iter().copied()));
    }
    let rows: Vec<(UserId, i64, Moment, Moment)> = select.into_tuple().all(db.read()).await?;
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|(id, sessions, seen, renewed)| (id, (count(sessions), max(seen, renewed))))
        .collect())
}

/// When each last came or went, as far as the log goes back.
async fn last_seen(
    db: &Database,
    ids: Option<&[UserId]>,
) -> Result<HashMap<UserId, Moment>, DbErr> {
    use audit_event::Column;
    let came_or_went = [Event::SignIn, Event::SignOut].map(Event::code);
    let mut select = audit_event::Entity::find()
        .select_only()
        .column(Column::UserId)
        .column_as(Column::At.max(), "seen")
        .filter(Column::Event.is_in(came_or_went))
        .filter(Column::Outcome.eq(Outcome::Success.code()))
        .filter(Column::UserId.is_not_null())
        .group_by(Column::UserId);
    if let Some(ids) = ids {
        select = select.filter(Column::UserId.is_in(ids.iter().copied()));
    }
    let rows: Vec<(UserId, Moment)> = select.into_tuple().all(db.read()).await?;
    Ok(rows.into_iter().collect())
}
