//! The identity provider: people go there from here and come back with its word for who they are (OpenID Connect Core 1.0, the
//! authorization code flow, with state, nonce and PKCE).

mod arrive;
mod connection;
mod errand;
mod identity;
mod known;
mod newcomer;
mod own;
mod ticket;
mod wire;

pub use arrive::{Brought, Came, come_back};
pub use connection::{Proven, connection, disconnect, forget, pending, prove};
pub use errand::sweep;
pub use known::Unknown;
pub use ticket::Ticket;

pub(super) use connection::row;

use crate::{
    domain::{Error, Next, Refusal, SignedIn},
    service::{
        AppState, Config,
        config::Oidc,
        entry::{self, Visit},
        invitation,
        key::{self, Key},
        limit,
    },
};
use errand::Errand;
use known::Known;
use openidconnect::{
    CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    core::CoreAuthenticationFlow,
};
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use ticket::Part;
use tokio::{sync::Mutex, time::timeout};
use wire::Wire;

/// What Better Auth's `providerId` and `provider_id` say.
pub const ID: &str = "oidc";
/// Where the provider sends people back to: registered there.
pub const CALLBACK: &str = "/api/auth/oauth2/callback/oidc";

/// A provider that did not answer is asked again no sooner.
const PAUSE: Duration = Duration::from_secs(5);
/// How long a page waits to learn where its form may lead.
const PAGE_WAITS: Duration = Duration::from_secs(2);

/// The provider that the operator named.
#[derive(Debug)]
pub struct Provider {
    oidc: Oidc,
    redirect: RedirectUrl,
    key: Key,
    wire: Wire,
    known: RwLock<Option<Arc<Known>>>,
    /// Whoever holds it asks; it says when that last failed.
    asking: Mutex<Option<Instant>>,
}

impl Provider {
    /// The one of this configuration, if it names one. Nothing is asked yet: a provider that is away holds up no start.
    pub fn of(config: &Config) -> Result<Option<Self>, Error> {
        let Some(oidc) = config.oidc.clone() else {
            return Ok(None);
        };
        let internal = |what: &'static str| {
            tracing::error!(what, "sign-in with the identity provider cannot be set up");
            Error::Internal
        };
        Ok(Some(Self {
            redirect: RedirectUrl::new(config.link(CALLBACK)).map_err(|_| internal("address"))?,
            wire: Wire::to(&oidc.issuer).map_err(|_| internal("TLS"))?,
            key: Key::derive(config, key::Purpose::Provider),
            known: RwLock::default(),
            asking: Mutex::default(),
            oidc,
        }))
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.oidc.name
    }

    /// Whether this identity is one of this very provider, and not of one before it.
    pub(super) fn vouches_for(&self, id: &str) -> bool {
        id.strip_prefix(self.oidc.issuer.as_str())
            .is_some_and(|rest| rest.starts_with('#'))
    }

    /// Asks it to describe itself, and says what is wrong.
    pub async fn check(&self) -> Result<(), Unknown> {
        Known::ask(&self.wire, &self.oidc).await.map(drop)
    }

    /// The origin that a form on our pages leads to in the end. Until the provider has told, it is taken to be the issuer's.
    pub async fn origin(&self) -> String {
        if self.last_known().is_none() {
            let _ = timeout(PAGE_WAITS, self.known()).await;
        }
        self.last_known().map_or_else(
            || {
                let issuer = url::Url::parse(&self.oidc.issuer);
                issuer.map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
            },
            |known| known.origin(),
        )
    }

    fn last_known(&self) -> Option<Arc<Known>> {
        let known = self.known.read();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is known of it, asked for if that is not known or long ago.
    async fn known(&self) -> Result<Arc<Known>, Error> {
        match self.last_known() {
            Some(known) if known.is_fresh() => Ok(known),
            before => self.ask(before.as_ref()).await,
        }
    }

    /// The same, asked for though it is known: it did not fit.
    async fn anew(&self, known: &Known) -> Result<Arc<Known>, Error> {
        let before = self
            .last_known()
            .filter(|last| std::ptr::eq(&raw const **last, known));
        match (before, self.last_known()) {
            (None, Some(newer)) => Ok(newer),
            (before, _) => self.ask(before.as_ref()).await,
        }
    }

    /// One asks, and whoever comes meanwhile waits for the answer.
    async fn ask(&self, before: Option<&Arc<Known>>) -> Result<Arc<Known>, Error> {
        let mut failed = self.asking.lock().await;
        if let Some(newer) = self.last_known()
            && before.is_none_or(|before| !Arc::ptr_eq(before, &newer))
        {
            return Ok(newer);
        }
        if failed.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(Error::ProviderAway);
        }
        match Known::ask(&self.wire, &self.oidc).await {
            Ok(known) => {
                let known = Arc::new(known);
                *failed = None;
                let mut place = self.known.write().unwrap_or_else(PoisonError::into_inner);
                *place = Some(known.clone());
                Ok(known)
            }
            Err(unknown) => {
                *failed = Some(Instant::now());
                tracing::warn!("the identity provider {unknown}");
                Err(Error::ProviderAway)
            }
        }
    }

    /// Where to send a browser with this ticket.
    fn address(&self, known: &Known, ticket: &Ticket) -> String {
        let verifier = PkceCodeVerifier::new(ticket.part(&self.key, Part::Verifier));
        let client = known.client(&self.oidc, &self.redirect);
        let state = CsrfToken::new(ticket.part(&self.key, Part::State));
        let nonce = Nonce::new(ticket.part(&self.key, Part::Nonce));
        let (address, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || state.clone(),
                move || nonce.clone(),
            )
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        address.into()
    }
}

