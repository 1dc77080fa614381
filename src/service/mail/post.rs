//! The post: takes what is due, hands it over, and tries again what did not go.
//!
//! Several instances share the table. Taking a letter is one `UPDATE` that names what was read: of many who read the same row one changes it,
//! and it books the next try at once. So a server that dies over a letter needs nobody to clean up: when the time has come, another takes it.

use super::{
    Desk, NOTHING, Parcel,
    carrier::{Carrier, Outcome},
    mail,
};
use crate::{
    domain::{MailId, Moment, Result},
    service::{AppState, Database, clock, stopping::Stopping},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long one letter may take, from the connection to the server's yes.
const PATIENCE: Duration = Duration::from_mins(1);
/// When a letter that somebody took and did not report on is free again: longer than that.
const LEASE: i64 = 150;
/// The first pause after a failure; each is twice the one before.
const FIRST_PAUSE: i64 = 30;
const LONGEST_PAUSE: i64 = 4 * 60 * 60;
/// How often the table is looked at unasked: for what another instance wrote, and what is to be tried again.
const ROUND: Duration = Duration::from_secs(10);
/// After the bell: what rang may not be committed yet.
const SOON: [Duration; 4] = [
    Duration::from_millis(20),
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(2),
];
/// While a server stops: until a letter on its way is left to the next one.
const FAREWELL: Duration = Duration::from_secs(8);

/// The post of one instance.
#[derive(Clone, Debug)]
pub struct Post {
    db: Database,
    desk: Desk,
    carrier: Carrier,
    stopping: Stopping,
}

impl Post {
    /// As the configuration says.
    #[must_use]
    pub fn new(state: &AppState) -> Self {
        Self {
            db: state.db.clone(),
            desk: state.mail.clone(),
            carrier: Carrier::new(&state.config),
            stopping: state.stopping.clone(),
        }
    }

    /// Works until the process is told to stop. The letter that is on its way by then is waited for, but not long.
    pub async fn work(&self) {
        let rounds = async {
            let mut soon = SOON.len();
            while !self.stopping.has_begun() {
                // A table that is away is looked at again; its fault is logged where it arises.
                let _ = self.carry(clock::now()).await;
                tokio::select! {
                    () = self.desk.bell.notified() => soon = 0,
                    () = sleep(SOON.get(soon).copied().unwrap_or(ROUND)) => soon = (soon + 1).min(SOON.len()),
                    () = self.stopping.begun() => {}
                }
            }
        };
        let cut = async {
            self.stopping.begun().await;
            sleep(FAREWELL).await;
        };
        tokio::select! {
            () = rounds => {}
            () = cut => tracing::warn!("a letter is left on its way; it is tried again after the next start"),
        }
    }

    /// Tries everything that is due at this moment, once; says how many letters went.
    pub async fn carry(&self, now: Moment) -> Result<u64> {
        let mut sent = 0;
        while !self.stopping.has_begun() {
            let Some(row) = self.take(now).await? else {
                break;
            };
            sent += u64::from(self.handle(row, now).await?);
        }
        Ok(sent)
    }

    /// The next letter that is due, for us alone until the lease ends.
    async fn take(&self, now: Moment) -> Result<Option<mail::Model>> {
        loop {
            let due = mail::Entity::find()
                .filter(mail::Column::NextAt.lte(now))
                .order_by_asc(mail::Column::NextAt)
                .order_by_asc(mail::Column::Id)
                .one(self.db.read())
                .await?;
            let Some(mut row) = due else { return Ok(None) };
            let lease = clock::now().max(now).plus_seconds(LEASE);
            let taken = mail::Entity::update_many()
                .col_expr(mail::Column::NextAt, Expr::value(lease))
                .col_expr(mail::Column::Attempts, Expr::value(row.attempts + 1))
                .filter(mail::Column::Id.eq(row.id))
                .filter(mail::Column::Attempts.eq(row.attempts))
                .filter(mail::Column::NextAt.eq(row.next_at))
                .exec(self.db.write())
                .await?;
            if taken.rows_affected == 1 {
                row.attempts += 1;
                return Ok(Some(row));
            }
            // Somebody else was quicker.
        }
    }

    /// Whether it went.
    async fn handle(&self, row: mail::Model, now: Moment) -> Result<bool> {
        if row.kind == NOTHING {
            self.forget(row.id).await?;
            return Ok(false);
        }
        let outcome = if row.expires_at <= now {
            Outcome::Never("it could not be sent in time".to_owned())
        } else {
            self.hand_over(&row).await
        };
        let (kind, id, attempts) = (row.kind.as_str(), row.id, row.attempts);
        match outcome {
            Outcome::Sent => {
                tracing::info!(kind, mail.id = %id, attempts, "a letter went");
                self.forget(id).await?;
                Ok(true)
            }
            Outcome::Later(cause) if now.plus_seconds(pause(attempts)) < row.expires_at => {
                let next = now.plus_seconds(pause(attempts));
                tracing::warn!(kind, mail.id = %id, attempts, cause, next = %next, "a letter did not go, and is tried again");
                self.put_back(&row, next).await?;
                Ok(false)
            }
            Outcome::Later(cause) | Outcome::Never(cause) => {
                tracing::error!(kind, mail.id = %id, attempts, cause, "a letter was given up");
                self.forget(id).await?;
                Ok(false)
            }
        }
    }

    async fn hand_over(&self, row: &mail::Model) -> Outcome {
        let opened = self.desk.sealer.open(&row.id.to_string(), &row.body);
        let parcel = opened.and_then(|words| serde_json::from_slice::<Parcel>(&words).ok());
        let Some(parcel) = parcel else {
            return Outcome::Never(
                "AUTH_SECRET is another one than when it was written".to_owned(),
            );
        };
        let message = parcel.message(row.id, row.created_at, self.carrier.from());
        let Some(message) = message else {
            return Outcome::Never("no message can be made of it".to_owned());
        };
        match timeout(PATIENCE, self.carrier.carry(row.id, message)).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::Later("the mail server takes too long".to_owned()),
        }
    }

    async fn forget(&self, id: MailId) -> Result<()> {
        mail::Entity::delete_by_id(id).exec(self.db.write()).await?;
        Ok(())
    }

    /// Unless somebody else took it meanwhile, because we were too slow.
    async fn put_back(&self, row: &mail::Model, next: Moment) -> Result<()> {
        mail::Entity::update_many()
            .col_expr(mail::Column::NextAt, Expr::value(next))
            .filter(mail::Column::Id.eq(row.id))
            .filter(mail::Column::Attempts.eq(row.attempts))
            .exec(self.db.write())
            .await?;
        Ok(())
    }
}

/// How long to wait after so many tries: half a minute, a minute, two, and so on up to four hours.
fn pause(attempts: i64) -> i64 {
    let doublings = u32::try_from((attempts - 1).clamp(0, 20)).unwrap_or(20);
    FIRST_PAUSE
        .saturating_mul(1 << doublings)
        .min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pause_is_twice_the_one_before_up_to_four_hours() {
        let pauses: Vec<_> = (1..=12).map(pause).collect();
        assert_eq!(pauses[..4], [30, 60, 120, 240]);
        assert_eq!(pauses[10..], [LONGEST_PAUSE, LONGEST_PAUSE]);
        assert_eq!(pause(i64::MAX), LONGEST_PAUSE);
        assert!(LEASE > i64::try_from(PATIENCE.as_secs()).unwrap());
    }

    #[test]
    fn a_letter_is_tried_for_about_three_days_and_not_many_times() {
        let mut after = 0;
        let tries = (1..).take_while(|&attempt| {
            after += pause(attempt);
            after < 3 * 24 * 60 * 60
        });
        assert!((15..40).contains(&tries.count()));
    }
}
