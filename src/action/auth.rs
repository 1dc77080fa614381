//! Accounts: the five functions in the place of Better Auth's routes.
#![expect(
    missing_docs,
    clippy::too_many_arguments,
    reason = "the server macro makes structs without documentation, of a function with an argument for each member"
)]

use super::codec::{Flag, Input};
use crate::domain::{Moment, Refusal, SessionView, User};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Signed up, and in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entered {
    /// The Bearer token (JWT, RFC 7519) for `/api/tasks`; null while the address is to be confirmed first.
    pub token: Option<String>,
    /// Who.
    pub user: User,
}

/// Signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedInAnswer {
    /// Whether the caller asked to be sent on.
    pub redirect: bool,
    /// The Bearer token (JWT, RFC 7519) for `/api/tasks`.
    pub token: String,
    /// Where to go, when the caller asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who.
    pub user: User,
}

/// The password was right, and the second factor is asked for: nobody is signed in yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondStep {
    /// Always true.
    pub two_factor_redirect: bool,
    /// How it can be given: always `totp`.
    pub two_factor_methods: Vec<String>,
}

/// What becomes of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SignInAnswer {
    /// Signed in.
    In(SignedInAnswer),
    /// The second factor first.
    SecondStep(SecondStep),
}

/// It was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Success {
    /// Always true.
    pub success: bool,
}

/// A session with its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionAnswer {
    /// The session; its `token` is the Bearer token.
    pub session: SessionView,
    /// The person.
    pub user: User,
}

/// A token for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenAnswer {
    /// The Bearer token (JWT, RFC 7519) for `/api/tasks`.
    pub token: String,
    /// Always `Bearer` (RFC 6750).
    pub token_type: String,
    /// When it ends (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Moment,
}

/// Makes an account and signs in to it. Where it takes an invitation, that is what the link to this page holds.
#[server(prefix = "/api/auth", endpoint = "sign-up", input = Input, output = Json)]
pub async fn sign_up(
    name: String,
    email: String,
    password: String,
    #[server(default)]
    #[server(rename = "rememberMe")]
    remember_me: Option<Flag>,
    #[server(default)]
    #[server(rename = "timeZone")]
    time_zone: Option<String>,
    #[server(default)] invitation: Option<String>,
    #[server(default)]
    #[server(rename = "callbackURL")]
    callback_url: Option<String>,
    #[server(default)] next: Option<String>,
) -> Result<Entered, Refusal> {
    use super::context::{callback, go_to, state, visit};
    use crate::{
        domain::{Faults, Next, Password},
        service::{
            auth::NewAccount,
            entry::{self, Newcomer, Wanted},
            password::check_common,
        },
    };
    let mut faults = Faults::default();
    let name = faults.check(name.parse());
    let email = faults.check(email.parse());
    let password = faults.check(Password::chosen(&password));
    if let (Some(name), Some(email), Some(chosen)) = (&name, &email, &password) {
        // Before anything is counted: whoever chooses another has not knocked yet.
        faults.check(check_common(chosen, name, email));
    }
    faults.refuse()?;
    let (Some(name), Some(email)) = (name, email) else {
        return Err(crate::domain::Error::Internal.into());
    };
    // Where a person is decides what "today" is; a browser that does not know is no reason to turn them away.
    let time_zone = time_zone.filter(|zone| jiff::tz::TimeZone::get(zone).is_ok());

    let state = state()?;
    let back = callback(&state, callback_url.as_deref())?;
    let back = back.or_else(|| next.and_then(|path| path.parse::<Next>().ok()));
    let invitation = invitation.as_deref().filter(|token| !token.is_empty());
    let new = NewAccount {
        name,
        email,
        password,
        time_zone,
    };
    let wanted = Wanted {
        remember: remember_me.is_none_or(|flag| flag.0),
        next: back.as_ref(),
    };
    match entry::sign_up(&state, &visit()?, new, invitation, wanted).await? {
        Newcomer::In(who) => Ok(Entered {
            token: Some(state.keys.first(&who)?.0),
            user: who.user,
        }),
        Newcomer::Awaited(user) => {
            go_to("/verify-email?done=sent");
            Ok(Entered { token: None, user })
        }
    }
}

/// Signs in. With a `callbackURL` of this site the answer says where to go. Who has a second factor is asked for it first: a plain form is
/// sent on to the page that asks.
#[server(prefix = "/api/auth", endpoint = "sign-in", input = Input, output = Json)]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)]
    #[server(rename = "rememberMe")]
    remember_me: Option<Flag>,
    #[server(default)]
    #[server(rename = "callbackURL")]
    callback_url: Option<String>,
    #[server(default)] next: Option<String>,
) -> Result<SignInAnswer, Refusal> {
    use super::context::{callback, second_step, state, visit};
    use crate::{
        domain::{Email, Next, Password},
        service::entry::{self, Entered},
    };
    let state = state()?;
    let callback_url = callback_url.filter(|url| !url.is_empty());
    let callback = callback(&state, callback_url.as_deref())?;
    let email: Email = email.parse()?;
    let claimed = Password::claimed(&password)?;
    let remember = remember_me.is_none_or(|flag| flag.0);

    let who = match entry::sign_in(&state, &visit()?, &email, claimed, remember).await? {
        Entered::In(who) => who,
        Entered::Challenged => {
            let next = next.and_then(|path| path.parse().ok()).or(callback);
            return Ok(second_step(&next.unwrap_or_else(|| Next::or_home(None))));
        }
    };
    let (token, _) = state.keys.first(&who)?;
    Ok(SignInAnswer::In(SignedInAnswer {
        redirect: callback_url.is_some(),
        token,
        url: callback_url,
        user: who.user,
    }))
}

/// Signs out: the session's row and every token that names it are gone with the answer.
#[server(prefix = "/api/auth", endpoint = "sign-out", input = Input, output = Json)]
pub async fn sign_out() -> Result<Success, Refusal> {
    use super::context::{state, visit};
    crate::service::entry::sign_out(&state()?, &visit()?).await?;
    Ok(Success { success: true })
}

/// The session and its person, or nothing for a stranger.
#[server(prefix = "/api/auth", endpoint = "session", input = GetUrl, output = Json)]
pub async fn session() -> Result<Option<SessionAnswer>, Refusal> {
    use super::context::{state, visit};
    let state = state()?;
    let Some(who) = visit()?.who(&state).await? else {
        return Ok(None);
    };
    let (token, _) = state.keys.issue(&who)?;
    Ok(Some(SessionAnswer {
        session: SessionView::of(&who, token),
        user: who.user,
    }))
}

/// A Bearer token for `/api/tasks`; it ends with this session.
#[server(prefix = "/api/auth", endpoint = "token", input = GetUrl, output = Json)]
pub async fn token() -> Result<TokenAnswer, Refusal> {
    use super::context::{signed_in, state, visit};
    let who = signed_in().await?;
    let (token, expires_at) = crate::service::entry::token(&state()?, &visit()?, &who).await?;
    Ok(TokenAnswer {
        token,
        token_type: "Bearer".to_owned(),
        expires_at,
    })
}
