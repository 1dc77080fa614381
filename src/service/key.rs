//! Keys: tokens are signed with the secret's own bytes; whatever else needs a key derives its own (HKDF-SHA-256, RFC 5869).

use crate::service::{Config, config::Secret};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// What a derived key is for. Two purposes never share a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Marks cursors as ours.
    Cursor,
    /// Hides whom a rate limit counts.
    RateLimit,
    /// Seals letters that wait.
    Mail,
    /// Makes what goes to the identity provider and back out of a browser's ticket.
    Provider,
    /// Marks what a browser keeps of a passkey's challenge as ours.
    Passkey,
    /// Encrypts what the second factor is checked against.
    SecondFactor,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Cursor => b"latchkey cursor v1",
            Self::RateLimit => b"latchkey rate limit v1",
            Self::Mail => b"latchkey mail v1",
            Self::Provider => b"latchkey provider v1",
            Self::Passkey => b"latchkey passkey v1",
            Self::SecondFactor => b"latchkey second factor v1",
        }
    }
}

/// A derived key.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// Derives the key for a purpose.
    #[must_use]
    pub fn derive(config: &Config, purpose: Purpose) -> Self {
        Self::of(&config.secret, purpose)
    }

    /// The key for a purpose as the secret before this one gives it, while there is one.
    #[must_use]
    pub fn previous(config: &Config, purpose: Purpose) -> Option<Self> {
        let previous = config.previous_secret.as_ref();
        previous.map(|secret| Self::of(secret, purpose))
    }

    fn of(secret: &Secret<Vec<u8>>, purpose: Purpose) -> Self {
        let mut key = [0; 32];
        // Expanding to 32 bytes cannot fail: the limit is 255 times the hash's length.
        let _ = Hkdf::<Sha256>::new(None, secret.expose()).expand(purpose.label(), &mut key);
        Self(key)
    }

    /// The bytes, for a cipher.
    pub(super) const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key of these bytes, for tests.
    #[cfg(test)]
    pub(crate) const fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// HMAC-SHA-256 (RFC 2104) of these parts, each with its length before it.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = keyed(&self.0);
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// An HMAC-SHA-256 with this key; any length is legal.
pub(super) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

/// SHA-256 in hex: how a secret of high entropy is stored.
#[must_use]
pub fn digest(secret: &[u8]) -> String {
    hex(&Sha256::digest(secret))
}

/// Bytes in lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            for half in [byte >> 4, byte & 0xf] {
                text.push(char::from_digit(half.into(), 16).unwrap_or('0'));
            }
            text
        })
}

/// 32 random bytes from the operating system, in URL-safe base64: a secret that is shown once.
#[must_use]
pub fn random_secret() -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
