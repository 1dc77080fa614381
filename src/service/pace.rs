//! How often somebody may knock where every knock counts in memory: a sliding window without a statement, for the doors that are quick.

use super::limit::{Rule, verdict, window};
use crate::domain::{Moment, Refusal};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How many callers of one rule are remembered. When there are more, those whose windows are over are forgotten; if that is not enough, those
/// who are new share one count: whoever comes from many networks at once resets nobody's.
const MOST: usize = 65_536;

/// Counts in this process alone.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<&'static str, Counts>>);

/// What is counted by one rule.
#[derive(Debug, Default)]
struct Counts {
    of: HashMap<String, Count>,
    of_others: Option<Count>,
    /// The window in which it was last looked for those that are over: until the next one there are no more of them.
    swept: Option<Moment>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    window: Moment,
    now: i64,
    before: i64,
}

impl Pace {
    /// Counts one more of `subject`, and refuses when it is one too many.
    pub(super) fn count(&self, rule: Rule, subject: &str, now: Moment) -> Result<(), Refusal> {
        let window = window(rule, now);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(rule.name).or_default();
        let count = count.place(rule, subject, window);
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
        let counts = counts.entry(rule.name).or_default();
        let its_own = counts.of.get_mut(subject);
        if let Some(count) = its_own.or(counts.of_others.as_mut()) {
            count.now = (count.now - 1).max(0);
        }
    }
}

impl Counts {
    /// Where this caller is counted.
    fn place(&mut self, rule: Rule, subject: &str, window: Moment) -> &mut Count {
        let is_new = !self.of.contains_key(subject);
        if is_new && self.of.len() >= MOST && self.swept != Some(window) {
            let last = window.plus_seconds(-rule.seconds);
            self.of.retain(|_, count| count.window >= last);
            self.swept = Some(window);
        }
        let none = Count {
            window,
            now: 0,
            before: 0,
        };
        if is_new && self.of.len() >= MOST {
            self.of_others.get_or_insert(none)
        } else {
            self.of.entry(subject.to_owned()).or_insert(none)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::Error,
        service::limit::{API, NOTED},
    };

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
        assert!(pace.0.lock().unwrap()[API.name].of.len() <= MOST);
    }

    #[test]
    fn e4_whoever_comes_from_many_networks_resets_nobodys_count_and_those_beyond_share_one() {
        let pace = Pace::default();
        for _ in 0..=API.most {
            let _ = pace.count(API, "ada", START);
        }
        for caller in 0..MOST + 1000 {
            let _ = pace.count(API, &caller.to_string(), START);
        }
        for refused in ["ada", "somebody new"] {
            assert!(pace.count(API, refused, START).is_err(), "{refused}");
        }
        assert_eq!(pace.count(API, "7", START), Ok(()));
        assert_eq!(pace.count(NOTED, "somebody new", START), Ok(()));
        let later = START.plus_seconds(180);
        assert_eq!(pace.count(API, "somebody new", later), Ok(()));
    }
}
