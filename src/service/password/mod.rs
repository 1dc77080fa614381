//! Passwords at rest: Argon2id (RFC 9106), computed on threads of their own behind a bounded queue. Those that moved in are scrypt until the
//! next sign-in.

mod common;
mod queue;
mod scrypt;

use crate::domain::{Password, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use password_hash::{PasswordHasher, PasswordVerifier, phc};
use queue::Queue;

/// OWASP's first choice: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

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
        self.queue.run(move || hash(&password)).await?
    }

    /// Whether this is the password. Without a hash to compare with it costs as much as Argon2id does, and says no.
    pub async fn matches(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool> {
        let somebody = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let same = self.queue.run(move || verify(&password, &hash)).await?;
        Ok(same && somebody)
    }
}

/// Whether a hash was made with another algorithm or other parameters than today's, and is to be replaced at the next sign-in.
#[must_use]
pub fn is_outdated(hash: &PasswordHash) -> bool {
    !hash.0.starts_with(&format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"
    ))
}

pub use common::check as check_common;

fn argon2() -> Result<Argon2<'static>> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| crate::domain::Error::Internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &Password) -> Result<PasswordHash> {
    let hash = argon2()?
        .hash_password(password.expose().as_bytes())
        .map_err(|cause| {
            tracing::error!(%cause, "a password could not be hashed");
            crate::domain::Error::Internal
        })?;
    Ok(PasswordHash(hash.to_string()))
}

/// A salt and a tag that no password was hashed to, in the form of today's hashes: comparing with it costs what comparing with any of them
/// costs, so that an unknown address costs what a known one does.
fn of_nobody() -> PasswordHash {
    let (salt, tag) = ("A".repeat(22), "A".repeat(43));
    PasswordHash(format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${tag}"
    ))
}

fn verify(password: &Password, hash: &PasswordHash) -> bool {
    let Ok(parts) = phc::PasswordHash::new(&hash.0) else {
        return false;
    };
    if hash.is_scrypt() {
        return scrypt::verify(password, &parts);
    }
    Argon2::default()
        .verify_password(password.expose().as_bytes(), &parts)
        .is_ok()
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
