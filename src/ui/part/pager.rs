//! The way on when a list has more than a page.

use super::stand::Stand;
use leptos::prelude::*;

/// Links to the next page and back to the first, whichever there are.
#[component]
pub fn Pager<'a>(
    /// Where on the page of tasks we are.
    stand: &'a Stand,
    /// Where the next page begins.
    next: Option<String>,
) -> impl IntoView + use<> {
    let first = (!stand.after.is_empty()).then(|| stand.beginning().here());
    let next = next.map(|cursor| stand.from(&cursor));
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="row row--apart" aria-label="Pages">
                {first.map(|address| view! { <a class="button" href=address>"From the beginning"</a> })}
                {next
                    .map(|address| {
                        view! {
                            <a class="button" rel="next" href=address>
                                "More tasks"
                            </a>
                        }
                    })}
            </nav>
        }
    })
}
