//! Where and when a page is read: what makes days and times of it.

use super::due;
use crate::{domain::Moment, ui::asked::Asked};
use jiff::{civil::Date, tz::TimeZone};
use leptos::prelude::*;

/// Whoever reads the page.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Where.
    pub zone: TimeZone,
    /// When.
    pub now: Moment,
}

impl Reader {
    /// Of this request.
    #[must_use]
    pub fn of(asked: &Asked) -> Self {
        let zone = asked.who.as_ref().map(|who| who.wishes.zone());
        Self {
            zone: zone.unwrap_or(TimeZone::UTC),
            now: asked.now,
        }
    }

    /// The day it is.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.date_in(&self.zone)
    }

    /// A day in words that go on in a sentence, with the clock where it is near.
    #[must_use]
    pub fn words(&self, at: Moment) -> String {
        let there = at.in_zone(&self.zone);
        let words = due::words(there.date(), self.today());
        if matches!(words.as_str(), "Yesterday" | "Today" | "Tomorrow") {
            format!("{}, {}", words.to_lowercase(), there.strftime("%-H:%M"))
        } else {
            words
        }
    }

    /// The same for programs too.
    pub fn time(&self, at: Moment) -> impl IntoView + use<> {
        view! { <time datetime=at.to_string()>{self.words(at)}</time> }
    }

    /// Day and clock, however near it is.
    pub fn stamp(&self, at: Moment) -> impl IntoView + use<> {
        let there = at.in_zone(&self.zone);
        let day = due::words(there.date(), self.today());
        let words = format!("{day}, {}", there.strftime("%-H:%M"));
        view! { <time datetime=at.to_string()>{words}</time> }
    }
}
