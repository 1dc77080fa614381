//! What a server does besides answering: it waits for a database that comes late, and forgets what is over.

use crate::{
    domain::{Moment, Result},
    service::{
        Database, access_token, audit, clock, database::Trouble, device, idempotency, invitation,
        limit, passkey, provider, second_factor, session, tasks, verification,
    },
};
use std::{convert::Infallible, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

/// How often the database is asked again.
const AGAIN: Duration = Duration::from_secs(1);
/// How rarely the log says at most that it is still away.
const QUIET: Duration = Duration::from_secs(30);
/// How often what is over is forgotten.
const SWEEP: Duration = Duration::from_mins(10);

/// Brings the tables up to date as soon as the database is there. It is asked every second, so that nobody waits long once it is; the log
/// says so less and less often. What waiting cannot cure comes back. Says whether there were no tables before.
pub async fn migrate(db: &Database) -> Result<bool, Trouble> {
    let (mut pause, mut next_line, mut waited) = (AGAIN, Instant::now(), false);
    loop {
        let cause = match db.migrate().await {
            Ok(done) => return Ok(arrive(db, waited, &done).await),
            Err(cause) => cause,
        };
        let trouble = Trouble::of(&cause);
        if !trouble.passes() {
            return Err(trouble);
        }
        if Instant::now() >= next_line {
            tracing::warn!("{trouble} Waiting for it.");
            next_line = Instant::now() + pause;
            pause = (pause * 2).min(QUIET);
        }
        waited = true;
        sleep(AGAIN).await;
    }
}

/// What follows when the tables are up to date.
async fn arrive(db: &Database, waited: bool, done: &[String]) -> bool {
    if waited {
        tracing::info!("the database is there");
    }
    // What goes wrong with it is tried again when the next person comes, and at the next start.
    if let Err(cause) = tasks::adopt_at_start(db).await {
        tracing::error!(%cause, "tasks from before accounts stay without an owner");
    }
    done.len() == Database::all_migrations().len()
}

/// Forgets what is over, again and again. A database that is away meanwhile is asked the next time.
pub async fn sweep_regularly(db: &Database) -> Infallible {
    let mut rounds = interval(SWEEP);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let gone = sweep(db, clock::now()).await;
        tracing::debug!(rows = gone, "swept");
    }
}

/// One round; says how many rows went. A table that cannot be swept does not keep the others, and its fault is logged where it arises.
pub async fn sweep(db: &Database, now: Moment) -> u64 {
    let rounds = [
        session::sweep(db, now).await,
        device::sweep(db, now).await,
        access_token::sweep(db, now).await,
        verification::sweep(db, now).await,
        provider::sweep(db, now).await,
        passkey::sweep(db, now).await,
        second_factor::sweep(db, now).await,
        idempotency::sweep(db, now).await,
        invitation::sweep(db, now).await,
        limit::sweep(db, now).await,
        tasks::sweep(db, now).await,
        audit::sweep(db, now).await,
    ];
    rounds.into_iter().filter_map(Result::ok).sum()
}
