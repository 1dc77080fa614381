//! The way on when a list of tasks has more than a page.

use super::{more::more, stand::Stand};
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
    more(
        first,
        next.map(|cursor| stand.further(&cursor)),
        "More tasks",
    )
}
