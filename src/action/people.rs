//! People, as administrators look after them. To everybody else there is nothing here, and nobody's tasks are.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::Input;
use crate::{
    action::account::Status,
    domain::{HouseLog, MadeLink, PeoplePage, Person, Refusal, UserId},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};

/// Some of the people, newest first: those whose name or address has `q` in it, from `after` on.
#[server(prefix = "/action/admin", endpoint = "people/list", input = GetUrl, output = Json)]
pub async fn list_people(
    #[server(default)] q: Option<String>,
    #[server(default)] after: Option<String>,
) -> Result<PeoplePage, Refusal> {
    use super::context::{administrator, state};
    administrator().await?;
    let state = state()?;
    // What an address says wrong is shown as if it said nothing.
    let query = q.and_then(|q| q.parse().ok());
    let after = after.and_then(|after| after.parse().ok());
    Ok(crate::service::people::page(&state.db, query.as_ref(), after).await?)
}

/// One person.
#[server(prefix = "/action/admin", endpoint = "people/one", input = GetUrl, output = Json)]
pub async fn one_person(id: UserId) -> Result<Person, Refusal> {
    administered(id).await.map(|(_, person)| person)
}

/// A link at which the person chooses a new password: this answer is the one that holds it.
#[server(prefix = "/action/admin", endpoint = "people/reset-link", input = Input, output = Json)]
pub async fn make_reset_link(id: UserId) -> Result<MadeLink, Refusal> {
    use super::context::{state, visit};
    use crate::service::operator::{self, Hand};
    let (who, _) = acted_on(id).await?;
    let (state, source) = (state()?, visit()?.source);
    let hand = Hand::administrator(&source, &who);
    Ok(operator::reset_link(&state.db, &state.config, hand, id).await?)
}

/// Shuts somebody out: every session, token and link of theirs ends.
#[server(prefix = "/action/admin", endpoint = "people/disable", input = Input, output = Json)]
pub async fn disable_person(id: UserId) -> Result<Status, Refusal> {
    use super::context::{state, visit};
    use crate::service::operator::{self, Hand};
    let (who, _) = acted_on(id).await?;
    let source = visit()?.source;
    operator::disable(&state()?.db, Hand::administrator(&source, &who), id).await?;
    Ok(done(id, "disabled"))
}

/// Lets somebody in again who was shut out.
#[server(prefix = "/action/admin", endpoint = "people/enable", input = Input, output = Json)]
pub async fn enable_person(id: UserId) -> Result<Status, Refusal> {
    use super::context::{state, visit};
    use crate::service::operator::{self, Hand};
    let (who, _) = acted_on(id).await?;
    let source = visit()?.source;
    operator::enable(&state()?.db, Hand::administrator(&source, &who), id).await?;
    Ok(done(id, "enabled"))
}

/// Signs somebody out everywhere.
#[server(prefix = "/action/admin", endpoint = "people/end-sessions", input = Input, output = Json)]
pub async fn end_sessions(id: UserId) -> Result<Status, Refusal> {
    use super::context::{state, visit};
    use crate::service::operator::{self, Hand};
    let (who, _) = acted_on(id).await?;
    let source = visit()?.source;
    operator::end_sessions(&state()?.db, Hand::administrator(&source, &who), id).await?;
    Ok(done(id, "sessions"))
}

/// Takes the second factor from somebody who has lost it, and signs them out everywhere.
#[server(prefix = "/action/admin", endpoint = "people/reset-second-factor", input = Input, output = Json)]
pub async fn reset_second_factor(id: UserId) -> Result<Status, Refusal> {
    use super::context::{state, visit};
    use crate::service::operator::{self, Hand};
    let (who, _) = acted_on(id).await?;
    let (state, source) = (state()?, visit()?.source);
    let hand = Hand::administrator(&source, &who);
    operator::reset_second_factor(&state.db, &state.mail, hand, id).await?;
    Ok(done(id, "second-factor"))
}

/// Makes somebody an administrator (`admin`), or a member again (`member`).
#[server(prefix = "/action/admin", endpoint = "people/role", input = Input, output = Json)]
pub async fn give_role(id: UserId, role: String) -> Result<Status, Refusal> {
    use super::context::{go_to, state, visit};
    use crate::{
        domain::{Next, Role},
        service::operator::{self, Hand},
    };
    let (who, _) = acted_on(id).await?;
    let (role, source) = (role.parse::<Role>()?, visit()?.source);
    operator::give_role(&state()?.db, Hand::administrator(&source, &who), id, role).await?;
    let status = done(id, "role");
    if id == who.user.id && role == Role::Member {
        // The page of a moment ago is not there any more.
        go_to(Next::HOME);
    }
    Ok(status)
}

/// Deletes an account with all that is the person's. Its address has to be written with it, so that it is the one that is meant.
#[server(prefix = "/action/admin", endpoint = "people/delete", input = Input, output = Json)]
pub async fn delete_person(id: UserId, email: String) -> Result<Status, Refusal> {
    use super::context::{go_to, state, visit};
    use crate::{
        domain::{Email, Error},
        service::operator::{self, Hand},
    };
    let (who, person) = acted_on(id).await?;
    let key = |text: &str| text.parse::<Email>().map(|email| email.key().to_owned());
    let is_meant =
        email == person.email || key(&email).is_ok_and(|typed| key(&person.email) == Ok(typed));
    if !is_meant {
        return Err(Error::WrongConfirmation.into());
    }
    let source = visit()?.source;
    operator::delete(&state()?.db, Hand::administrator(&source, &who), id).await?;
    go_to("/admin?done=deleted");
    Ok(Status { status: true })
}

/// Some of what happened to accounts, newest first: of one kind, about one person, from `after` on.
#[server(prefix = "/action/admin", endpoint = "activity", input = GetUrl, output = Json)]
pub async fn house_activity(
    #[server(default)] event: Option<String>,
    #[server(default)] person: Option<String>,
    #[server(default)] after: Option<String>,
) -> Result<HouseLog, Refusal> {
    use super::context::{administrator, state};
    use crate::{
        domain::Event,
        service::house_log::{self, Wanted},
    };
    administrator().await?;
    let wanted = Wanted {
        event: event.as_deref().and_then(Event::from_code),
        person: person.and_then(|id| id.parse().ok()),
        after: after.and_then(|after| after.parse().ok()),
    };
    Ok(house_log::read(&state()?.db, wanted).await?)
}

/// The administrator who calls, and the person that is looked at.
#[cfg(feature = "ssr")]
async fn administered(id: UserId) -> Result<(crate::domain::SignedIn, Person), Refusal> {
    use super::context::{administrator, state};
    let who = administrator().await?;
    let person = crate::service::people::one(&state()?.db, id).await?;
    Ok((who, person.ok_or(crate::domain::Error::NotFound)?))
}

/// The administrator who calls and may change something, and the person that it is done to.
#[cfg(feature = "ssr")]
async fn acted_on(id: UserId) -> Result<(crate::domain::SignedIn, Person), Refusal> {
    super::context::acting_administrator().await?;
    administered(id).await
}

/// Sends a plain form back to the person's page, which says what was done.
#[cfg(feature = "ssr")]
fn done(id: UserId, what: &str) -> Status {
    super::context::go_to(&format!("/admin/people/{id}?done={what}"));
    Status { status: true }
}
