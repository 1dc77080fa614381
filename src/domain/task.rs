//! A task, and how a list of them is asked for.

use super::{
    error::{Error, Result},
    id::TaskId,
    line::{Description, Query, Title},
    moment::Moment,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// A task as its owner sees it. The owner is not in it: it never travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// A UUID, version 7.
    #[schema(value_type = String, format = "uuid")]
    pub id: TaskId,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 10,000 characters.
    pub description: String,
    /// Whether it is done.
    pub completed: bool,
    /// When it was done (RFC 3339, UTC).
    #[schema(value_type = Option<String>, format = DateTime)]
    pub completed_at: Option<Moment>,
    /// How much it matters.
    pub priority: Priority,
    /// The day it is due, `YYYY-MM-DD`.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_date: Option<Date>,
    /// Its place in the person's own order, ascending.
    pub position: i64,
    /// When it was made (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Moment,
    /// When it was last changed (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Moment,
    /// Counts the changes; what the ETag is made of.
    #[serde(skip)]
    pub version: i64,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $error:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every one, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As it is written on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text,)* } }
        }

        impl FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self> { match text { $($text => Ok(Self::$variant),)* _ => Err(Error::$error) } }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

words! {
    /// How much a task matters; `none` is least.
    Priority, InvalidPriority {
        /// Nothing said.
        #[default] None = "none",
        /// When there is time.
        Low = "low",
        /// Soon.
        Medium = "medium",
        /// First.
        High = "high",
    }
}

words! {
    /// What a list is ordered by; `-` before it turns it round.
    Sort, InvalidSort {
        /// Oldest first.
        #[default] CreatedAt = "createdAt",
        /// Newest first.
        CreatedAtDown = "-createdAt",
        /// Soonest first, without a date last.
        DueDate = "dueDate",
        /// Latest first, without a date last.
        DueDateDown = "-dueDate",
        /// What was done first, then what is not done.
        CompletedAt = "completedAt",
        /// What was done last, then what is not done.
        CompletedAtDown = "-completedAt",
        /// `none` first.
        Priority = "priority",
        /// `high` first.
        PriorityDown = "-priority",
        /// From A.
        Title = "title",
        /// From Z.
        TitleDown = "-title",
        /// The person's own order.
        Position = "position",
        /// The person's own order, from its end.
        PositionDown = "-position",
    }
}

/// A day that a task can be due on: of the years 1900 to 2999, `YYYY-MM-DD`.
pub fn due_date(text: &str) -> Result<Date> {
    let well_formed = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| {
            if at == 4 || at == 7 {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        });
    let date = if well_formed {
        text.parse::<Date>().ok()
    } else {
        None
    };
    date.filter(|date| (1900..3000).contains(&date.year()))
        .ok_or(Error::InvalidDueDate)
}

/// A place in the person's own order: what a JavaScript number holds exactly.
pub fn position(number: i64) -> Result<i64> {
    const MOST: i64 = (1 << 53) - 1;
    if (-MOST..=MOST).contains(&number) {
        Ok(number)
    } else {
        Err(Error::InvalidPosition)
    }
}

/// What a new task is made of.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// What it is about.
    pub title: Title,
    /// Notes.
    pub description: Description,
    /// Whether it is done already.
    pub completed: bool,
    /// How much it matters.
    pub priority: Priority,
    /// When it is due.
    pub due_date: Option<Date>,
    /// Where it stands; at the time it is made, in milliseconds, if nothing is said.
    pub position: Option<i64>,
}

impl NewTask {
    /// A task that has a title and nothing else.
    #[must_use]
    pub fn titled(title: Title) -> Self {
        Self {
            title,
            description: Description::default(),
            completed: false,
            priority: Priority::None,
            due_date: None,
            position: None,
        }
    }
}

/// What is to change in a task: what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct TaskChange {
    /// A new title.
    pub title: Option<Title>,
    /// New notes.
    pub description: Option<Description>,
    /// The wanted state, not the flip: sent twice it is still right.
    pub completed: Option<bool>,
    /// A new priority.
    pub priority: Option<Priority>,
    /// A new day, or `Some(None)` for no day.
    pub due_date: Option<Option<Date>>,
    /// A new place.
    pub position: Option<i64>,
}

/// Which tasks, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskQuery {
    /// Done ones, open ones, or both.
    pub completed: Option<bool>,
    /// Only those with this in title or notes.
    pub q: Option<Query>,
    /// Only those of this priority.
    pub priority: Option<Priority>,
    /// Only those due before this day.
    pub due_before: Option<Date>,
    /// Only those due after this day.
    pub due_after: Option<Date>,
    /// In which order.
    pub sort: Sort,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskPage {
    /// The tasks.
    pub tasks: Vec<Task>,
    /// Where the next page begins, if there is one.
    pub next_cursor: Option<String>,
}

/// How many tasks a person has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskCount {
    /// Not done yet.
    pub open: u64,
    /// Done.
    pub done: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b30_only_real_days_of_1900_to_2999_are_due_dates() {
        assert_eq!(due_date("2028-02-29").unwrap().to_string(), "2028-02-29");
        for bad in [
            "",
            "0000-01-01",
            "9999-12-31",
            "-001-01-01",
            "99999-01-01",
            "2026-02-29",
            "2026-13-01",
            "2026-1-1",
            "20261121",
            "2026-11-21T00:00:00Z",
            "２０２６-11-21",
            "1899-12-31",
            "3000-01-01",
        ] {
            assert_eq!(due_date(bad), Err(Error::InvalidDueDate), "{bad:?}");
        }
    }

    #[test]
    fn priorities_stand_in_order() {
        assert!(Priority::ALL.is_sorted());
        assert_eq!("high".parse(), Ok(Priority::High));
        assert_eq!("HIGH".parse::<Priority>(), Err(Error::InvalidPriority));
    }
}
