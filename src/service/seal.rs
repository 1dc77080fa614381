//! What is kept sealed: it must be read again, and a copy of the database alone must not tell it (XChaCha20-Poly1305).

use crate::service::{
    Config,
    key::{Key, Purpose},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use std::{fmt, sync::Arc};

/// So long that random ones never meet.
const NONCE: usize = 24;

/// Seals with today's secret, and opens what the one before it sealed too.
#[derive(Clone)]
pub struct Sealer(Arc<Vec<XChaCha20Poly1305>>);

impl Sealer {
    /// For one purpose.
    #[must_use]
    pub fn new(config: &Config, purpose: Purpose) -> Self {
        let today = Key::derive(config, purpose);
        Self::of(
            [Some(today), Key::previous(config, purpose)]
                .iter()
                .flatten(),
        )
    }

    fn of<'a>(keys: impl Iterator<Item = &'a Key>) -> Self {
        let ciphers = keys.map(|key| XChaCha20Poly1305::new(&(*key.expose()).into()));
        Self(Arc::new(ciphers.collect()))
    }

    /// Seals it for this place: what is moved to another one does not open there.
    #[must_use]
    pub fn seal(&self, place: &str, words: &[u8]) -> Option<String> {
        let nonce: [u8; NONCE] = rand::random();
        let sealed = self
            .0
            .first()?
            .encrypt(&XNonce::from(nonce), payload(place, words));
        let whole = [nonce.as_slice(), &sealed.ok()?].concat();
        Some(BASE64_URL_SAFE_NO_PAD.encode(whole))
    }

    /// Opens what was sealed for this place, if it is whole and one of our secrets sealed it.
    #[must_use]
    pub fn open(&self, place: &str, sealed: &str) -> Option<Vec<u8>> {
        let whole = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, words) = whole.split_first_chunk::<NONCE>()?;
        let mut ciphers = self.0.iter();
        ciphers.find_map(|cipher| {
            let opened = cipher.decrypt(&XNonce::from(*nonce), payload(place, words));
            opened.ok()
        })
    }
}

const fn payload<'a>(place: &'a str, words: &'a [u8]) -> Payload<'a, 'a> {
    Payload {
        msg: words,
        aad: place.as_bytes(),
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(bytes: &[u8]) -> Sealer {
        let keys: Vec<_> = bytes
            .iter()
            .map(|&byte| Key::of_bytes([byte; 32]))
            .collect();
        Sealer::of(keys.iter())
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_and_nowhere_else() {
        let (ours, words) = (sealer(&[1]), b"a link");
        let sealed = ours.seal("row 1", words).unwrap();
        assert_eq!(ours.open("row 1", &sealed), Some(words.to_vec()));
        assert_eq!(ours.open("row 2", &sealed), None);
        assert_eq!(sealer(&[2]).open("row 1", &sealed), None);
        assert!(!sealed.contains("link"));
    }

    #[test]
    fn the_same_words_are_never_sealed_alike() {
        let ours = sealer(&[1]);
        assert_ne!(ours.seal("row", b"a link"), ours.seal("row", b"a link"));
    }

    #[test]
    fn the_secret_before_this_one_still_opens() {
        let sealed = sealer(&[1]).seal("row", b"a link").unwrap();
        assert!(sealer(&[2, 1]).open("row", &sealed).is_some());
    }

    #[test]
    fn whatever_was_changed_does_not_open() {
        let ours = sealer(&[1]);
        let sealed = ours.seal("row", b"a link").unwrap();
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
