//! What becomes of an answer: the page shows it, or says that nothing was saved, or the browser goes there by itself.

use super::{
    arrive::{self, Place},
    ask::{Answer, Ask},
    hand, lost, menu,
    page::{cast, document, find, focused, go, here},
    queue::{self, Job, Trail, Why},
    settle, swap, typed,
};
use crate::ui::live::verdict::{Outcome, Verdict};
use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlFormElement, Url};

const UNREACHABLE: &str =
    "The server cannot be reached, so this was not saved. What you typed is still here.";
const NOT_SAVED: &str = "This was not saved. What you typed is still here.";
const SIGNED_OUT: &str = "You are signed out, so this was not saved. Sign in, then try again.";
const NOT_SHOWN: &str = "The server cannot be reached. What you typed is still here.";

/// Does with the answer what is right. One that is not the newest is shown only by what it refuses.
pub fn answer(job: Job, answer: Result<Answer, JsValue>, is_newest: bool) {
    let is_form = matches!(job.why, Why::Send(..));
    let Ok(answer) = answer else {
        if is_form || is_newest {
            let text = if is_form { UNREACHABLE } else { NOT_SHOWN };
            failed(job, text, false);
        } else {
            job.rest();
        }
        return;
    };
    match verdict(&job, &answer) {
        Verdict::NotSaved => failed(job, NOT_SAVED, false),
        Verdict::SignedOut => failed(job, SIGNED_OUT, true),
        Verdict::Go if is_newest => leave(&job, &answer),
        Verdict::Show if is_newest => show(&job, &answer),
        Verdict::Go | Verdict::Show => job.rest(),
    }
}

fn verdict(job: &Job, answer: &Answer) -> Verdict {
    let page = answer.page.as_ref();
    let outcome = Outcome {
        is_form: matches!(job.why, Why::Send(..)),
        status: answer.status,
        was_sent_on: answer.was_sent_on,
        path: &answer.url.pathname(),
        is_house: page.is_some_and(|page| has(page, ".with-rail")),
        is_same_build: page.is_some_and(|page| build(page) == build(&document())),
    };
    match outcome.verdict() {
        // A tick has no fields that could show what is wrong with it.
        Verdict::Show if is_tick(job) && answer.status >= 400 => Verdict::NotSaved,
        verdict => verdict,
    }
}

fn has(page: &Document, selector: &str) -> bool {
    page.query_selector(selector)
        .is_ok_and(|found| found.is_some())
}

/// What tells one build's pages from another's: the names of its files.
fn build(page: &Document) -> [Option<String>; 2] {
    let name = |selector: &str, attribute: &str| {
        let element: Option<Element> = page.query_selector(selector).ok().flatten();
        element?.get_attribute(attribute)
    };
    [
        name("link[rel=stylesheet]", "href"),
        name("script[data-wasm]", "data-wasm"),
    ]
}

fn is_tick(job: &Job) -> bool {
    matches!(job.why, Why::Send(_, Some(_)))
}

/// Nothing came of it: everything is as before, and it can be tried again.
fn failed(job: Job, text: &str, may_sign_in: bool) {
    job.rest();
    if let Why::Send(_, Some(tick)) = &job.why {
        tick.take_back();
    }
    lost::keep(job, text, may_sign_in);
}

/// The browser asks again by itself, except for what was posted: that is never sent twice.
fn leave(job: &Job, answer: &Answer) {
    match &job.why {
        Why::Visit(_) => go(&job.ask.url),
        Why::Send(..) if answer.was_sent_on => go(&answer.url.href()),
        Why::Send(..) => go(&here()),
    }
}

fn show(job: &Job, answer: &Answer) {
    let Some(page) = &answer.page else { return };
    if let Why::Send(form, _) = &job.why
        && let Some(job) = keeps_editing(form, &answer.url)
    {
        queue::add(job);
        return;
    }
    job.rest();
    if let Some(button) = &job.button {
        menu::close_around(button);
    }
    let (hand, before) = (hand::held(), focused());
    arrive::leave();
    swap::bring(page);
    let place = match &job.why {
        Why::Visit(trail) => arrive::by_visit(*trail, &answer.url, &job.ask.url),
        Why::Send(..) if !answer.was_sent_on => Place::Refused,
        Why::Send(..) => arrive::by_form(&answer.url),
    };
    if let Why::Send(form, _) = &job.why {
        form.reset();
        if place != Place::Refused {
            menu::close_in(form);
        }
    }
    settle();
    arrive::focus(place, before, hand.as_ref());
}

/// A row that is being edited stays so when something else is done meanwhile: the same page is asked for once more, with its form.
fn keeps_editing(sent: &HtmlFormElement, url: &Url) -> Option<Job> {
    let form = find("form.task__edit").and_then(cast::<HtmlFormElement>)?;
    if &form == sent || !typed::is_in(&form) || url.search_params().has("edit") {
        return None;
    }
    let row = form.closest(".task").ok().flatten()?;
    url.search_params().append("edit", &hand::key(&row)?);
    Some(Job {
        ask: Ask {
            url: url.href(),
            form: None,
        },
        why: Why::Visit(Trail::Stay),
        button: None,
    })
}
