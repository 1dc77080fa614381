//! Asking once more whether it is them, of somebody who is signed in, before what they would rue if it was not.

use super::entity::account;
use crate::{
    domain::{Error, Password, Refusal, Result, SignedIn, UserId},
    service::{
        AppState, Database,
        auth::CREDENTIAL,
        clock,
        entry::{self, Visit},
        limit,
        password::PasswordHash,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// The stored hash, if `claimed` is the person's password; else the refusal is about `field`. Tries are counted, and after a few wrong ones the
/// right one waits too: a stolen session must not be a place to guess in.
pub async fn password(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    (field, claimed): (&str, &str),
) -> Result<PasswordHash, Refusal> {
    let subject = who.user.id.to_string();
    entry::knock(state, visit, limit::CONFIRMATION, &subject).await?;
    let counted = [(limit::CONFIRMATION_FAILURES, subject.as_str())];
    let attempt = tried(state, who.user.id, (field, claimed));
    entry::guarded(state, visit, &counted, &[Error::PasswordWrong], attempt).await
}

async fn tried(
    state: &AppState,
    user: UserId,
    (field, claimed): (&str, &str),
) -> Result<PasswordHash, Refusal> {
    let hash = stored(&state.db, user).await?.ok_or(Error::NoPassword)?;
    // What is longer than any password is not hashed, and is simply wrong.
    let is_right = match Password::claimed(claimed) {
        Ok(claimed) => state.hasher.matches(claimed, Some(hash.clone())).await?,
        Err(_) => false,
    };
    if is_right {
        Ok(hash)
    } else {
        Err(Refusal::about(field, Error::PasswordWrong))
    }
}

/// What only the person themselves may do asks for their password, if one came along (`claimed`, about which a refusal is: `field`), and else
/// for a sign-in or a confirmation of a moment ago. The one place where that is decided.
pub async fn required(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    (field, claimed): (&str, Option<&str>),
) -> Result<(), Refusal> {
    match claimed.filter(|claimed| !claimed.is_empty()) {
        Some(claimed) => password(state, visit, who, (field, claimed))
            .await
            .map(drop),
        None => Ok(fresh(who)?),
    }
}

/// Whether the person showed a moment ago that it is them.
pub fn fresh(who: &SignedIn) -> Result<()> {
    if who.is_fresh(clock::now()) {
        Ok(())
    } else {
        Err(Error::SessionNotFresh)
    }
}

/// What the person's password is hashed to, if they have one.
pub(super) async fn stored(db: &Database, user: UserId) -> Result<Option<PasswordHash>> {
    let found = account::Entity::find()
        .filter(account::Column::UserId.eq(user))
        .filter(account::Column::ProviderId.eq(CREDENTIAL))
        .one(db.read())
        .await?;
    Ok(found.and_then(|row| row.password).map(PasswordHash::stored))
}
