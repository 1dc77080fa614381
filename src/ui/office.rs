//! The pages from which people are looked after.

/// One of them. A single person's page stands below [`Office::People`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Office {
    /// Who is here.
    People,
    /// Who may come.
    Invitations,
    /// What happened to accounts.
    Activity,
}

impl Office {
    /// All of them, as the navigation lists them.
    pub const ALL: [Self; 3] = [Self::People, Self::Invitations, Self::Activity];

    /// Its address.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::People => "/admin",
            Self::Invitations => "/admin/invitations",
            Self::Activity => "/admin/activity",
        }
    }

    /// What the navigation calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::People => "People",
            Self::Invitations => "Invitations",
            Self::Activity => "Activity",
        }
    }

    /// What its tab is called.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::People => "People",
            Self::Invitations => "Invitations",
            Self::Activity => "Activity of the house",
        }
    }
}
