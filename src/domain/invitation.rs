//! Invitations: leave to make an account, given to one person for a while.

use super::{
    error::{Error, Result},
    id::InvitationId,
    moment::Moment,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignUp {
    /// Anybody.
    #[default]
    Open,
    /// Whoever was invited, and the first person of all.
    Invite,
    /// Nobody but the operator, with `latchkey user create`.
    Closed,
}

/// How the door for new people stands, for one who comes to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entrance {
    /// Anybody may come in.
    Open,
    /// Whoever brings this invitation may.
    Invited(Invited),
    /// Nobody is here yet: whoever comes first may.
    First,
    /// An invitation was brought that is not good any more.
    Stale,
    /// It takes an invitation, and none was brought.
    InvitationNeeded,
    /// Nobody may.
    Closed,
}

/// What an invitation says to whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The one address that it is for, if it is for one.
    pub email: Option<String>,
}

/// How many days an invitation is good for: 1 to 30.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(u8);

impl Days {
    /// The longest there is.
    pub const MOST: u8 = 30;

    /// As seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0 as i64 * 24 * 60 * 60
    }
}

impl Default for Days {
    fn default() -> Self {
        Self(3)
    }
}

impl FromStr for Days {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let is_plain = !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|days| is_plain && (1..=Self::MOST).contains(days))
            .map(Self)
            .ok_or(Error::InvalidDays)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An open invitation as administrators see it: never its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// A UUID, version 7.
    pub id: InvitationId,
    /// The one address that it is for, if it is for one.
    pub email: Option<String>,
    /// What it is about.
    pub note: Option<String>,
    /// The name of whoever made it; nobody, where that was the operator or is gone.
    pub made_by: Option<String>,
    /// When it was made (RFC 3339, UTC).
    pub created_at: Moment,
    /// When it ends (RFC 3339, UTC).
    pub expires_at: Moment,
}

/// An invitation that was just made: the one time that its link is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeInvitation {
    /// The address at which an account is made with it.
    pub link: String,
    /// What it is from now on.
    #[serde(flatten)]
    pub invitation: Invitation,
}

/// The link stays out of logs.
impl fmt::Debug for MadeInvitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MadeInvitation({})", self.invitation.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_invitation_is_good_for_one_to_thirty_days() {
        assert_eq!("1".parse::<Days>().map(Days::seconds), Ok(86_400));
        assert_eq!(Days::default().seconds(), 72 * 60 * 60);
        assert!("30".parse::<Days>().is_ok());
        for bad in ["", "0", "31", "03", "+3", "-1", "3.5", "three", "256"] {
            assert_eq!(bad.parse::<Days>(), Err(Error::InvalidDays), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_passes_for_days_is_written_as_it_was_read(text in "\\PC{0,4}") {
            if let Ok(days) = text.parse::<Days>() {
                prop_assert_eq!(days.to_string(), text);
                prop_assert!(days.seconds() <= 30 * 86_400);
            }
        }
    }
}
