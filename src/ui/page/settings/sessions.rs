//! Where the person is signed in.

use crate::{
    action::sessions,
    domain::{ListedSession, device},
    ui::{
        asked::Asked,
        form::Form,
        part::{
            alert::{Alert, shown_or_alert},
            reader::Reader,
        },
    },
};
use leptos::prelude::*;

const REVOKE: &str = "/api/auth/revoke-session";
const REVOKE_OTHERS: &str = "/api/auth/revoke-other-sessions";
const REVOKE_ALL: &str = "/api/auth/revoke-sessions";

/// The sessions, each with a way to end it.
pub async fn page(asked: &Asked) -> AnyView {
    let listed = sessions::list_sessions().await;
    let refused = Form::at(asked, &[REVOKE, REVOKE_OTHERS, REVOKE_ALL], &[]).alert();
    let reader = Reader::of(asked);
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
                {shown_or_alert(asked, listed, |listed| list(&listed, &reader))}
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
    let name = device::named(&session.user_agent);
    let end = (!session.current).then(|| {
        let label = format!(
            "Sign out: {name}, since {}",
            reader.words(session.created_at)
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
                    <span>"Since " {reader.time(session.created_at)}</span> <span>"Last used " {reader.time(session.last_seen_at)}</span>
                </p>
            </div>
            {end}
        </li>
    }
    .into_any()
}
