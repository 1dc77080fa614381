//! People: who is here, and that somebody always looks after them.

mod list;

pub use list::{all, find, one, page};

use super::entity::user;
use crate::{
    domain::{Error, Result, Role, UserId},
    service::clock,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::Expr,
};

/// An advisory lock's key: "the keys" in ASCII.
const LOCK: i64 = 0x7468_6520_6b65_7973;

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

/// Holds the row of somebody who may come in until this transaction ends: of many at once who are counted, or who change one thing, each
/// sees what the one before has left.
pub(super) async fn hold(all: &DatabaseTransaction, user: UserId) -> Result<user::Model> {
    let person = user::Entity::find_by_id(user)
        .filter(user::Column::DisabledAt.is_null())
        .lock_exclusive();
    person.one(all).await?.ok_or(Error::Unauthorized)
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

/// The administrator who is here longest, if there is one who can come in.
pub(super) async fn longest_administrator(
    db: &impl ConnectionTrait,
) -> Result<Option<UserId>, DbErr> {
    administrators()
        .select_only()
        .column(user::Column::Id)
        .order_by_asc(user::Column::CreatedAt)
        .order_by_asc(user::Column::Id)
        .limit(1)
        .into_tuple::<UserId>()
        .one(db)
        .await
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
        user::Entity::update_many()
            .col_expr(user::Column::Role, Expr::value(Role::Admin.as_str()))
            .filter(user::Column::Id.eq(oldest))
            .exec(all)
            .await?;
    }
    Ok(oldest)
}
