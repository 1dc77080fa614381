//! What asks before it is done.

use crate::domain::Person;
use leptos::prelude::*;

/// A button that shows what it would do before it can be done.
pub struct Asks<'a> {
    /// To whom it would be done.
    pub person: &'a Person,
    /// Where its form is sent.
    pub path: &'static str,
    /// What the button says.
    pub words: &'static str,
    /// What would happen.
    pub consequence: &'static str,
    /// Whether it takes something away.
    pub is_dangerous: bool,
}

impl Asks<'_> {
    /// The button, and the form behind it with these fields.
    pub fn first(self, fields: AnyView, is_open: bool) -> AnyView {
        let class = if self.is_dangerous {
            "button button--danger"
        } else {
            "button button--primary"
        };
        let label = format!("{}: {}", self.words, self.person.name);
        view! {
            <details class="confirm" open=is_open>
                <summary class="button">{format!("{} …", self.words)}</summary>
                <form class="card stack" method="post" action=self.path>
                    <input type="hidden" name="id" value=self.person.id.to_string() />
                    <p>{self.consequence}</p>
                    {fields}
                    <div class="row">
                        <button class=class aria-label=label>
                            {self.words}
                        </button>
                    </div>
                </form>
            </details>
        }
        .into_any()
    }
}
