//! How often somebody may knock: a sliding window, counted in the database so that every instance counts together.

mod rules;

pub use rules::*;

use super::{entity::rate_limit, pace::Pace};
use crate::{
    domain::{Error, Moment, Refusal},
    service::{
        Config, Database, Source, clock,
        key::{Key, Purpose, hex},
    },
};
use rate_limit::Column;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use std::{net::IpAddr, sync::Arc};

/// Something that is counted by a rule: an address, a network, a person.
pub type Counted<'a> = (Rule, &'a str);

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
        let now = clock::now();
        let seen = self.one_more(db, (rule, subject), now).await?;
        verdict(rule, now, seen)
    }

    /// Counts one more that is refused for what it is: whatever comes next may be one too many.
    pub async fn add(&self, db: &Database, counted: Counted<'_>) -> Result<(), Refusal> {
        self.one_more(db, counted, clock::now()).await?;
        Ok(())
    }

    /// Forgets what was counted of `subject`: what it stood for is settled.
    pub async fn forget(
        &self,
        db: &impl ConnectionTrait,
        counted: Counted<'_>,
    ) -> Result<(), DbErr> {
        let Some(key) = &self.key else { return Ok(()) };
        rate_limit::Entity::delete_many()
            .filter(Column::Key.eq(name(key, counted)))
            .exec(db)
            .await
            .map(drop)
    }

    /// Refuses when one of these was counted too often already, without counting. Asked of the writer: behind what waits there to be counted.
    pub async fn check(&self, db: &Database, counted: &[Counted<'_>]) -> Result<(), Refusal> {
        let Some(key) = &self.key else { return Ok(()) };
        let now = clock::now();
        let names: Vec<_> = counted.iter().map(|counted| name(key, *counted)).collect();
        let rows = rate_limit::Entity::find()
            .filter(Column::Key.is_in(&names))
            .filter(Column::ExpiresAt.gt(now))
            .all(db.write())
            .await?;
        for (&(rule, _), name) in counted.iter().zip(&names) {
            let of_this = rows.iter().filter(|row| row.key == *name);
            let seen: i64 = of_this
                .map(|row| share(rule, now, row.window_start, row.count))
                .sum();
            verdict(rule, now, seen + 1)?;
        }
        Ok(())
    }

    /// Counts one more in this window, and says how many there were in the last `seconds`.
    async fn one_more(
        &self,
        db: &Database,
        counted: Counted<'_>,
        now: Moment,
    ) -> Result<i64, DbErr> {
        match &self.key {
            Some(key) => raise(db, counted.0, name(key, counted), now).await,
            None => Ok(0),
        }
    }
}

/// What this is counted under: nobody reads there whom it is about.
fn name(key: &Key, (rule, subject): Counted<'_>) -> String {
    hex(&key.mac(&[rule.name.as_bytes(), subject.as_bytes()])[..16])
}

/// One statement counts and reads, the window before along with this one.
async fn raise(db: &Database, rule: Rule, name: String, now: Moment) -> Result<i64, DbErr> {
    let window = window(rule, now);
    let last = window.plus_seconds(-rule.seconds);
    let before = rate_limit::Entity::find_by_id((name.clone(), last))
        .select_only()
        .column(Column::Count)
        .into_query();
    let row = rate_limit::ActiveModel {
        key: Set(name),
        window_start: Set(window),
        count: Set(1),
        expires_at: Set(window.plus_seconds(2 * rule.seconds)),
    };
    let count = Expr::col((rate_limit::Entity, Column::Count));
    let once_more = OnConflict::columns([Column::Key, Column::WindowStart])
        .value(Column::Count, count.clone().add(1))
        .to_owned();
    let mut insert = rate_limit::Entity::insert(row)
        .on_conflict(once_more)
        .into_query();
    let before = Expr::SubQuery(None, Box::new(before.into()));
    insert.returning(Query::returning().exprs([count, before]));
    let row = db.write().query_one(&insert).await?;
    let row = row.ok_or(DbErr::RecordNotInserted)?;
    let before = row.try_get_by_index::<Option<i64>>(1)?.unwrap_or(0);
    Ok(row.try_get_by_index::<i64>(0)? + share(rule, now, last, before))
}

/// What a window's count comes to: this window's is whole, and of the one before it is the part that still lies within the last `seconds`.
const fn share(rule: Rule, now: Moment, begun: Moment, count: i64) -> i64 {
    let (window, whole) = (window(rule, now), rule.seconds * 1000);
    if begun.0 == window.0 {
        count
    } else if begun.0 + whole == window.0 {
        // Those that were refused are no reason to wait longer than was said.
        let count = if count < rule.most { count } else { rule.most };
        count * (whole - (now.0 - window.0)) / whole
    } else {
        0
    }
}

pub(super) const fn window(rule: Rule, now: Moment) -> Moment {
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
    fn b20_whoever_waits_as_long_as_was_said_is_let_in_however_often_they_were_refused() {
        let now = Moment(1_795_215_662_123);
        let begun = window(SIGN_IN_FROM, now);
        let refusal = verdict(SIGN_IN_FROM, now, share(SIGN_IN_FROM, now, begun, 1000));
        let wait = refusal.unwrap_err().retry_after.unwrap();
        let later = now.plus_seconds(i64::try_from(wait).unwrap());
        let weighs = share(SIGN_IN_FROM, later, begun, 1000);
        assert_eq!(verdict(SIGN_IN_FROM, later, weighs + 1), Ok(()));
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
