//! The toast: it goes after ten seconds, but never from under a hand.

use super::{
    page::{after, find},
    say,
};
use web_sys::Element;

const TEN_SECONDS: i32 = 10_000;
const A_LITTLE: i32 = 2_000;

/// Says what the toast of this page says, and lets it go in time.
pub fn wait() {
    let Some(toast) = find(".toast[role=status]") else {
        return;
    };
    if let Some(text) =
        find(".toast[role=status] .toast__text").and_then(|text| text.text_content())
    {
        say::aloud(&text);
    }
    go_after(TEN_SECONDS, toast);
}

fn go_after(milliseconds: i32, toast: Element) {
    after(milliseconds, move || {
        if toast.matches(":hover, :focus-within").unwrap_or_default() {
            go_after(A_LITTLE, toast);
        } else {
            toast.remove();
        }
    });
}
