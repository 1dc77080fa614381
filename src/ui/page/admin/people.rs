//! Who is here.

use crate::{
    action::people::list_people,
    domain::{Person, Query, Role},
    ui::{
        address::address,
        asked::Asked,
        office::Office,
        part::{alert::shown_or_alert, icon::Icon, more::more, reader::Reader},
    },
};
use leptos::prelude::*;

/// What was done last.
pub fn done(asked: &Asked) -> Option<&'static str> {
    (asked.parameter("done") == Some("deleted"))
        .then_some("The account is deleted, with all that was in it.")
}

/// The search and the list.
pub async fn content(asked: &Asked) -> AnyView {
    let reader = Reader::of(asked);
    let (q, after) = (asked.parameter("q"), asked.parameter("after"));
    let found = list_people(q.map(str::to_owned), after.map(str::to_owned)).await;
    let q = q.unwrap_or_default();
    let list = shown_or_alert(asked, found, |page| {
        let at = |place: &str| address(Office::People.path(), [("q", q), ("after", place)]);
        let next = page.next.map(|place| at(&place.to_string()));
        let first = after.map(|_| at(""));
        let nobody = page.people.is_empty().then(nobody);
        let rows = page
            .people
            .iter()
            .map(|person| row(person, &reader))
            .collect_view();
        view! {
            {nobody}
            <ul class="stack stack--tight" aria-label="People">
                {rows}
            </ul>
            {more(first, next, "More people")}
        }
    });
    view! {
        <div class="section">
            <div class="section__head">
                <p class="quiet">"Those who came last stand first. Nobody sees here what others have to do."</p>
            </div>
            <div class="stack">{search(q)} {list}</div>
        </div>
    }
    .into_any()
}

fn search(q: &str) -> impl IntoView + use<> {
    view! {
        <form class="row" role="search" method="get" action=Office::People.path()>
            <div class="find__field">
                <Icon name="search" />
                <label class="visually-hidden" for="q">
                    "Search people"
                </label>
                <input
                    class="find__input"
                    id="q"
                    name="q"
                    type="search"
                    value=q.to_owned()
                    maxlength=Query::MOST.to_string()
                    placeholder="Name or e-mail"
                />
            </div>
            <button class="button">"Search"</button>
        </form>
    }
    .into_any()
}

fn nobody() -> impl IntoView {
    view! {
        <p>"Nobody here is called that."</p>
        <div class="row">
            <a class="button" href=Office::People.path()>
                "Show everybody"
            </a>
        </div>
    }
}

fn row(person: &Person, reader: &Reader) -> impl IntoView + use<> {
    view! {
        <li class="card token">
            <div class="stack stack--tight">
                <h2 class="row">
                    <a href=format!("/admin/people/{}", person.id)>{person.name.clone()}</a>
                    {badges(person)}
                </h2>
                <p class="quiet">{person.email.clone()}</p>
                {facts(person, reader)}
            </div>
        </li>
    }
    .into_any()
}

/// What sets a person apart.
pub fn badges(person: &Person) -> impl IntoView + use<> {
    let is_administrator = person.role == Role::Admin;
    let is_disabled = person.disabled_at.is_some();
    view! {
        {is_administrator.then(|| view! { <span class="badge">{Role::Admin.words()}</span> })}
        {is_disabled.then(|| view! { <span class="badge badge--danger">"Disabled"</span> })}
    }
}

/// Since when, last seen, and signed in where.
pub fn facts(person: &Person, reader: &Reader) -> impl IntoView + use<> {
    let sessions = match person.sessions {
        0 => "Not signed in".to_owned(),
        1 => "Signed in on one device".to_owned(),
        many => format!("Signed in on {many} devices"),
    };
    view! {
        <p class="row quiet">
            <span>"Here since " {reader.time(person.created_at)}</span>
            {person.last_seen_at.map(|at| view! { <span>"Last seen " {reader.time(at)}</span> })}
            <span>{sessions}</span>
        </p>
    }
    .into_any()
}
