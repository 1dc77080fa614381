//! What is kept sealed: it must be read again, and a copy of the database alone must not tell it (ChaCha20-Poly1305, RFC 8439).

use crate::service::{
    Config,
    key::{Key, Purpose},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::{fmt, sync::Arc};

/// Seals with today's secret, and opens what the one before it sealed too.
#[derive(Clone)]
pub struct Sealer(Arc<Vec<LessSafeKey>>);

impl Sealer {
    /// For one purpose.
    #[must_use]
    pub fn new(config: &Config, purpose: Purpose) -> Self {
        let today = Key::derive(config, purpose);
        let keys = [Some(today), Key::derive_previous(config, purpose)];
        Self(Arc::new(keys.iter().flatten().filter_map(of).collect()))
    }

    /// Seals it for this place: sealed words that are moved to another row do not open there. Nothing, if the system has no randomness.
    #[must_use]
    pub fn seal(&self, place: &str, mut words: Vec<u8>) -> Option<String> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let key = self.0.first()?;
        let mark = key
            .seal_in_place_separate_tag(nonce_of(nonce), Aad::from(place), &mut words)
            .ok()?;
        let whole = [nonce.as_slice(), &words, mark.as_ref()].concat();
        Some(BASE64_URL_SAFE_NO_PAD.encode(whole))
    }

    /// Opens what was sealed for this place, if it is whole and one of our secrets sealed it.
    #[must_use]
    pub fn open(&self, place: &str, sealed: &str) -> Option<Vec<u8>> {
        let whole = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, words) = whole.split_first_chunk::<NONCE_LEN>()?;
        self.0.iter().find_map(|key| {
            let mut words = words.to_vec();
            let open = key.open_in_place(nonce_of(*nonce), Aad::from(place), &mut words);
            Some(open.ok()?.to_vec())
        })
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

fn of(key: &Key) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key.bytes()).ok()?;
    Some(LessSafeKey::new(key))
}

const fn nonce_of(bytes: [u8; NONCE_LEN]) -> Nonce {
    Nonce::assume_unique_for_key(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(bytes: &[u8]) -> Sealer {
        let keys = bytes.iter().map(|&byte| Key::of_bytes([byte; 32]));
        Sealer(Arc::new(keys.filter_map(|key| of(&key)).collect()))
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_and_nowhere_else() {
        let (ours, words) = (sealer(&[1]), b"a link".to_vec());
        let sealed = ours.seal("row 1", words.clone()).unwrap();
        assert_eq!(ours.open("row 1", &sealed), Some(words));
        assert_eq!(ours.open("row 2", &sealed), None);
        assert_eq!(sealer(&[2]).open("row 1", &sealed), None);
        assert!(!sealed.contains("link"));
    }

    #[test]
    fn the_same_words_are_never_sealed_alike() {
        let ours = sealer(&[1]);
        assert_ne!(
            ours.seal("row", b"a link".to_vec()),
            ours.seal("row", b"a link".to_vec())
        );
    }

    #[test]
    fn the_secret_before_this_one_still_opens() {
        let sealed = sealer(&[1]).seal("row", b"a link".to_vec()).unwrap();
        assert!(sealer(&[2, 1]).open("row", &sealed).is_some());
    }

    #[test]
    fn whatever_was_changed_does_not_open() {
        let ours = sealer(&[1]);
        let sealed = ours.seal("row", b"a link".to_vec()).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last character holds bits that base64 ignores, and then the decoder refuses it.
            assert!(changed == sealed || ours.open("row", &changed).is_none());
        }
        for bad in ["", "AAAA", "not base64 at all"] {
            assert_eq!(ours.open("row", bad), None);
        }
    }
}
