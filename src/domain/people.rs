//! People as administrators see them: who is here and what happened to accounts. Nothing here speaks of tasks.

use super::{
    error::{Error, Result},
    event::LogLine,
    id::UserId,
    moment::Moment,
    user::Role,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// A UUID, version 7.
    pub id: UserId,
    /// The address as it was typed.
    pub email: String,
    /// What the person is called.
    pub name: String,
    /// Whether the address was proven to be the person's.
    pub email_verified: bool,
    /// Whether signing in asks them for a second factor.
    pub two_factor_enabled: bool,
    /// What they may do.
    pub role: Role,
    /// Since when nobody can sign in, if so (RFC 3339, UTC).
    pub disabled_at: Option<Moment>,
    /// When the account was made (RFC 3339, UTC).
    pub created_at: Moment,
    /// When they were last here, to the day, as far as is still known (RFC 3339, UTC).
    pub last_seen_at: Option<Moment>,
    /// In how many places they are signed in.
    pub sessions: u64,
}

/// Some of the people, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// They.
    pub people: Vec<Person>,
    /// Where the next page begins.
    pub next: Option<Place>,
}

/// Somebody in the log of the house: an id stays when the account is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Someone {
    /// Whose account it is or was.
    pub id: UserId,
    /// What they are called, while they are here.
    pub name: Option<String>,
}

/// A line of the log of the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseLine {
    /// What happened, as the person themselves reads it, and from where.
    #[serde(flatten)]
    pub line: LogLine,
    /// Why it was refused: a code of the error table; or what a role has become.
    pub reason: Option<String>,
    /// Whose account it is about, if that is known.
    pub about: Option<Someone>,
    /// The administrator who did it, if one did.
    pub by: Option<Someone>,
}

/// Some of what happened in the house, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseLog {
    /// Lines.
    pub lines: Vec<HouseLine>,
    /// Where the next page begins.
    pub next: Option<Place>,
}

/// Where a page of a list ended that has the newest first: the time and the id of its last row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Place {
    /// Its time.
    pub at: Moment,
    /// Its id, where several have the same.
    pub id: Uuid,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.0, self.id.as_hyphenated())
    }
}

impl FromStr for Place {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let place = text.split_once('.').and_then(|(at, id)| {
            Some(Self {
                at: Moment(at.parse().ok()?),
                id: Uuid::try_parse(id).ok()?,
            })
        });
        place
            .filter(|place| place.to_string() == text)
            .ok_or(Error::InvalidCursor)
    }
}

impl TryFrom<String> for Place {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

/// A link that was just made for somebody: the one time that it is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MadeLink {
    /// The address.
    pub link: String,
    /// Until when it is good (RFC 3339, UTC).
    pub good_until: Moment,
}

/// The link stays out of logs.
impl fmt::Debug for MadeLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MadeLink(until {})", self.good_until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn b46_a_link_that_was_made_is_not_printed() {
        let made = MadeLink {
            link: "http://localhost:3000/reset-password?token=x".to_owned(),
            good_until: Moment(2),
        };
        assert!(!format!("{made:?}").contains("token"), "{made:?}");
    }

    proptest! {
        #[test]
        fn b29_a_place_is_read_as_it_was_written(at in any::<i64>(), id in any::<u128>()) {
            let place = Place { at: Moment(at), id: Uuid::from_u128(id) };
            prop_assert_eq!(place.to_string().parse(), Ok(place));
        }

        #[test]
        fn b29_no_other_text_passes_for_a_place(text in "\\PC{0,60}") {
            if let Ok(place) = text.parse::<Place>() {
                prop_assert_eq!(place.to_string(), text);
            }
        }
    }
}
