//! One clock: UTC in whole milliseconds, written as RFC 3339 with exactly three fraction digits.

use jiff::{
    Timestamp, civil,
    fmt::{StdFmtWrite, temporal::DateTimePrinter},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// One way of writing it, in every answer and on every page.
const WRITTEN: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// This many seconds later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Whole seconds since 1970, as tokens count them.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The calendar day in a place.
    #[must_use]
    pub fn date_in(self, zone: &TimeZone) -> civil::Date {
        self.in_zone(zone).date()
    }

    /// Clock and calendar in a place.
    #[must_use]
    pub fn in_zone(self, zone: &TimeZone) -> civil::DateTime {
        zone.to_datetime(self.timestamp())
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        WRITTEN
            .print_timestamp(&self.timestamp(), StdFmtWrite(f))
            .map_err(|_| fmt::Error)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse::<Timestamp>()
            .map(|t| Self(t.as_millisecond()))
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_with_three_fraction_digits() {
        assert_eq!(Moment(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            Moment(1_795_215_662_100).to_string(),
            "2026-11-20T23:01:02.100Z"
        );
        assert_eq!(
            Moment(1_795_215_662_120).to_string(),
            "2026-11-20T23:01:02.120Z"
        );
    }

    #[test]
    fn a_moment_survives_the_wire() {
        let moment = Moment(1_795_215_662_123);
        let text = serde_json::to_string(&moment).unwrap();
        assert_eq!(serde_json::from_str::<Moment>(&text).unwrap(), moment);
    }
}
