//! The identity provider: four variables, all of them or none.

use super::{Secret, fault::Wrong, is_loopback, read::Reader, secret_file::SecretFile};
use std::io;
use url::Url;

const ISSUER: &str = "OIDC_ISSUER";
const CLIENT_ID: &str = "OIDC_CLIENT_ID";
const CLIENT_SECRET: &str = "OIDC_CLIENT_SECRET";
const CLIENT_SECRET_FILE: &str = "OIDC_CLIENT_SECRET_FILE";
const NAME: &str = "OIDC_NAME";

/// The longest name that still fits on a button.
const LONGEST_NAME: usize = 40;

/// An OpenID Connect provider that people may come in with.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// Its issuer identifier, letter for letter: a slash at its end is part of it.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// What shows it that it is us.
    pub client_secret: Secret<String>,
    /// What people call it: "Continue with …".
    pub name: String,
}

impl Reader<'_> {
    pub(super) fn oidc(
        &mut self,
        open: &mut impl FnMut(&SecretFile) -> io::Result<Vec<u8>>,
    ) -> Option<Oidc> {
        let issuer = self.optional(ISSUER, issuer);
        let client_id = self.optional(CLIENT_ID, plain);
        let client_secret = self.client_secret(open);
        let name = self.optional(NAME, name);
        let set = [ISSUER, CLIENT_ID, CLIENT_SECRET, NAME].map(|variable| {
            let is_set = self.text(variable).is_some()
                || variable == CLIENT_SECRET && self.text(CLIENT_SECRET_FILE).is_some();
            (variable, is_set)
        });
        if set.iter().any(|(_, is_set)| *is_set) {
            for (variable, _) in set.iter().filter(|(_, is_set)| !is_set) {
                let wrong = Wrong::new(
                    "is not set, but others of the identity provider are",
                    "Set OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME, or none of them.",
                );
                self.note(variable, wrong);
            }
        }
        Some(Oidc {
            issuer: issuer?,
            client_id: client_id?,
            client_secret: client_secret?,
            name: name?,
        })
    }

    fn client_secret(
        &mut self,
        open: &mut impl FnMut(&SecretFile) -> io::Result<Vec<u8>>,
    ) -> Option<Secret<String>> {
        let given = self.optional(CLIENT_SECRET, plain);
        let Some(path) = self.text(CLIENT_SECRET_FILE) else {
            return given.map(Secret::new);
        };
        if self.text(CLIENT_SECRET).is_some() {
            self.note(
                CLIENT_SECRET_FILE,
                Wrong::new("is set beside the secret itself", "Keep one of the two."),
            );
            return None;
        }
        let read = open(&SecretFile::Named(path.into()))
            .map_err(|error| {
                Wrong::file(
                    "names a file that cannot be read",
                    &error,
                    "Name a file that the server may read.",
                )
            })
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| not_plain()))
            .and_then(|text| plain(&text));
        self.keep(CLIENT_SECRET_FILE, read).map(Secret::new)
    }
}

fn issuer(text: &str) -> Result<String, Wrong> {
    let is_good = Url::parse(text).is_ok_and(|url| {
        let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url);
        let is_bare = url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        is_safe && is_bare && url.has_host() && text.contains("://")
    });
    if is_good {
        Ok(text.to_owned())
    } else {
        Err(Wrong::new(
            "is not the https:// address of an identity provider",
            "Write the issuer as the provider shows it, like https://id.example.org.",
        ))
    }
}

fn plain(text: &str) -> Result<String, Wrong> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(not_plain());
    }
    Ok(text.to_owned())
}

const fn not_plain() -> Wrong {
    Wrong::new(
        "is not one line of plain text",
        "Copy it from the provider once more.",
    )
}

fn name(text: &str) -> Result<String, Wrong> {
    let is_name = text
        .parse::<crate::domain::Name>()
        .is_ok_and(|name| name.as_str().chars().count() <= LONGEST_NAME);
    if is_name {
        Ok(text.to_owned())
    } else {
        Err(Wrong::new(
            "is not a name of 1 to 40 characters",
            "Write what people call the provider, like Example ID.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_reached_over_tls_unless_it_is_on_this_machine() {
        for good in [
            "https://id.example.org",
            "https://id.example.org/",
            "https://id.example.org/application/o/latchkey/",
            "https://id.example.org:8443/realms/home",
            "http://localhost:9000",
            "http://127.0.0.1:9000/dex",
            "http://[::1]:9000",
        ] {
            assert_eq!(issuer(good).as_deref(), Ok(good));
        }
        for bad in [
            "http://id.example.org",
            "http://192.168.1.7:9000",
            "id.example.org",
            "https:id.example.org",
            "https://",
            "https://maya:hush@id.example.org",
            "https://id.example.org?tenant=a",
            "https://id.example.org#a",
            "ftp://localhost",
            "http://localhost.example.org",
        ] {
            assert!(issuer(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_fits_on_a_button() {
        assert!(name("Example ID").is_ok());
        assert!(name(&"a".repeat(40)).is_ok());
        assert!(name(&"a".repeat(41)).is_err() && name("a\u{202E}b").is_err());
    }
}
