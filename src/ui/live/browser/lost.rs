//! What could not be saved: an alert says so, and it can be tried again.

use super::{
    ask::Ask,
    page::{all, made, set},
    queue::{self, Job, Why},
    quick, say,
};
use std::cell::RefCell;
use web_sys::{Element, HtmlFormElement};

thread_local! {
    /// What was not saved, the oldest first.
    static LOST: RefCell<Vec<Job>> = const { RefCell::new(Vec::new()) };
}

/// Keeps this until it is tried again or given up, and says why.
pub fn keep(job: Job, text: &str, may_sign_in: bool) {
    LOST.with_borrow_mut(|lost| lost.push(job));
    let Some(alert) = say::sheet("alert", text) else {
        return;
    };
    set(&alert, "data-kept", "");
    if may_sign_in && let Some(link) = made("a", "button", "Sign in") {
        set(&link, "href", "/signin");
        set(&link, "target", "_blank");
        let _ = alert.append_child(&link);
    }
    say::button(&alert, "Try again", again);
    say::button(&alert, "Close", || {
        forget();
    });
    say::put(&alert);
}

fn again() {
    let lost = LOST.take();
    forget();
    for job in lost {
        if let Why::Send(_, Some(tick)) = &job.why {
            tick.turn();
        }
        queue::add(job);
    }
}

/// Gives up what was not saved, and puts the alert away. Says whether there was one.
pub fn forget() -> bool {
    LOST.take();
    let alerts = all(".toast[data-kept]");
    alerts.iter().for_each(Element::remove);
    !alerts.is_empty()
}

/// Whether there is anything.
pub fn is_any() -> bool {
    LOST.with_borrow(|lost| !lost.is_empty())
}

/// Gives up what this form could not save there: it is being sent anew. Of the line for new tasks that is only the one that is sent anew.
pub fn forget_of(form: &HtmlFormElement, ask: &Ask) {
    let once = |ask: &Ask| ask.form.as_ref().and_then(|sent| sent.get("once"));
    let is_same =
        |other: &Ask| other.url == ask.url && (!quick::is_it(form) || once(other) == once(ask));
    let was_last = LOST.with_borrow_mut(|lost| {
        let before = lost.len();
        lost.retain(|job| {
            !matches!(&job.why, Why::Send(other, _) if other == form) || !is_same(&job.ask)
        });
        before > 0 && lost.is_empty()
    });
    if was_last {
        forget();
    }
}
