//! Icons and the mark, from the one sheet `/icons.svg`.

use leptos::{prelude::*, tachys::html::InertElement};

/// An icon beside words; it is not read out.
#[component]
pub fn Icon(
    /// Its name in the sheet.
    name: &'static str,
    /// For quiet lines.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let class = if small { "icon icon--small" } else { "icon" };
    drawn(class, name)
}

/// An icon of the sheet with a class of its own.
#[must_use]
pub fn drawn(class: &'static str, name: &'static str) -> InertElement {
    InertElement::new(format!(
        r#"<svg class="{class}" aria-hidden="true"><use href="/icons.svg#{name}"></use></svg>"#
    ))
}

/// The mark: the round plate of a lock.
#[component]
pub fn Mark(
    /// Large and pale, on a page that has nothing else.
    #[prop(optional)]
    ghost: bool,
) -> impl IntoView {
    let class = if ghost { "mark mark--ghost" } else { "mark" };
    view! {
        <svg class=class viewBox="0 0 32 32" aria-hidden="true">
            <use href="/icons.svg#mark" />
        </svg>
    }
}
