//! The rules of the house, shown on a real database: SQLite, or PostgreSQL where `TEST_DATABASE_URL` names one.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]
#![expect(clippy::too_many_lines, reason = "a table of cases is long")]

mod account;
mod floors;
mod migration;
mod page;
mod support;
mod task;
mod token;
