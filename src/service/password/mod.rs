//! Passwords at rest: Argon2id (RFC 9106), computed on threads of their own behind a bounded queue. Those that moved in are scrypt until the
//! next sign-in.

mod common;
mod queue;
mod scratch;
mod scrypt;

use crate::domain::{Password, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use password_hash::{PasswordVerifier, phc};
use queue::Queue;
use scratch::Scratch;
use subtle::ConstantTimeEq;

/// OWASP's first choice: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const TAG_BYTES: usize = 32;

/// A hash as it is stored: a PHC string. It never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// What an `account` row holds.
    #[must_use]
    pub const fn stored(phc: String) -> Self {
        Self(phc)
    }

    /// What goes into an `account` row.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Hashes and compares.
#[derive(Clone, Debug)]
pub struct Hasher {
    queue: Queue,
    nobody: PasswordHash,
}

impl Hasher {
    /// Starts the threads.
    #[must_use]
    pub fn start() -> Self {
        Self {
            queue: Queue::start(),
            nobody: of_nobody(),
        }
    }

    /// The hash of a password that is being set.
    pub async fn hash(&self, password: Password) -> Result<PasswordHash> {
        self.queue
            .run(move |scratch| hash(&password, scratch))
            .await?
    }

    /// Whether this is the password. Without a hash to compare with it costs as much as Argon2id does, and says no.
    pub async fn matches(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool> {
        let somebody = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let same = self
            .queue
            .run(move |scratch| verify(&password, &hash, scratch))
            .await?;
        Ok(same && somebody)
    }
}

/// Whether a hash was made with another algorithm or other parameters than today's, and is to be replaced at the next sign-in.
#[must_use]
pub fn is_outdated(hash: &PasswordHash) -> bool {
    !hash.0.starts_with(&beginning())
}

/// How a hash of today begins; salt and tag follow, in base64 with a dollar sign between them.
fn beginning() -> String {
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$")
}

pub use common::check as check_common;

/// Argon2id with today's parameters.
fn tag(password: &Password, salt: &[u8], scratch: &mut Scratch) -> argon2::Result<[u8; TAG_BYTES]> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(TAG_BYTES))?;
    let (blocks, mut tag) = (params.block_count(), [0; TAG_BYTES]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        password.expose().as_bytes(),
        salt,
        &mut tag,
        scratch.blocks(blocks),
    )?;
    Ok(tag)
}

fn hash(password: &Password, scratch: &mut Scratch) -> Result<PasswordHash> {
    let salt = rand::random::<[u8; SALT_BYTES]>();
    let tag = tag(password, &salt, scratch).map_err(|cause| {
        tracing::error!(%cause, "a password could not be hashed");
        crate::domain::Error::Internal
    })?;
    let [salt, tag] = [&salt[..], &tag[..]].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    Ok(PasswordHash(format!("{}{salt}${tag}", beginning())))
}

/// A salt and a tag that no password was hashed to, in the form of today's hashes: comparing with it costs what comparing with any of them
/// costs, so that an unknown address costs what a known one does.
fn of_nobody() -> PasswordHash {
    let (salt, tag) = ("A".repeat(22), "A".repeat(43));
    PasswordHash(format!("{}{salt}${tag}", beginning()))
}

fn verify(password: &Password, hash: &PasswordHash, scratch: &mut Scratch) -> bool {
    let Ok(parts) = phc::PasswordHash::new(&hash.0) else {
        return false;
    };
    if hash.is_scrypt() {
        return scrypt::verify(password, &parts);
    }
    if is_outdated(hash) {
        let claimed = password.expose().as_bytes();
        return Argon2::default().verify_password(claimed, &parts).is_ok();
    }
    let (Some(salt), Some(kept)) = (parts.salt, parts.hash) else {
        return false;
    };
    tag(password, &salt, scratch).is_ok_and(|tag| tag.ct_eq(kept.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a6_a_hash_is_argon2id_with_owasps_parameters_and_its_own_salt() {
        let hasher = Hasher::start();
        let password = Password::chosen("correct horse battery").unwrap();

        let (one, two) = (
            hasher.hash(password.clone()).await.unwrap(),
            hasher.hash(password.clone()).await.unwrap(),
        );

        assert!(
            one.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            one.as_str()
        );
        assert_ne!(one, two);
        assert!(
            !is_outdated(&one)
                && is_outdated(&PasswordHash::stored(
                    "$argon2id$v=19$m=4096,t=3,p=1$x$y".into()
                ))
        );
        assert!(hasher.matches(password, Some(one)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_a_password_too_and_it_never_matches() {
        let hasher = Hasher::start();
        let nobody = of_nobody();
        assert!(!is_outdated(&nobody));
        let parts = phc::PasswordHash::new(nobody.as_str()).unwrap();
        assert_eq!(parts.hash.unwrap().as_bytes().len(), 32);
        let password = Password::claimed("nobody has this password").unwrap();
        assert!(!hasher.matches(password, None).await.unwrap());
    }

    #[test]
    fn b46_a_hash_never_prints() {
        assert_eq!(
            format!("{:?}", PasswordHash::stored("secret".into())),
            "PasswordHash(…)"
        );
    }
}
