//! A tick, which shows before the server has heard of it.

use super::page::{cast, is, set, within};
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

/// A row's tick while its form is on the way.
#[derive(Clone, Debug)]
pub struct Tick {
    check: Element,
    wanted: HtmlInputElement,
    was_done: bool,
}

impl Tick {
    /// The tick of this form, if it is one.
    pub fn of(form: &HtmlFormElement) -> Option<Self> {
        let check = within(form, ".check[aria-pressed]")?;
        Some(Self {
            was_done: is(&check, "aria-pressed"),
            wanted: cast(within(form, "input[name=completed]")?)?,
            check,
        })
    }

    /// Turns it over, here only. The form asks for the opposite from now on.
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
        set(&self.wanted, "value", next);
    }
}
