//! People: who is here, and that somebody always looks after them.

use super::entity::{audit_event, session, user};
use crate::{
    domain::{
        Email, Error, Event, Moment, Outcome, PeoplePage, Person, Place, Query, Result, Role,
        UserId,
    },
    service::{Database, clock},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr},
};
use std::{cmp::max, collections::HashMap};

/// How many people a page shows.
const A_PAGE: usize = 25;
/// An advisory lock's key: "the keys." in ASCII.
const LOCK: i64 = 0x7468_6520_6b65_7973;

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

/// Whether anybody has an account.
pub async fn is_anybody_here(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let found = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .limit(1)
        .into_tuple::<UserId>()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Lets nobody else come, go, or change their role until this transaction ends. Whatever makes or takes away people or administrators
/// begins with it, so that what is decided on who is here stays true. On SQLite a transaction is alone anyway.
pub(super) async fn lock(all: &DatabaseTransaction) -> Result<(), DbErr> {
    if all.get_database_backend() == DbBackend::Postgres {
        let take = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [LOCK.into()],
        );
        all.execute_raw(take).await?;
    }
    Ok(())
}

/// What somebody becomes whose account is made in this transaction: the first person of all looks after the house. Of many first people at
/// once one is the first.
pub(super) async fn role_of_a_newcomer(all: &DatabaseTransaction) -> Result<Role, DbErr> {
    lock(all).await?;
    Ok(if is_anybody_here(all).await? {
        Role::Member
    } else {
        Role::Admin
    })
}

/// What is about to happen to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// They stay, and look after nobody any more: disabled, or made a member.
    Office,
    /// They go.
    Person,
}

/// Whether there would be people and no administrator among them. Takes the lock: in the transaction that does it, before it is done. The
/// only person of all may go, and leaves an empty house, whose next first person looks after it.
pub async fn would_leave_nobody(
    all: &DatabaseTransaction,
    leaving: UserId,
    loss: Loss,
) -> Result<bool, DbErr> {
    lock(all).await?;
    let holds_office = administrators().filter(user::Column::Id.eq(leaving));
    if holds_office.count(all).await? == 0 {
        return Ok(false);
    }
    let others = administrators().filter(user::Column::Id.ne(leaving));
    if others.count(all).await? > 0 {
        return Ok(false);
    }
    let stay = user::Entity::find().filter(user::Column::Id.ne(leaving));
    Ok(loss == Loss::Office || stay.count(all).await? > 0)
}

/// The same as a refusal.
pub async fn keep_somebody(all: &DatabaseTransaction, leaving: UserId, loss: Loss) -> Result<()> {
    if would_leave_nobody(all, leaving, loss).await? {
        Err(Error::LastAdministrator)
    } else {
        Ok(())
    }
}

fn administrators() -> sea_orm::Select<user::Entity> {
    user::Entity::find()
        .filter(user::Column::Role.eq(Role::Admin.as_str()))
        .filter(user::Column::DisabledAt.is_null())
}

/// Gives a person this role; says whether they had another one before.
pub(super) async fn give_role(
    db: &impl ConnectionTrait,
    user: UserId,
    role: Role,
) -> Result<bool, DbErr> {
    let done = user::Entity::update_many()
        .col_expr(user::Column::Role, Expr::value(role.as_str()))
        .col_expr(user::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(user::Column::Id.eq(user))
        .filter(user::Column::Role.ne(role.as_str()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Makes the one who was here first an administrator, if there are people and none of them is: they came all at once.
pub(super) async fn appoint_the_oldest(all: &DatabaseTransaction) -> Result<Option<UserId>, DbErr> {
    lock(all).await?;
    if administrators().count(all).await? > 0 {
        return Ok(None);
    }
    let oldest = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .order_by_asc(user::Column::DisabledAt.is_not_null())
        .order_by_asc(user::Column::CreatedAt)
        .order_by_asc(user::Column::Id)
        .limit(1)
        .into_tuple::<UserId>()
        .one(all)
        .await?;
    if let Some(oldest) = oldest {
        give_role(all, oldest, Role::Admin).await?;
    }
    Ok(oldest)
}
