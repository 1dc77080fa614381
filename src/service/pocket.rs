//! The small cookies beside the session's: what a browser brought along, and what it is to keep.

use crate::service::config::Secret;
use http::{HeaderMap, header::COOKIE};
use std::sync::{Arc, Mutex, PoisonError};

/// A cookie of ours that is no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keepsake {
    /// Names a sign-in that waits for its second factor.
    Challenge,
    /// Names a browser that need not give the second factor for a while.
    Device,
    /// Holds what a passkey was asked for.
    Passkey,
}

impl Keepsake {
    /// Every one.
    pub const ALL: &[Self] = &[Self::Challenge, Self::Device, Self::Passkey];

    /// Its name on http; on https with what ties it to this one host before it.
    #[must_use]
    pub const fn name(self, is_https: bool) -> &'static str {
        match (self, is_https) {
            (Self::Challenge, false) => "latchkey_challenge",
            (Self::Challenge, true) => "__Host-latchkey_challenge",
            (Self::Device, false) => "latchkey_device",
            (Self::Device, true) => "__Host-latchkey_device",
            (Self::Passkey, false) => "latchkey_passkey",
            (Self::Passkey, true) => "__Host-latchkey_passkey",
        }
    }
}

/// What a browser sent under this name. Whatever else it sends along, and in whatever letters, is none of our business.
pub fn sent<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    let pairs = headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|header| header.as_bytes().split(|&byte| byte == b';'));
    pairs.filter_map(move |pair| {
        let value = pair.trim_ascii().strip_prefix(name.as_bytes())?;
        value.strip_prefix(b"=")
    })
}

/// The one value of this name. Two that differ are none: one of them is somebody else's.
#[must_use]
pub fn the_one(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = sent(headers, name);
    let first = values.next()?;
    let is_one = values.all(|value| value == first);
    let text = is_one.then(|| std::str::from_utf8(first).ok());
    text.flatten().map(str::to_owned)
}

/// What becomes of a cookie with the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The browser keeps this for so many seconds.
    Give(Secret<String>, i64),
    /// The browser forgets it.
    Take,
}

/// What one browser holds of these, during one request. Copies share it, so that the answer knows what was done.
#[derive(Clone, Debug, Default)]
pub struct Pocket {
    brought: Arc<Vec<(Keepsake, Secret<String>)>>,
    changes: Arc<Mutex<Vec<(Keepsake, Change)>>>,
}

impl Pocket {
    /// A pocket with what the browser sent.
    #[must_use]
    pub fn holding(brought: impl IntoIterator<Item = (Keepsake, String)>) -> Self {
        let brought = brought
            .into_iter()
            .map(|(what, value)| (what, Secret::new(value)));
        Self {
            brought: Arc::new(brought.collect()),
            changes: Arc::default(),
        }
    }

    /// What the browser brought.
    #[must_use]
    pub fn brought(&self, what: Keepsake) -> Option<&str> {
        let found = self.brought.iter().find(|(known, _)| *known == what);
        found.map(|(_, value)| value.expose().as_str())
    }

    /// Gives the browser this to keep.
    pub fn give(&self, what: Keepsake, value: String, seconds: i64) {
        self.change(what, Change::Give(Secret::new(value), seconds));
    }

    /// Takes it away, if the browser has it.
    pub fn take(&self, what: Keepsake) {
        if self.brought(what).is_some() {
            self.change(what, Change::Take);
        }
    }

    /// What was done to it, the last word for each cookie.
    #[must_use]
    pub fn changes(&self) -> Vec<(Keepsake, Change)> {
        self.among().clone()
    }

    fn change(&self, what: Keepsake, change: Change) {
        let mut changes = self.among();
        changes.retain(|(known, _)| *known != what);
        changes.push((what, change));
    }

    fn among(&self) -> std::sync::MutexGuard<'_, Vec<(Keepsake, Change)>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_last_word_counts_and_what_is_not_there_is_not_taken() {
        let pocket = Pocket::holding([(Keepsake::Challenge, "old".to_owned())]);
        pocket.clone().take(Keepsake::Challenge);
        pocket.take(Keepsake::Device);
        assert_eq!(pocket.changes(), [(Keepsake::Challenge, Change::Take)]);
        pocket.give(Keepsake::Challenge, "new".to_owned(), 600);
        let given = Change::Give(Secret::new("new".to_owned()), 600);
        assert_eq!(pocket.changes(), [(Keepsake::Challenge, given)]);
        assert_eq!(pocket.brought(Keepsake::Challenge), Some("old"));
    }

    #[test]
    fn a_pocket_does_not_print_what_it_holds() {
        let pocket = Pocket::holding([(Keepsake::Device, "canary".to_owned())]);
        pocket.give(Keepsake::Challenge, "canary".to_owned(), 1);
        assert!(!format!("{pocket:?}").contains("canary"));
    }

    #[test]
    fn whatever_letters_other_cookies_hold_ours_is_read() {
        for cookies in [
            b"a=1; name=\xe9\xff; latchkey_session=7".as_slice(),
            b"latchkey_session=7;\xff",
            b"latchkey_session=7; latchkey_session=7; x=\xc3",
        ] {
            let value = HeaderValue::from_bytes(cookies).unwrap();
            let headers = [(COOKIE, value)].into_iter().collect();
            assert_eq!(the_one(&headers, "latchkey_session").as_deref(), Some("7"));
            assert_eq!(the_one(&headers, "latchkey_sessio"), None);
        }
        let value = HeaderValue::from_bytes(b"latchkey_session=\xff").unwrap();
        let headers = [(COOKIE, value)].into_iter().collect();
        assert_eq!(sent(&headers, "latchkey_session").count(), 1);
        assert_eq!(the_one(&headers, "latchkey_session"), None);
    }
}
