//! The second factor as its owner sees it.

use super::{id::DeviceId, moment::Moment};
use serde::{Deserialize, Serialize};

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Whether signing in asks for it.
    pub enabled: bool,
    /// How many recovery codes are left.
    pub codes_left: u64,
    /// The browsers that need not give it for a while, the last used first.
    pub devices: Vec<TrustedDevice>,
}

impl Standing {
    /// With so few codes left it is time for new ones.
    pub const FEW: u64 = 3;
}

/// A browser that need not give the second factor for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrustedDevice {
    /// A UUID, version 7.
    pub id: DeviceId,
    /// From which address it was trusted; empty if unknown.
    pub ip_address: String,
    /// What it says it is.
    pub user_agent: String,
    /// Since when it is trusted (RFC 3339, UTC).
    pub created_at: Moment,
    /// When it was last used to sign in (RFC 3339, UTC).
    pub last_used_at: Moment,
    /// Until when, unless it is used (RFC 3339, UTC).
    pub expires_at: Moment,
}

/// What an authenticator app needs to know: shown while it is set up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeedShown {
    /// `otpauth://totp/…`, as apps read it from a picture.
    #[serde(rename = "totpURI")]
    pub totp_uri: String,
    /// The seed alone, in base 32, as it is typed where there is no camera.
    pub secret: String,
}

impl std::fmt::Debug for SeedShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeedShown(…)")
    }
}
