//! How often somebody may knock: a sliding window, counted in the database so that every instance counts together.

use super::{entity::rate_limit, pace::Pace};
use crate::{
    domain::{Error, Moment, Refusal},
    service::{
        Config, Database, Source, clock,
        key::{Key, Purpose, hex},
    },
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::{net::IpAddr, sync::Arc};

/// At most `most` in `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is counted: part of the key.
    pub name: &'static str,
    /// How many are let through.
    pub most: i64,
    /// In how long.
    pub seconds: i64,
}

/// Failed sign-ins of one address book entry, existing or not.
pub const SIGN_IN_FAILURES: Rule = Rule {
    name: "sign-in-failure",
    most: 5,
    seconds: 15 * 60,
};
/// Failed sign-ins from one network address.
pub const SIGN_IN_FAILURES_FROM: Rule = Rule {
    name: "sign-in-failure-from",
    most: 50,
    seconds: 15 * 60,
};
/// Sign-ins tried from one network address.
pub const SIGN_IN_FROM: Rule = Rule {
    name: "sign-in-from",
    most: 30,
    seconds: 60,
};
/// Sign-ups tried with one e-mail address.
pub const SIGN_UP: Rule = Rule {
    name: "sign-up",
    most: 3,
    seconds: 60 * 60,
};
/// Sign-ups from one network address.
pub const SIGN_UP_FROM: Rule = Rule {
    name: "sign-up-from",
    most: 10,
    seconds: 60 * 60,
};
/// Letters that are asked for to one address, existing or not; more are dropped without a word.
pub const LETTER: Rule = Rule {
    name: "letter",
    most: 3,
    seconds: 60 * 60,
};
/// Letters that are asked for from one network address.
pub const LETTER_FROM: Rule = Rule {
    name: "letter-from",
    most: 10,
    seconds: 60 * 60,
};
/// New addresses that one person asks for.
pub const NEW_ADDRESS: Rule = Rule {
    name: "new-address",
    most: 5,
    seconds: 60 * 60,
};
/// One-time links tried from one network address.
pub const LINK_FROM: Rule = Rule {
    name: "link-from",
    most: 20,
    seconds: 60 * 60,
};
/// Ways to the identity provider begun from one network address.
pub const PROVIDER_FROM: Rule = Rule {
    name: "provider-from",
    most: 30,
    seconds: 60,
};
/// Ways back from it to one network address.
pub const PROVIDER_BACK_FROM: Rule = Rule {
    name: "provider-back-from",
    most: 30,
    seconds: 60,
};
/// Tokens made in one session.
pub const TOKEN: Rule = Rule {
    name: "token",
    most: 30,
    seconds: 60,
};

/// Access tokens tried to be made by one person.
pub const ACCESS_TOKEN: Rule = Rule {
    name: "access-token",
    most: 60,
    seconds: 60 * 60,
};
/// Wrong second factors from one network address.
pub const SECOND_FACTOR_FAILURES_FROM: Rule = Rule {
    name: "second-factor-failure-from",
    most: 20,
    seconds: 15 * 60,
};
/// Codes tried by one person who is setting up the second factor.
pub const SECOND_FACTOR_SET_UP: Rule = Rule {
    name: "second-factor-set-up",
    most: 30,
    seconds: 15 * 60,
};

/// Passkeys tried to be added by one person.
pub const PASSKEY: Rule = Rule {
    name: "passkey",
    most: 30,
    seconds: 60 * 60,
};
/// Passwords that one person is asked for once more, right or wrong.
pub const CONFIRMATION: Rule = Rule {
    name: "confirmation",
    most: 30,
    seconds: 60,
};
/// Wrong ones among them.
pub const CONFIRMATION_FAILURES: Rule = Rule {
    name: "confirmation-failure",
    most: 5,
    seconds: 15 * 60,
};
/// Copies of all that is theirs that one person takes.
pub const DOWNLOAD: Rule = Rule {
    name: "download",
    most: 20,
    seconds: 60 * 60,
};

/// Requests of one person to `/api/tasks`, in this process.
pub const API: Rule = Rule {
    name: "api",
    most: 300,
    seconds: 60,
};
/// Requests with a token that is none, from one network address, in this process.
pub const API_FAILURES_FROM: Rule = Rule {
    name: "api-failure-from",
    most: 3000,
    seconds: 60,
};
/// Rows of the security log that one cause may leave, in this process.
pub const NOTED: Rule = Rule {
    name: "noted",
    most: 10,
    seconds: 60,
};

/// Counts, or lets everything pass where `RATE_LIMIT=off`.
#[derive(Clone, Debug)]
pub struct Limits {
    key: Option<Key>,
    pace: Arc<Pace>,
}

