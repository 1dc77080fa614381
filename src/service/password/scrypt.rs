//! Passwords as Better Auth keeps them: scrypt (RFC 7914). They are good here until their person signs in, and are Argon2id from then on.

use super::PasswordHash;
use crate::domain::Password;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use password_hash::{PasswordVerifier, phc};
use scrypt::Scrypt;
use unicode_normalization::UnicodeNormalization as _;

/// How every one of them begins. Another cost is no hash of ours: a row decides neither time nor memory, which are 32 MiB here.
const BEGINNING: &str = "$scrypt$ln=14,r=16,p=1$";
const SALT_LETTERS: usize = 32;
const KEY_BYTES: usize = 64;

impl PasswordHash {
    /// What Better Auth wrote, `hex(salt):hex(key)`, as a PHC string. Its salt is the hexadecimal text itself, not the bytes which that
    /// stands for.
    #[must_use]
    pub fn from_better_auth(text: &str) -> Option<Self> {
        let (salt, key) = text.split_once(':')?;
        let key = bytes(key)?;
        if salt.len() != SALT_LETTERS || bytes(salt).is_none() || key.len() != KEY_BYTES {
            return None;
        }
        let (salt, key) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(key));
        Some(Self(format!("{BEGINNING}{salt}${key}")))
    }

    pub(super) fn is_scrypt(&self) -> bool {
        self.0.starts_with(BEGINNING)
    }
}

/// Better Auth's own comparison, but for the spelling: it hashes NFKC where we hash NFC.
pub(super) fn verify(password: &Password, hash: &phc::PasswordHash) -> bool {
    let text: String = password.expose().nfkc().collect();
    Scrypt::new().verify_password(text.as_bytes(), hash).is_ok()
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    let digit = |letter: u8| char::from(letter).to_digit(16);
    hexadecimal
        .as_bytes()
        .chunks(2)
        .map(|pair| match *pair {
            [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{is_outdated, scratch::Scratch};
    use super::*;
    use password_hash::CustomizedPasswordHasher as _;

    /// Made by `hashPassword` of Better Auth 1.7.24 (`@better-auth/utils` 0.5.0) in Node 20, and checked against
    /// `scryptSync(password.normalize("NFKC"), salt, 64, {N: 16384, r: 16, p: 1, maxmem: 2 ** 27})` of `node:crypto`.
    const MADE: [(&str, &str); 2] = [
        (
            "three words apart",
            "895fbd498397d41e09f4ece4e0c9d456:63a3b4fb749024a8efac1bb530eb0727bd121981d5641368620573a84ebab2a32b7f4d9dae5d0699258affc913ec693bef7eba7e974e5c4ab1b3bbf7eb8f63f6",
        ),
        (
            "Stra\u{df}e \u{fb01}ne caf\u{e9} \u{2460}\u{2461}",
            "94d7aa41dc3014fb4cfed60fd2b35a85:30f6b28e26866dc85226469b9e58432e0008b62b3013ca2e3134faf8e8ccce293aa1130832242da69044015d37372b74baf289f731596369bcb01af82367552b",
        ),
    ];

    fn verify(password: &Password, hash: &PasswordHash) -> bool {
        super::super::verify(password, hash, &mut Scratch::default())
    }

    #[test]
    fn a6_a_hash_of_better_auth_is_known_by_its_own_password_and_no_other() {
        for (text, hash) in MADE {
            let hash = PasswordHash::from_better_auth(hash).unwrap();
            assert!(hash.as_str().starts_with("$scrypt$ln=14,r=16,p=1$") && is_outdated(&hash));
            assert!(verify(&Password::claimed(text).unwrap(), &hash), "{text}");
            for other in [text.to_uppercase(), format!("{text} "), String::new()] {
                let other = Password::claimed(&other).unwrap();
                assert!(!verify(&other, &hash), "{other:?} for {text}");
            }
        }
    }

    #[test]
    fn a42_what_looks_the_same_is_the_same_password_as_it_was_there() {
        let hash = PasswordHash::from_better_auth(MADE[1].1).unwrap();
        for same in [
            "Stra\u{df}e fine cafe\u{301} 12",
            "Stra\u{df}e \u{fb01}ne cafe\u{301} \u{2460}\u{2461}",
        ] {
            assert!(verify(&Password::claimed(same).unwrap(), &hash), "{same}");
        }
    }

    #[test]
    fn what_better_auth_would_not_have_written_is_no_hash() {
        let (salt, key) = MADE[0].1.split_once(':').unwrap();
        for bad in [
            String::new(),
            salt.to_owned(),
            format!("{salt}:"),
            format!(":{key}"),
            format!("{salt}:{}", &key[1..]),
            format!("{salt}:{}", &key[2..]),
            format!("{}:{key}", &salt[2..]),
            format!("{salt}:{}zz", &key[2..]),
            format!("scrypt:{salt}:{key}"),
            format!("{salt}:{key}:{key}"),
            format!("{salt}:{}\u{fc}", &key[2..]),
            "$2b$10$CwTycUXWue0Thq9StjUM0uJ8.V4U8pG1rW1Pj7k0m0lYyq1bH1b1a".to_owned(),
        ] {
            assert!(PasswordHash::from_better_auth(&bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_row_with_a_cost_of_its_own_is_no_password_even_to_its_own_password() {
        let cheap = scrypt::Params::new(10, 8, 1).unwrap();
        let made = Scrypt::new()
            .hash_password_customized(MADE[0].0.as_bytes(), &[7; 16], None, None, cheap)
            .unwrap();
        let password = Password::claimed(MADE[0].0).unwrap();
        assert!(super::verify(&password, &made));
        assert!(!verify(&password, &PasswordHash::stored(made.to_string())));
    }
}
