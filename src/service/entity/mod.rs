//! The tables, as sea-orm reads them. Private to `service`: nobody above can write a query.

mod column;

pub(super) mod access_token;
pub(super) mod account;
pub(super) mod audit_event;
pub(super) mod challenge;
pub(super) mod deleted_task;
pub(super) mod device;
pub(super) mod idempotency;
pub(super) mod invitation;
pub(super) mod mail;
pub(super) mod passkey;
pub(super) mod provider_errand;
pub(super) mod rate_limit;
pub(super) mod recovery_code;
pub(super) mod session;
pub(super) mod spent_challenge;
pub(super) mod task;
pub(super) mod totp;
pub(super) mod trusted_device;
pub(super) mod user;
pub(super) mod verification;
