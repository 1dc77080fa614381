//! Another address: whoever asks shows that it is them, whoever gets the letter shows that the address is theirs, and the old address hears
//! of both.

use super::{Proven, may_write, with_token};
use crate::{
    domain::{Email, Error, Event, Moment, Next, Refusal, Result, SignedIn, User, UserId},
    service::{
        AppState,
        audit::{self, Entry},
        clock, confirm,
        entity::user,
        entry::{self, Visit},
        limit,
        mail::{self, Letter},
        session::{self, seen},
        verification::{self, Purpose},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, SqlErr,
    sea_query::Expr,
};

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct NewAddress<'a> {
    /// The address to be.
    pub email: &'a Email,
    /// The password as it was typed; without one the sign-in has to be fresh.
    pub password: Option<&'a str>,
    /// Where the link leads afterwards.
    pub next: Option<&'a Next>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Nothing yet: a letter is on its way.
    Asked,
    /// It is the account's already, because there is no mail server that could carry a letter.
    Now,
}

/// Asks for another address. Until the link that goes there is opened, nothing changes; where no mail leaves the server it changes at once, and
/// is then as unconfirmed as every address there.
pub async fn change(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    new: NewAddress<'_>,
) -> Result<Changed, Refusal> {
    let done = changed(state, visit, who, &new).await;
    let event = if state.config.mail.is_some() {
        Event::EmailChangeRequested
    } else {
        Event::EmailChanged
    };
    let entry = match &done {
        Ok(_) => Entry::done(event, who.user.id),
        Err(refusal) => Entry::refused(event, refusal.error.code()).of(Some(who.user.id)),
    };
    audit::record(&state.db, &visit.source, entry.through(who.session)).await;
    done
}

async fn changed(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    new: &NewAddress<'_>,
) -> Result<Changed, Refusal> {
    confirm::required(state, visit, who, ("currentPassword", new.password)).await?;
    let subject = who.user.id.to_string();
    entry::knock(state, visit, limit::NEW_ADDRESS, &subject).await?;
    if who
        .user
        .email
        .parse::<Email>()
        .is_ok_and(|own| own.key() == new.email.key())
    {
        return Err(Error::EmailSame.into());
    }
    if state.config.mail.is_some() {
        ask(state, who, new).await?;
        Ok(Changed::Asked)
    } else {
        at_once(state, who, new.email).await?;
        Ok(Changed::Now)
    }
}

/// Writes to whoever reads mail there, and to the address that there is. One that is taken gets no link, and its owner hears of it.
async fn ask(state: &AppState, who: &SignedIn, new: &NewAddress<'_>) -> Result<(), Refusal> {
    let (user, about, may) = (
        who.user.id,
        new.email.as_str(),
        may_write(state, new.email).await?,
    );
    let all = state.db.transaction().await?;
    let owner = user::Entity::find()
        .filter(user::Column::EmailKey.eq(new.email.key()))
        .one(&all)
        .await?;
    verification::void(&all, Purpose::EmailChange, user).await?;
    match owner {
        _ if !may => {}
        Some(owner) => {
            mail::queue(&all, &state.mail, &owner.email, &Letter::AlreadyHasAccount).await?;
        }
        None => {
            let token = verification::issue_in(&all, Purpose::EmailChange, user, about).await?;
            let path = with_token("/verify-email", &token, new.next);
            let link = state.mail.link(&path);
            let letter = Letter::EmailChangeConfirm { link };
            mail::queue(&all, &state.mail, about, &letter).await?;
        }
    }
    tell_old(state, &all, &who.user.email, new.email, false).await?;
    Ok(all.commit().await?)
}

async fn at_once(state: &AppState, who: &SignedIn, new: &Email) -> Result<(), Refusal> {
    let all = state.db.transaction().await?;
    match give(&all, who.user.id, new, false).await {
        Ok(()) => {}
        Err(cause) if is_taken(&cause) => {
            return Err(Refusal::about("newEmail", Error::EmailTaken));
        }
        Err(cause) => return Err(cause.into()),
    }
    session::end_all(&all, who.user.id, Some(who.session)).await?;
    tell_old(state, &all, &who.user.email, new, true).await?;
    all.commit().await?;
    Ok(session::end_belated(&state.db, who.user.id, Some(who.session)).await?)
}

async fn tell_old(
    state: &AppState,
    all: &DatabaseTransaction,
    old: &str,
    new: &Email,
    done: bool,
) -> Result<(), DbErr> {
    let letter = Letter::EmailChangeNotice {
        new: new.as_str().to_owned(),
        done,
    };
    mail::queue(all, &state.mail, old, &letter).await
}

/// The link that went to the new address was opened by somebody who says that it is theirs.
pub(super) async fn confirm(
    state: &AppState,
    visit: &Visit,
    token: &str,
) -> Result<Proven, Refusal> {
    let here = visit.who(state).await?;
    let done = confirmed(state, here.as_ref(), token).await;
    let entry = match &done {
        Ok(user) => Entry::done(Event::EmailChanged, user.id),
        Err(error) => Entry::refused(Event::EmailChanged, error.code()),
    };
    audit::record(&state.db, &visit.source, entry).await;
    Ok(Proven::Change(done?))
}

/// The token, the address, the links that went to the old one, and every session but the one that confirms: all of it or nothing.
async fn confirmed(state: &AppState, here: Option<&SignedIn>, token: &str) -> Result<User> {
    let all = state.db.transaction().await?;
    let about = verification::consume_about(&all, Purpose::EmailChange, token).await?;
    let email: Email = about.detail.parse().map_err(|_| Error::InvalidLink)?;
    let before = user::Entity::find_by_id(about.user)
        .filter(user::Column::DisabledAt.is_null())
        .one(&all)
        .await?
        .ok_or(Error::InvalidLink)?;
    match give(&all, before.id, &email, true).await {
        Ok(()) => {}
        // Somebody took it meanwhile. Only its owner can open this link, so it is no secret; the link is simply over.
        Err(cause) if is_taken(&cause) => return Err(Error::InvalidLink),
        Err(cause) => return Err(cause.into()),
    }
    let kept = here.filter(|here| here.user.id == before.id);
    let kept = kept.map(|here| here.session);
    session::end_all(&all, before.id, kept).await?;
    tell_old(state, &all, &before.email, &email, true).await?;
    all.commit().await?;
    session::end_belated(&state.db, before.id, kept).await?;
    let after = user::Model {
        email: email.as_str().to_owned(),
        email_key: email.key().to_owned(),
        email_verified: true,
        ..before
    };
    Ok(seen(after))
}

/// Gives the account this address. Links that went to the one before are void.
async fn give(
    all: &DatabaseTransaction,
    user: UserId,
    email: &Email,
    verified: bool,
) -> Result<(), DbErr> {
    let now: Moment = clock::now();
    user::Entity::update_many()
        .col_expr(user::Column::Email, Expr::value(email.as_str()))
        .col_expr(user::Column::EmailKey, Expr::value(email.key()))
        .col_expr(user::Column::EmailVerified, Expr::value(verified))
        .col_expr(user::Column::UpdatedAt, Expr::value(now))
        .filter(user::Column::Id.eq(user))
        .exec(all)
        .await?;
    void_links(all, user).await
}

async fn void_links(db: &impl ConnectionTrait, user: UserId) -> Result<(), DbErr> {
    for purpose in [
        Purpose::PasswordReset,
        Purpose::VerifyEmail,
        Purpose::EmailChange,
    ] {
        verification::void(db, purpose, user).await?;
    }
    Ok(())
}

fn is_taken(cause: &DbErr) -> bool {
    matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
