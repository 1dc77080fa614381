//! The rules of the house, shown on a real database: SQLite, or PostgreSQL where `TEST_DATABASE_URL` names one.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]
#![expect(clippy::too_many_lines, reason = "a table of cases is long")]

mod account;
mod api_bearer;
mod api_body;
mod api_description;
mod api_list;
mod api_task;
mod floors;
mod migration;
mod support;
mod task;
mod token;
