//! A bounded queue before a few threads: a hundred sign-ins at once all succeed, far beyond that people are told to try again, and memory
//! never holds more hashes than there are threads.

use super::scratch::Scratch;
use crate::domain::{Error, Result};
use flume::RecvTimeoutError;
use std::{
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    thread,
    time::Duration,
};
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};
use tokio::sync::{Semaphore, oneshot};

type Job = Box<dyn FnOnce(&mut Scratch) + Send>;

/// How many may wait, and for how long, before they are sent away. A machine that does other work too is slow, not wrong.
const WAITING: usize = 512;
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a thread that has nothing to do keeps its memory.
const KEPT: Duration = Duration::from_secs(1);
/// On a scale to 99, where a thread usually stands at 50: low enough that pages stay quick, high enough that hashing goes on beside other
/// programs.
const PRIORITY: u8 = 30;

#[derive(Clone, Debug)]
pub(super) struct Queue {
    jobs: flume::Sender<Job>,
    places: Arc<Semaphore>,
}

impl Queue {
    pub(super) fn start() -> Self {
        let (jobs, inbox) = flume::unbounded::<Job>();
        let threads = thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        for _ in 0..threads {
            let inbox = inbox.clone();
            thread::spawn(move || work(&inbox));
        }
        Self {
            jobs,
            places: Arc::new(Semaphore::new(threads + WAITING)),
        }
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Scratch) -> T + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::Unavailable)?;
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move |scratch| {
            // Whoever gave up waiting does not get a hash computed.
            if !send.is_closed() {
                let _ = send.send(work(scratch));
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
fn work(inbox: &flume::Receiver<Job>) {
    let low = ThreadPriorityValue::try_from(PRIORITY).map(ThreadPriority::Crossplatform);
    if low.is_ok_and(|low| set_current_thread_priority(low).is_err()) {
        tracing::debug!("hashing runs at the usual priority");
    }
    let mut scratch = Scratch::default();
    loop {
        let job = if scratch.is_empty() {
            inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            inbox.recv_timeout(KEPT)
        };
        match job {
            Ok(job) => {
                // Whoever waited for it hears of a fault; the thread goes on, with memory that nothing broken was left in.
                if panic::catch_unwind(AssertUnwindSafe(|| job(&mut scratch))).is_err() {
                    scratch = Scratch::default();
                }
            }
            Err(RecvTimeoutError::Timeout) => scratch.give_back(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Mutex, mpsc};

    #[tokio::test]
    async fn beyond_the_queue_people_are_told_to_try_again() {
        let queue = Queue::start();
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let all = queue.places.available_permits();
        let waiting: Vec<_> = (0..all)
            .map(|_| {
                let (queue, gate) = (queue.clone(), Arc::clone(&gate));
                tokio::spawn(async move {
                    queue
                        .run(move |_| gate.lock().unwrap().recv().is_ok())
                        .await
                })
            })
            .collect();
        while queue.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }

        assert_eq!(queue.run(|_| ()).await, Err(Error::Unavailable));

        (0..all).for_each(|_| open.send(()).unwrap());
        for one in waiting {
            assert_eq!(one.await.unwrap(), Ok(true));
        }
        assert_eq!(queue.run(|_| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn c16_a_hash_that_panics_is_a_fault_and_those_after_it_are_computed() {
        let queue = Queue::start();
        let all = queue.places.available_permits();
        for _ in 0..=all - WAITING {
            let broken = queue.run(|_| -> () { panic!("a hash that panics") }).await;
            assert_eq!(broken, Err(Error::Internal));
        }
        assert_eq!(queue.run(|_| 7).await, Ok(7));
        while queue.places.available_permits() < all {
            tokio::task::yield_now().await;
        }
    }
}