impl Limits {
    /// As the configuration says.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            key: config
                .rate_limit
                .then(|| Key::derive(config, Purpose::RateLimit)),
            pace: Arc::default(),
        }
    }

    /// Counts one more of `subject` in this process, without a statement, and refuses when it is one too many.
    pub fn pace(&self, rule: Rule, subject: &str) -> Result<(), Refusal> {
        if self.key.is_none() {
            return Ok(());
        }
        self.pace.count(rule, subject, clock::now())
    }

    /// Takes back one that [`Limits::pace`] counted.
    pub fn take_back(&self, rule: Rule, subject: &str) {
        self.pace.take_back(rule, subject);
    }

    /// Counts one more of `subject`, and refuses when it is one too many. Counted on its own, so that no rollback takes it back.
    pub async fn count(&self, db: &Database, rule: Rule, subject: &str) -> Result<(), Refusal> {
        let Some(key) = &self.key else { return Ok(()) };
        let (now, key) = (
            clock::now(),
            hex(&key.mac(&[rule.name.as_bytes(), subject.as_bytes()])[..16]),
        );
        let window = window(rule, now);
        let row = rate_limit::ActiveModel {
            key: Set(key.clone()),
            window_start: Set(window),
            count: Set(1),
            expires_at: Set(window.plus_seconds(2 * rule.seconds)),
        };
        let once_more =
            OnConflict::columns([rate_limit::Column::Key, rate_limit::Column::WindowStart])
                .value(
                    rate_limit::Column::Count,
                    Expr::col((rate_limit::Entity, rate_limit::Column::Count)).add(1),
                )
                .to_owned();
        rate_limit::Entity::insert(row)
            .on_conflict(once_more)
            .exec_without_returning(db.write())
            .await?;
        verdict(rule, now, self.seen(db, rule, &key, now).await?)
    }

    /// Refuses when `subject` was counted too often already, without counting.
    pub async fn check(&self, db: &Database, rule: Rule, subject: &str) -> Result<(), Refusal> {
        let Some(key) = &self.key else { return Ok(()) };
        let (now, key) = (
            clock::now(),
            hex(&key.mac(&[rule.name.as_bytes(), subject.as_bytes()])[..16]),
        );
        verdict(rule, now, self.seen(db, rule, &key, now).await? + 1)
    }

    /// How many there were in the last `seconds`: this window's, and of the one before the part that still lies within.
    async fn seen(
        &self,
        db: &Database,
        rule: Rule,
        key: &str,
        now: Moment,
    ) -> Result<i64, Refusal> {
        let window = window(rule, now);
        let rows = rate_limit::Entity::find()
            .filter(rate_limit::Column::Key.eq(key))
            .filter(rate_limit::Column::WindowStart.gte(window.plus_seconds(-rule.seconds)))
            .all(db.write())
            .await?;
        let past = now.0 - window.0;
        let whole = rule.seconds * 1000;
        Ok(rows
            .iter()
            .map(|row| {
                if row.window_start == window {
                    row.count
                } else {
                    row.count * (whole - past) / whole
                }
            })
            .sum())
    }
}

pub(super) fn window(rule: Rule, now: Moment) -> Moment {
    let length = rule.seconds * 1000;
    Moment(now.0.div_euclid(length) * length)
}

pub(super) fn verdict(rule: Rule, now: Moment, seen: i64) -> Result<(), Refusal> {
    if seen <= rule.most {
        return Ok(());
    }
    let until = (window(rule, now).plus_seconds(rule.seconds).0 - now.0) / 1000 + 1;
    Err(Refusal::later(
        Error::TooManyRequests,
        u64::try_from(until).unwrap_or(1),
    ))
}

/// The network that an address is counted by: itself, or its /64 where one household has a whole network (IPv6).
#[must_use]
pub fn network(source: &Source) -> String {
    match source.address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => hex(&address.octets()[..8]),
        Some(IpAddr::V4(address)) => address.to_string(),
        None => String::new(),
    }
}

/// Forgets windows that no longer count.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64, Error> {
    Ok(rate_limit::Entity::delete_many()
        .filter(rate_limit::Column::ExpiresAt.lt(now))
        .exec(db.write())
        .await?
        .rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> String {
        network(&Source {
            address: address.parse().ok(),
            user_agent: String::new(),
            request_id: String::new(),
        })
    }

    #[test]
    fn b20_one_household_is_one_network_however_it_is_spelled() {
        assert_eq!(from("2001:db8::1"), from("2001:0db8:0:0:ffff::2"));
        assert_ne!(from("2001:db8::1"), from("2001:db8:0:1::1"));
        assert_eq!(from("::ffff:1.2.3.4"), from("1.2.3.4"));
    }

    #[test]
    fn b20_a_refusal_says_when_to_try_again() {
        let now = Moment(1_795_215_662_123);
        assert_eq!(verdict(SIGN_IN_FROM, now, 30), Ok(()));
        let refusal = verdict(SIGN_IN_FROM, now, 31).unwrap_err();
        assert_eq!(refusal.error, Error::TooManyRequests);
        assert!((1..=60).contains(&refusal.retry_after.unwrap()));
    }
}
