//! Back from the provider: whether this is who left, and what becomes of them here.

use super::{
    Provider,
    connection::{self, Linked},
    errand::Errand,
    identity::Identity,
    newcomer, own,
    ticket::Ticket,
};
use crate::{
    domain::{Error, Event, Mishap, Next, Refusal, Result, UserId},
    service::{
        AppState, address,
        audit::{self, Entry},
        auth,
        entity::user,
        entry::{self, Entered, Proof, Visit},
        limit, session,
    },
};

/// What a browser brings back in the address.
#[derive(Default)]
pub struct Brought {
    /// What its cookie holds.
    pub ticket: Option<Ticket>,
    /// To be redeemed for an ID token.
    pub code: Option<String>,
    /// What it was sent away with.
    pub state: Option<String>,
    /// Who says that it answers (RFC 9207).
    pub issuer: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Where a browser goes now.
pub enum Came {
    /// In, and on; or to the second factor first.
    In(Next),
    /// The account is connected.
    Linked,
    /// Back to confirm in some way that it is them, and then to go on.
    Unconfirmed(Mishap, Next),
    /// To show that the account of this address is theirs, with another ticket.
    Asked(Ticket),
    /// Back to where they can begin again: to the settings, or to sign in and then go on.
    Turned(Mishap, Option<Next>),
}

/// Why somebody is not let in: a mishap on their way, or a fault of ours.
pub(super) enum Halt {
    Mishap(Mishap, Option<UserId>),
    Refusal(Refusal),
}

impl<E: Into<Refusal>> From<E> for Halt {
    fn from(cause: E) -> Self {
        let refusal = cause.into();
        match refusal.error {
            Error::TooManyRequests => Mishap::TooMany.into(),
            Error::ProviderAway => Mishap::Away.into(),
            Error::ProviderErrandOver => Mishap::Astray.into(),
            _ => Self::Refusal(refusal),
        }
    }
}

impl From<Mishap> for Halt {
    fn from(mishap: Mishap) -> Self {
        Self::Mishap(mishap, None)
    }
}

/// Takes what the provider sent back.
pub async fn come_back(state: &AppState, visit: &Visit, brought: Brought) -> Result<Came, Refusal> {
    let provider = state.provider.as_ref().ok_or(Error::ProviderNotFound)?;
    let network = limit::network(&visit.source);
    let knocked = entry::knock(state, visit, limit::PROVIDER_BACK_FROM, &network).await;
    let errand = match knocked {
        Ok(()) => match known_errand(state, provider, &brought).await? {
            Some(errand) => Ok(errand),
            None => Err(Mishap::Astray.into()),
        },
        Err(refusal) => Err(Halt::from(refusal)),
    };
    let errand = match errand {
        Ok(errand) => errand,
        Err(halt) => {
            let is_member = visit.who(state).await?.is_some();
            let next = (!is_member).then(|| Next::or_home(None));
            return turned(state, visit, halt, Event::SignIn, None, next).await;
        }
    };
    let identity = redeemed(provider, brought).await;
    match errand {
        Errand::SignIn(next, invitation) => {
            let came = match identity {
                Ok(identity) => {
                    let by = invitation.as_deref();
                    come_in(state, visit, provider, &identity, by, &next).await
                }
                Err(halt) => Err(halt),
            };
            match came {
                Ok(came) => Ok(came),
                Err(halt) => turned(state, visit, halt, Event::SignIn, None, Some(next)).await,
            }
        }
        Errand::Link(user, session) => own::link(state, visit, identity, (user, session)).await,
        Errand::Confirm(user, session, next) => {
            own::confirm(state, visit, identity, (user, session), next).await
        }
        // It never left for the provider.
        Errand::Prove(..) => {
            let halt = Mishap::Astray.into();
            turned(state, visit, halt, Event::SignIn, None, None).await
        }
    }
}

/// What this very browser left for, used up. The state is looked at first: whoever brings another one ends nothing.
async fn known_errand(
    state: &AppState,
    provider: &Provider,
    brought: &Brought,
) -> Result<Option<Errand>, Refusal> {
    let (Some(ticket), Some(sent)) = (&brought.ticket, &brought.state) else {
        return Ok(None);
    };
    if !ticket.made(&provider.key, sent) {
        return Ok(None);
    }
    let all = state.db.transaction().await?;
    let errand = Errand::end(&all, ticket).await?;
    all.commit().await?;
    Ok(errand)
}

/// The identity that the code stands for, if it is this provider's answer and no refusal.
async fn redeemed(provider: &Provider, brought: Brought) -> Result<Identity, Halt> {
    if let Some(issuer) = &brought.issuer
        && *issuer != provider.oidc.issuer
    {
        tracing::warn!("an answer named another issuer than OIDC_ISSUER");
        return Err(Mishap::Failed.into());
    }
    match brought.error.as_deref() {
        None => {}
        Some("temporarily_unavailable" | "server_error") => return Err(Mishap::Away.into()),
        Some("access_denied" | "login_required" | "consent_required" | "interaction_required") => {
            return Err(Mishap::Declined.into());
        }
        Some(_) => {
            tracing::warn!(
                "the identity provider refused the request; is the client registered as it should be?"
            );
            return Err(Mishap::Failed.into());
        }
    }
    let known = provider.known().await?;
    if known.names_itself() && brought.issuer.is_none() {
        return Err(Mishap::Failed.into());
    }
    let (Some(code), Some(ticket)) = (brought.code, brought.ticket) else {
        return Err(Mishap::Failed.into());
    };
    Ok(provider.identity(&known, &ticket, code).await?)
}

/// Lets in whoever is known, connects who is surely the same, makes an account where that is open, and asks everybody else.
async fn come_in(
    state: &AppState,
    visit: &Visit,
    provider: &Provider,
    identity: &Identity,
    invitation: Option<&str>,
    next: &Next,
) -> Result<Came, Halt> {
    // Of two who come at once with one identity or one address, the second finds what the first has made.
    for _ in 0..3 {
        if let Some(person) = connection::person_of(&state.db, &identity.id).await? {
            if person.disabled_at.is_some() {
                return Err(Halt::Mishap(Mishap::Shut, Some(person.id)));
            }
            return let_in(state, visit, person, identity, next).await;
        }
        let email = identity.email.as_ref().ok_or(Mishap::NoEmail)?;
        let Some(person) = auth::person_of(&state.db, email).await? else {
            match newcomer::made(state, visit, identity, invitation, next).await? {
                Some(person) if is_awaited(state, &person) => {
                    return Err(Halt::Mishap(Mishap::Unverified, Some(person.id)));
                }
                Some(person) => return let_in(state, visit, person, identity, next).await,
                None => continue,
            }
        };
        let linked = connection::identity_of(&state.db, person.id).await?;
        if linked.as_deref() == Some(identity.id.as_str()) {
            // It was made since we looked.
            continue;
        }
        let is_sure = identity.is_verified
            && person.email_verified
            && person.disabled_at.is_none()
            && !linked.is_some_and(|id| provider.vouches_for(&id));
        if !is_sure {
            let errand = Errand::Prove(person.id, identity.id.clone(), next.clone());
            return Ok(Came::Asked(errand.begin(&state.db).await?));
        }
        match connection::write(state, person.id, &identity.id).await? {
            Linked::Now => {
                let entry = Entry::done(Event::ProviderLinked, person.id);
                audit::record(&state.db, &visit.source, entry).await;
                return let_in(state, visit, person, identity, next).await;
            }
            Linked::ToAnother => {}
        }
    }
    Err(Mishap::Failed.into())
}

/// Whether the address has to be confirmed before anybody comes in.
fn is_awaited(state: &AppState, person: &user::Model) -> bool {
    state.config.require_verified_email && !person.email_verified
}

async fn let_in(
    state: &AppState,
    visit: &Visit,
    person: user::Model,
    identity: &Identity,
    next: &Next,
) -> Result<Came, Halt> {
    let (user, wishes) = (session::seen(person.clone()), session::wishes(&person));
    if is_awaited(state, &person) {
        address::remind(state, &user).await?;
        return Err(Halt::Mishap(Mishap::Unverified, Some(person.id)));
    }
    let proof = Proof::Provider(identity.id.clone());
    let entered = entry::admit(state, visit, user, wishes, proof, true).await?;
    Ok(Came::In(match entered {
        Entered::In(_) => next.clone(),
        Entered::Challenged => next.by_way_of("/two-factor"),
    }))
}

/// Says in the log why, and where to begin again.
pub(super) async fn turned(
    state: &AppState,
    visit: &Visit,
    halt: Halt,
    event: Event,
    user: Option<UserId>,
    next: Option<Next>,
) -> Result<Came, Refusal> {
    match halt {
        Halt::Mishap(mishap, whose) => {
            let entry = Entry::refused(event, mishap.word()).of(whose.or(user));
            audit::record(&state.db, &visit.source, entry).await;
            Ok(Came::Turned(mishap, next))
        }
        Halt::Refusal(refusal) => Err(refusal),
    }
}
