//! Passwords that are tried first, and so are no passwords: a list of stolen ones, and words that stand beside the field.

use crate::domain::{Email, Error, Name, Password, Result};

/// About 11,600 of the most common stolen passwords with 8 characters or more, in lower case, sorted by bytes, one a line.
/// From Dropbox's zxcvbn (MIT licence), whose list comes from Mark Burnett's collection.
static LIST: &str = include_str!("common.txt");

/// Refuses a password that is on the list, or is made of the person's own name or address or of ours.
pub fn check(password: &Password, name: &Name, email: &Email) -> Result<()> {
    let password = password.expose().to_lowercase();
    let bare = password.trim_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    let local = email.key().split('@').next().unwrap_or_default();
    let name = name.as_str().to_lowercase();
    let own = [
        "latchkey",
        local,
        email.key(),
        &name,
        &name.replace(' ', ""),
    ];
    if is_listed(&password)
        || own
            .iter()
            .any(|word| !word.is_empty() && (password == *word || bare == *word))
    {
        return Err(Error::PasswordCompromised);
    }
    Ok(())
}

/// Looks a line up by halves: the list is sorted, so it needs neither a copy nor an index.
fn is_listed(word: &str) -> bool {
    let (mut low, mut high) = (0, LIST.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = LIST.as_bytes()[low..middle]
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(low, |at| low + at + 1);
        let end = LIST.as_bytes()[start..high]
            .iter()
            .position(|&b| b == b'\n')
            .map_or(high, |at| start + at);
        match LIST.as_bytes()[start..end].cmp(word.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = (end + 1).min(high),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_of(text: &str) -> Result<()> {
        check(
            &Password::chosen(text)?,
            &"Maya Lindqvist".parse()?,
            &"maya.l@example.org".parse()?,
        )
    }

    #[test]
    fn a4_every_line_of_the_list_is_found_and_its_neighbours_are_not() {
        let lines: Vec<_> = LIST.lines().collect();
        assert!(lines.len() >= 3000 && lines.is_sorted_by(|a, b| a.as_bytes() < b.as_bytes()));
        for line in lines {
            assert!(is_listed(line), "{line}");
            assert!(!is_listed(&format!("{line}\u{1}")));
        }
    }

    #[test]
    fn a4_common_passwords_and_ones_made_of_own_words_are_refused() {
        for bad in [
            "password1",
            "Password123",
            "12345678",
            "latchkey1",
            "Latchkey!",
            "maya.l99",
            "MayaLindqvist",
            "maya lindqvist",
            "maya.l@example.org",
        ] {
            assert_eq!(check_of(bad), Err(Error::PasswordCompromised), "{bad}");
        }
    }

    #[test]
    fn a3_no_composition_rules() {
        for good in [
            "aaaaaaaaaaaaaaaaaaaa",
            "three words apart",
            "пароль-на-каждый",
            "        ",
        ] {
            assert_eq!(check_of(good), Ok(()), "{good}");
        }
    }
}
