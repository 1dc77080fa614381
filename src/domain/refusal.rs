//! A refused request: which row of the table it is, and what is wrong with which member.

use super::{
    access::Scope,
    error::{Error, Result},
};
use serde::{Deserialize, Serialize};

/// One thing that is wrong with one member of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The member or parameter, as the caller named it.
    pub field: String,
    /// What is wrong with it.
    pub error: Error,
}

/// A refused request: the row of the table, and each fault when there are several.
///
/// This, and nothing richer, is what crosses from a server function to whoever called it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The row that decides code and status.
    pub error: Error,
    /// What is wrong with which member.
    pub faults: Vec<Fault>,
    /// After how many seconds it makes sense to try again.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// Refused for one reason that is about `field`.
    #[must_use]
    pub fn about(field: impl Into<String>, error: Error) -> Self {
        Self {
            error,
            faults: vec![Fault {
                field: field.into(),
                error,
            }],
            retry_after: None,
        }
    }

    /// The same faults under another row, which then decides code and status.
    #[must_use]
    pub fn under(mut self, error: Error) -> Self {
        self.error = error;
        self
    }

    /// Too much at once: try again after `seconds`.
    #[must_use]
    pub const fn later(error: Error, seconds: u64) -> Self {
        Self {
            error,
            faults: Vec::new(),
            retry_after: Some(seconds),
        }
    }

    /// Refused because the token lacks this scope.
    #[must_use]
    pub fn lacking(scope: Scope) -> Self {
        Self::about(scope.as_str(), Error::InsufficientScope)
    }

    /// The scope that the token lacks, if that is why.
    #[must_use]
    pub fn lacks(&self) -> Option<Scope> {
        let fault = self.faults.first()?;
        let is_why = self.error == Error::InsufficientScope && fault.error == self.error;
        fault.field.parse().ok().filter(|_| is_why)
    }

    /// What is wrong with this field, if anything is.
    #[must_use]
    pub fn fault(&self, field: &str) -> Option<Error> {
        self.faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.error)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let mut refusal = error.field().map_or_else(
            || Self {
                error,
                faults: Vec::new(),
                retry_after: None,
            },
            |field| Self::about(field, error),
        );
        refusal.retry_after = (error == Error::Unavailable).then_some(2);
        refusal
    }
}

/// Collects what is wrong with a form, so that a person hears it all at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Keeps the word, or notes what is wrong with it under the error's own field.
    pub fn check<T>(&mut self, word: Result<T>) -> Option<T> {
        word.map_err(|error| self.note(error.field().unwrap_or_default(), error))
            .ok()
    }

    /// Notes a fault of `field`.
    pub fn note(&mut self, field: impl Into<String>, error: Error) {
        self.0.push(Fault {
            field: field.into(),
            error,
        });
    }

    /// Whether a fault of this field was noted.
    #[must_use]
    pub fn is_about(&self, field: &str) -> bool {
        self.0.iter().any(|fault| fault.field == field)
    }

    /// Refuses with the first fault's row, if there is any fault.
    pub fn refuse(self) -> Result<(), Refusal> {
        self.0
            .first()
            .map(|first| first.error)
            .map_or(Ok(()), |error| {
                Err(Refusal {
                    error,
                    faults: self.0,
                    retry_after: None,
                })
            })
    }

    /// Refuses with this row, if there is any fault.
    pub fn refuse_as(self, error: Error) -> Result<(), Refusal> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Refusal {
                error,
                faults: self.0,
                retry_after: None,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_names_every_fault_and_leads_with_the_first() {
        let mut faults = Faults::default();
        assert_eq!(faults.check::<()>(Err(Error::InvalidName)), None);
        assert_eq!(faults.check::<()>(Err(Error::PasswordTooShort)), None);
        assert_eq!(faults.check(Ok(1)), Some(1));

        let refusal = faults.refuse().expect_err("two faults");

        assert_eq!(refusal.error, Error::InvalidName);
        assert_eq!(refusal.fault("password"), Some(Error::PasswordTooShort));
    }
}
