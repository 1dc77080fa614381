//! Leaving for good, by one's own hand.

use super::entity::{audit_event, user};
use crate::{
    domain::{Email, Error, Event, Refusal, Result, SignedIn, UserId},
    service::{
        AppState, Source,
        audit::{self, Entry},
        confirm,
        entry::Visit,
        people::{self, Loss},
        session, verification,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// Deletes the account of whoever asks, with all that is theirs. They show once more that it is
/// them, and where they were asked for the address, give that too.
pub async fn leave(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    claimed: Option<&str>,
    address: Option<&str>,
) -> Result<(), Refusal> {
    if let Err(refusal) = left(state, visit, who, claimed, address).await {
        let entry = Entry::refused(Event::Deleted, refusal.error.code())
            .of(Some(who.user.id))
            .through(who.session);
        audit::record(&state.db, &visit.source, entry).await;
        return Err(refusal);
    }
    // The row says that an account was deleted, by an id that names nobody any more, and not from where.
    let nobody = Source {
        address: None,
        user_agent: String::new(),
        request_id: visit.source.request_id.clone(),
    };
    audit::record(&state.db, &nobody, Entry::done(Event::Deleted, who.user.id)).await;
    // The session went with the account: whoever is told that they are gone is gone.
    if let Err(error) = session::end_by_cookie(&visit.cookie).await {
        tracing::warn!(
            code = error.code(),
            "the cookie of an account that is deleted was not taken back"
        );
    }
    Ok(())
}

async fn left(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    claimed: Option<&str>,
    address: Option<&str>,
) -> Result<(), Refusal> {
    if address.is_some_and(|address| !is_theirs(address, who)) {
        return Err(Error::AddressDiffers.into());
    }
    confirm::required(state, visit, who, ("password", claimed)).await?;
    let all = state.db.transaction().await?;
    erase(&all, who.user.id).await?;
    forget(&all, who.user.id).await?;
    Ok(all.commit().await?)
}

fn is_theirs(address: &str, who: &SignedIn) -> bool {
    let key = |text: &str| text.parse::<Email>().map(|email| email.key().to_owned());
    address.trim() == who.user.email
        || matches!((key(address), key(&who.user.email)), (Ok(typed), Ok(known)) if typed == known)
}

/// Removes the account's row, and with it whatever names it; what is kept without a reference, by its name. Who is left has somebody who
/// looks after them.
pub(super) async fn erase(all: &DatabaseTransaction, user: UserId) -> Result<()> {
    people::keep_somebody(all, user, Loss::Person).await?;
    verification::void_all(all, user).await?;
    user::Entity::delete_by_id(user).exec(all).await?;
    Ok(())
}

/// Removes what the log says of a person.
async fn forget(all: &impl ConnectionTrait, user: UserId) -> Result<()> {
    audit_event::Entity::delete_many()
        .filter(audit_event::Column::UserId.eq(user))
        .exec(all)
        .await?;
    Ok(())
}
