//! The sheet on which strangers sign up, sign in or set a new password.

use crate::ui::part::icon::Mark;
use leptos::prelude::*;

/// One form under the mark.
#[component]
pub fn Sheet(
    /// The page's heading.
    heading: &'static str,
    /// The form, and what stands below it.
    children: Children,
) -> impl IntoView {
    view! {
        <main class="page page--form page--sheet stack stack--loose" id="main">
            <header class="stack stack--tight">
                <a class="brand" href="/">
                    <Mark />
                    "latchkey"
                </a>
                <h1>{heading}</h1>
            </header>
            {children()}
        </main>
    }
    .into_any()
}
