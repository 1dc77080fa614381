//! Which of the tasks are shown.

use crate::domain::Sort;

/// Which tasks are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// What is still to do.
    #[default]
    Open,
    /// All of them.
    Everything,
    /// What is done.
    Done,
}

impl Filter {
    /// Every one, as the rail shows them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Everything, Self::Done];

    /// As an address says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Everything => "all",
            Self::Done => "done",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Everything => "Everything",
            Self::Done => "Done",
        }
    }

    /// Its usual order: what is to be done by when it is due, what is done with the last first.
    #[must_use]
    pub const fn usual(self) -> Sort {
        match self {
            Self::Open | Self::Everything => Sort::DueDate,
            Self::Done => Sort::CompletedAtDown,
        }
    }

    /// Its icon in the sheet.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Open => "inbox",
            Self::Everything => "all",
            Self::Done => "done",
        }
    }
}
