//! What the house writes to people: each kind with its words.

use std::fmt;
use url::Url;

/// How long a letter without a link is tried.
const DAYS: i64 = 3 * 24 * 60 * 60;

/// A letter. A link in it may be all that is needed to come in: nothing here prints.
#[derive(Clone, PartialEq, Eq)]
pub enum Letter {
    /// Is this address yours?
    VerifyEmail {
        /// Where the person says so.
        link: String,
    },
    /// A new password may be set.
    ResetPassword {
        /// Where.
        link: String,
    },
    /// To the address that an account is to have: is it yours?
    EmailChangeConfirm {
        /// Where the person says so.
        link: String,
    },
    /// To the address that an account has, or had.
    EmailChangeNotice {
        /// The other one.
        new: String,
        /// Whether it has changed, or was only asked for.
        done: bool,
    },
    /// Somebody wanted an account with this address, which has one.
    AlreadyHasAccount,
    /// The password is another one now.
    PasswordChanged,
    /// Somebody signed in with a device that was not seen before.
    NewDevice {
        /// The browser or program.
        device: String,
        /// From which network address.
        address: String,
    },
    /// Somebody may make an account.
    Invitation {
        /// Where.
        link: String,
    },
    /// Signing in asks for a second factor from now on.
    SecondFactorOn,
    /// It no longer does.
    SecondFactorOff,
    /// Whoever runs the server took it away.
    SecondFactorReset,
    /// A passkey opens the account from now on.
    PasskeyAdded {
        /// What its owner calls it.
        name: String,
    },
    /// An account elsewhere opens this one from now on.
    ProviderLinked {
        /// What it is called.
        provider: String,
    },
    /// A recovery code stood in for the second factor.
    RecoveryCodeUsed {
        /// How many are left.
        left: u64,
    },
}

