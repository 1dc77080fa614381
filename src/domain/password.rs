//! A password as a person chose it, and one as somebody claims it to be.

use super::error::{Error, Result};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// A password that may be set: 8 to 128 characters after NFC (RFC 8265 `OpaqueString`), no control characters.
///
/// It never prints; [`Password::expose`] is the one greppable way in.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Checks a password that is about to be set.
    pub fn chosen(text: &str) -> Result<Self> {
        let text: String = text.nfc().collect();
        match text.chars().count() {
            ..8 => Err(Error::PasswordTooShort),
            129.. => Err(Error::PasswordTooLong),
            _ if !text.chars().all(is_typable) => Err(Error::PasswordInvalid),
            _ => Ok(Self(text)),
        }
    }

    /// Takes what somebody types at sign-in. Too short is simply wrong; too long is refused before it costs a hash.
    pub fn claimed(text: &str) -> Result<Self> {
        let text: String = text.nfc().collect();
        if text.chars().count() > 128 {
            Err(Error::PasswordTooLong)
        } else {
            Ok(Self(text))
        }
    }

    /// The text itself: for the hash, and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// U+FFFD stands where bytes were no text: as many different passwords as one likes would be one.
fn is_typable(letter: char) -> bool {
    !letter.is_control() && letter != char::REPLACEMENT_CHARACTER
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_a2_b40_a_password_has_8_to_128_characters_counted_as_people_do() {
        assert_eq!(
            Password::chosen("1234567").unwrap_err(),
            Error::PasswordTooShort
        );
        assert_eq!(
            Password::chosen(&"a".repeat(129)).unwrap_err(),
            Error::PasswordTooLong
        );
        for good in [
            "12345678",
            &"a".repeat(64),
            &"a".repeat(128),
            "🔑🔑🔑🔑🔑🔑🔑🔑",
            "  spaces  ",
        ] {
            assert_eq!(Password::chosen(good).unwrap().expose(), good);
        }
        assert_eq!(
            Password::chosen("1234567\u{301}")
                .unwrap()
                .expose()
                .chars()
                .count(),
            8
        );
    }

    #[test]
    fn a42_two_spellings_of_one_letter_are_one_password() {
        let composed = Password::chosen("caf\u{e9} au lait").unwrap();
        let decomposed = Password::claimed("cafe\u{301} au lait").unwrap();
        assert_eq!(composed.expose(), decomposed.expose());
    }

    #[test]
    fn b40_control_characters_are_refused_in_a_password() {
        assert_eq!(
            Password::chosen("12345678\0").unwrap_err(),
            Error::PasswordInvalid
        );
        assert_eq!(
            Password::chosen("1234\n5678").unwrap_err(),
            Error::PasswordInvalid
        );
    }

    #[test]
    fn what_was_no_text_is_no_password() {
        assert_eq!(
            Password::chosen(&String::from_utf8_lossy(b"12345678\xff")).unwrap_err(),
            Error::PasswordInvalid
        );
    }

    #[test]
    fn b46_a_password_never_prints() {
        assert_eq!(
            format!("{:?}", Password::chosen("correct horse").unwrap()),
            "Password(…)"
        );
    }
}
