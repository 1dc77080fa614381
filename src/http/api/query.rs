//! What a list is asked for, read from the URL: every parameter is checked, and an unknown one is refused.

use crate::domain::{Error, Faults, Query, Refusal, TaskQuery, task::due_date};

/// How many tasks a page has unless it is said.
const USUAL: u64 = 50;
/// How many it has at most.
const MOST: u64 = 100;

/// A checked query string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which tasks, in which order.
    pub query: TaskQuery,
    /// How many at most.
    pub limit: u64,
    /// Where to begin.
    pub cursor: Option<String>,
}

impl Asked {
    /// Reads a query string. All that is wrong with it is told at once.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let mut asked = Self {
            query: TaskQuery::default(),
            limit: USUAL,
            cursor: None,
        };
        let (mut faults, mut seen) = (Faults::default(), Vec::new());
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(text).map_err(|_| Error::Malformed)?;
        for (name, value) in pairs {
            if seen.contains(&name) {
                faults.note(name, Error::RepeatedMember);
                continue;
            }
            if let Err(error) = asked.take(&name, &value) {
                faults.note(name.clone(), error);
            }
            seen.push(name);
            if seen.len() > 16 {
                break; // more than there are parameters: what follows is unknown too
            }
        }
        faults.refuse_as(Error::Unprocessable)?;
        Ok(asked)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Error> {
        match name {
            "limit" => self.limit = limit(value)?,
            "cursor" => self.cursor = Some(value.to_owned()),
            "completed" => {
                let completed = value.parse().map_err(|_| Error::InvalidCompleted)?;
                self.query.completed = Some(completed);
            }
            "q" => self.query.q = Some(value.parse::<Query>()?),
            "priority" => self.query.priority = Some(value.parse()?),
            "dueBefore" => self.query.due_before = Some(due_date(value)?),
            "dueAfter" => self.query.due_after = Some(due_date(value)?),
            "sort" => self.query.sort = value.parse()?,
            _ => return Err(Error::UnknownParameter),
        }
        Ok(())
    }
}

/// A plain number: no sign, no zero before it, no blank.
fn limit(text: &str) -> Result<u64, Error> {
    let plain = !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    let number = if plain { text.parse().ok() } else { None };
    number
        .filter(|number| (1..=MOST).contains(number))
        .ok_or(Error::InvalidLimit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Priority, Sort};
    use proptest::prelude::*;

    fn codes(text: &str) -> Vec<(String, &'static str)> {
        let refusal = Asked::read(text).unwrap_err();
        assert_eq!(refusal.error, Error::Unprocessable, "{text}");
        refusal
            .faults
            .into_iter()
            .map(|fault| (fault.field, fault.error.code()))
            .collect()
    }

    #[test]
    fn every_parameter_is_read() {
        let asked = Asked::read("limit=7&cursor=abc&completed=false&q=a%25b&priority=high&dueBefore=2026-11-21&dueAfter=2026-11-01&sort=-dueDate").unwrap();
        assert_eq!((asked.limit, asked.cursor.as_deref()), (7, Some("abc")));
        assert_eq!(
            (
                asked.query.completed,
                asked.query.priority,
                asked.query.sort
            ),
            (Some(false), Some(Priority::High), Sort::DueDateDown)
        );
        assert_eq!(asked.query.q.unwrap().as_str(), "a%b");
        assert_eq!(Asked::read("").unwrap().limit, 50);
    }

    #[test]
    fn b29_a_limit_is_a_plain_number_from_1_to_100() {
        for bad in [
            "0",
            "-1",
            "101",
            "1e9",
            "9223372036854775808",
            "NaN",
            "01",
            "%2B1",
            "",
            "1.0",
            "%201",
        ] {
            assert_eq!(
                codes(&format!("limit={bad}")),
                [("limit".to_owned(), "INVALID_LIMIT")],
                "{bad}"
            );
        }
    }

    #[test]
    fn b27_a_sort_that_is_not_one_is_refused() {
        for bad in [
            "user_id",
            "(select 1)",
            "createdAt;",
            "+title",
            "--title",
            "",
        ] {
            assert_eq!(
                codes(&format!("sort={bad}")),
                [("sort".to_owned(), "INVALID_SORT")],
                "{bad}"
            );
        }
    }

    #[test]
    fn all_faults_are_told_at_once_unknown_and_repeated_ones_too() {
        assert_eq!(
            codes("limit=0&color=red&completed=yes&sort=title&sort=title"),
            [
                ("limit".to_owned(), "INVALID_LIMIT"),
                ("color".to_owned(), "UNKNOWN_PARAMETER"),
                ("completed".to_owned(), "INVALID_COMPLETED"),
                ("sort".to_owned(), "REPEATED_MEMBER")
            ]
        );
    }

    proptest! {
        #[test]
        fn b27_no_query_string_makes_the_reader_stumble(text in "\\PC{0,200}") {
            let _ = Asked::read(&text);
        }
    }
}
