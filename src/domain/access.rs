//! Access tokens: what a program of one's own carries, what it may do, and how long.

use super::{
    error::{Error, Result},
    id::AccessTokenId,
    moment::Moment,
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One thing that a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read tasks.
    TasksRead,
    /// Make, change and delete tasks.
    TasksWrite,
}

impl Scope {
    /// Every one.
    pub const ALL: &[Self] = &[Self::TasksRead, Self::TasksWrite];

    /// As it is written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TasksRead => "tasks:read",
            Self::TasksWrite => "tasks:write",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::TasksRead => 1,
            Self::TasksWrite => 2,
        }
    }
}

impl FromStr for Scope {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let known = Self::ALL.iter().find(|scope| scope.as_str() == text);
        known.copied().ok_or(Error::InvalidScope)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a token may do: one thing at least. Written as OAuth does (RFC 6749 3.3): with a space between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(u8);

impl Scopes {
    /// All there is.
    pub const EVERY: Self = Self(Scope::TasksRead.bit() | Scope::TasksWrite.bit());
    /// Looking, and nothing else.
    pub const READ: Self = Self(Scope::TasksRead.bit());
    /// Writing down, without seeing what else is there.
    pub const WRITE: Self = Self(Scope::TasksWrite.bit());

    /// These.
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Result<Self> {
        let bits = scopes.into_iter().fold(0, |bits, scope| bits | scope.bit());
        if bits == 0 {
            Err(Error::InvalidScope)
        } else {
            Ok(Self(bits))
        }
    }

    /// Whether this is among them.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// As a person reads it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match (self.has(Scope::TasksRead), self.has(Scope::TasksWrite)) {
            (true, false) => "Read tasks",
            (false, true) => "Add and change tasks",
            _ => "Read, add and change tasks",
        }
    }
}

impl FromStr for Scopes {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let scopes: Vec<Scope> = text
            .split_ascii_whitespace()
            .map(str::parse)
            .collect::<Result<_>>()?;
        Self::of(scopes)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for scope in Scope::ALL.iter().filter(|scope| self.has(**scope)) {
            write!(f, "{between}{scope}")?;
            between = " ";
        }
        Ok(())
    }
}

impl TryFrom<String> for Scopes {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

/// How long a token lasts: it always ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    /// So many days from now: `90d`.
    Days(u16),
    /// Until the end of this day: `2026-12-24`.
    Until(Date),
}

impl Lasts {
    /// The longest there is, in days.
    pub const MOST: u16 = 365;

    /// When it ends, for somebody who is in this place.
    pub fn end(self, now: Moment, zone: &TimeZone) -> Result<Moment> {
        match self {
            Self::Days(days) => Ok(now.plus_seconds(i64::from(days) * 24 * 60 * 60)),
            Self::Until(day) => {
                let last = now.date_in(zone).checked_add(i32::from(Self::MOST).days());
                let midnight = day.tomorrow().and_then(|next| next.to_zoned(zone.clone()));
                let end = midnight.map(|end| Moment(end.timestamp().as_millisecond()));
                match (end, last) {
                    (Ok(end), Ok(last)) if end > now && day <= last => Ok(end),
                    _ => Err(Error::InvalidExpiry),
                }
            }
        }
    }
}

impl Default for Lasts {
    fn default() -> Self {
        Self::Days(90)
    }
}

impl FromStr for Lasts {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        if let Some(days) = text.strip_suffix('d') {
            let is_plain = !days.starts_with('0') && days.bytes().all(|b| b.is_ascii_digit());
            let days = days.parse().ok().filter(|days| *days <= Self::MOST);
            return days
                .filter(|_| is_plain)
                .map(Self::Days)
                .ok_or(Error::InvalidExpiry);
        }
        let day = super::task::due_date(text).map_err(|_| Error::InvalidExpiry)?;
        Ok(Self::Until(day))
    }
}

impl fmt::Display for Lasts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}d"),
            Self::Until(day) => day.fmt(f),
        }
    }
}

/// A token as its owner sees it: never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessToken {
    /// A UUID, version 7.
    pub id: AccessTokenId,
    /// What it is for: 1 to 100 characters.
    pub name: String,
    /// What it may do: `tasks:read`, `tasks:write`, or both with a space between.
    pub scope: Scopes,
    /// When it was made (RFC 3339, UTC).
    pub created_at: Moment,
    /// When it was last used, to the hour (RFC 3339, UTC).
    pub last_used_at: Option<Moment>,
    /// When it ends (RFC 3339, UTC).
    pub expires_at: Moment,
}

/// A token that was just made: the one time that it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeAccessToken {
    /// What the program sends as `Authorization: Bearer`.
    pub token: String,
    /// What it is from now on.
    #[serde(flatten)]
    pub access: AccessToken,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20T23:01:02.123Z.
    const NOW: Moment = Moment(1_795_215_662_123);

    #[test]
    fn scopes_are_words_with_spaces_between_and_never_none() {
        for (text, scopes) in [
            ("tasks:read", Scopes::READ),
            ("tasks:write", Scopes::WRITE),
            ("tasks:write  tasks:read tasks:read", Scopes::EVERY),
        ] {
            assert_eq!(text.parse(), Ok(scopes), "{text}");
            assert_eq!(scopes.to_string().parse(), Ok(scopes));
        }
        assert_eq!(Scopes::EVERY.to_string(), "tasks:read tasks:write");
        for bad in [
            "",
            " ",
            "tasks",
            "tasks:*",
            "TASKS:READ",
            "tasks:read,tasks:write",
        ] {
            assert_eq!(bad.parse::<Scopes>(), Err(Error::InvalidScope), "{bad:?}");
        }
    }

    #[test]
    fn writing_is_not_reading() {
        assert!(!Scopes::WRITE.has(Scope::TasksRead) && !Scopes::READ.has(Scope::TasksWrite));
        assert!(Scope::ALL.iter().all(|scope| Scopes::EVERY.has(*scope)));
    }

    #[test]
    fn a_token_lasts_1_to_365_days() {
        assert_eq!("7d".parse(), Ok(Lasts::Days(7)));
        assert_eq!("365d".parse(), Ok(Lasts::Days(365)));
        for bad in [
            "", "d", "0d", "07d", "366d", "+7d", "-7d", "7", "7h", "never", "99999d",
        ] {
            assert_eq!(bad.parse::<Lasts>(), Err(Error::InvalidExpiry), "{bad:?}");
        }
        let end = Lasts::default().end(NOW, &TimeZone::UTC);
        assert_eq!(end, Ok(Moment(NOW.0 + 90 * 86_400_000)));
    }

    #[test]
    fn a_token_lasts_until_the_end_of_a_day_where_the_person_is() {
        let end = |day: &str, zone: &TimeZone| day.parse::<Lasts>().unwrap().end(NOW, zone);
        let said = |end: Result<Moment>| end.map(|end| end.to_string());
        assert_eq!(
            said(end("2026-11-20", &TimeZone::UTC)).as_deref(),
            Ok("2026-11-21T00:00:00.000Z")
        );
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        assert_eq!(end("2026-11-20", &tokyo), Err(Error::InvalidExpiry));
        assert_eq!(
            said(end("2026-11-21", &tokyo)).as_deref(),
            Ok("2026-11-21T15:00:00.000Z")
        );
        assert!(end("2027-11-20", &TimeZone::UTC).is_ok());
        for bad in ["2027-11-21", "2026-11-19", "2999-12-31"] {
            assert_eq!(end(bad, &TimeZone::UTC), Err(Error::InvalidExpiry), "{bad}");
        }
    }
}
