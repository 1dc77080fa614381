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

fn line(text: &str, most: usize, error: Error) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most || text.chars().any(is_forbidden) {
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
