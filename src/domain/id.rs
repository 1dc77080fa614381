//! Ids: UUIDs (RFC 9562) of distinct types, so that one cannot stand for another.

use serde::{Deserialize, Serialize, Serializer};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            /// Takes the one canonical spelling, so that two spellings never name one thing.
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                let id = Uuid::try_parse(text)?;
                if text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase()) { Ok(Self(id)) } else { Uuid::try_parse("").map(Self) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = uuid::Error;
            fn try_from(text: String) -> Result<Self, uuid::Error> { text.parse() }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self { id.to_string() }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
        }
    )*};
}

id! {
    /// A person's account.
    UserId
    /// One sign-in; what a token's `sid` names.
    SessionId
    /// One way of signing in to an account.
    AccountId
    /// A one-time value.
    VerificationId
    /// A task.
    TaskId
    /// A row of the audit log.
    EventId
    /// What a program of one's own carries.
    AccessTokenId
    /// Leave to make an account.
    InvitationId
    /// A letter that waits to be sent.
    MailId
    /// What a person signs in with instead of a password.
    PasskeyId
    /// A browser that need not give the second factor.
    DeviceId
}
