//! How often somebody may knock where every knock counts in memory: a sliding window without a statement, for the doors that are quick.

use super::limit::{Rule, verdict, window};
use crate::domain::{Moment, Refusal};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How many callers are remembered; when there are more, those whose window is over are forgotten, and if that is not enough, all are.
const MOST: usize = 65_536;

/// Counts in this process alone.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<(&'static str, String), Count>>);

#[derive(Clone, Copy, Debug)]
struct Count {
    window: Moment,
    now: i64,
    before: i64,
}

impl Pace {
    /// Counts one more of `subject`, and refuses when it is one too many.
    pub(super) fn count(&self, rule: Rule, subject: &str, now: Moment) -> Result<(), Refusal> {
        let (window, key) = (window(rule, now), (rule.name, subject.to_owned()));
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, count| count.window >= window);
        }
        if counts.len() >= MOST {
            counts.clear();
        }
        let count = counts.entry(key).or_insert(Count {
            window,
            now: 0,
            before: 0,
        });
        if count.window != window {
            let follows = count.window.plus_seconds(rule.seconds) == window;
            count.before = if follows { count.now } else { 0 };
            (count.window, count.now) = (window, 0);
        }
        count.now = count.now.saturating_add(1);
        let whole = rule.seconds * 1000;
        let before = count.before.min(rule.most) * (whole - (now.0 - window.0)) / whole;
        verdict(rule, now, count.now + before)
    }

    /// Takes one back.
    pub(super) fn take_back(&self, rule: Rule, subject: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&(rule.name, subject.to_owned())) {
            count.now = (count.now - 1).max(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::Error, service::limit::API};

    /// The beginning of a minute.
    const START: Moment = Moment(1_795_215_660_000);

    #[test]
    fn e4_three_hundred_a_minute_pass_and_the_next_is_told_when_to_come_back() {
        let pace = Pace::default();
        for _ in 0..API.most {
            assert_eq!(pace.count(API, "ada", START), Ok(()));
        }
        let refusal = pace.count(API, "ada", START).unwrap_err();
        assert_eq!(refusal.error, Error::TooManyRequests);
        assert!((1..=61).contains(&refusal.retry_after.unwrap()));
        assert_eq!(pace.count(API, "grace", START), Ok(()));
    }

    #[test]
    fn e4_the_window_slides_and_whoever_waits_is_let_in_again() {
        let pace = Pace::default();
        for _ in 0..=API.most {
            let _ = pace.count(API, "ada", START);
        }
        assert!(pace.count(API, "ada", START.plus_seconds(60)).is_err());
        assert_eq!(pace.count(API, "ada", START.plus_seconds(90)), Ok(()));
        assert_eq!(pace.count(API, "ada", START.plus_seconds(180)), Ok(()));
    }

    #[test]
    fn b12_what_is_taken_back_does_not_count() {
        let pace = Pace::default();
        for _ in 0..=API.most {
            assert_eq!(pace.count(API, "ada", START), Ok(()));
            pace.take_back(API, "ada");
        }
        assert_eq!(pace.count(API, "ada", START), Ok(()));
    }

    #[test]
    fn e4_what_is_remembered_is_bounded() {
        let pace = Pace::default();
        for caller in 0..=MOST {
            let _ = pace.count(API, &caller.to_string(), START);
        }
        assert!(pace.0.lock().unwrap().len() <= MOST);
    }
}