/// What a letter says, in order.
pub(super) struct Words {
    /// Fixed for each kind: nothing that somebody typed stands in a header.
    pub(super) subject: &'static str,
    /// What happened.
    pub(super) says: String,
    /// The one thing to do about it.
    pub(super) link: Option<(&'static str, String)>,
    /// What else to know.
    pub(super) adds: String,
}

impl Letter {
    /// Its kind, for the log.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify-email",
            Self::ResetPassword { .. } => "reset-password",
            Self::EmailChangeConfirm { .. } => "email-change-confirm",
            Self::EmailChangeNotice { .. } => "email-change-notice",
            Self::AlreadyHasAccount => "already-has-account",
            Self::PasswordChanged => "password-changed",
            Self::NewDevice { .. } => "new-device",
            Self::Invitation { .. } => "invitation",
            Self::SecondFactorOn => "second-factor-on",
            Self::SecondFactorOff => "second-factor-off",
            Self::SecondFactorReset => "second-factor-reset",
            Self::PasskeyAdded { .. } => "passkey-added",
            Self::ProviderLinked { .. } => "provider-linked",
            Self::RecoveryCodeUsed { .. } => "recovery-code-used",
        }
    }

    /// How long it is worth sending: as long as its link is good.
    #[must_use]
    pub const fn seconds(&self) -> i64 {
        match self {
            Self::ResetPassword { .. } => 30 * 60,
            Self::EmailChangeConfirm { .. } => 60 * 60,
            Self::VerifyEmail { .. } => 24 * 60 * 60,
            _ => DAYS,
        }
    }

    /// What it says, to somebody who knows this site.
    #[expect(clippy::too_many_lines, reason = "a table of letters is long")]
    pub(super) fn words(&self, site: &Url) -> Words {
        let place = site.host_str().unwrap_or("this site");
        let path = |path: &str| format!("{}{path}", site.origin().ascii_serialization());
        let forgot = || Some(("Set a new password", path("/forgot-password")));
        let not_you = |sentence: &str| format!("If it was not you, {sentence}");
        let reset_ends_all = "set a new password: that ends every session of the account.";
        match self {
            Self::VerifyEmail { link } => Words {
                subject: "Confirm your e-mail address",
                says: format!("There is an account with this address at {place}. Is the address yours? The link is good for 24 hours."),
                link: Some(("Confirm the address", link.clone())),
                adds: not_you("there is nothing to do: the address stays unconfirmed."),
            },
            Self::ResetPassword { link } => Words {
                subject: "Set a new password",
                says: format!("Somebody asked for a new password for your account at {place}. The link is good once, for 30 minutes."),
                link: Some(("Set a new password", link.clone())),
                adds: not_you("there is nothing to do: the password stays as it is."),
            },
            Self::EmailChangeConfirm { link } => Words {
                subject: "Confirm your new e-mail address",
                says: format!("An account at {place} is to have this address from now on. Is the address yours? The link is good for an hour."),
                link: Some(("Confirm the address", link.clone())),
                adds: "If you have no account there, somebody mistyped theirs, and there is nothing to do.".to_owned(),
            },
            Self::EmailChangeNotice { new, done: false } => Words {
                subject: "Your e-mail address is about to change",
                says: format!("Somebody who is signed in to your account at {place} wants its address to be {new}. It changes when the link that was sent there is opened."),
                link: forgot(),
                adds: not_you(&format!("{reset_ends_all} It also undoes this.")),
            },
            Self::EmailChangeNotice { new, done: true } => Words {
                subject: "Your e-mail address has changed",
                says: format!("Your account at {place} has the address {new} now. You sign in with it, and mail goes there."),
                link: None,
                adds: not_you("write to whoever runs the site at once."),
            },
            Self::AlreadyHasAccount => Words {
                subject: "You have an account already",
                says: format!("Somebody, perhaps you, wanted to use this address for another account at {place}. It has one already: sign in to it."),
                link: Some(("Sign in", path("/signin"))),
                adds: not_you("there is nothing to do: nothing has changed."),
            },
            Self::PasswordChanged => Words {
                subject: "Your password was changed",
                says: format!("The password of your account at {place} is another one now, and the sessions from before have ended."),
                link: forgot(),
                adds: not_you(reset_ends_all),
            },
            Self::NewDevice { device, address } => Words {
                subject: "A sign-in with a new device",
                says: format!(
                    "Somebody signed in to your account at {place} with {}{}.",
                    if device.is_empty() { "a program that does not say its name" } else { device },
                    if address.is_empty() { String::new() } else { format!(", from {address}") },
                ),
                link: forgot(),
                adds: not_you(reset_ends_all),
            },
            Self::Invitation { link } => Words {
                subject: "You are invited",
                says: format!("Whoever runs {place} invites you to make an account there. It is a task list."),
                link: Some(("Make an account", link.clone())),
                adds: "If you do not want one, there is nothing to do.".to_owned(),
            },
            Self::SecondFactorOn => Words {
                subject: "Your account has a second factor now",
                says: format!("Signing in to your account at {place} asks for a code from now on. Keep the recovery codes where you find them without your phone."),
                link: None,
                adds: not_you("write to whoever runs the site at once."),
            },
            Self::SecondFactorOff => Words {
                subject: "Your account has no second factor any more",
                says: format!("Signing in to your account at {place} no longer asks for a code."),
                link: forgot(),
                adds: not_you(reset_ends_all),
            },
            Self::SecondFactorReset => Words {
                subject: "Your second factor was reset",
                says: format!("Whoever runs {place} turned the second factor of your account off and ended its sessions. Signing in no longer asks for a code."),
                link: Some(("Set it up again", path("/settings/security"))),
                adds: "If you did not ask for it, set a new password and write to them at once.".to_owned(),
            },
            Self::PasskeyAdded { name } => Words {
                subject: "A passkey was added to your account",
                says: format!("The passkey \"{name}\" opens your account at {place} from now on."),
                link: Some(("See your passkeys", path("/settings/security"))),
                adds: not_you("remove it there, and set a new password."),
            },
            Self::ProviderLinked { provider } => Words {
                subject: "Another way to sign in was added to your account",
                says: format!("Your account at {place} can be opened with {provider} from now on."),
                link: Some(("See how you sign in", path("/settings/security"))),
                adds: not_you("remove it there, and set a new password."),
            },
            Self::RecoveryCodeUsed { left } => Words {
                subject: "A recovery code was used",
                says: format!(
                    "Somebody signed in to your account at {place} with a recovery code. {} left.",
                    match left {
                        0 => "None is".to_owned(),
                        1 => "One is".to_owned(),
                        left => format!("{left} are"),
                    }
                ),
                link: forgot(),
                adds: not_you(reset_ends_all),
            },
        }
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.kind())
    }
}
