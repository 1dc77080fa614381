//! The rules of the house, shown on a real database: SQLite, or PostgreSQL where `TEST_DATABASE_URL` names one.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]
#![expect(clippy::too_many_lines, reason = "a table of cases is long")]

mod access_token;
mod access_token_page;
mod account;
mod adoption;
mod api_bearer;
mod api_body;
mod api_description;
mod api_list;
mod api_task;
mod away;
mod cli_backup;
mod cli_doctor;
mod cli_import;
mod cli_migrate;
mod cli_serve;
mod cli_token;
mod cli_user;
mod crash;
mod cross_site;
mod dashboard;
mod destination;
mod enumeration;
mod escaping;
mod figures;
mod floors;
mod first_person;
mod full;
mod instances;
mod interop;
mod invitation;
mod jwt_attacks;
mod migration;
mod office;
mod office_doors;
mod page;
mod people;
mod secrets;
mod session;
mod sign_in;
mod sign_up;
mod stop;
mod support;
mod task;
mod token;
