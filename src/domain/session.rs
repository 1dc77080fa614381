//! What a person sees of the ways into their account: where they are signed in, from which device somebody came who never did before, and with
//! what one signs in.

use super::{
    id::{AccountId, SessionId, UserId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A session of one's own, in the list of them. Members and order are Better Auth's, with two more at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedSession {
    /// A UUID, version 7.
    #[schema(value_type = String, format = "uuid")]
    pub id: SessionId,
    /// What `revoke-session` takes. It opens nothing.
    pub token: String,
    /// Whose session it is.
    #[schema(value_type = String, format = "uuid")]
    pub user_id: UserId,
    /// When it ends unless it is used (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Moment,
    /// When it began (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Moment,
    /// When it was last renewed (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Moment,
    /// From which address it began; empty if unknown.
    pub ip_address: String,
    /// With which program it began.
    pub user_agent: String,
    /// When it was last used in a browser, give or take five minutes (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Moment,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A device that somebody signed in from for the first time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewDevice {
    /// As it calls itself; empty if it says nothing.
    pub device: String,
    /// From which address; empty if unknown.
    pub ip_address: String,
    /// When that was.
    pub first_seen_at: Moment,
}

/// A way of signing in to an account. Members and order are Better Auth's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WayIn {
    /// A UUID.
    #[schema(value_type = String, format = "uuid")]
    pub id: AccountId,
    /// What the provider calls the person.
    pub account_id: String,
    /// Who vouches for them: `credential` is a password.
    pub provider_id: String,
    /// Whose it is.
    #[schema(value_type = String, format = "uuid")]
    pub user_id: UserId,
    /// Since when (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Moment,
    /// When it was last changed (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Moment,
    /// What the provider lets us do for them: nothing.
    pub scopes: Vec<String>,
}

/// With what a person can show that it is them: each a way into their account that works in this house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// They have a password.
    pub password: bool,
    /// They have a passkey, and browsers use them here.
    pub passkey: bool,
    /// Their account is connected with the identity provider of this house.
    pub provider: bool,
}

impl Ways {
    /// Whether any leads in.
    #[must_use]
    pub const fn any(self) -> bool {
        self.password || self.passkey || self.provider
    }
}
