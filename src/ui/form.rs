//! A form as a page shows it: fresh, or refused and holding what was typed.

use super::asked::{Asked, RefusedForm};
use crate::domain::Error;

/// What a form's fields hold, and where the cursor stands.
#[derive(Clone, Debug)]
pub struct Form {
    fields: &'static [&'static str],
    refused: Option<RefusedForm>,
}

impl Form {
    /// The form that is sent to one of these paths and has these fields, in order.
    #[must_use]
    pub fn at(asked: &Asked, paths: &[&str], fields: &'static [&'static str]) -> Self {
        Self {
            fields,
            refused: paths
                .iter()
                .find_map(|path| asked.refused_at(path))
                .cloned(),
        }
    }

    /// The same form, nothing refused.
    #[must_use]
    pub const fn fresh(fields: &'static [&'static str]) -> Self {
        Self {
            fields,
            refused: None,
        }
    }

    /// Whether this is the answer to a refused form.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// What was typed into this field, or nothing.
    #[must_use]
    pub fn typed(&self, field: &str) -> String {
        self.typed_or(field, "")
    }

    /// What was typed into this field; in a fresh form, what stands there already.
    #[must_use]
    pub fn typed_or(&self, field: &str, fresh: impl Into<String>) -> String {
        match &self.refused {
            Some(form) => form.typed(field).to_owned(),
            None => fresh.into(),
        }
    }

    /// What is wrong with this field, in words for the person.
    #[must_use]
    pub fn fault(&self, field: &str) -> Option<&'static str> {
        self.refused.as_ref().and_then(|form| form.fault(field))
    }

    /// Whether the cursor stands here: on the first fault, else on the first field. After a refusal that is about no field it stands
    /// on the last one, which of a form with a password is the one that has to be typed again.
    #[must_use]
    pub fn stands_on(&self, field: &str) -> bool {
        let first_fault = self.fields.iter().find(|field| self.fault(field).is_some());
        let otherwise = if self.is_refused() {
            self.fields.last()
        } else {
            self.fields.first()
        };
        first_fault.or(otherwise) == Some(&field)
    }

    /// Why it was refused, when no field of it says so.
    #[must_use]
    pub fn alert(&self) -> Option<Error> {
        let said = self.fields.iter().any(|field| self.fault(field).is_some());
        self.refused
            .as_ref()
            .filter(|_| !said)
            .map(|form| form.refusal.error)
    }
}
