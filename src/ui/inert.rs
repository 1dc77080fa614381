//! Parts of a page that wait for nothing.

use leptos::{
    prelude::{IntoView, RenderHtml},
    tachys::html::InertElement,
};

/// Writes a part down as soon as it is made. `into_any` would keep it, and each of its words as an allocation of its own, until the page is
/// written: of a list that costs several times as much.
pub trait Inert {
    /// The part's HTML. It takes no attributes from outside.
    fn inert(self) -> InertElement;
}

impl<V: IntoView> Inert for V {
    fn inert(self) -> InertElement {
        InertElement::new(self.into_view().to_html())
    }
}

/// Words as they stand in an element that holds nothing but text, such as `<title>` and `<textarea>`.
pub fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;")
}
