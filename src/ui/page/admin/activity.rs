//! What happened to accounts.

use crate::{
    action::people::house_activity,
    domain::{Event, HouseLine, HouseLog, Someone},
    ui::{
        address::address,
        asked::Asked,
        office::Office,
        part::{
            alert::shown_or_alert,
            log::{Told, log},
            more::more,
            reader::Reader,
        },
    },
};
use leptos::prelude::*;

/// Which lines the page shows: what its address says.
struct Shown<'a> {
    event: &'a str,
    person: &'a str,
    after: &'a str,
}

impl<'a> Shown<'a> {
    fn of(asked: &'a Asked) -> Self {
        let said = |name| asked.parameter(name).unwrap_or_default();
        Self {
            event: said("event"),
            person: said("person"),
            after: said("after"),
        }
    }

    /// The same lines from this place on.
    fn from(&self, after: &str) -> String {
        let said = [
            ("event", self.event),
            ("person", self.person),
            ("after", after),
        ];
        address(Office::Activity.path(), said)
    }

    /// The same kind of lines about this person alone, or about everybody.
    fn about(&self, person: &str) -> String {
        let said = [("event", self.event), ("person", person)];
        address(Office::Activity.path(), said)
    }
}

/// The choice, and the lines.
pub async fn content(asked: &Asked) -> AnyView {
    let (reader, shown) = (Reader::of(asked), Shown::of(asked));
    let owned = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let read = house_activity(owned(shown.event), owned(shown.person), owned(shown.after)).await;
    let lines = shown_or_alert(asked, read, |found| table(&found, &shown, &reader));
    view! {
        <div class="stack stack--loose">
            <p class="quiet">"What happened to accounts in the last 90 days, the latest first. Tasks leave no lines."</p>
            {choice(&shown)} {lines}
        </div>
    }
    .into_any()
}

fn choice(shown: &Shown<'_>) -> impl IntoView + use<> {
    let chosen = shown.event.to_owned();
    let options = Event::ALL
        .iter()
        .map(|event| {
            view! {
                <option value=event.code() selected=chosen == event.code()>
                    {event.words()}
                </option>
            }
        })
        .collect_view();
    let person = shown.person.to_owned();
    let everybody = shown.about("");
    view! {
        <form class="row" method="get" action=Office::Activity.path()>
            {(!person.is_empty()).then(|| view! { <input type="hidden" name="person" value=person.clone() /> })}
            <label class="visually-hidden" for="event">
                "Kind"
            </label>
            <div class="find__field">
                <select id="event" name="event">
                    <option value="">"Everything"</option>
                    {options}
                </select>
            </div>
            <button class="button">"Show"</button>
            {(!person.is_empty())
                .then(|| {
                    view! {
                        <a class="button" href=everybody>
                            "About everybody"
                        </a>
                    }
                })}
        </form>
    }
    .into_any()
}

fn table(found: &HouseLog, shown: &Shown<'_>, reader: &Reader) -> AnyView {
    let first = (!shown.after.is_empty()).then(|| shown.from(""));
    let next = found.next.map(|place| shown.from(&place.to_string()));
    let pages = more(first, next, "Earlier");
    if found.lines.is_empty() {
        return view! {
            <p class="quiet">"Nothing of the kind happened."</p>
            {pages}
        }
        .into_any();
    }
    let lines = found.lines.iter().map(|line| told(line, shown)).collect();
    view! {
        {log(lines, reader)}
        {pages}
    }
    .into_any()
}

fn told<'a>(line: &'a HouseLine, shown: &Shown<'_>) -> Told<'a> {
    let by = line
        .by
        .as_ref()
        .filter(|by| line.about.as_ref() != Some(by));
    let who = view! {
        {line.about.as_ref().map(|about| name(about, shown))}
        {by.map(|by| view! { <br /> <span class="quiet">"by " {name(by, shown)}</span> })}
    };
    let note = line
        .reason
        .clone()
        .map(|reason| view! { <code class="quiet">{reason}</code> }.into_any());
    Told {
        line: &line.line,
        who: Some(who.into_any()),
        note,
    }
}

/// A name that leads to all that is known of the person.
fn name(someone: &Someone, shown: &Shown<'_>) -> impl IntoView + use<> {
    let words = someone
        .name
        .clone()
        .unwrap_or_else(|| "somebody who is gone".to_owned());
    view! { <a href=shown.about(&someone.id.to_string())>{words}</a> }
}
