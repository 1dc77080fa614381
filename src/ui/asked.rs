//! What a page is told about the request that it answers. The door provides it as a context.

use super::{chapter::Chapter, office::Office};
use crate::{
    action::second_factor::RecoveryCodes,
    domain::{
        Error, MadeAccessToken, MadeInvitation, MadeLink, Moment, Next, Refusal, SignUp, SignedIn,
    },
};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

/// Which page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// `/`: what this is.
    Landing,
    /// `/signup`.
    SignUp,
    /// `/signin`.
    SignIn,
    /// `/reset-password`, with a `token` in its query.
    ResetPassword,
    /// `/forgot-password`.
    ForgotPassword,
    /// `/verify-email`, with a `token` in its query.
    VerifyEmail,
    /// `/two-factor`: the second step of signing in.
    TwoFactor,
    /// `/confirm`: whether it is still the same person.
    Confirm,
    /// `/link`, for whoever came back from the identity provider.
    Link,
    /// `/dashboard`: one's tasks.
    Dashboard,
    /// `/settings` or a page below it.
    Settings(Chapter),
    /// `/admin` or a page below it: people and what happened, for administrators.
    Admin(Office),
    /// `/admin/people/{id}`: one of the people, whose id is in the query as [`Page::PERSON`].
    Person,
    /// `/settings/second-factor`: setting it up, and the recovery codes that were just made.
    SecondFactor,
    /// Whatever could not be shown, and why.
    Failed(Error),
}

impl Page {
    /// The parameter that names the person of [`Page::Person`].
    pub const PERSON: &str = "person-id";

    /// Whether nobody sees it who is not signed in.
    #[must_use]
    pub const fn is_for_members(self) -> bool {
        matches!(
            self,
            Self::Dashboard
                | Self::Settings(_)
                | Self::Confirm
                | Self::SecondFactor
                | Self::Admin(_)
                | Self::Person
        )
    }
}

/// What was just made, and is shown in this one answer. Which it is, its members say.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Made {
    /// An access token.
    AccessToken(MadeAccessToken),
    /// Recovery codes.
    RecoveryCodes(RecoveryCodes),
    /// A link to make an account with.
    Invitation(MadeInvitation),
    /// A link to set a password with.
    Link(MadeLink),
}

/// Where the site's own files are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet's address.
    pub css: String,
    /// The script's address: the module that loads the WASM.
    pub js: String,
    /// The WASM's address.
    pub wasm: String,
}

/// The fields that hold what somebody thought about and wrote.
pub const WRITTEN: [&str; 2] = ["title", "description"];

/// A form that was sent and refused: the page shows it again, with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedForm {
    /// The path that it was sent to.
    pub action: String,
    /// Why.
    pub refusal: Refusal,
    /// What was typed, by field; never a password or a token.
    pub typed: BTreeMap<String, String>,
}

impl RefusedForm {
    /// What was typed into this field.
    #[must_use]
    pub fn typed(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    /// What is wrong with this field, in words for the person.
    #[must_use]
    pub fn fault(&self, field: &str) -> Option<&'static str> {
        self.refusal.fault(field).map(Error::message)
    }
}

/// The request, as far as a page needs it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which page.
    pub page: Page,
    /// The query's parameters, decoded; of one given twice the last.
    pub query: BTreeMap<String, String>,
    /// Who is signed in. On `/dashboard` and in the settings somebody always is.
    pub who: Option<SignedIn>,
    /// The form that this page answers, if one was refused.
    pub refused: Option<RefusedForm>,
    /// What was just made: this page is the one that shows it.
    pub made: Option<Made>,
    /// Where the page can be asked for again that could not be shown.
    pub again: Option<Next>,
    /// When the request came.
    pub now: Moment,
    /// Its id, for the page that says that something went wrong.
    pub request_id: String,
    /// Scheme, host and port that people reach us by.
    pub origin: String,
    /// The origin that a request came by which was refused because it is not ours.
    pub called_by: Option<String>,
    /// What people call the identity provider, if there is one.
    pub provider: Option<String>,
    /// The one origin at which people make and use passkeys; none where no browser would.
    pub passkey_origin: Option<String>,
    /// Who may make an account.
    pub sign_up: SignUp,
    /// Whether letters leave this server.
    pub has_mail: bool,
    /// Where the site's own files are.
    pub assets: Assets,
    /// The answer's status: the page changes it when it finds that it cannot be shown.
    pub status: Arc<AtomicU16>,
}

impl Asked {
    /// A parameter of the query, if it is there and not empty.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The refused form, if it was sent to this path.
    #[must_use]
    pub fn refused_at(&self, action: &str) -> Option<&RefusedForm> {
        self.refused.as_ref().filter(|form| form.action == action)
    }

    /// Answers with this error's status.
    pub fn answer_with(&self, error: Error) {
        self.status
            .store(error.status().as_u16(), Ordering::Relaxed);
    }
}
