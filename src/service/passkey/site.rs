//! What passkeys are made for: a name, and the one address at which a browser shows them.

use crate::{
    domain::{Error, Refusal, Result},
    service::{
        Config,
        key::{Key, Purpose},
    },
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// The site as passkeys know it, if they can.
#[derive(Clone, Debug)]
pub struct Passkeys {
    site: Option<Arc<Site>>,
    pub(super) key: Key,
}

#[derive(Debug)]
struct Site {
    origin: String,
    webauthn: Webauthn,
}

impl Passkeys {
    /// As the configuration has it.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            site: address(&config.public_url)
                .and_then(|address| site(&address))
                .map(Arc::new),
            key: Key::derive(config, Purpose::Passkey),
        }
    }

    /// The one origin at which people make and use passkeys; none where no browser would.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.site.as_ref().map(|site| site.origin.as_str())
    }

    pub(super) fn site(&self) -> Result<&Webauthn> {
        let site = self.site.as_ref().ok_or(Error::PasskeysImpossible)?;
        Ok(&site.webauthn)
    }
}

/// Browsers ask for a name and, but for this very machine, for TLS: a passkey belongs to a name, and an address of numbers is none.
/// Here, where `localhost`, `127.0.0.1` and `[::1]` are one site, the name is `localhost`.
fn address(public: &Url) -> Option<Url> {
    let mut named = public.clone();
    let is_here = match public.host()? {
        Host::Ipv4(address) if address.is_loopback() => named.set_host(Some("localhost")).is_ok(),
        Host::Ipv6(address) if address.is_loopback() => named.set_host(Some("localhost")).is_ok(),
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(_) | Host::Ipv6(_) => return None,
    };
    (is_here || named.scheme() == "https").then_some(named)
}

fn site(address: &Url) -> Option<Site> {
    let timeout = Duration::from_secs(super::ticket::SECONDS.unsigned_abs());
    let built = WebauthnBuilder::new(address.domain()?, address)
        .and_then(|builder| builder.rp_name("latchkey").timeout(timeout).build());
    match built {
        Ok(webauthn) => Some(Site {
            origin: address.origin().ascii_serialization(),
            webauthn,
        }),
        Err(cause) => {
            tracing::warn!(%cause, "there are no passkeys at this PUBLIC_URL");
            None
        }
    }
}

/// What a browser answered, as the library reads it. What extensions say is left out: nothing here depends on it, and browsers differ in it.
pub(super) fn read<T: DeserializeOwned>(mut response: Value) -> Result<T, Refusal> {
    if let Some(members) = response.as_object_mut() {
        members.remove("clientExtensionResults");
        members.remove("extensions");
    }
    serde_json::from_value(response).map_err(|_| Refusal::about("response", Error::Validation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(public: &str) -> Option<String> {
        let site = site(&address(&public.parse().unwrap())?)?;
        Some(site.origin)
    }

    #[test]
    fn a_passkey_belongs_to_a_name_with_tls_or_to_this_machine() {
        for (public, expected) in [
            ("https://tasks.example.org", "https://tasks.example.org"),
            ("https://example.org:8443", "https://example.org:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:3000", "http://localhost:3000"),
            ("http://[::1]:3000", "http://localhost:3000"),
            ("http://tasks.localhost", "http://tasks.localhost"),
        ] {
            assert_eq!(origin(public).as_deref(), Some(expected), "{public}");
        }
        for public in [
            "http://tasks.example.org",
            "http://192.168.1.7:3000",
            "https://192.168.1.7",
            "https://[2001:db8::1]",
        ] {
            assert_eq!(origin(public), None, "{public}");
        }
    }
}