/// A browser that is about to leave for the provider.
#[derive(Clone)]
pub struct Leaving {
    /// Where to.
    pub address: String,
    /// What it must bring back.
    pub ticket: Ticket,
}

/// The provider of this house that goes by this id.
pub(super) fn called<'a>(state: &'a AppState, id: &str) -> Result<&'a Provider, Error> {
    state
        .provider
        .as_ref()
        .filter(|_| id == ID)
        .ok_or(Error::ProviderNotFound)
}

/// Sends somebody to the provider to come in, perhaps with an invitation, and then to go on. The invitation waits here, not in an address.
pub async fn leave_to_sign_in(
    state: &AppState,
    visit: &Visit,
    id: &str,
    invitation: Option<&str>,
    next: Next,
) -> Result<Leaving, Refusal> {
    let invitation = invitation.map(invitation::digest);
    leave(state, visit, id, Errand::SignIn(next, invitation)).await
}

/// Sends somebody to the provider to connect their account with it.
pub async fn leave_to_connect(
    state: &AppState,
    visit: &Visit,
    id: &str,
    who: &SignedIn,
) -> Result<Leaving, Refusal> {
    leave(state, visit, id, Errand::Link(who.user.id, who.session)).await
}

/// Sends somebody to the provider to show that it is still them, and then to go on.
pub async fn leave_to_confirm(
    state: &AppState,
    visit: &Visit,
    id: &str,
    who: &SignedIn,
    next: Next,
) -> Result<Leaving, Refusal> {
    let errand = Errand::Confirm(who.user.id, who.session, next);
    leave(state, visit, id, errand).await
}

async fn leave(
    state: &AppState,
    visit: &Visit,
    id: &str,
    errand: Errand,
) -> Result<Leaving, Refusal> {
    let provider = called(state, id)?;
    let network = limit::network(&visit.source);
    entry::knock(state, visit, limit::PROVIDER_FROM, &network).await?;
    let known = provider.known().await?;
    let ticket = errand.begin(&state.db).await?;
    Ok(Leaving {
        address: provider.address(&known, &ticket),
        ticket,
    })
}
