//! What people change about their own account: the name, the look of pages, and the password by a link.

use super::entity::user;
use crate::{
    domain::{
        Email, Error, Event, Name, Password, Refusal, Result, SignedIn, Theme, UserId, Wishes,
    },
    service::{
        AppState, Config, Database, Source, access_token,
        audit::{self, Entry},
        auth, clock,
        entry::{self, Visit},
        limit,
        mail::{self, Letter},
        passkey, password,
        password::PasswordHash,
        provider, second_factor, session,
        verification::{self, Purpose},
    },
};
use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

/// What is to be changed about how others see a person; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Another name.
    pub name: Option<Name>,
    /// Another picture, or none.
    pub image: Option<Option<String>>,
}

/// Changes how others see a person.
pub async fn change_profile(
    db: &Database,
    source: &Source,
    who: &SignedIn,
    profile: &Profile,
) -> Result<()> {
    let mut change = user::Entity::update_many();
    if let Some(name) = &profile.name {
        change = change.col_expr(user::Column::Name, Expr::value(name.as_str()));
    }
    if let Some(image) = &profile.image {
        change = change.col_expr(user::Column::Image, Expr::value(image.clone()));
    }
    written(db, source, who, change).await
}

/// A picture's address, kept for front ends that show one; our own pages load nothing from elsewhere.
pub fn image(text: &str) -> Result<String> {
    const LONGEST: usize = 2048;
    let url = url::Url::parse(text).map_err(|_| Error::Validation)?;
    if text.len() <= LONGEST && matches!(url.scheme(), "https" | "http") {
        Ok(url.into())
    } else {
        Err(Error::Validation)
    }
}

/// What is to be changed about the look of pages; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Light, dark, or as the device has it.
    pub theme: Option<Theme>,
    /// Where the person is, or nowhere in particular.
    pub time_zone: Option<Option<String>>,
}

/// Changes how a person's pages look, and says how they look now.
pub async fn change_look(
    db: &Database,
    source: &Source,
    who: &SignedIn,
    look: Look,
) -> Result<Wishes> {
    let wishes = Wishes {
        theme: look.theme.unwrap_or(who.wishes.theme),
        time_zone: look
            .time_zone
            .unwrap_or_else(|| who.wishes.time_zone.clone()),
    };
    let change = user::Entity::update_many()
        .col_expr(user::Column::Theme, Expr::value(wishes.theme.as_str()))
        .col_expr(
            user::Column::TimeZone,
            Expr::value(wishes.time_zone.clone()),
        );
    written(db, source, who, change).await?;
    Ok(wishes)
}

/// The zone's own spelling; nothing typed means none.
pub fn time_zone(text: &str) -> Result<Option<String>> {
    if text.is_empty() {
        return Ok(None);
    }
    let zone = TimeZone::get(text).map_err(|_| Error::InvalidTimeZone)?;
    let name = zone.iana_name().ok_or(Error::InvalidTimeZone)?;
    Ok(Some(name.to_owned()))
}

/// Writes what a person changes about themselves, and says so in the log; of somebody who is gone, neither.
async fn written(
    db: &Database,
    source: &Source,
    who: &SignedIn,
    change: sea_orm::UpdateMany<user::Entity>,
) -> Result<()> {
    let written = change
        .col_expr(user::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(user::Column::Id.eq(who.user.id))
        .exec(db.write())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Unauthorized);
    }
    let entry = Entry::done(Event::ProfileChanged, who.user.id).through(who.session);
    audit::record(db, source, entry).await;
    Ok(())
}

/// Sets a new password with a link's token, and ends every session, access token and passkey of the person: whoever knew the old one is out.
/// The second factor stays, and no browser is trusted without it any more: who has only the link does not come in.
pub async fn reset_password(
    state: &AppState,
    visit: &Visit,
    token: &str,
    chosen: Password,
) -> Result<(), Refusal> {
    let network = limit::network(&visit.source);
    entry::knock(state, visit, limit::LINK_FROM, &network).await?;
    let done = set_by_token(state, token, chosen).await;
    let entry = match &done {
        Ok(user) => Entry::done(Event::PasswordReset, *user),
        Err(refused) => Entry::refused(Event::PasswordReset, refused.1.error.code()).of(refused.0),
    };
    audit::record(&state.db, &visit.source, entry).await;
    done.map(drop).map_err(|(_, refusal)| refusal)
}

/// Whose token it was, or why not, with the person if it was good.
async fn set_by_token(
    state: &AppState,
    token: &str,
    chosen: Password,
) -> Result<UserId, (Option<UserId>, Refusal)> {
    let nobody = |error: Error| (None, error.into());
    // Read first and used up last: a password that is refused leaves the link good, and hashing holds no lock.
    let user = verification::read(state.db.read(), Purpose::PasswordReset, token)
        .await
        .map_err(nobody)?;
    let known = |error: Error| (Some(user), error.into());
    let person = user::Entity::find_by_id(user)
        .one(state.db.read())
        .await
        .map_err(|cause| known(cause.into()))?
        .ok_or_else(|| known(Error::InvalidResetToken))?;
    check_own_words(&person, &chosen)
        .map_err(|error| (Some(user), Refusal::about("newPassword", error)))?;
    let hash = state.hasher.hash(chosen).await.map_err(known)?;
    replace(state, token, &hash).await.map_err(known)
}

/// A name or an address from before our rules is no reason to refuse a password.
pub(super) fn check_own_words(person: &user::Model, chosen: &Password) -> Result<()> {
    match (person.name.parse::<Name>(), person.email.parse::<Email>()) {
        (Ok(name), Ok(email)) => password::check_common(chosen, &name, &email),
        _ => Ok(()),
    }
}

/// The link's token, the password, the sessions, the access tokens and the passkeys: all of it or nothing.
async fn replace(state: &AppState, token: &str, hash: &PasswordHash) -> Result<UserId> {
    let all = state.db.transaction().await?;
    let user = verification::consume(&all, Purpose::PasswordReset, token).await?;
    let person = user::Entity::find_by_id(user).one(&all).await?;
    let person = person.ok_or(Error::InvalidResetToken)?;
    auth::store_password(&all, user, hash).await?;
    session::end_all(&all, user, None).await?;
    access_token::revoke_all(&all, user).await?;
    forget_unproven(&all, &state.config, &person).await?;
    mail::queue(&all, &state.mail, &person.email, &Letter::PasswordChanged).await?;
    passkey::remove_all(&all, user).await?;
    second_factor::forget_browsers(&all, user).await?;
    // Whoever guessed at the old password keeps nobody out who comes with the new one.
    let failures = (limit::SIGN_IN_FAILURES, person.email_key.as_str());
    state.limits.forget(&all, failures).await?;
    all.commit().await?;
    session::end_belated(&state.db, user, None).await?;
    Ok(user)
}

/// What somebody else may have prepared who was in the account before its owner found back: another address that waits for its link, and, as
/// long as nobody has shown that the address is theirs, every other way in. Whoever signed up with an address that was not theirs is to find
/// nothing of theirs left when its owner takes it.
///
/// Without a mail server no address is ever shown to be anybody's, and the link came from the operator: then both stay.
pub(super) async fn forget_unproven(
    db: &impl ConnectionTrait,
    config: &Config,
    person: &user::Model,
) -> Result<()> {
    verification::void(db, Purpose::EmailChange, person.id).await?;
    if person.email_verified || config.mail.is_none() {
        return Ok(());
    }
    provider::forget(db, person.id).await?;
    second_factor::forget(db, person.id).await
}
