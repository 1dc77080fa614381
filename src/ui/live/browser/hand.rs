//! The row in hand: the one that keys speak of.

use super::page::{all, cast, focus, focused, press, set, within};
use web_sys::{Element, HtmlElement};

/// Where the hand is: the row's number, its key, and whether the focus is in it.
#[derive(Clone, Debug)]
pub struct Hand {
    at: usize,
    key: Option<String>,
    has_focus: bool,
}

fn rows() -> Vec<Element> {
    all("#main li.task:not([data-leaving])")
}

/// What tells this row from every other.
pub fn key(row: &Element) -> Option<String> {
    row.get_attribute("data-task")
}

/// The row with the focus in it, else the one that was last in hand.
fn row(rows: &[Element]) -> Option<(usize, bool)> {
    let focused = focused();
    let held = |row: &Element| {
        focused
            .as_ref()
            .is_some_and(|element| row.contains(Some(element)))
    };
    let has_focus = rows.iter().position(held).map(|at| (at, true));
    has_focus.or_else(|| {
        let at = rows
            .iter()
            .position(|row| row.has_attribute("aria-current"))?;
        Some((at, false))
    })
}

/// Takes the row so many further on in hand, or the first one. Says whether there is any.
pub fn step(by: isize) -> bool {
    let rows = rows();
    let last = rows.len().saturating_sub(1);
    let at = row(&rows).map_or(0, |(at, _)| at.saturating_add_signed(by).min(last));
    let Some(row) = rows.get(at) else {
        return false;
    };
    mark(&rows, row);
    if let Some(title) = within(row, ".task__title, .task__name") {
        focus(title);
    }
    true
}

fn mark(rows: &[Element], row: &Element) {
    for other in rows {
        let _ = other.remove_attribute("aria-current");
    }
    set(row, "aria-current", "true");
}

/// Presses what matches in the row in hand. Says whether there was any.
pub fn press_in(selector: &str) -> bool {
    let rows = rows();
    let found = row(&rows).and_then(|(at, _)| {
        mark(&rows, &rows[at]);
        within(&rows[at], selector)
    });
    found.map(press).is_some()
}

/// Where the hand is now.
pub fn held() -> Option<Hand> {
    let rows = rows();
    let (at, has_focus) = row(&rows)?;
    Some(Hand {
        at,
        key: key(&rows[at]),
        has_focus,
    })
}

impl Hand {
    /// Takes the same row in hand again; if it is gone, the one that came into its place. Says whether the focus found a place there.
    pub fn take(&self) -> bool {
        let rows = rows();
        let same = rows
            .iter()
            .find(|row| self.key.is_some() && key(row) == self.key);
        let Some(row) = same.or_else(|| rows.get(self.at)).or_else(|| rows.last()) else {
            return false;
        };
        mark(&rows, row);
        let check = within(row, ".check").and_then(cast::<HtmlElement>);
        self.has_focus && check.is_some_and(|check| check.focus().is_ok())
    }
}
