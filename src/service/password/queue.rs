//! A bounded queue before a few threads: a hundred sign-ins at once all succeed, far beyond that people are told to try again, and memory
//! never holds more hashes than there are threads.

use crate::domain::{Error, Result};
use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};
use tokio::sync::{Semaphore, oneshot};

type Job = Box<dyn FnOnce() + Send>;

/// How many may wait, and for how long, before they are sent away. A machine that does other work too is slow, not wrong.
const WAITING: usize = 512;
const PATIENCE: Duration = Duration::from_secs(20);
/// On a scale to 99, where a thread usually stands at 50: low enough that pages stay quick, high enough that hashing goes on beside other
/// programs.
const PRIORITY: u8 = 30;

#[derive(Clone, Debug)]
pub(super) struct Queue {
    jobs: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
}

impl Queue {
    pub(super) fn start() -> Self {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let inbox = Arc::new(Mutex::new(inbox));
        let threads = thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        for _ in 0..threads {
            let inbox = Arc::clone(&inbox);
            thread::spawn(move || work(&inbox));
        }
        Self {
            jobs,
            places: Arc::new(Semaphore::new(threads + WAITING)),
        }
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::Unavailable)?;
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Whoever gave up waiting does not get a hash computed.
            if !send.is_closed() {
                let _ = send.send(work());
            }
            drop(place);
        });
        self.jobs.send(job).map_err(|_| Error::Internal)?;
        match tokio::time::timeout(PATIENCE, receive).await {
            Ok(done) => done.map_err(|_| Error::Internal),
            Err(_) => Err(Error::Unavailable),
        }
    }
}

/// Hashing gives way to everything else, so that pages stay quick while many people sign in.
fn work(inbox: &Mutex<mpsc::Receiver<Job>>) {
    let low = ThreadPriorityValue::try_from(PRIORITY).map(ThreadPriority::Crossplatform);
    if low.is_ok_and(|low| set_current_thread_priority(low).is_err()) {
        tracing::debug!("hashing runs at the usual priority");
    }
    loop {
        let job = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            Err(mpsc::RecvError) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beyond_the_queue_people_are_told_to_try_again() {
        let queue = Queue::start();
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let all = queue.places.available_permits();
        let waiting: Vec<_> = (0..all)
            .map(|_| {
                let (queue, gate) = (queue.clone(), Arc::clone(&gate));
                tokio::spawn(
                    async move { queue.run(move || gate.lock().unwrap().recv().is_ok()).await },
                )
            })
            .collect();
        while queue.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }

        assert_eq!(queue.run(|| ()).await, Err(Error::Unavailable));

        (0..all).for_each(|_| open.send(()).unwrap());
        for one in waiting {
            assert_eq!(one.await.unwrap(), Ok(true));
        }
        assert_eq!(queue.run(|| 7).await, Ok(7));
    }
}
