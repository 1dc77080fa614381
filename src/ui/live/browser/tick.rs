//! A tick, which shows before the server has heard of it.

use super::page::{is, set};
use web_sys::Element;

/// A row's tick while it is on the way.
#[derive(Clone, Debug)]
pub struct Tick {
    check: Element,
    was_done: bool,
}

impl Tick {
    /// The tick of this button, if it is a ring.
    pub fn of(button: &Element) -> Option<Self> {
        let is_ring = button.matches(".check").unwrap_or_default();
        is_ring.then(|| Self {
            was_done: is(button, "aria-pressed"),
            check: button.clone(),
        })
    }

    /// Turns it over, here only. It asks for the opposite from now on.
    pub fn turn(&self) {
        self.show(!self.was_done);
    }

    /// Has it as it was before.
    pub fn take_back(&self) {
        self.show(self.was_done);
    }

    fn show(&self, is_done: bool) {
        let (now, next) = if is_done {
            ("true", "false")
        } else {
            ("false", "true")
        };
        set(&self.check, "aria-pressed", now);
        set(&self.check, "value", next);
    }
}
