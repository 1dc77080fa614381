//! Where on the page of tasks somebody stands: what its address says, and the addresses of the ways on from there.

mod filter;

pub use filter::Filter;

use crate::{
    action::tasks::Shown,
    domain::{Next, Sort, TaskId},
    ui::{address::address, asked::Asked},
};

/// The orders that a page offers, as people read them.
const SORTS: [(Sort, &str); 6] = [
    (Sort::CompletedAtDown, "Last done"),
    (Sort::DueDate, "Due date"),
    (Sort::PriorityDown, "Priority"),
    (Sort::Title, "Title"),
    (Sort::CreatedAtDown, "Newest first"),
    (Sort::CreatedAt, "Oldest first"),
];

/// What the page's address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Which tasks.
    pub filter: Filter,
    /// What is searched for; empty when nothing is.
    pub q: String,
    /// In which order.
    pub sort: Sort,
    /// Where the page begins; empty at the beginning.
    pub after: String,
}

impl From<Filter> for Stand {
    /// The beginning of this list, in its usual order.
    fn from(filter: Filter) -> Self {
        Self {
            filter,
            q: String::new(),
            sort: filter.usual(),
            after: String::new(),
        }
    }
}

impl Default for Stand {
    /// What is open, soonest first.
    fn default() -> Self {
        Filter::default().into()
    }
}

impl Stand {
    /// What the request's address says; what makes no sense there is as if it were not said.
    #[must_use]
    pub fn of(asked: &Asked) -> Self {
        let said = |name| asked.parameter(name).unwrap_or_default();
        let filter = Filter::ALL
            .into_iter()
            .find(|filter| filter.as_str() == said("filter"))
            .unwrap_or_default();
        Self {
            filter,
            q: said("q").trim().to_owned(),
            sort: said("sort").parse().unwrap_or(filter.usual()),
            after: said("after").to_owned(),
        }
    }

    /// What the tasks are asked for with.
    #[must_use]
    pub fn shown(&self) -> Shown {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Shown {
            filter: said(self.filter.as_str()),
            q: said(&self.q),
            sort: said(self.sort.as_str()),
            after: said(&self.after),
        }
    }

    /// This very page.
    #[must_use]
    pub fn here(&self) -> String {
        self.address("")
    }

    /// This page with a task open for editing.
    #[must_use]
    pub fn edit(&self, id: TaskId) -> String {
        self.address(&id.to_string())
    }

    /// The beginning of the list with another filter: in the same order, unless that is only the usual one here.
    #[must_use]
    pub fn filtered(&self, filter: Filter) -> String {
        let is_usual = self.sort == self.filter.usual();
        Self {
            filter,
            sort: if is_usual { filter.usual() } else { self.sort },
            ..self.beginning()
        }
        .here()
    }

    /// The orders that there are for this list.
    pub fn sorts(&self) -> impl Iterator<Item = (Sort, &'static str)> + use<> {
        let has_done = self.filter != Filter::Open;
        SORTS
            .into_iter()
            .filter(move |(sort, _)| has_done || *sort != Sort::CompletedAtDown)
    }

    /// The beginning of the list in another order.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> String {
        Self {
            sort,
            ..self.beginning()
        }
        .here()
    }

    /// The beginning of the list with nothing searched for.
    #[must_use]
    pub fn unsearched(&self) -> String {
        Self {
            q: String::new(),
            ..self.beginning()
        }
        .here()
    }

    /// The page that begins after this cursor.
    #[must_use]
    pub fn further(&self, cursor: &str) -> String {
        Self {
            after: cursor.to_owned(),
            ..self.clone()
        }
        .here()
    }

    /// The same list from its beginning.
    #[must_use]
    pub fn beginning(&self) -> Self {
        Self {
            after: String::new(),
            ..self.clone()
        }
    }

    /// The filter, unless it is the usual one.
    #[must_use]
    pub fn said_filter(&self) -> &'static str {
        if self.filter == Filter::default() {
            ""
        } else {
            self.filter.as_str()
        }
    }

    /// The order, unless it is the usual one.
    #[must_use]
    pub fn said_sort(&self) -> &'static str {
        if self.sort == self.filter.usual() {
            ""
        } else {
            self.sort.as_str()
        }
    }

    fn address(&self, edit: &str) -> String {
        let parameters = [
            ("filter", self.said_filter()),
            ("q", &self.q),
            ("sort", self.said_sort()),
            ("after", &self.after),
            ("edit", edit),
        ];
        address(Next::HOME, parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand() -> Stand {
        Stand {
            filter: Filter::Done,
            q: "a & b".to_owned(),
            sort: Sort::Title,
            after: "cursor".to_owned(),
        }
    }

    #[test]
    fn a_way_on_keeps_what_it_does_not_change_and_begins_at_the_beginning() {
        assert_eq!(
            stand().filtered(Filter::Everything),
            "/dashboard?filter=all&q=a+%26+b&sort=title"
        );
        assert_eq!(
            stand().sorted(Sort::CompletedAtDown),
            "/dashboard?filter=done&q=a+%26+b"
        );
        assert_eq!(stand().unsearched(), "/dashboard?filter=done&sort=title");
    }

    #[test]
    fn editing_and_paging_stay_on_the_same_list() {
        assert_eq!(
            stand().further("next"),
            "/dashboard?filter=done&q=a+%26+b&sort=title&after=next"
        );
        let id = TaskId(uuid::Uuid::nil());
        assert_eq!(stand().edit(id), format!("{}&edit={id}", stand().here()));
    }

    #[test]
    fn the_usual_list_has_the_shortest_address() {
        assert_eq!(Stand::default().here(), "/dashboard");
    }
}
