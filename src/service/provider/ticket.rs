//! What ties an errand to one browser: a random value in a cookie of its own, of which the table knows the SHA-256.

use super::errand::LASTS;
use crate::service::{
    key::{self, Key},
    pocket,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};
use subtle::ConstantTimeEq;

/// The cookie's value. Whatever goes to the provider is made of it with a key of ours, so that it is at rest nowhere but in that browser.
#[derive(Clone)]
pub struct Ticket(String);

/// What is made of a ticket.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// `state` (RFC 6749, 10.12).
    State,
    /// `nonce` (OpenID Connect Core, 3.1.2.1).
    Nonce,
    /// The code verifier (RFC 7636, 4.1).
    Verifier,
}

impl Part {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::State => b"state",
            Self::Nonce => b"nonce",
            Self::Verifier => b"verifier",
        }
    }
}

impl Ticket {
    pub(super) fn fresh() -> Self {
        Self(key::random_secret())
    }

    /// The one that this browser holds. Of two that differ, one is somebody else's: then there is none.
    #[must_use]
    pub fn held(headers: &HeaderMap, is_https: bool) -> Option<Self> {
        let value = pocket::the_one(headers, name(is_https));
        value.filter(|value| !value.is_empty()).map(Self)
    }

    pub(super) fn digest(&self) -> String {
        key::digest(self.0.as_bytes())
    }

    /// 32 bytes in URL-safe base64: 43 characters, the fewest that a code verifier may have.
    pub(super) fn part(&self, key: &Key, part: Part) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(key.mac(&[part.label(), self.0.as_bytes()]))
    }

    /// Whether this `state` was made of it.
    pub(super) fn made(&self, key: &Key, state: &str) -> bool {
        let made = self.part(key, Part::State);
        made.as_bytes().ct_eq(state.as_bytes()).into()
    }

    /// As a browser gets it. `Lax`, because it has to come back with the way from the provider.
    #[must_use]
    pub fn given(&self, is_https: bool) -> HeaderValue {
        cookie(&self.0, LASTS, is_https)
    }

    /// Takes it away, with the attributes that it was given with.
    #[must_use]
    pub fn taken(is_https: bool) -> HeaderValue {
        cookie("", 0, is_https)
    }
}

const fn name(is_https: bool) -> &'static str {
    if is_https {
        "__Host-latchkey_provider"
    } else {
        "latchkey_provider"
    }
}

fn cookie(value: &str, age: i64, is_https: bool) -> HeaderValue {
    let (name, secure) = (name(is_https), if is_https { "; Secure" } else { "" });
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age={age}");
    let mut cookie = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
    cookie.set_sensitive(true);
    cookie
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::COOKIE;

    fn held(cookies: &str, is_https: bool) -> Option<String> {
        let headers = [(COOKIE, HeaderValue::from_str(cookies).unwrap())];
        Ticket::held(&headers.into_iter().collect(), is_https).map(|ticket| ticket.0)
    }

    #[test]
    fn only_the_exact_cookie_counts_and_two_that_differ_are_none() {
        assert_eq!(
            held("a=b; latchkey_provider=x", false).as_deref(),
            Some("x")
        );
        assert_eq!(
            held("__Host-latchkey_provider=x", true).as_deref(),
            Some("x")
        );
        for cookies in [
            "latchkey_provider=",
            "latchkey_provider=x; latchkey_provider=y",
            "xlatchkey_provider=x",
            "__Host-latchkey_provider=x",
        ] {
            assert_eq!(held(cookies, false), None, "{cookies}");
        }
        assert_eq!(held("latchkey_provider=x", true), None);
    }

    #[test]
    fn what_is_made_of_a_ticket_differs_by_part_by_ticket_and_by_key() {
        let (one, other) = (Ticket::fresh(), Ticket::fresh());
        let (key, another) = (Key::of_bytes([1; 32]), Key::of_bytes([2; 32]));
        let state = one.part(&key, Part::State);
        assert!(one.made(&key, &state) && state.len() == 43);
        assert!(!other.made(&key, &state) && !one.made(&another, &state));
        assert!(!one.made(&key, &one.part(&key, Part::Nonce)));
        assert!(!one.made(&key, "") && !one.made(&key, &state[..42]));
        assert_ne!(one.part(&key, Part::Nonce), one.part(&key, Part::Verifier));
    }

    #[test]
    fn over_tls_no_neighbour_can_set_the_cookie() {
        let ticket = Ticket("x".to_owned());
        assert_eq!(
            ticket.given(true),
            "__Host-latchkey_provider=x; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600"
        );
        assert_eq!(
            Ticket::taken(false),
            "latchkey_provider=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
    }
}
