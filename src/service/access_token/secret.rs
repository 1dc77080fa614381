//! How an access token is spelled: `lk_`, 32 random bytes, and a checksum, so that whoever scans texts for lost secrets knows one for sure.

use crate::service::key;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;

/// What every one begins with, and no JWT does.
pub const PREFIX: &str = "lk_";
/// 32 bytes in base64url (RFC 4648 5), without padding.
const RANDOM: usize = 43;
const CHECKSUM: usize = 6;
const WHOLE: usize = PREFIX.len() + RANDOM + CHECKSUM;

/// An access token itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A fresh one, from the operating system.
    #[must_use]
    pub fn fresh() -> Self {
        Self::of(&rand::random())
    }

    fn of(bytes: &[u8; 32]) -> Self {
        let text = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let checksum = checksum(&text);
        Self(text + &checksum)
    }

    /// Takes the one spelling that there is, and what is mistyped or cut off not at all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != WHOLE || !text.is_ascii() {
            return None;
        }
        let (body, given) = text.split_at(WHOLE - CHECKSUM);
        let bytes = BASE64_URL_SAFE_NO_PAD
            .decode(body.strip_prefix(PREFIX)?)
            .ok()?;
        let is_whole = bytes.len() == 32 && checksum(body) == given;
        is_whole.then(|| Self(text.to_owned()))
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> String {
        key::digest(self.0.as_bytes())
    }

    /// The text, to be shown once.
    #[must_use]
    pub fn expose(self) -> String {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The first characters of the SHA-256 of all before it. It guards against typing errors and hides nothing.
fn checksum(text: &str) -> String {
    let mut sum = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text));
    sum.truncate(CHECKSUM);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_token_is_spelled_in_one_way_for_all_time() {
        let known = "lk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAY3NS3Z";
        assert_eq!(Secret::of(&[0; 32]).expose(), known);
        assert!(Secret::parse(known).is_some());
        // The last character of 32 bytes has two bits to spare: they are nought or it is no token.
        let spare = format!("{}B", &known[..WHOLE - CHECKSUM - 1]);
        assert!(Secret::parse(&format!("{spare}{}", checksum(&spare))).is_none());
    }

    #[test]
    fn b46_a_token_never_stands_in_a_log() {
        assert_eq!(format!("{:?}", Secret::fresh()), "Secret(…)");
    }

    proptest! {
        #[test]
        fn every_token_of_ours_is_read_again(bytes in any::<[u8; 32]>()) {
            let secret = Secret::of(&bytes);
            prop_assert_eq!(Secret::parse(&secret.0), Some(secret));
        }

        #[test]
        fn b2_a_token_with_one_character_changed_is_none(bytes in any::<[u8; 32]>(), at in 0..WHOLE, by in "[ -~]") {
            let text = Secret::of(&bytes).expose();
            let changed = format!("{}{by}{}", &text[..at], &text[at + 1..]);
            prop_assume!(changed != text);
            prop_assert_eq!(Secret::parse(&changed), None);
        }

        #[test]
        fn b8_no_text_makes_the_parser_stumble(text in "\\PC{0,80}", tail in "[A-Za-z0-9_-]{49}") {
            prop_assert_eq!(Secret::parse(&text), None);
            prop_assert_eq!(Secret::parse(&format!("lk_{text}")), None);
            prop_assert_eq!(Secret::parse(&format!("lk_{tail}")), None);
        }

        #[test]
        fn a_scanner_knows_a_token_when_it_sees_one(bytes in any::<[u8; 32]>()) {
            let text = Secret::of(&bytes).expose();
            let tail = text.strip_prefix("lk_").unwrap();
            prop_assert_eq!(tail.len(), 49);
            prop_assert!(tail.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')));
        }
    }
}
