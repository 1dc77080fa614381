//! `/api/tasks`: for programs that carry a Bearer token.

pub mod query;
