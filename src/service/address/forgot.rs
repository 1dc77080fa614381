//! Somebody forgot the password: a link goes to the address, if there is an account, and nobody but its owner learns whether there is.

use super::{may_write, with_token};
use crate::{
    domain::{Email, Error, Event, Next, Refusal, UserId},
    service::{
        AppState,
        audit::{self, Entry},
        entity::user,
        entry::{self, Visit},
        limit,
        mail::{self, Letter},
        verification::{self, Purpose},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Where the link leads, unless a front end of one's own says otherwise.
const PAGE: &str = "/reset-password";

/// Writes the letter, or does the same work for nobody: every address has the same answer after the same time. Sending is the post's affair.
pub async fn forgot(
    state: &AppState,
    visit: &Visit,
    email: &Email,
    page: Option<&Next>,
) -> Result<(), Refusal> {
    let network = limit::network(&visit.source);
    entry::knock(state, visit, limit::LETTER_FROM, &network).await?;
    if !may_write(state, email).await? {
        return Ok(());
    }
    let person = user::Entity::find()
        .filter(user::Column::EmailKey.eq(email.key()))
        .filter(user::Column::DisabledAt.is_null())
        .one(state.db.read())
        .await?;
    let user = person.as_ref().map(|person| person.id);
    let all = state.db.transaction().await?;
    let whose = user.unwrap_or_else(|| UserId(Uuid::now_v7()));
    let token = verification::issue_in(&all, Purpose::PasswordReset, whose, "").await?;
    let path = with_token(page.map_or(PAGE, Next::as_str), &token, None);
    let letter = Letter::ResetPassword {
        link: state.mail.link(&path),
    };
    match &person {
        Some(person) => mail::queue(&all, &state.mail, &person.email, &letter).await?,
        None => mail::queue_nothing(&all, &state.mail, &letter).await?,
    }
    all.commit().await?;
    let entry = match user {
        Some(user) => Entry::done(Event::PasswordResetRequested, user),
        None => Entry::refused(Event::PasswordResetRequested, Error::NotFound.code()),
    };
    audit::record(&state.db, &visit.source, entry).await;
    Ok(())
}
