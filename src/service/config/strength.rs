//! What a secret must be to be one.

use super::fault::Wrong;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::collections::BTreeSet;

/// HS256 wants a key as long as its hash (RFC 7518, 3.2).
const LEAST: usize = 32;
const LEAST_DISTINCT: usize = 8;
const LONGEST_REPEATED: usize = 12;

/// What people leave standing where a secret belongs, in lower case without punctuation.
const PLACEHOLDERS: &[&str] = &[
    "changeme",
    "changethis",
    "changeit",
    "replaceme",
    "replacethis",
    "replacewith",
    "yoursecret",
    "yourshared",
    "yourauth",
    "yourbetterauth",
    "yourrandom",
    "yoursuper",
    "yourjwt",
    "your256bit",
    "your384bit",
    "your512bit",
    "betterauthsecret123",
    // The sample of jwt.io, and the one of FastAPI's tutorial.
    "astringsecretatleast",
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
];

/// A secret nobody has seen: 32 random bytes in base64.
#[must_use]
pub fn fresh_secret() -> String {
    STANDARD.encode(rand::random::<[u8; 32]>())
}

/// Refuses what could be guessed. The bytes count as they are: they sign tokens, so nothing is decoded first.
pub(super) fn strong(bytes: &[u8]) -> Result<Vec<u8>, Wrong> {
    const CURE: &str = "Use what `latchkey secret` prints.";
    if bytes.len() < LEAST {
        return Err(Wrong::new("is shorter than 32 bytes", CURE));
    }
    if bytes.iter().collect::<BTreeSet<_>>().len() < LEAST_DISTINCT || is_repeated(bytes) {
        return Err(Wrong::new("repeats itself and is easily guessed", CURE));
    }
    let plain: String = String::from_utf8_lossy(bytes)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    if PLACEHOLDERS.iter().any(|known| plain.contains(known)) {
        return Err(Wrong::new("is a placeholder that everybody knows", CURE));
    }
    Ok(bytes.to_owned())
}

/// Whether it is one short text again and again.
fn is_repeated(bytes: &[u8]) -> bool {
    (1..=LONGEST_REPEATED).any(|length| {
        let (_, behind) = bytes.split_at(length.min(bytes.len()));
        bytes.starts_with(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a37_a_secret_that_could_be_guessed_is_refused() {
        for weak in [
            "",
            "changeme",
            "Zk3v9QxT1mB7nL5rW8yC2hJ6dF4gS0a",
            &"x".repeat(64),
            &"ab".repeat(32),
            &"secret".repeat(8),
            "12345678901234567890123456789012",
            &"password1234".repeat(3),
            "changeme-changeme-changeme-1234567890",
            "please_CHANGE_ME_before_going_live_42",
            "your-secret-key-here-at-least-32-characters",
            "your-256-bit-secret-your-256-bit-secret",
            "your-shared-secret-here-32-characters-long",
            "better-auth-secret-12345678901234567890",
            "a-string-secret-at-least-256-bits-long",
            "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        ] {
            assert!(strong(weak.as_bytes()).is_err(), "{weak}");
        }
    }

    #[test]
    fn a37_a_random_secret_is_taken_as_the_bytes_given() {
        for good in [
            fresh_secret().as_bytes(),
            b"Zk3v9QxT1mB7nL5rW8yC2hJ6dF4gS0ap",
            b"6f1d2c3b4a5968778695a4b3c2d1e0ff",
            &std::array::from_fn::<u8, 32, _>(|i| 255 - u8::try_from(i).unwrap()),
        ] {
            assert_eq!(strong(good).as_deref(), Ok(good));
        }
    }

    #[test]
    fn no_two_fresh_secrets_are_alike() {
        let all: HashSet<String> = (0..100).map(|_| fresh_secret()).collect();
        assert_eq!(all.len(), 100);
        for secret in all {
            assert_eq!(STANDARD.decode(&secret).unwrap().len(), 32);
            assert!(strong(secret.as_bytes()).is_ok());
        }
    }
}
