//! What is to be asked, one after the other: what somebody did first is saved first.

use super::{ask::Ask, show, tick::Tick};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlFormElement};

/// What becomes of the address when a page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trail {
    /// A new step that Back undoes.
    Step,
    /// The same step, put right.
    Stay,
    /// The browser went there by itself already.
    Back,
}

/// Why it is asked.
#[derive(Clone, Debug)]
pub enum Why {
    /// To see another page.
    Visit(Trail),
    /// To change something.
    Send(HtmlFormElement, Option<Tick>),
}

/// One thing to ask.
#[derive(Clone, Debug)]
pub struct Job {
    /// What.
    pub ask: Ask,
    /// Why.
    pub why: Why,
    /// The link or button that says meanwhile that it is at work.
    pub button: Option<Element>,
}

impl Job {
    fn is_visit(&self) -> bool {
        matches!(self.why, Why::Visit(_))
    }

    /// Nothing is at work any more.
    pub fn rest(&self) {
        if let Some(button) = &self.button {
            let _ = button.remove_attribute("aria-busy");
        }
    }
}

thread_local! {
    static JOBS: RefCell<VecDeque<Job>> = const { RefCell::new(VecDeque::new()) };
    static IS_BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Asks this when its turn comes. Of several pages to see, only the last one is wanted.
pub fn add(job: Job) {
    JOBS.with_borrow_mut(|jobs| {
        if job.is_visit() {
            jobs.retain(|other| {
                let is_kept = !other.is_visit();
                if !is_kept {
                    other.rest();
                }
                is_kept
            });
        }
        jobs.push_back(job);
    });
    if !IS_BUSY.replace(true) {
        spawn_local(work());
    }
}

/// The page is being left: what is still to be saved is sent at once.
pub fn flush() {
    for job in JOBS.take() {
        if !job.is_visit() {
            spawn_local(async move { drop(job.ask.answer().await) });
        }
    }
}

async fn work() {
    while let Some(job) = JOBS.with_borrow_mut(VecDeque::pop_front) {
        let answer = job.ask.answer().await;
        // What comes next shows a newer page: showing this one would take back for a moment what was just done.
        let is_newest = JOBS.with_borrow(|jobs| {
            if job.is_visit() {
                !jobs.iter().any(Job::is_visit)
            } else {
                jobs.is_empty()
            }
        });
        show::answer(job, answer, is_newest);
    }
    IS_BUSY.set(false);
}
