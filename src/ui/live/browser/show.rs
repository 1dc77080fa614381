//! What becomes of an answer: the page shows it, or says that nothing was saved, or the browser goes there by itself.

use super::{
    arrive::{self, Place},
    ask::{Answer, Ask},
    hand, lost, menu,
    page::{cast, document, find, focused, go, here},
    queue::{self, Job, Trail, Why},
    quick, settle, swap, travel, typed,
};
use crate::ui::live::verdict::{Outcome, Verdict};
use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlFormElement, Url};

const UNREACHABLE: &str = "The server cannot be reached, so this was not saved.";
const NOT_SAVED: &str = "This was not saved.";
/// Where a page says why it refused: above its form, or in the place of a page.
const REASON: &str = "#main .alert--danger p, #main .field__fault, #main.page--lone p";
const SIGNED_OUT: &str = "You are signed out, so this was not saved. Sign in, then try again.";
const NOT_SHOWN: &str = "The server cannot be reached.";

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
    let is_refused = is_form && answer.status >= 400;
    match verdict(&job, &answer) {
        Verdict::NotSaved => failed(job, &reason(&answer), false),
        Verdict::SignedOut => failed(job, SIGNED_OUT, true),
        Verdict::Go if is_newest => leave(&job, &answer),
        // Its form may hold something else by now: the refused words would take its place.
        Verdict::Show if is_refused && (!is_newest || quick::is_in_use(&job)) => {
            failed(job, &reason(&answer), false);
        }
        Verdict::Show if is_newest => show(&job, &answer),
        Verdict::Go | Verdict::Show => job.rest(),
    }
}

/// Why nothing was saved, in the server's own words where it has some.
fn reason(answer: &Answer) -> String {
    let said = answer
        .page
        .as_ref()
        .and_then(|page| page.query_selector(REASON).ok().flatten())
        .and_then(|words| words.text_content())
        .filter(|words| !words.trim().is_empty());
    said.map_or_else(
        || NOT_SAVED.to_owned(),
        |said| format!("{NOT_SAVED} {}", said.trim()),
    )
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
        // A tick has no fields that could show what is wrong with it; that its task is gone, the list shows.
        Verdict::Show if is_tick(job) && answer.status >= 400 && answer.status != 404 => {
            Verdict::NotSaved
        }
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
    let kept = if quick::give_back(&job) {
        "What you typed is still here.".to_owned()
    } else {
        format!("“{}” is kept.", quick::title(&job).unwrap_or_default())
    };
    let text = if is_tick(&job) {
        text.to_owned()
    } else {
        format!("{text} {kept}")
    };
    lost::keep(job, &text, may_sign_in);
}

/// The browser asks again by itself, except for what was posted: that is never sent twice.
fn leave(job: &Job, answer: &Answer) {
    match &job.why {
        Why::Visit(_) => go(&job.ask.url),
        Why::Send(..) if answer.was_sent_on => go(&answer.url.href()),
        Why::Send(..) => go(&here()),
    }
}

/// Whether the form still says what was sent.
fn holds(form: &HtmlFormElement, ask: &Ask) -> bool {
    let now = travel::fields(form, None).map(|fields| String::from(fields.to_string()));
    let sent = ask
        .form
        .as_ref()
        .map(|fields| String::from(fields.to_string()));
    now == sent
}

fn show(job: &Job, answer: &Answer) {
    let Some(page) = &answer.page else { return };
    if let Why::Send(form, _) = &job.why
        && let Some(job) = keeps_editing(form, &job.ask, &answer.url)
    {
        queue::add(job);
        return;
    }
    job.rest();
    if let Some(button) = &job.button {
        menu::close_around(button);
    }
    let (hand, before) = (hand::held(), focused());
    // What was written since then stays.
    let may_reset =
        matches!(&job.why, Why::Send(form, _) if !typed::is_in(form) || holds(form, &job.ask));
    arrive::leave();
    swap::bring(page);
    let place = match &job.why {
        Why::Visit(trail) => arrive::by_visit(*trail, &answer.url, &job.ask.url),
        Why::Send(..) if !answer.was_sent_on => Place::Refused,
        Why::Send(..) => arrive::by_form(&answer.url),
    };
    if let Why::Send(form, _) = &job.why {
        if may_reset {
            form.reset();
        }
        if place != Place::Refused {
            menu::close_in(form);
        }
    }
    settle();
    arrive::focus(place, before, hand.as_ref());
}

/// A row that is being edited stays so when something else is done meanwhile, or when more was written while it was being saved: the same
/// page is asked for once more, with its form.
fn keeps_editing(sent: &HtmlFormElement, ask: &Ask, url: &Url) -> Option<Job> {
    let form = find("form.task__edit").and_then(cast::<HtmlFormElement>)?;
    let is_saved = &form == sent && holds(&form, ask);
    if is_saved || !typed::is_in(&form) || url.search_params().has("edit") {
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
