//! Where the person is signed in.

use crate::{
    action::sessions,
    domain::{ListedSession, Moment, device},
    ui::{
        asked::Asked,
        form::Form,
        part::{alert::Alert, due},
    },
};
use jiff::{civil::Date, tz::TimeZone};
use leptos::prelude::*;

const REVOKE: &str = "/api/auth/revoke-session";
const REVOKE_OTHERS: &str = "/api/auth/revoke-other-sessions";
const REVOKE_ALL: &str = "/api/auth/revoke-sessions";

/// Where and when the page is read.
struct Reader {
    zone: TimeZone,
    today: Date,
}

/// The sessions, each with a way to end it.
pub async fn page(asked: &Asked) -> AnyView {
    let listed = sessions::list_sessions().await;
    let failed = listed.as_ref().err().map(|refusal| refusal.error);
    if let Some(error) = failed {
        asked.answer_with(error);
    }
    let zone = asked
        .who
        .as_ref()
        .map_or(TimeZone::UTC, |who| who.wishes.zone());
    let refused = Form::at(asked, &[REVOKE, REVOKE_OTHERS, REVOKE_ALL], &[]).alert();
    let reader = Reader {
        today: asked.now.date_in(&zone),
        zone,
    };
    view! {
        <section class="section" aria-labelledby="sessions">
            <div class="section__head">
                <h2 id="sessions">"Sessions"</h2>
                <p class="quiet">
                    "Everywhere you are signed in. Sign out what you do not know or no longer use; its API token ends with it."
                </p>
            </div>
            <div class="stack">
                {refused.map(|error| view! { <Alert message=error.message() /> })}
                {failed.map(|error| view! { <Alert message=error.message() /> })}
                {listed.ok().map(|listed| list(&listed, &reader))}
            </div>
        </section>
    }
    .into_any()
}

fn list(sessions: &[ListedSession], reader: &Reader) -> AnyView {
    let rows = sessions
        .iter()
        .map(|session| row(session, reader))
        .collect_view();
    let has_others = sessions.len() > 1;
    view! {
        <ul class="stack stack--tight" aria-labelledby="sessions">
            {rows}
        </ul>
        <div class="row">
            {has_others
                .then(|| {
                    view! {
                        <form method="post" action=REVOKE_OTHERS>
                            <button class="button">"Sign out everywhere else"</button>
                        </form>
                    }
                })}
            <form method="post" action=REVOKE_ALL>
                <button class="button button--danger">"Sign out everywhere, here too"</button>
            </form>
        </div>
    }
    .into_any()
}

fn row(session: &ListedSession, reader: &Reader) -> impl IntoView + use<> {
    let name = match device::name(&session.user_agent) {
        name if name.is_empty() => "Something that does not say what it is".to_owned(),
        name => name,
    };
    let end = (!session.current).then(|| {
        let label = format!(
            "Sign out: {name}, since {}",
            words(session.created_at, reader)
        );
        view! {
            <form method="post" action=REVOKE>
                <input type="hidden" name="token" value=session.token.clone() />
                <button class="button button--quiet" aria-label=label>
                    "Sign out"
                </button>
            </form>
        }
    });
    let address = Some(session.ip_address.clone()).filter(|address| !address.is_empty());
    view! {
        <li class="card token">
            <div class="stack stack--tight">
                <h3>{name} {session.current.then(|| view! { " " <span class="badge">"This one"</span> })}</h3>
                <p class="row quiet">
                    {address.map(|address| view! { <span>{address}</span> })}
                    <span>"Since " {time(session.created_at, reader)}</span> <span>"Last used " {time(session.last_seen_at, reader)}</span>
                </p>
            </div>
            {end}
        </li>
    }
    .into_any()
}

/// A day in words that go on in a sentence, with the clock where it is near.
fn words(at: Moment, reader: &Reader) -> String {
    let there = at.in_zone(&reader.zone);
    let words = due::words(there.date(), reader.today);
    if matches!(words.as_str(), "Yesterday" | "Today") {
        format!("{}, {}", words.to_lowercase(), there.strftime("%-H:%M"))
    } else {
        words
    }
}

fn time(at: Moment, reader: &Reader) -> impl IntoView + use<> {
    view! { <time datetime=at.to_string()>{words(at, reader)}</time> }
}
