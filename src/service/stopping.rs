//! Whether the process is on its way out.

use std::sync::Arc;
use tokio::sync::watch;

/// Said once, seen everywhere: readiness ends at once, and what runs on its own comes to its end.
#[derive(Clone, Debug)]
pub struct Stopping(Arc<watch::Sender<bool>>);

impl Default for Stopping {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stopping {
    /// From now on.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was said.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is said.
    pub async fn begun(&self) {
        // The sender lives as long as this borrow of it, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|&is_said| is_said).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_hears_it_and_whoever_comes_later_too() {
        let stopping = Stopping::default();
        assert!(!stopping.has_begun());
        let waits = tokio::spawn({
            let stopping = stopping.clone();
            async move { stopping.begun().await }
        });
        stopping.begin();
        waits.await.unwrap();
        stopping.begun().await;
        assert!(stopping.has_begun());
    }
}
