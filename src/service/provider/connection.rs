//! Which identity belongs to which account: one row of `account`, and no more than one for each person.

use super::{Provider, arrive::Halt, called, errand::Errand, ticket::Ticket};
use crate::{
    domain::{
        AccountId, Connection, Error, Event, Mishap, Next, Password, PendingLink, Refusal, Result,
        SignedIn, UserId,
    },
    service::{
        AppState, Database,
        audit::{self, Entry},
        clock,
        entity::{account, user},
        entry::{self, Entered, Visit},
        mail::{self, Letter},
        ways,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter,
    QuerySelect, SqlErr,
};
use uuid::Uuid;

/// The row of a person and an identity.
pub(in crate::service) fn row(user: UserId, id: &str) -> account::ActiveModel {
    let now = clock::now();
    account::ActiveModel {
        id: Set(AccountId(Uuid::now_v7())),
        user_id: Set(user),
        account_id: Set(id.to_owned()),
        provider_id: Set(super::ID.to_owned()),
        password: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

/// Whose identity this is, if anybody's.
pub(super) async fn person_of(db: &Database, id: &str) -> Result<Option<user::Model>> {
    let owner = user::Entity::belongs_to(account::Entity)
        .from(user::Column::Id)
        .to(account::Column::UserId)
        .into();
    let person = user::Entity::find()
        .join(JoinType::InnerJoin, owner)
        .filter(account::Column::ProviderId.eq(super::ID))
        .filter(account::Column::AccountId.eq(id))
        .one(db.read())
        .await?;
    Ok(person)
}

async fn of_user(db: &impl ConnectionTrait, user: UserId) -> Result<Option<account::Model>> {
    let row = account::Entity::find()
        .filter(account::Column::UserId.eq(user))
        .filter(account::Column::ProviderId.eq(super::ID))
        .one(db)
        .await?;
    Ok(row)
}

/// The identity that the person has already, if any.
pub(super) async fn identity_of(db: &Database, user: UserId) -> Result<Option<String>> {
    let row = of_user(db.read(), user).await?;
    Ok(row.map(|row| row.account_id))
}

/// Whose it is afterwards.
pub(super) enum Linked {
    Now,
    ToAnother,
}

/// Connects the identity in the place of the one before, and tells the person in a letter. The index says whether it is somebody else's.
pub(super) async fn write(state: &AppState, user: UserId, id: &str) -> Result<Linked> {
    let all = state.db.transaction().await?;
    let person = user::Entity::find_by_id(user).one(&all).await?;
    let person = person.ok_or(Error::Unauthorized)?;
    forget(&all, user).await?;
    let written = account::Entity::insert(row(user, id))
        .exec_without_returning(&all)
        .await;
    match written {
        Ok(_) => {
            let provider = state.provider.as_ref().map(Provider::name);
            let letter = Letter::ProviderLinked {
                provider: provider.unwrap_or_default().to_owned(),
            };
            mail::queue(&all, &state.mail, &person.email, &letter).await?;
            all.commit().await?;
            Ok(Linked::Now)
        }
        Err(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            all.rollback().await?;
            Ok(Linked::ToAnother)
        }
        Err(cause) => Err(cause.into()),
    }
}

/// Takes the identity from the account; says of how many there were.
pub async fn forget(db: &impl ConnectionTrait, user: UserId) -> Result<u64> {
    let gone = account::Entity::delete_many()
        .filter(account::Column::UserId.eq(user))
        .filter(account::Column::ProviderId.eq(super::ID))
        .exec(db)
        .await?;
    Ok(gone.rows_affected)
}

/// Connects it, and says so in the log and to the person.
pub(super) async fn link(
    state: &AppState,
    visit: &Visit,
    user: UserId,
    id: &str,
) -> Result<(), Halt> {
    match write(state, user, id).await? {
        Linked::Now => {
            let entry = Entry::done(Event::ProviderLinked, user);
            audit::record(&state.db, &visit.source, entry).await;
            Ok(())
        }
        Linked::ToAnother => Err(Mishap::Taken.into()),
    }
}

/// The account that waits for this browser to show that it is theirs, if one does.
pub async fn pending(
    state: &AppState,
    visit: &Visit,
    ticket: Option<&Ticket>,
) -> Result<Option<PendingLink>> {
    let Some((person, _, _)) = waiting(state, ticket).await? else {
        return Ok(None);
    };
    let who = visit.who(state).await?;
    Ok(Some(PendingLink {
        is_proven: who.is_some_and(|who| who.user.id == person.id),
        email: person.email,
    }))
}

async fn waiting(
    state: &AppState,
    ticket: Option<&Ticket>,
) -> Result<Option<(user::Model, String, Next)>> {
    let Some(ticket) = ticket.filter(|_| state.provider.is_some()) else {
        return Ok(None);
    };
    let Some(Errand::Prove(user, id, next)) = Errand::read(state.db.read(), ticket).await? else {
        return Ok(None);
    };
    let person = user::Entity::find_by_id(user).one(state.db.read()).await?;
    Ok(person.map(|person| (person, id, next)))
}

/// What came of showing that an account is theirs.
pub enum Proven {
    /// It is connected, and they go on.
    Connected(Next),
    /// The second factor is asked for first. The errand waits: afterwards they are signed in, and that is proof enough.
    Challenged,
}

/// Connects the account that waits, once its password is right; whoever is signed in to it has shown that before.
pub async fn prove(
    state: &AppState,
    visit: &Visit,
    ticket: Option<&Ticket>,
    claimed: Option<Password>,
) -> Result<Proven, Refusal> {
    let over = Error::ProviderErrandOver;
    let (person, id, next) = waiting(state, ticket).await?.ok_or(over)?;
    let who = visit.who(state).await?;
    if who.is_none_or(|who| who.user.id != person.id) {
        let claimed = claimed.ok_or_else(|| Refusal::about("password", Error::Validation))?;
        let email = person.email_key.parse()?;
        match entry::sign_in(state, visit, &email, claimed, true).await? {
            Entered::In(_) => {}
            Entered::Challenged => return Ok(Proven::Challenged),
        }
    }
    let used = match ticket {
        Some(ticket) => Errand::end(state.db.write(), ticket).await?,
        None => None,
    };
    used.ok_or(over)?;
    match link(state, visit, person.id, &id).await {
        Ok(()) => Ok(Proven::Connected(next)),
        Err(Halt::Refusal(refusal)) => Err(refusal),
        Err(Halt::Mishap(..)) => Err(Error::ProviderTaken.into()),
    }
}

/// Whether this person's account is connected.
pub async fn connection(state: &AppState, who: &SignedIn) -> Result<Option<Connection>> {
    let Some(provider) = state.provider.as_ref() else {
        return Ok(None);
    };
    let row = of_user(state.db.read(), who.user.id).await?;
    let ways = ways::of(state, who.user.id).await?;
    Ok(Some(Connection {
        name: provider.name().to_owned(),
        since: row.map(|row| row.created_at),
        is_spare: ways.password || ways.passkey,
    }))
}

/// Takes the identity from the account again, unless nothing else leads in.
pub async fn disconnect(
    state: &AppState,
    visit: &Visit,
    id: &str,
    who: &SignedIn,
) -> Result<(), Refusal> {
    called(state, id)?;
    let done = without(state, who.user.id).await;
    let entry = match &done {
        Ok(()) => Entry::done(Event::ProviderUnlinked, who.user.id),
        Err(error) => Entry::refused(Event::ProviderUnlinked, error.code()).of(Some(who.user.id)),
    };
    audit::record(&state.db, &visit.source, entry.through(who.session)).await;
    Ok(done?)
}

async fn without(state: &AppState, user: UserId) -> Result<()> {
    let all = state.db.transaction().await?;
    ways::hold(&all, user).await?;
    if forget(&all, user).await? == 0 {
        return Err(Error::ProviderNotLinked);
    }
    ways::keep_one(state, &all, user).await?;
    all.commit().await?;
    Ok(())
}
