//! The chapters of the settings: a page each, with one navigation over all of them.

/// A page of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chapter {
    /// `/settings`: the name, and how pages look.
    Profile,
    /// `/settings/security`: what keeps the account shut.
    Security,
    /// `/settings/sessions`: where one is signed in.
    Sessions,
    /// `/settings/api`: what programs carry.
    Api,
    /// `/settings/activity`: what happened to the account.
    Activity,
}

impl Chapter {
    /// All of them, as the navigation has them.
    pub const ALL: [Self; 5] = [
        Self::Profile,
        Self::Security,
        Self::Sessions,
        Self::Api,
        Self::Activity,
    ];

    /// Where it is.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Profile => "/settings",
            Self::Security => "/settings/security",
            Self::Sessions => "/settings/sessions",
            Self::Api => "/settings/api",
            Self::Activity => "/settings/activity",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Profile => "Profile",
            Self::Security => "Security",
            Self::Sessions => "Sessions",
            Self::Api => "API",
            Self::Activity => "Activity",
        }
    }

    /// The document's title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Profile => "Settings",
            Self::Security => "Security settings",
            Self::Sessions => "Your sessions",
            Self::Api => "API settings",
            Self::Activity => "Your activity",
        }
    }
}
