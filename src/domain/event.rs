//! What can happen to an account, as the audit log writes it and as its owner reads it.

use super::{id::EventId, moment::Moment};
use serde::{Deserialize, Serialize};

macro_rules! events {
    ($( $(#[$doc:meta])* $name:ident $code:literal $words:literal; )*) => {
        /// Something that happened to an account.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Event { $( $(#[$doc])* $name, )* }

        impl Event {
            /// Every kind.
            pub const ALL: &[Self] = &[$( Self::$name, )*];

            /// As the log writes it.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $( Self::$name => $code, )* } }

            /// As a person reads it.
            #[must_use]
            pub const fn words(self) -> &'static str { match self { $( Self::$name => $words, )* } }

            /// The event that the log wrote so.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> { match code { $( $code => Some(Self::$name), )* _ => None } }
        }
    };
}

events! {
    /// An account was made.
    SignUp "sign_up" "Signed up";
    /// An account came from another program.
    MovedIn "moved_in" "Account moved in";
    /// An attempt to sign in, good or bad.
    SignIn "sign_in" "Signed in";
    /// A session was ended by its owner.
    SignOut "sign_out" "Signed out";
    /// A session was ended by somebody else's hand.
    SessionRevoked "session_revoked" "Session ended";
    /// A Bearer token was handed out.
    TokenCreated "token_created" "Token made";
    /// An access token was revoked.
    TokenRevoked "token_revoked" "Token revoked";
    /// A Bearer token was refused.
    TokenRefused "token_refused" "Token refused";
    /// A password was replaced.
    PasswordChanged "password_changed" "Password changed";
    /// A link to set a new password was made.
    PasswordResetRequested "password_reset_requested" "Password link made";
    /// A new password was set with such a link.
    PasswordReset "password_reset" "Password set anew";
    /// An address was shown to be its owner's.
    EmailVerified "email_verified" "Address confirmed";
    /// Another address was asked for.
    EmailChangeRequested "email_change_requested" "New address asked for";
    /// An account has another address.
    EmailChanged "email_changed" "Address changed";
    /// The name or another wish was changed.
    ProfileChanged "profile_changed" "Profile changed";
    /// The operator shut the account.
    Disabled "account_disabled" "Account disabled";
    /// The operator opened it again.
    Enabled "account_enabled" "Account enabled";
    /// The account was deleted.
    Deleted "account_deleted" "Account deleted";
    /// A passkey was added.
    PasskeyAdded "passkey_added" "Passkey added";
    /// A passkey got another name.
    PasskeyRenamed "passkey_renamed" "Passkey renamed";
    /// A passkey was removed.
    PasskeyRemoved "passkey_removed" "Passkey removed";
    /// Somebody knocked too often.
    RateLimited "rate_limit_exceeded" "Too many tries";
    /// The password or another way in was right, and the second factor was asked for.
    SecondFactorAsked "second_factor_asked" "Second factor asked";
    /// A second factor that was wrong.
    SecondFactorFailed "second_factor_failed" "Wrong second factor";
    /// The second factor was turned on.
    SecondFactorEnabled "second_factor_enabled" "Second factor turned on";
    /// The second factor was turned off.
    SecondFactorDisabled "second_factor_disabled" "Second factor turned off";
    /// Somebody came in with a recovery code.
    RecoveryCodeUsed "recovery_code_used" "Recovery code used";
    /// New recovery codes took the place of the old ones.
    RecoveryCodesMade "recovery_codes_made" "New recovery codes made";
    /// A browser need not give the second factor for a while.
    DeviceTrusted "device_trusted" "Browser trusted";
    /// A browser is asked for the second factor again.
    DeviceForgotten "device_forgotten" "Browser no longer trusted";
    /// Somebody who is signed in showed that it is them.
    Confirmed "confirmed" "Confirmed that it is you";
    /// A request from another site was refused.
    OriginRefused "origin_refused" "Request from another site";
    /// What only administrators may was tried by somebody who is none.
    OfficeRefused "office_refused" "Tried a page for administrators";
    /// Leave to make an account was given.
    InvitationCreated "invitation_created" "Invitation made";
    /// An account was made by invitation.
    InvitationUsed "invitation_used" "Came by invitation";
    /// An invitation was taken back, or refused.
    InvitationRevoked "invitation_revoked" "Invitation revoked";
    /// Somebody became an administrator, or is none any more.
    RoleChanged "role_changed" "Role changed";
    /// All sessions of an account were ended at once.
    SessionsEnded "sessions_ended" "All sessions ended";
    /// The account was connected with the identity provider.
    ProviderLinked "provider_linked" "Provider connected";
    /// It was disconnected again.
    ProviderUnlinked "provider_unlinked" "Provider disconnected";
    /// Somebody signed in from a device that was not known.
    NewDevice "new_device" "New device";
    /// The person took a copy of all that is theirs.
    DataDownloaded "data_downloaded" "Data downloaded";
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// As the log writes it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refused => "refused",
        }
    }
}

/// A line of a person's own log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// Its row.
    pub id: EventId,
    /// When.
    pub at: Moment,
    /// What.
    pub event: Event,
    /// How it went.
    pub outcome: Outcome,
    /// From which address; empty if unknown.
    pub ip_address: String,
    /// With which program.
    pub user_agent: String,
    /// Whether an administrator did it for the person. Where that one was is not said.
    #[serde(default)]
    pub by_administrator: bool,
}
