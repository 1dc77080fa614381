//! Bearer tokens: JSON Web Tokens (RFC 7519) signed with HS256 and nothing else. A token names its session and lives no longer.

use crate::{
    domain::{Error, Moment, Result, SessionId, SignedIn, UserId},
    service::{Config, clock, config::Secret, key},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::Mac;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::ErrorKind,
    signature::{self, Signer, Verifier},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Once;
use uuid::Uuid;

/// No token of ours is longer; whoever sends more wants us to work.
const LONGEST: usize = 4096;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Who issued it: `PUBLIC_URL`'s origin.
    pub iss: String,
    /// Whose it is.
    pub sub: UserId,
    /// The session that it lives in.
    pub sid: SessionId,
    /// The person's address when it was made: for reading, never for deciding.
    pub email: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// Its own id.
    pub jti: Uuid,
    /// For whom it was made, where `TOKEN_AUDIENCE` says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
}

/// What signs tokens, and what still verifies them while the secret is rotated.
pub struct Keys {
    current: (String, EncodingKey, DecodingKey),
    previous: Option<(String, DecodingKey)>,
    validation: Validation,
    issuer: String,
    audience: Option<String>,
    lasts: i64,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// The keys that this configuration asks for.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        static INSTALL: Once = Once::new();
        INSTALL.call_once(|| {
            let _ = PROVIDER.install_default();
        });

        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_issuer(&[config.origin()]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        match &config.token_audience {
            Some(audience) => {
                validation.set_audience(&[audience]);
                validation.required_spec_claims.insert("aud".to_owned());
            }
            None => validation.validate_aud = false,
        }
        let secret = config.secret.expose();
        Self {
            current: (
                key_id(secret),
                EncodingKey::from_secret(secret),
                DecodingKey::from_secret(secret),
            ),
            previous: config
                .previous_secret
                .as_ref()
                .map(Secret::expose)
                .map(|old| (key_id(old), DecodingKey::from_secret(old))),
            validation,
            issuer: config.origin(),
            audience: config.token_audience.clone(),
            lasts: config.token_ttl,
        }
    }

    /// A token for this session: it ends when `TOKEN_TTL` says, and never after its session.
    pub fn issue(&self, who: &SignedIn) -> Result<(String, Moment)> {
        self.made(who, clock::now())
    }

    /// The token that a sign-in answers with. It is as old as its session, however long the answer took, and so lasts as long.
    pub fn first(&self, who: &SignedIn) -> Result<(String, Moment)> {
        self.made(who, who.created_at)
    }

    fn made(&self, who: &SignedIn, now: Moment) -> Result<(String, Moment)> {
        let now = now.seconds();
        let exp = now.saturating_add(self.lasts).min(who.expires_at.seconds());
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: who.user.id,
            sid: who.session,
            email: who.user.email.clone(),
            iat: now,
            exp,
            jti: Uuid::now_v7(),
            aud: self.audience.clone(),
        };
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(self.current.0.clone());
        let token = jsonwebtoken::encode(&header, &claims, &self.current.1).map_err(|cause| {
            tracing::error!(%cause, "a token could not be signed");
            Error::Internal
        })?;
        Ok((token, Moment(exp.saturating_mul(1000))))
    }

    /// What a token says, if one of our keys signed it and its time has come and not gone. Whether its session lives is not asked here.
    pub fn read(&self, token: &str) -> Result<Claims> {
        if token.len() > LONGEST || token.bytes().filter(|&b| b == b'.').count() != 2 {
            return Err(Error::InvalidToken);
        }
        let (claims, now) = (
            self.decoded(token, &self.validation)?,
            clock::now().seconds(),
        );
        if now >= claims.exp {
            return Err(Error::TokenExpired); // RFC 7519 4.1.4: "on or after"
        }
        let lasts = claims
            .exp
            .checked_sub(claims.iat)
            .ok_or(Error::InvalidToken)?;
        let from_the_future = claims.iat > now + 60;
        let lives_too_long = lasts <= 0 || lasts > self.lasts;
        if from_the_future || lives_too_long || (self.audience.is_none() && claims.aud.is_some()) {
            return Err(Error::InvalidToken);
        }
        Ok(claims)
    }

    /// What a token of ours said whose time is over: for the log, never for letting anybody in.
    #[must_use]
    pub fn read_expired(&self, token: &str) -> Option<Claims> {
        if token.len() > LONGEST {
            return None;
        }
        let mut validation = self.validation.clone();
        validation.validate_exp = false;
        self.decoded(token, &validation).ok()
    }

    fn decoded(&self, token: &str, validation: &Validation) -> Result<Claims> {
        let (key, other) = self.keys_for(token)?;
        let with = |key| jsonwebtoken::decode::<Claims>(token, key, validation);
        let read = match (with(key), other) {
            (Err(cause), Some(other)) if matches!(cause.kind(), ErrorKind::InvalidSignature) => {
                with(other)
            }
            (read, _) => read,
        };
        read.map(|token| token.claims)
            .map_err(|cause| match cause.kind() {
                ErrorKind::ExpiredSignature => Error::TokenExpired,
                _ => Error::InvalidToken,
            })
    }

    /// The key that the header names, or both where it names none, once the header is one that we write. Nothing else in it is believed: a key, an address of one, or
    /// an extension that must be understood makes the token somebody else's (RFC 8725 3.1, 3.10; RFC 7515 4.1.11).
    fn keys_for(&self, token: &str) -> Result<(&DecodingKey, Option<&DecodingKey>)> {
        let header = token
            .split('.')
            .next()
            .and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok())
            .ok_or(Error::InvalidToken)?;
        let header: OurHeader = serde_json::from_slice(&header).map_err(|_| Error::InvalidToken)?;
        if header.alg != "HS256" || header.typ.is_some_and(|typ| typ != "JWT") {
            return Err(Error::InvalidToken);
        }
        match (header.kid, &self.previous) {
            (Some(kid), Some((old, key))) if kid == *old => Ok((key, None)),
            (Some(kid), _) if kid != self.current.0 => Err(Error::InvalidToken),
            (Some(_), _) => Ok((&self.current.2, None)),
            (None, previous) => Ok((&self.current.2, previous.as_ref().map(|(_, key)| key))),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OurHeader {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
}

/// Names a key without telling it.
fn key_id(secret: &[u8]) -> String {
    key::hex(
        &Sha256::new()
            .chain_update(b"kid")
            .chain_update(secret)
            .finalize()[..4],
    )
}

/// HS256 for jsonwebtoken, on the `hmac` crate that is here anyway: its own back ends bring RSA and elliptic curves along, for one HMAC.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(key.as_bytes().to_vec())) as Box<dyn JwtSigner>),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => {
            Ok(Box::new(Hs256(key.try_get_as_bytes()?.to_vec())) as Box<dyn JwtVerifier>)
        }
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Hs256(Vec<u8>);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(key::keyed(&self.0)
            .chain_update(message)
            .finalize()
            .into_bytes()
            .to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        key::keyed(&self.0)
            .chain_update(message)
            .verify_slice(signature)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}
