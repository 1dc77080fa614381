//! What a list says that has nothing in it.

use super::{
    icon::Mark,
    stand::{Filter, Stand},
};
use crate::domain::TaskCount;
use leptos::prelude::*;

/// Why there is nothing to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The list goes no further.
    Past,
    /// The search found nothing.
    NotFound,
    /// There is no task at all.
    Nothing,
    /// Nothing is done yet.
    NothingDone,
    /// Everything is done.
    AllDone,
}

impl Why {
    /// Why a list without tasks has none.
    #[must_use]
    pub fn of(stand: &Stand, count: TaskCount) -> Self {
        if !stand.after.is_empty() {
            Self::Past
        } else if !stand.q.is_empty() {
            Self::NotFound
        } else if count.open == 0 && count.done == 0 {
            Self::Nothing
        } else if stand.filter == Filter::Done {
            Self::NothingDone
        } else {
            Self::AllDone
        }
    }
}

/// The mark, a kind sentence, and the next step.
#[component]
pub fn Empty<'a>(
    /// Where on the page of tasks we are.
    stand: &'a Stand,
    /// How many tasks there are in all.
    count: TaskCount,
) -> impl IntoView + use<> {
    let (heading, sentence, way, words) = match Why::of(stand, count) {
        Why::Past => (
            "Nothing further down",
            "What stood here has been done or moved.".to_owned(),
            stand.beginning().here(),
            "From the beginning",
        ),
        // The way out of the search stands above.
        Why::NotFound => (
            "Nothing found",
            format!("No task here says “{}”.", stand.q),
            "#q".to_owned(),
            "Search for something else",
        ),
        Why::Nothing => (
            "A clean page",
            "Write down one thing you would rather not carry in your head.".to_owned(),
            "#new".to_owned(),
            "Add your first task",
        ),
        Why::NothingDone => (
            "Nothing done yet",
            "What you check off is kept here.".to_owned(),
            stand.filtered(Filter::Open),
            "See what is open",
        ),
        Why::AllDone => (
            "All done",
            "Nothing is left to do. Enjoy the quiet.".to_owned(),
            "#new".to_owned(),
            "Add a task",
        ),
    };
    view! {
        <div class="empty center">
            <Mark ghost=true />
            <h2>{heading}</h2>
            <p>{sentence}</p>
            <a class="button" href=way>
                {words}
            </a>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Sort;

    fn why(filter: Filter, q: &str, after: &str, (open, done): (u64, u64)) -> Why {
        let stand = Stand {
            filter,
            q: q.to_owned(),
            sort: Sort::DueDate,
            after: after.to_owned(),
        };
        Why::of(&stand, TaskCount { open, done })
    }

    #[test]
    fn an_empty_list_says_why_it_is_empty() {
        assert_eq!(why(Filter::Open, "", "", (0, 0)), Why::Nothing);
        assert_eq!(why(Filter::Done, "", "", (0, 0)), Why::Nothing);
        assert_eq!(why(Filter::Open, "", "", (0, 3)), Why::AllDone);
        assert_eq!(why(Filter::Done, "", "", (3, 0)), Why::NothingDone);
        assert_eq!(why(Filter::Open, "lease", "", (3, 0)), Why::NotFound);
        assert_eq!(why(Filter::Open, "", "cursor", (3, 0)), Why::Past);
    }
}
