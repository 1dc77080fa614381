//! What happened to the account.

use crate::{
    action::account,
    domain::LogLine,
    ui::{
        asked::Asked,
        part::{
            alert::shown_or_alert,
            log::{Told, log},
            reader::Reader,
        },
    },
};
use leptos::prelude::*;

/// The person's own log, newest first.
pub async fn section(asked: &Asked) -> AnyView {
    let lines = account::activity().await;
    let reader = Reader::of(asked);
    view! {
        <section class="section" aria-labelledby="activity">
            <div class="section__head">
                <h2 id="activity">"Activity"</h2>
                <p class="quiet">"What happened to this account in the last 90 days, the latest 50 at most."</p>
            </div>
            {shown_or_alert(asked, lines, |lines| log(lines.iter().map(told).collect(), &reader))}
        </section>
    }
    .into_any()
}

fn told(line: &LogLine) -> Told<'_> {
    let note = line
        .by_administrator
        .then(|| view! { <span class="quiet">"By an administrator"</span> }.into_any());
    Told {
        line,
        who: None,
        note,
    }
}
