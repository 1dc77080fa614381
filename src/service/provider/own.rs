//! Back from the provider in the session that one left in: to connect one's account, or to confirm that it is still oneself.

use super::{
    arrive::{Came, Halt, turned},
    connection,
    identity::Identity,
};
use crate::{
    domain::{Event, Mishap, Next, Refusal, SessionId, SignedIn, UserId},
    service::{
        AppState, confirmation,
        entry::{Proof, Visit},
    },
};

/// Connects the account.
pub(super) async fn link(
    state: &AppState,
    visit: &Visit,
    identity: Result<Identity, Halt>,
    left: (UserId, SessionId),
) -> Result<Came, Refusal> {
    let linked = async {
        let identity = identity?;
        let who = still(state, visit, left).await?;
        connection::link(state, visit, who.user.id, &identity.id).await
    };
    match linked.await {
        Ok(()) => Ok(Came::Linked),
        Err(halt) => {
            turned(
                state,
                visit,
                halt,
                Event::ProviderLinked,
                Some(left.0),
                None,
            )
            .await
        }
    }
}

/// Takes the provider's word that it is still the person of the account. The identity has to be the one that is connected with it.
pub(super) async fn confirm(
    state: &AppState,
    visit: &Visit,
    identity: Result<Identity, Halt>,
    left: (UserId, SessionId),
    next: Next,
) -> Result<Came, Refusal> {
    let confirmed = async {
        let identity = identity?;
        let who = still(state, visit, left).await?;
        let person = connection::person_of(&state.db, &identity.id).await?;
        if person.is_none_or(|person| person.id != who.user.id) {
            return Err(Mishap::NotTheirs.into());
        }
        let proof = Proof::Provider(identity.id);
        Ok(confirmation::confirmed(state, visit, who, Some(proof)).await?)
    };
    let Err(halt) = confirmed.await else {
        return Ok(Came::In(next));
    };
    match turned(state, visit, halt, Event::Confirmed, Some(left.0), None).await? {
        Came::Turned(mishap, _) => Ok(Came::Unconfirmed(mishap, next)),
        came => Ok(came),
    }
}

/// Whoever left, if they are still in that session.
async fn still(
    state: &AppState,
    visit: &Visit,
    (user, session): (UserId, SessionId),
) -> Result<SignedIn, Halt> {
    let who = visit.who(state).await?;
    let who = who.filter(|who| who.user.id == user && who.session == session);
    Ok(who.ok_or(Mishap::Astray)?)
}
