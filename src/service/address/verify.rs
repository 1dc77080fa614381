//! Whether an address is its owner's: a letter with a link goes there, and whoever opens it and says so has shown it.

use super::{change, may_write, with_token};
use crate::{
    domain::{Email, Error, Event, Next, Refusal, Result, SignedIn, User, UserId},
    service::{
        AppState, Database,
        audit::{self, Entry},
        clock,
        entity::user,
        entry::{self, Visit},
        limit,
        mail::{self, Desk, Letter},
        verification::{self, Purpose},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

/// What a link has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
    /// The address is its owner's.
    Address,
    /// The new address is, and it is the account's from now on.
    Change(User),
}

/// Asks a person by letter whether this address is theirs, in the transaction that gives it to them.
pub async fn ask(
    db: &impl ConnectionTrait,
    desk: &Desk,
    (user, email): (UserId, &Email),
    next: Option<&Next>,
) -> Result<(), DbErr> {
    // The link is about the address that it goes to: once the account has another one, it shows nothing.
    let token = verification::issue_in(db, Purpose::VerifyEmail, user, email.key()).await?;
    let link = desk.link(&with_token("/verify-email", &token, next));
    mail::queue(db, desk, email.as_str(), &Letter::VerifyEmail { link }).await
}

/// Asks again, because somebody says that the letter did not come. Whoever is signed in asks for their own address; to strangers every
/// address has the same answer after the same work.
pub async fn ask_again(
    state: &AppState,
    visit: &Visit,
    email: &Email,
    next: Option<&Next>,
) -> Result<(), Refusal> {
    let network = limit::network(&visit.source);
    entry::knock(state, visit, limit::LETTER_FROM, &network).await?;
    if let Some(who) = visit.who(state).await? {
        check_own(&who, email)?;
    }
    if !may_write(state, email).await? {
        return Ok(());
    }
    let person = user::Entity::find()
        .filter(user::Column::EmailKey.eq(email.key()))
        .filter(user::Column::DisabledAt.is_null())
        .filter(user::Column::EmailVerified.eq(false))
        .one(state.db.read())
        .await?;
    let all = state.db.transaction().await?;
    if let Some(person) = person {
        ask(&all, &state.mail, (person.id, email), next).await?;
    } else {
        let nobody = UserId(Uuid::now_v7());
        let token = verification::issue_in(&all, Purpose::VerifyEmail, nobody, email.key()).await?;
        let link = state.mail.link(&with_token("/verify-email", &token, next));
        mail::queue_nothing(&all, &state.mail, &Letter::VerifyEmail { link }).await?;
    }
    all.commit().await?;
    Ok(())
}

fn check_own(who: &SignedIn, email: &Email) -> Result<()> {
    let own = who.user.email.parse::<Email>();
    if own.map_or(true, |own| own.key() != email.key()) {
        return Err(Error::EmailMismatch);
    }
    if who.user.email_verified {
        return Err(Error::EmailAlreadyVerified);
    }
    Ok(())
}

/// Asks somebody again who signed in with the right password and may not come in before.
pub async fn remind(state: &AppState, user: &User) -> Result<(), Refusal> {
    let Ok(email) = user.email.parse::<Email>() else {
        return Ok(());
    };
    if !may_write(state, &email).await? {
        return Ok(());
    }
    let all = state.db.transaction().await?;
    ask(&all, &state.mail, (user.id, &email), None).await?;
    all.commit().await?;
    Ok(())
}

/// Tells the owner of an address that somebody, perhaps they, wanted to sign up with it.
pub async fn tell_owner(state: &AppState, email: &Email) -> Result<()> {
    let owner = user::Entity::find()
        .filter(user::Column::EmailKey.eq(email.key()))
        .one(state.db.read())
        .await?;
    if let Some(owner) = owner {
        let letter = Letter::AlreadyHasAccount;
        mail::queue(state.db.write(), &state.mail, &owner.email, &letter).await?;
    }
    Ok(())
}

/// What the token of a link shows: that an address is its owner's, or that the new one is. The first may be said again as long as the link
/// is good, for it changes nothing more; the second is used up.
pub async fn prove(state: &AppState, visit: &Visit, token: &str) -> Result<Proven, Refusal> {
    let network = limit::network(&visit.source);
    entry::knock(state, visit, limit::LINK_FROM, &network).await?;
    let about = verification::read_about(state.db.read(), Purpose::VerifyEmail, token).await;
    match about {
        Ok(about) => {
            let is_new = verified(&state.db, about.user, &about.detail).await?;
            if is_new {
                let entry = Entry::done(Event::EmailVerified, about.user);
                audit::record(&state.db, &visit.source, entry).await;
            }
            Ok(Proven::Address)
        }
        Err(Error::InvalidLink) => change::confirm(state, visit, token).await,
        Err(error) => Err(error.into()),
    }
}

/// Whether it was not known before.
async fn verified(db: &Database, user: UserId, key: &str) -> Result<bool> {
    let their = user::Entity::find_by_id(user)
        .filter(user::Column::EmailKey.eq(key))
        .filter(user::Column::DisabledAt.is_null())
        .one(db.read())
        .await?
        .ok_or(Error::InvalidLink)?;
    if their.email_verified {
        return Ok(false);
    }
    let shown = user::Entity::update_many()
        .col_expr(user::Column::EmailVerified, Expr::value(true))
        .col_expr(user::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(user::Column::Id.eq(user))
        .filter(user::Column::EmailKey.eq(key))
        .exec(db.write())
        .await?;
    Ok(shown.rows_affected == 1)
}
