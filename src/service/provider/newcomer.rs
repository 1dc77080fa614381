//! A new account for somebody who came with the provider: by the same rights as with a password.

use super::{arrive::Halt, identity::Identity};
use crate::{
    domain::{Entrance, Error, Mishap, Name, Next, Refusal},
    service::{
        AppState,
        auth::{self, Vouched, Welcome},
        entity::user,
        entry::{self, Visit},
        invitation, limit,
    },
};

/// Makes it; nothing if somebody was quicker. An invitation is used up with it, in one transaction.
pub(super) async fn made(
    state: &AppState,
    visit: &Visit,
    identity: &Identity,
    invitation: Option<&str>,
    next: &Next,
) -> Result<Option<user::Model>, Halt> {
    let email = identity.email.as_ref().ok_or(Mishap::NoEmail)?;
    let admission = match invitation::admission(state, visit, email, invitation).await {
        Ok(admission) => admission,
        Err(refusal) => return Err(uninvited(state, invitation, refusal).await),
    };
    let network = limit::network(&visit.source);
    entry::knock(state, visit, limit::SIGN_UP_FROM, &network).await?;
    let local = email.key().split('@').next().unwrap_or_default();
    let name = identity.name.clone().or_else(|| local.parse::<Name>().ok());
    let vouched = Vouched {
        id: identity.id.clone(),
        name: name.ok_or(Mishap::Failed)?,
        email: email.clone(),
        is_verified: identity.is_verified,
    };
    let welcome = Welcome {
        desk: &state.mail,
        next: Some(next),
    };
    match auth::sign_up_vouched(&state.db, &visit.source, vouched, admission, welcome).await {
        Ok(person) => Ok(Some(person)),
        Err(Error::EmailTaken) => Ok(None),
        Err(error) => Err(uninvited(state, invitation, error.into()).await),
    }
}

/// Why there is no account, in words for whoever comes from the provider.
async fn uninvited(state: &AppState, invitation: Option<&str>, refusal: Refusal) -> Halt {
    match refusal.error {
        Error::SignUpClosed => Mishap::Closed.into(),
        Error::SignUpByInvitation => Mishap::Uninvited.into(),
        Error::InvalidInvitation => match invitation::entrance_by(state, invitation).await {
            // It is good, so that it can only be the address.
            Ok(Entrance::Invited(_)) => Mishap::OtherAddress.into(),
            Ok(_) => Mishap::Spent.into(),
            Err(error) => error.into(),
        },
        _ => refusal.into(),
    }
}
