//! `/admin` and the pages below it: who is here, who may come, and what happened. Never what anybody has to do.

mod activity;
mod asks;
mod invitations;
mod people;
mod person;

pub use person::PersonPage;

use crate::ui::{
    asked::Asked,
    layout::house::{Here, House},
    office::Office,
    part::{
        alert::Status,
        chapters::{Way, chapters},
    },
};
use leptos::prelude::*;

/// A page of the office.
#[component]
pub fn Admin(
    /// Which one.
    office: Office,
) -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let (done, content) = match office {
            Office::People => (people::done(&asked), people::content(&asked).await),
            Office::Invitations => (
                invitations::done(&asked),
                invitations::content(&asked).await,
            ),
            Office::Activity => (None, activity::content(&asked).await),
        };
        // Only a page without sections has to keep its own distance from the head.
        let class = match office {
            Office::Activity => "page page--app stack stack--loose",
            Office::People | Office::Invitations => "page page--app",
        };
        view! {
            <House here=Here::Office>
                <main class=class id="main" tabindex="-1">
                    <div class="stack">
                        <h1>{office.label()}</h1>
                        {offices(office, true)}
                        {done.filter(|_| asked.refused.is_none()).map(|message| view! { <Status message /> })}
                    </div>
                    {content}
                </main>
            </House>
        }
    })
}

/// The navigation; on a page below one of them that one is not the page itself.
fn offices(here: Office, is_it: bool) -> impl IntoView + use<> {
    let current = if is_it { "page" } else { "true" };
    let ways = Office::ALL.map(|office| Way {
        path: office.path(),
        label: office.label(),
        current: (here == office).then_some(current),
    });
    chapters("People", &ways)
}
