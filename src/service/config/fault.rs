//! What is wrong with the configuration: every fault names its variable and its cure, and has no room for a value.

use std::{borrow::Cow, fmt, io};

/// What a value is instead of right, and what to do about it. Both are texts of ours, so that a value cannot slip in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    what: Cow<'static, str>,
    cure: &'static str,
}

impl Wrong {
    /// A text that follows the variable's name, and a whole sentence.
    pub(super) const fn new(what: &'static str, cure: &'static str) -> Self {
        Self {
            what: Cow::Borrowed(what),
            cure,
        }
    }

    /// A file that cannot be used. Only the kind of error is told: its text may hold the path.
    pub(super) fn file(what: &'static str, error: &io::Error, cure: &'static str) -> Self {
        Self {
            what: Cow::Owned(format!("{what} ({})", error.kind())),
            cure,
        }
    }

    /// A fault of one entry, counted from 1.
    pub(super) fn entry(number: usize, what: &'static str, cure: &'static str) -> Self {
        Self {
            what: Cow::Owned(format!("has an entry, number {number}, that {what}")),
            cure,
        }
    }

    /// A fault of one line, counted from 1.
    pub(super) fn line(number: usize, what: &'static str, cure: &'static str) -> Self {
        Self {
            what: Cow::Owned(format!("has a line, number {number}, that {what}")),
            cure,
        }
    }
}

/// One thing that is wrong with one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// The variable's name, or `.env`.
    pub variable: &'static str,
    wrong: Wrong,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wrong { what, cure } = &self.wrong;
        write!(f, "{} {what}. {cure}", self.variable)
    }
}

/// All that is wrong with the configuration: one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigError {
    faults: Vec<ConfigFault>,
}

impl ConfigError {
    /// Each fault, in the order of [`super::VARIABLES`].
    #[must_use]
    pub fn faults(&self) -> &[ConfigFault] {
        &self.faults
    }

    pub(super) fn note(&mut self, variable: &'static str, wrong: Wrong) {
        self.faults.push(ConfigFault { variable, wrong });
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// In the order of `names`; what is not among them comes first.
    pub(super) fn in_order_of(mut self, names: &[&str]) -> Self {
        self.faults
            .sort_by_key(|fault| names.iter().position(|name| *name == fault.variable));
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
