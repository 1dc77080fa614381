//! The way on in a list that has more than a page.

use leptos::prelude::*;

/// Links to the next page and back to the first, whichever there are.
pub fn more(
    first: Option<String>,
    next: Option<String>,
    words: &'static str,
) -> impl IntoView + use<> {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="row row--apart" aria-label="Pages">
                {first.map(|address| view! { <a class="button" href=address>"From the beginning"</a> })}
                {next
                    .map(|address| {
                        view! {
                            <a class="button" rel="next" href=address>
                                {words}
                            </a>
                        }
                    })}
            </nav>
        }
    })
}
