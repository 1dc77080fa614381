//! The person who is signed in, and the session that says so.

use super::{
    error::Error,
    id::{SessionId, UserId},
    moment::Moment,
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

/// A person, as programs see one. Members and order are Better Auth's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// A UUID, version 7.
    #[schema(value_type = String, format = "uuid")]
    pub id: UserId,
    /// What the person is called.
    pub name: String,
    /// The address as it was typed.
    pub email: String,
    /// Whether the address was proven to be the person's.
    pub email_verified: bool,
    /// A picture's address, if a front end gave one.
    pub image: Option<String>,
    /// When the account was made (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Moment,
    /// When it was last changed (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Moment,
    /// Whether signing in asks for a second factor.
    pub two_factor_enabled: bool,
}

/// How the person wants pages to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wishes {
    /// Light, dark, or as the device has it.
    pub theme: Theme,
    /// An IANA time zone name; UTC if none was chosen.
    pub time_zone: Option<String>,
}

impl Wishes {
    /// Where the person is: their days begin and end there.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.time_zone
            .as_deref()
            .and_then(|name| TimeZone::get(name).ok())
            .unwrap_or(TimeZone::UTC)
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the device has it.
    #[default]
    Automatic,
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

impl Theme {
    /// As it is stored and as `data-theme` takes it.
    #[must_use]
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Automatic => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

impl FromStr for Theme {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "" => Ok(Self::Automatic),
            "light" => Ok(Self::Light),
            "dark" => Ok(Self::Dark),
            _ => Err(Error::InvalidTheme),
        }
    }
}

/// What a person may do besides having tasks of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Nothing else.
    #[default]
    Member,
    /// Looks after people: lets them in, shuts them out, helps them back in. Sees nobody's tasks.
    Admin,
}

impl Role {
    /// As it is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }

    /// As a person reads it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Admin => "Administrator",
        }
    }

    /// What a stored word says. One that says nothing to us lets nobody do more.
    #[must_use]
    pub fn stored(word: &str) -> Self {
        word.parse().unwrap_or_default()
    }
}

impl FromStr for Role {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "member" => Ok(Self::Member),
            "admin" => Ok(Self::Admin),
            _ => Err(Error::InvalidRole),
        }
    }
}

/// A live session with its person: proof that somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// How they like their pages.
    pub wishes: Wishes,
    /// What they may do, as their row says at this request.
    pub role: Role,
    /// Through which session.
    pub session: SessionId,
    /// When it ends unless it is used.
    pub expires_at: Moment,
    /// When it began.
    pub created_at: Moment,
    /// When it was last renewed.
    pub updated_at: Moment,
    /// Whether its cookie outlives the browser.
    pub remember: bool,
    /// When the person last showed that it is them: by signing in, or by confirming it since.
    pub confirmed_at: Moment,
    /// From which address it began; empty if unknown.
    pub ip_address: String,
    /// With which program it began.
    pub user_agent: String,
}

impl SignedIn {
    /// How long a sign-in, or its confirmation, is good for what only the person themselves may do.
    pub const FRESH_SECONDS: i64 = 10 * 60;

    /// Whether the person showed a moment ago that it is them.
    #[must_use]
    pub fn is_fresh(&self, now: Moment) -> bool {
        now < self.confirmed_at.plus_seconds(Self::FRESH_SECONDS)
    }
}

/// A session, as programs see one. Members and order are Better Auth's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// A UUID, version 7; a token's `sid`.
    #[schema(value_type = String, format = "uuid")]
    pub id: SessionId,
    /// The Bearer token (JWT, RFC 7519) for `/api/tasks`.
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
}

impl SessionView {
    /// What a program sees of this session, with a token minted for it.
    #[must_use]
    pub fn of(who: &SignedIn, token: String) -> Self {
        Self {
            id: who.session,
            token,
            user_id: who.user.id,
            expires_at: who.expires_at,
            created_at: who.created_at,
            updated_at: who.updated_at,
            ip_address: who.ip_address.clone(),
            user_agent: who.user_agent.clone(),
        }
    }
}
