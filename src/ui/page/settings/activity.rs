//! What happened to the account.

use crate::{
    action::account,
    domain::LogLine,
    ui::{
        asked::Asked,
        part::{
            alert::Alert,
            log::{Told, log},
            reader::Reader,
        },
    },
};
use leptos::prelude::*;

/// The person's own log, newest first.
pub async fn section(asked: &Asked) -> AnyView {
    let lines = account::activity().await;
    let failed = lines.as_ref().err().map(|refusal| refusal.error);
    if let Some(error) = failed {
        asked.answer_with(error);
    }
    let reader = Reader::of(asked);
    view! {
        <section class="section" aria-labelledby="activity">
            <div class="section__head">
                <h2 id="activity">"Activity"</h2>
                <p class="quiet">"What happened to this account in the last 90 days, the latest 50 at most."</p>
            </div>
            {failed.map(|error| view! { <Alert message=error.message() /> })}
            {lines.ok().map(|lines| log(lines.iter().map(told).collect(), &reader))}
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
