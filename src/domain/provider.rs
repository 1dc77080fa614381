//! Coming in with an identity provider: what can go wrong on the way, and what one's settings say of it.

use super::moment::Moment;
use serde::{Deserialize, Serialize};

macro_rules! mishaps {
    ($( $(#[$doc:meta])* $name:ident $word:literal $message:literal; )*) => {
        /// Why somebody came back from the identity provider and is not in. An address carries the word, and a page says the message:
        /// nothing that the provider says is ever shown.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Mishap { $( $(#[$doc])* $name, )* }

        impl Mishap {
            /// Every one.
            pub const ALL: &[Self] = &[$( Self::$name, )*];

            /// As an address carries it and the log writes it.
            #[must_use]
            pub const fn word(self) -> &'static str { match self { $( Self::$name => $word, )* } }

            /// What a person can do about it.
            #[must_use]
            pub const fn message(self) -> &'static str { match self { $( Self::$name => $message, )* } }

            /// The one that an address carries.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> { match word { $( $word => Some(Self::$name), )* _ => None } }
        }
    };
}

mishaps! {
    /// The person said no, or the provider did.
    Declined "declined" "The provider did not let you through. Try again, or sign in with your password.";
    /// The errand is unknown here, over, or another browser's.
    Astray "astray" "That began in another browser, or took too long. Try again from here.";
    /// What the provider sent does not hold.
    Failed "failed" "What the provider sent could not be trusted. Try again; if it stays so, tell whoever runs this server.";
    /// The provider does not answer.
    Away "away" "The provider does not answer just now. Sign in with your password, or try again.";
    /// It does not say which address the person has.
    NoEmail "no-email" "The provider did not say which e-mail address is yours. Whoever runs it can let it send that.";
    /// Nobody can make an account here.
    Closed "closed" "There is no account with your address, and new ones are not open here. Ask whoever runs this server for one.";
    /// An account is made by invitation alone, and they brought none.
    Uninvited "uninvited" "There is no account with your address, and it takes an invitation to make one. Open the link of yours, and continue from there.";
    /// The invitation is bound to an address, and it is not theirs.
    OtherAddress "other-address" "The invitation is for another address than the provider says is yours. Make the account with that address, or ask for another invitation.";
    /// The invitation is over.
    Spent "spent" "The invitation is used or too old. Ask for another one.";
    /// The address has to be confirmed first.
    Unverified "unverified" "Open the link we sent to your e-mail first. Then come in again.";
    /// The account is shut.
    Shut "shut" "This account cannot be opened. Ask whoever runs this server.";
    /// Somebody else's account is connected with this identity.
    Taken "taken" "Another account here is connected with that identity. Disconnect it there first.";
    /// The identity is not the one that the account is connected with.
    NotTheirs "not-theirs" "That is not the identity your account is connected with. Choose the right one there, or confirm in another way.";
    /// Too many tries.
    TooMany "too-many" "Too many tries. Wait a little, then try again.";
}

/// An account that is connected as soon as its password is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingLink {
    /// The account's address.
    pub email: String,
    /// Whether its person is signed in, so that nothing but their word is missing.
    pub is_proven: bool,
}

/// Whether one's account is connected with the identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// What people call the provider.
    pub name: String,
    /// Since when it is connected, if it is.
    pub since: Option<Moment>,
    /// Whether there is another way in.
    pub is_spare: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mishap_has_its_word_and_no_other_word_says_anything() {
        for &mishap in Mishap::ALL {
            assert_eq!(Mishap::from_word(mishap.word()), Some(mishap));
            assert!(mishap.message().ends_with('.'));
        }
        for odd in ["", "access_denied", "Call +1-555", "FAILED", "failed "] {
            assert_eq!(Mishap::from_word(odd), None);
        }
    }
}
