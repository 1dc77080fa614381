//! A passkey, as its owner sees it: what they sign in with instead of a password. The private half never leaves their device.

use super::{
    id::{PasskeyId, UserId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};

/// Whether a passkey stays on one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeviceType {
    /// It stays where it was made.
    SingleDevice,
    /// Whoever keeps it may bring it to other devices of the person.
    MultiDevice,
}

/// A passkey. Members and order are Better Auth's; the public key is nobody's business here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Passkey {
    /// A UUID, version 7.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// Whose it is.
    pub user_id: UserId,
    /// The name that the device knows it by, in base64url.
    #[serde(rename = "credentialID")]
    pub credential_id: String,
    /// How often it says that it was used; many always say 0.
    pub counter: i64,
    /// Whether it stays on one device.
    pub device_type: DeviceType,
    /// Whether a copy of it is kept elsewhere.
    pub backed_up: bool,
    /// How the device is reached, as the browser says: words with commas between.
    pub transports: String,
    /// When it was made (RFC 3339, UTC).
    pub created_at: Moment,
    /// When it was last used (RFC 3339, UTC).
    pub last_used_at: Option<Moment>,
}
