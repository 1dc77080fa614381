//! The ways from page to page of one place: settings have them, and the office.

use leptos::prelude::*;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where it leads.
    pub path: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What `aria-current` says, if that is where we are.
    pub current: Option<&'static str>,
}

/// All of them in a row, under the name that the place has.
pub fn chapters(place: &'static str, ways: &[Way]) -> impl IntoView + use<> {
    let links = ways
        .iter()
        .map(|way| {
            view! {
                <li>
                    <a class="menu__item" href=way.path aria-current=way.current>
                        {way.label}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label=place>
            <ul class="chapters">{links}</ul>
        </nav>
    }
    .into_any()
}
