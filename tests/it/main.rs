//! The rules of the house, shown on a real database: SQLite, or PostgreSQL where `TEST_DATABASE_URL` names one.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]
#![expect(clippy::too_many_lines, reason = "a table of cases is long")]

mod account;
mod cross_site;
mod dashboard;
mod enumeration;
mod escaping;
mod floors;
mod instances;
mod interop;
mod jwt_attacks;
mod migration;
mod people;
mod secrets;
mod support;
mod task;
mod token;
