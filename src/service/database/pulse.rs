//! Whether a PostgreSQL server answers at all. One that hangs keeps its connections open: whoever waits on one would hear nothing, and no
//! limit that the server itself holds to ends that.

use super::pool;
use crate::service::config::Secret;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep, timeout},
};

/// How long somebody waits before it is asked, how often it is asked while they do, and for how long an answer counts for the others.
const EVERY: Duration = Duration::from_millis(500);
/// How long it may think about it: as long as a request waits for a connection at most.
const SOON: Duration = Duration::from_millis(2500);

/// A server, and what it said last.
#[derive(Clone, Debug)]
pub(super) struct Pulse {
    pub url: Secret<String>,
    last: Arc<Mutex<Option<Said>>>,
}

#[derive(Clone, Copy, Debug)]
struct Said {
    at: Instant,
    answers: bool,
}

impl Pulse {
    pub fn of(url: Secret<String>) -> Self {
        Self {
            url,
            last: Arc::default(),
        }
    }

    /// Ends when the server does not answer; while it does, never.
    pub async fn stops(&self) {
        loop {
            let since = Instant::now();
            sleep(EVERY).await;
            // One asks for all who wait.
            let mut last = self.last.lock().await;
            let said = match *last {
                Some(said) if said.at > since => said,
                _ => self.ask().await,
            };
            *last = Some(said);
            if !said.answers {
                return;
            }
        }
    }

    /// On a connection of its own. A server that refuses one answers too: whoever waits hears of it as soon.
    async fn ask(&self) -> Said {
        let asked = timeout(SOON, async {
            if let Ok(own) = pool::alone(self.url.expose()).await {
                let _ = own.close().await;
            }
        });
        let answers = asked.await.is_ok();
        if !answers {
            tracing::error!("the database does not answer: whoever waits for it is sent away");
        }
        let at = Instant::now();
        Said { at, answers }
    }
}
