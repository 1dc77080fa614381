//! Another password, by somebody who knows the one there is.

use super::{
    account::check_own_words,
    entity::{account, user},
};
use crate::{
    domain::{Error, Event, Password, Refusal, Result, SignedIn},
    service::{
        AppState,
        audit::{self, Entry},
        auth::CREDENTIAL,
        clock, confirm,
        entry::{self, Proof, Visit},
        mail::{self, Letter},
        password::PasswordHash,
        second_factor, session,
        verification::{self, Purpose},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

/// Sets another password, ends every other session of the person; the one of whoever did it goes on under a new id. Access tokens go on: none was made with the
/// password alone, and they are listed and revoked by name.
pub async fn change(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    current: &str,
    chosen: Password,
) -> Result<SignedIn, Refusal> {
    let done = changed(state, visit, who, current, chosen).await;
    let entry = match &done {
        Ok(after) => Entry::done(Event::PasswordChanged, after.user.id).through(after.session),
        Err(refusal) => Entry::refused(Event::PasswordChanged, refusal.error.code())
            .of(Some(who.user.id))
            .through(who.session),
    };
    audit::record(&state.db, &visit.source, entry).await;
    done
}

async fn changed(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    current: &str,
    chosen: Password,
) -> Result<SignedIn, Refusal> {
    let before = confirm::password(state, visit, who, ("currentPassword", current)).await?;
    let person = user::Entity::find_by_id(who.user.id)
        .one(state.db.read())
        .await?
        .ok_or(Error::Unauthorized)?;
    check_own_words(&person, &chosen).map_err(|error| Refusal::about("newPassword", error))?;
    let after = state.hasher.hash(chosen).await?;
    replace(state, who, &person, (&before, &after)).await?;
    let who = entry::renew(state, visit, who.clone()).await?;
    entry::stay(state, visit, who, &Proof::Password(after)).await
}

/// The password, the other sessions, and links to set another: all of it or nothing, and nothing by a session that was ended meanwhile. A password that was set in the meantime stays, and then the one
/// that was typed is the wrong one.
async fn replace(
    state: &AppState,
    who: &SignedIn,
    person: &user::Model,
    (before, after): (&PasswordHash, &PasswordHash),
) -> Result<(), Refusal> {
    let (all, user) = (state.db.transaction().await?, person.id);
    let replaced = account::Entity::update_many()
        .col_expr(account::Column::Password, Expr::value(after.as_str()))
        .col_expr(account::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(account::Column::UserId.eq(user))
        .filter(account::Column::ProviderId.eq(CREDENTIAL))
        .filter(account::Column::Password.eq(before.as_str()))
        .exec(&all)
        .await?;
    if replaced.rows_affected == 0 {
        return Err(Refusal::about("currentPassword", Error::PasswordWrong));
    }
    let this = session::open(who.session, user);
    if all.query_one(&this).await?.is_none() {
        return Err(Error::Unauthorized.into());
    }
    session::end_all(&all, user, Some(who.session)).await?;
    verification::void(&all, Purpose::PasswordReset, user).await?;
    verification::void(&all, Purpose::EmailChange, user).await?;
    mail::queue(&all, &state.mail, &person.email, &Letter::PasswordChanged).await?;
    second_factor::forget_browsers(&all, user).await?;
    all.commit().await?;
    session::end_belated(&state.db, user, Some(who.session)).await?;
    Ok(())
}
