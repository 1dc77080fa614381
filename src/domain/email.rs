//! An e-mail address: kept as typed for reading and sending, with a key that two spellings of one mailbox share.

use super::error::{Error, Result};
use std::{fmt, str::FromStr};

/// A checked address.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    typed: String,
    key: String,
}

impl Email {
    /// As it was typed, without the white space around it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// What makes it unique: the local part in ASCII lower case, the domain as IDNA A-labels (RFC 5891).
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where mail goes: the local part as it was typed, because only its own server knows what letter case means there, and the domain as
    /// every mail server reads it.
    #[must_use]
    pub fn mailbox(&self) -> String {
        let local = self.typed.rsplit_once('@').map_or("", |(local, _)| local);
        let domain = self.key.rsplit_once('@').map_or("", |(_, domain)| domain);
        format!("{local}@{domain}")
    }
}

impl FromStr for Email {
    type Err = Error;

    /// Takes `atom.atom@domain.tld` with an ASCII local part of at most 64 bytes and at most 254 bytes in all (RFC 5321 4.5.3.1).
    /// Quoted local parts, comments and address literals are refused: nobody types them, and mail programs disagree on them.
    /// The local part is lower-cased in ASCII only, because Unicode would fold `K` (Kelvin) and `İ` into other people's letters.
    fn from_str(text: &str) -> Result<Self> {
        let typed = text.trim_matches(' ');
        let (local, domain) = typed.rsplit_once('@').ok_or(Error::InvalidEmail)?;
        let is_atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&c);
        let dots_well = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
        if local.is_empty()
            || local.len() > 64
            || !local.bytes().all(is_atom)
            || !dots_well
            || !is_plain(domain)
        {
            return Err(Error::InvalidEmail);
        }
        let domain = idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::STD3)
            .map_err(|_| Error::InvalidEmail)?;
        let top = domain
            .rsplit_once('.')
            .map(|(_, top)| top)
            .ok_or(Error::InvalidEmail)?;
        let labels_well = domain.split('.').all(|label| {
            (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
        });
        let key = format!("{}@{domain}", local.to_ascii_lowercase());
        if !labels_well
            || top.bytes().all(|b| b.is_ascii_digit())
            || key.len() > 254
            || typed.len() > 254
        {
            return Err(Error::InvalidEmail);
        }
        Ok(Self {
            typed: typed.to_owned(),
            key,
        })
    }
}

/// Letters that IDNA would fold away (fullwidth, Kelvin, zero-width) are refused, so that what a person sees is what is stored.
fn is_plain(domain: &str) -> bool {
    domain.chars().all(|c| {
        c.is_ascii_alphanumeric()
            || matches!(c, '.' | '-')
            || (!c.is_ascii()
                && c.is_alphanumeric()
                && !matches!(c, '\u{212A}' | '\u{0130}' | '\u{FF00}'..='\u{FFEF}'))
    })
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({})", self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn b18_one_mailbox_has_one_key() {
        let key = |text: &str| text.parse::<Email>().unwrap().key().to_owned();
        assert_eq!(key("A@X.io"), "a@x.io");
        assert_eq!(key("  a@x.io "), "a@x.io");
        assert_eq!(key("a@пример.рф"), "a@xn--e1afmkfd.xn--p1ai");
        assert_eq!(key("a@xn--e1afmkfd.xn--p1ai"), "a@xn--e1afmkfd.xn--p1ai");
        assert_ne!(key("a+t@x.io"), key("a@x.io"));
    }

    #[test]
    fn b18_mail_goes_to_the_mailbox_that_was_typed() {
        let mailbox = |text: &str| text.parse::<Email>().unwrap().mailbox();
        assert_eq!(mailbox(" Maya.L@Example.ORG "), "Maya.L@example.org");
        assert_eq!(mailbox("a@пример.рф"), "a@xn--e1afmkfd.xn--p1ai");
    }

    #[test]
    fn b18_what_is_not_a_plain_address_is_refused() {
        let long = format!("a@{}.io", "a".repeat(63).as_str().repeat(4));
        let local = format!("{}@x.io", "a".repeat(65));
        for bad in [
            "",
            "a",
            "@x.io",
            "a@",
            "a@x",
            "a＠x.io",
            "a@x.io\0",
            "a@x.io\r\nBcc: v@y",
            "\"a b\"@x.io",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            &long,
            &local,
            "İ@x.io",
            "\u{212A}@x.io",
            "а@x.io",
            "a\u{200B}@x.io",
            "a@x\u{200B}.io",
            "a@x..io",
            "a@-x.io",
            "a@x-.io",
            ".a@x.io",
            "a.@x.io",
            "a..b@x.io",
            "a@ｘ.io",
            "a@b@x.io",
            "a b@x.io",
            "a@x.io\t",
            "a@x_y.io",
            "a@x.io.",
        ] {
            assert_eq!(bad.parse::<Email>(), Err(Error::InvalidEmail), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn b18_no_text_makes_the_parser_stumble(text in "\\PC{0,80}") {
            if let Ok(email) = text.parse::<Email>() {
                prop_assert!(email.key().is_ascii() && email.key().len() <= 254);
                let again = email.key().parse::<Email>().unwrap();
                prop_assert_eq!(again.key(), email.key());
            }
        }

        #[test]
        fn b18_letter_case_never_makes_a_second_account(local in "[a-zA-Z0-9.+]{1,10}", domain in "[a-zA-Z]{1,8}\\.[a-zA-Z]{2,4}") {
            let text = format!("{local}@{domain}");
            if let Ok(email) = text.parse::<Email>() {
                let shouted = text.to_ascii_uppercase().parse::<Email>().unwrap();
                prop_assert_eq!(shouted.key(), email.key());
            }
        }
    }
}
