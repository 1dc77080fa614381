//! One line of text with a greatest length: a name, a title. And notes, which may have several lines.

use super::error::{Error, Result};
use serde::Serialize;
use std::{fmt, str::FromStr};

/// Control characters would break a log line or a header, U+FFFD is what is left of bad UTF-8, and the overrides U+202D and U+202E
/// make text read as something that it is not.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{FFFD}' | '\u{202D}' | '\u{202E}' | '\u{2028}' | '\u{2029}'
        )
}

/// Combining Diacritical Marks: those of Latin, Greek and Cyrillic, which titles are sorted without. In other scripts a mark is a vowel.
#[must_use]
pub const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// White space, what Unicode calls default-ignorable, the blank of Braille, and marks that sit on another letter. Inside of text they have their
/// place: Persian, emoji and accents are written with them.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || is_mark(c)
        || matches!(
            c,
            '\u{AD}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFF8}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Whoever reads it must see something: a link without a letter cannot be followed.
fn line(text: &str, most: usize, error: Error) -> Result<String> {
    let text = text.trim();
    if text.chars().all(is_unseen) || text.chars().count() > most || text.chars().any(is_forbidden)
    {
        return Err(error);
    }
    Ok(text.to_owned())
}

macro_rules! line {
    ($($(#[$doc:meta])* $name:ident $most:literal $error:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        pub struct $name(String);

        impl $name {
            /// The most characters it can have.
            pub const MOST: usize = $most;

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self> { line(text, $most, Error::$error).map(Self) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl From<$name> for String {
            fn from(line: $name) -> Self { line.0 }
        }
    )*};
}

line! {
    /// What a person is called.
    Name 100 InvalidName
    /// What a task is about.
    Title 200 InvalidTitle
    /// What to look for.
    Query 200 InvalidQuery
    /// What an access token is for.
    TokenName 100 InvalidTokenName
    /// What an invitation is about, for those who made it.
    Note 200 InvalidNote
    /// What a passkey is called.
    PasskeyName 100 InvalidPasskeyName
}

/// A task's notes: several lines, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Description(String);

impl Description {
    /// The most characters it can have.
    pub const MOST: usize = 10_000;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Description {
    type Err = Error;
    /// Browsers send line breaks as CR LF; they are kept as LF.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.replace("\r\n", "\n");
        let forbidden =
            |c: char| is_forbidden(c) && !matches!(c, '\n' | '\t' | '\u{2028}' | '\u{2029}');
        if text.chars().count() > Self::MOST || text.chars().any(forbidden) {
            return Err(Error::InvalidDescription);
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_is_trimmed_and_has_1_to_200_characters() {
        assert_eq!(
            "  Water the plants ".parse::<Title>().unwrap().as_str(),
            "Water the plants"
        );
        assert_eq!(
            "🌱"
                .repeat(200)
                .parse::<Title>()
                .unwrap()
                .as_str()
                .chars()
                .count(),
            200
        );
        for bad in ["", "   ", &"a".repeat(201)] {
            assert_eq!(bad.parse::<Title>(), Err(Error::InvalidTitle), "{bad:?}");
        }
    }

    #[test]
    fn b41_control_characters_and_overrides_are_refused_in_a_line() {
        for bad in [
            "a\r\nX-Evil: y",
            "a\u{1b}[31m",
            "a\0",
            "a\u{FFFD}",
            "a\u{202E}b",
            "a\nb",
        ] {
            assert_eq!(bad.parse::<Name>(), Err(Error::InvalidName), "{bad:?}");
        }
    }

    #[test]
    fn text_keeps_what_joins_and_varies_its_letters() {
        for text in [
            "\u{645}\u{6CC}\u{200C}\u{62E}\u{648}\u{627}\u{647}\u{645}",
            "👩\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}",
            "e\u{301}te\u{301}",
        ] {
            assert_eq!(text.parse::<Title>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn b41_a_line_of_nothing_visible_is_refused() {
        for bad in [
            "\u{200B}",
            "\u{AD}",
            "\u{2060}",
            "\u{FEFF}",
            "\u{3164}",
            "\u{200D}",
            "\u{2800}",
            "\u{301}",
            "\u{FE0F}",
            "\u{E0001}",
            "\u{200B} \u{200B}",
        ] {
            assert_eq!(bad.parse::<Title>(), Err(Error::InvalidTitle), "{bad:?}");
            assert_eq!(bad.parse::<Name>(), Err(Error::InvalidName), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn b41_one_letter_that_can_be_seen_is_what_a_line_needs(
            unseen in "[ \u{A0}\u{AD}\u{300}-\u{36F}\u{61C}\u{200B}-\u{200F}\u{2060}-\u{206F}\u{3164}\u{FE00}-\u{FE0F}\u{FEFF}\u{FFA0}]{0,40}",
            seen in "[a-zäßи中🌱]",
        ) {
            prop_assert_eq!(unseen.parse::<Name>(), Err(Error::InvalidName));
            let text = format!("{unseen}{seen}{unseen}");
            let name = text.parse::<Name>().map(String::from);
            prop_assert_eq!(name.as_deref(), Ok(text.trim()));
        }
    }

    #[test]
    fn notes_keep_their_lines_and_lose_carriage_returns() {
        assert_eq!(
            "one\r\ntwo\n\tthree"
                .parse::<Description>()
                .unwrap()
                .as_str(),
            "one\ntwo\n\tthree"
        );
        assert_eq!("a\0".parse::<Description>(), Err(Error::InvalidDescription));
        assert_eq!(
            "a".repeat(10_001).parse::<Description>(),
            Err(Error::InvalidDescription)
        );
    }
}
