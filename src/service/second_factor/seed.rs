//! The seed that a person's app and we share: 160 random bits, checked as RFC 6238 says, encrypted at rest.

use crate::{
    domain::{Error, Moment, Result, SeedShown, TotpCode, UserId},
    service::{
        Config,
        key::{Key, Purpose, hex},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use std::fmt;
use totp_rs::{Builder, Secret, Totp};

/// Who issues the codes, as apps show it.
const ISSUER: &str = "latchkey";
/// RFC 4226 4 recommends 160 bits.
const BYTES: usize = 20;
const NONCE: usize = 24;

/// A seed. It never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; BYTES]);

impl Seed {
    /// A fresh one.
    #[must_use]
    pub fn fresh() -> Self {
        Self(rand::random())
    }

    /// The step of 30 seconds that this code is of: this one, the one before or the one after.
    #[must_use]
    pub fn step_of(&self, code: &TotpCode, now: Moment) -> Option<i64> {
        let now = u64::try_from(now.seconds()).unwrap_or_default();
        let step = self.totp("", ISSUER).check(code.expose(), now)?;
        i64::try_from(step).ok()
    }

    /// What an app needs to know, for the account of this address.
    pub fn shown(&self, email: &str, issuer: Option<&str>) -> Result<SeedShown> {
        // A colon ends the issuer and begins the account: neither can hold one.
        let issuer = issuer
            .filter(|name| !name.is_empty() && !name.contains(':'))
            .unwrap_or(ISSUER);
        let totp = self.totp(&email.replace(':', ""), issuer);
        let address = totp.to_url().map_err(|cause| {
            tracing::error!(%cause, "the address of a seed cannot be written");
            Error::Internal
        })?;
        Ok(SeedShown {
            totp_uri: format!("{address}&digits=6&period=30"),
            secret: totp.secret().to_base32(),
        })
    }

    fn totp(&self, account: &str, issuer: &str) -> Totp {
        Builder::new()
            .with_secret(Secret::from(self.0))
            .with_account_name(account)
            .with_issuer(Some(issuer))
            .build_noncompliant()
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// A seed as it is kept: nonce and ciphertext, and which key opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Base 64.
    pub text: String,
    /// The key's id.
    pub key_id: String,
}

/// What was found under the seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsealed {
    /// The seed.
    pub seed: Seed,
    /// Whether it lies under the key of a secret that is on its way out.
    pub is_outdated: bool,
}

/// What encrypts seeds (XChaCha20-Poly1305), and what still opens them while the secret is rotated.
#[derive(Clone)]
pub struct Seals {
    current: Seal,
    previous: Option<Seal>,
}

#[derive(Clone)]
struct Seal {
    id: String,
    cipher: XChaCha20Poly1305,
}

impl Seal {
    fn new(key: &Key) -> Self {
        Self {
            id: hex(&key.mac(&[b"id"])[..4]),
            cipher: XChaCha20Poly1305::new(key.expose().into()),
        }
    }

    fn open(&self, user: UserId, text: &str) -> Option<Seed> {
        let bytes = BASE64_STANDARD_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let owner = user.to_string();
        let payload = Payload {
            msg: sealed,
            aad: owner.as_bytes(),
        };
        let opened = self.cipher.decrypt(&XNonce::from(nonce), payload).ok()?;
        opened.try_into().ok().map(Seed)
    }
}

impl fmt::Debug for Seals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seals(…)")
    }
}

impl Seals {
    /// The keys that this configuration's secrets give.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let previous = Key::previous(config, Purpose::SecondFactor);
        Self {
            current: Seal::new(&Key::derive(config, Purpose::SecondFactor)),
            previous: previous.as_ref().map(Seal::new),
        }
    }

    /// Encrypts a seed for this person: under nobody else's id can it be opened.
    pub fn close(&self, user: UserId, seed: &Seed) -> Result<Sealed> {
        let nonce: [u8; NONCE] = rand::random();
        let owner = user.to_string();
        let payload = Payload {
            msg: seed.0.as_slice(),
            aad: owner.as_bytes(),
        };
        let sealed = self
            .current
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Internal)?;
        Ok(Sealed {
            text: BASE64_STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat()),
            key_id: self.current.id.clone(),
        })
    }

    /// Decrypts this person's seed. What no key opens is said in the log, with the cure.
    pub fn open(&self, user: UserId, sealed: &Sealed) -> Result<Unsealed> {
        let keys = [
            Some((&self.current, false)),
            self.previous.as_ref().map(|seal| (seal, true)),
        ];
        let found = keys
            .into_iter()
            .flatten()
            .find(|(seal, _)| seal.id == sealed.key_id);
        let opened = found.and_then(|(seal, is_outdated)| {
            let seed = seal.open(user, &sealed.text)?;
            Some(Unsealed { seed, is_outdated })
        });
        opened.ok_or_else(|| {
            tracing::error!(
                user.id = %user,
                "a second factor cannot be read: set AUTH_SECRET_PREVIOUS to the secret it was set up under, or turn it off with `latchkey user reset-second-factor`"
            );
            Error::Internal
        })
    }
}

#[cfg(test)]
mod tests;
