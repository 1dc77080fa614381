//! What a person types as the second factor: six digits of an authenticator app, or a recovery code.

use super::error::{Error, Result};
use std::{fmt, str::FromStr};

/// Six digits, as an authenticator app shows them. It never prints; [`TotpCode::expose`] is the one greppable way in.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpCode(String);

impl TotpCode {
    /// How many digits it has.
    pub const DIGITS: usize = 6;

    /// The digits: to be compared, and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for TotpCode {
    type Err = Error;

    /// Takes six digits; apps show them with a space in the middle.
    fn from_str(text: &str) -> Result<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() == Self::DIGITS && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(Error::InvalidCode)
        }
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(…)")
    }
}

/// A code that stands in for the app once: 80 bits in Crockford's base 32, four groups of four, as in `k7m2-x9qd-4tnb-w8fr`. It never
/// prints; [`RecoveryCode::expose`] is the one greppable way in.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// How many characters it has, without what stands between its groups.
    const CHARACTERS: usize = 16;
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

    /// The code of these random bits.
    #[must_use]
    pub fn of(bits: [u8; 10]) -> Self {
        let mut rest = bits
            .iter()
            .fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
        let mut code = String::with_capacity(Self::CHARACTERS);
        for _ in 0..Self::CHARACTERS {
            let [.., low] = rest.to_be_bytes();
            code.push(char::from(Self::ALPHABET[usize::from(low & 31)]));
            rest >>= 5;
        }
        Self(code)
    }

    /// The characters without groups: to be hashed, and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// In groups, as it is shown once.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = String::with_capacity(Self::CHARACTERS + 3);
        for (at, c) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(c);
        }
        text
    }
}

impl FromStr for RecoveryCode {
    type Err = Error;

    /// Takes it however it is grouped and in either case; what looks like a one or a nought is one.
    fn from_str(text: &str) -> Result<Self> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                c => c,
            })
            .collect();
        if code.len() == Self::CHARACTERS && code.bytes().all(|b| Self::ALPHABET.contains(&b)) {
            Ok(Self(code))
        } else {
            Err(Error::InvalidRecoveryCode)
        }
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_six_digits_with_or_without_a_space() {
        for good in ["123456", " 123 456 ", "000000", "123\u{a0}456"] {
            let digits: String = good.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(good.parse::<TotpCode>().unwrap().expose(), digits);
        }
        for bad in [
            "",
            "12345",
            "1234567",
            "12345a",
            "+12345",
            "１２３４５６",
            "123-456",
        ] {
            assert_eq!(bad.parse::<TotpCode>(), Err(Error::InvalidCode), "{bad:?}");
        }
    }

    #[test]
    fn a_recovery_code_is_read_as_people_type_it() {
        let code = RecoveryCode::of([1, 0, 255, 17, 34, 51, 68, 85, 102, 119]);
        let shown = code.shown();
        assert_eq!(shown.len(), 19, "{shown}");
        for typed in [
            shown.clone(),
            shown.to_uppercase(),
            shown.replace('-', " "),
            shown.replace('-', ""),
            format!("  {shown}\n"),
            shown.replace('0', "O").replace('1', "l"),
        ] {
            assert_eq!(typed.parse::<RecoveryCode>(), Ok(code.clone()), "{typed}");
        }
        for bad in [
            "",
            "k7m2-x9qd-4tnb",
            "k7m2-x9qd-4tnb-w8fu",
            "k7m2-x9qd-4tnb-w8frr",
        ] {
            assert!(bad.parse::<RecoveryCode>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn b46_a_code_never_prints() {
        let code: TotpCode = "123456".parse().unwrap();
        let recovery = RecoveryCode::of([7; 10]);
        assert_eq!(
            format!("{code:?} {recovery:?}"),
            "TotpCode(…) RecoveryCode(…)"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_six_digits_or_refused(text in "\\PC{0,12}|[0-9 ]{4,9}") {
            if let Ok(code) = text.parse::<TotpCode>() {
                prop_assert!(code.expose().len() == 6 && code.expose().bytes().all(|b| b.is_ascii_digit()));
            }
        }

        #[test]
        fn whatever_is_typed_is_one_recovery_code_or_refused(text in "\\PC{0,24}|[0-9a-zA-Z -]{12,24}") {
            if let Ok(code) = text.parse::<RecoveryCode>() {
                prop_assert_eq!(code.shown().parse::<RecoveryCode>(), Ok(code));
            }
        }

        #[test]
        fn different_bits_are_different_codes_that_can_be_read_back(one: [u8; 10], other: [u8; 10]) {
            let (a, b) = (RecoveryCode::of(one), RecoveryCode::of(other));
            prop_assert_eq!(a == b, one == other);
            prop_assert_eq!(a.shown().parse::<RecoveryCode>(), Ok(a));
        }
    }
}
