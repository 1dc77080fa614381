//! What is known of the provider: its addresses and keys, asked for when they are first needed and kept for an hour.

use super::wire::{Broken, Wire};
use crate::service::config::Oidc;
use openidconnect::{
    AdditionalProviderMetadata, AuthType, ClientId, ClientSecret, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, ProviderMetadata, RedirectUrl,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
        CoreGrantType, CoreIdTokenVerifier, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm as Algorithm, CoreResponseMode,
        CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    time::{Duration, Instant},
};

/// How long it is believed.
const LASTS: Duration = Duration::from_hours(1);

/// The signatures that are believed. None that a shared secret makes, and not none.
const ALGORITHMS: [Algorithm; 3] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EdDsa,
];

/// What RFC 9207 adds to the provider's description of itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct More {
    authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A client that knows where to send people, and where to redeem what they bring.
pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why nothing is known of it, with the cure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It does not answer.
    Broken(Broken),
    /// What answers is no OpenID Connect provider.
    NoProvider,
    /// It calls itself by another name.
    OtherIssuer,
    /// It leads to places that are not over TLS, or leaves one out.
    Places,
    /// It signs in no way that is believed here.
    Signatures,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Broken(Broken::Unreachable) => {
                "does not answer. Correct OIDC_ISSUER, or let this machine reach it"
            }
            Self::Broken(_) | Self::NoProvider => {
                "does not describe itself as OpenID Connect asks for. Correct OIDC_ISSUER: behind it /.well-known/openid-configuration must be found"
            }
            Self::OtherIssuer => {
                "calls itself otherwise than OIDC_ISSUER does. Write it letter for letter as the provider shows it, also with or without a slash at its end"
            }
            Self::Places => {
                "leads to addresses that are missing or not https. Let the provider name its own address right"
            }
            Self::Signatures => {
                "signs with none of RS256, ES256 and EdDSA. Let it sign with one of them"
            }
        })
    }
}

impl From<DiscoveryError<Broken>> for Unknown {
    fn from(cause: DiscoveryError<Broken>) -> Self {
        match cause {
            DiscoveryError::Request(broken) => Self::Broken(broken),
            DiscoveryError::Validation(_) => Self::OtherIssuer,
            _ => Self::NoProvider,
        }
    }
}

/// All of it.
#[derive(Debug)]
pub(super) struct Known {
    metadata: Metadata,
    algorithms: Vec<Algorithm>,
    since: Instant,
}

impl Known {
    /// Asks for it.
    pub async fn ask(wire: &Wire, oidc: &Oidc) -> Result<Self, Unknown> {
        let issuer = IssuerUrl::new(oidc.issuer.clone()).map_err(|_| Unknown::NoProvider)?;
        let metadata = Metadata::discover_async(issuer, wire).await?;
        let are_safe = wire.allows(metadata.authorization_endpoint().url())
            && metadata
                .token_endpoint()
                .is_some_and(|place| wire.allows(place.url()));
        if !are_safe {
            return Err(Unknown::Places);
        }
        let algorithms: Vec<_> = metadata
            .id_token_signing_alg_values_supported()
            .iter()
            .filter(|algorithm| ALGORITHMS.contains(algorithm))
            .cloned()
            .collect();
        if algorithms.is_empty() {
            return Err(Unknown::Signatures);
        }
        Ok(Self {
            metadata,
            algorithms,
            since: Instant::now(),
        })
    }

    pub fn is_fresh(&self) -> bool {
        self.since.elapsed() < LASTS
    }

    /// The origin that people are sent to.
    pub fn origin(&self) -> String {
        let place = self.metadata.authorization_endpoint().url();
        place.origin().ascii_serialization()
    }

    /// Whether an answer must name its issuer.
    pub fn names_itself(&self) -> bool {
        let more = self.metadata.additional_metadata();
        more.authorization_response_iss_parameter_supported == Some(true)
    }

    /// A client of it. The secret goes where the provider takes it, in a header unless it takes it in the body alone.
    pub fn client(&self, oidc: &Oidc, redirect: &RedirectUrl) -> Client {
        let secret = ClientSecret::new(oidc.client_secret.expose().clone());
        let id = ClientId::new(oidc.client_id.clone());
        let methods = self.metadata.token_endpoint_auth_methods_supported();
        let takes =
            |method: CoreClientAuthMethod| methods.is_none_or(|methods| methods.contains(&method));
        let way = if takes(CoreClientAuthMethod::ClientSecretBasic)
            || !takes(CoreClientAuthMethod::ClientSecretPost)
        {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        };
        CoreClient::from_provider_metadata(self.metadata.clone(), id, Some(secret))
            .set_redirect_uri(redirect.clone())
            .set_auth_type(way)
    }

    /// What checks its ID tokens: without the secret, so that nothing made of it can pass for a signature.
    pub fn verifier(&self, oidc: &Oidc) -> CoreIdTokenVerifier<'static> {
        CoreIdTokenVerifier::new_public_client(
            ClientId::new(oidc.client_id.clone()),
            self.metadata.issuer().clone(),
            self.metadata.jwks().clone(),
        )
        .set_allowed_algs(self.algorithms.clone())
    }
}
