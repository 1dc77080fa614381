//! The second factor: the step that asks for it, and turning it on and off. What changes it asks for the password, or for a sign-in that was
//! a moment ago.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]
#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "a server function is async, even one that only refuses"
    )
)]

use super::codec::{Flag, Input};
use crate::{
    action::account::Status,
    domain::{DeviceId, Refusal, SeedShown, Standing, User},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an app is set up with. It counts once a code of it was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetUpAnswer {
    /// Always `totp`.
    pub method: String,
    /// `otpauth://totp/…`, as apps read it from a picture.
    #[serde(rename = "totpURI")]
    pub totp_uri: String,
    /// Ten codes, each good once in place of the app's. They are shown this once.
    pub backup_codes: Vec<String>,
}

/// The second factor was right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Passed {
    /// The Bearer token (JWT, RFC 7519) for `/api/tasks`; none without a session.
    pub token: Option<String>,
    /// Who.
    pub user: User,
}

/// New recovery codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// Always true.
    pub status: bool,
    /// Ten codes, each good once. They are shown this once.
    pub backup_codes: Vec<String>,
}

/// The address that an app is set up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TotpUri {
    /// `otpauth://totp/…`
    #[serde(rename = "totpURI")]
    pub totp_uri: String,
}

/// Begins to set up an authenticator app. Nothing is asked at sign-in until a code of it was verified; begun again, the seed before is void.
#[server(prefix = "/api/auth", endpoint = "two-factor/enable", input = Input, output = Json)]
pub async fn enable_second_factor(
    #[server(default)] password: Option<String>,
    #[server(default)] issuer: Option<String>,
    #[server(default)] method: Option<String>,
) -> Result<SetUpAnswer, Refusal> {
    use super::context::{confirmed, state};
    use crate::{domain::Error, service::second_factor};
    let who = confirmed(password.as_deref()).await?;
    match method.as_deref() {
        None | Some("totp") => {}
        Some("otp") => return Err(Error::OtpNotConfigured.into()),
        Some(_) => return Err(Refusal::about("method", Error::Validation)),
    }
    let (seed, codes) = second_factor::begin(&state()?, &who, issuer.as_deref()).await?;
    Ok(SetUpAnswer {
        method: "totp".to_owned(),
        totp_uri: seed.totp_uri,
        backup_codes: shown(&codes),
    })
}

/// Gives a code of the app: as the second step of signing in; signed in, to finish setting up; and once that is done, to confirm that it is
/// oneself. Each time a session begins under a new id.
#[server(prefix = "/api/auth", endpoint = "two-factor/verify-totp", input = Input, output = Json)]
pub async fn verify_totp(
    code: String,
    #[server(default)]
    #[server(rename = "trustDevice")]
    trust_device: Option<Flag>,
) -> Result<Passed, Refusal> {
    use super::context::{state, visit};
    use crate::service::second_factor::{self, Given};
    let (state, visit, code) = (state()?, visit()?, code.parse()?);
    let who = match visit.who(&state).await? {
        Some(who) if who.user.two_factor_enabled => {
            second_factor::confirm(&state, &visit, who, &Given::Code(code)).await?
        }
        Some(who) => second_factor::turn_on(&state, &visit, who, &code).await?,
        None => {
            let is_trusted = trust_device.is_some_and(|flag| flag.0);
            second_factor::pass(&state, &visit, &Given::Code(code), is_trusted).await?
        }
    };
    passed(&state, who)
}

/// Gives a recovery code in place of the app's, and uses it up. With `disableSession` no session begins.
#[server(prefix = "/api/auth", endpoint = "two-factor/verify-backup-code", input = Input, output = Json)]
pub async fn verify_backup_code(
    code: String,
    #[server(default)]
    #[server(rename = "trustDevice")]
    trust_device: Option<Flag>,
    #[server(default)]
    #[server(rename = "disableSession")]
    disable_session: Option<Flag>,
) -> Result<Passed, Refusal> {
    use super::context::{state, visit};
    use crate::service::second_factor::{self, Given};
    let (state, visit) = (state()?, visit()?);
    let given = Given::Recovery(code.parse()?);
    if let Some(who) = visit.who(&state).await? {
        let who = second_factor::confirm(&state, &visit, who, &given).await?;
        return passed(&state, who);
    }
    if disable_session.is_some_and(|flag| flag.0) {
        let user = second_factor::prove(&state, &visit, &given).await?;
        return Ok(Passed { token: None, user });
    }
    let is_trusted = trust_device.is_some_and(|flag| flag.0);
    let who = second_factor::pass(&state, &visit, &given, is_trusted).await?;
    passed(&state, who)
}

/// Codes by mail or message: there are none here.
#[server(prefix = "/api/auth", endpoint = "two-factor/send-otp", input = Input, output = Json)]
pub async fn send_otp() -> Result<Status, Refusal> {
    Err(crate::domain::Error::OtpNotConfigured.into())
}

/// What the app was set up with, for another app.
#[server(prefix = "/api/auth", endpoint = "two-factor/get-totp-uri", input = Input, output = Json)]
pub async fn get_totp_uri(#[server(default)] password: Option<String>) -> Result<TotpUri, Refusal> {
    use super::context::{confirmed, state};
    let who = confirmed(password.as_deref()).await?;
    let seed = crate::service::second_factor::seed_of(&state()?, &who).await?;
    Ok(TotpUri {
        totp_uri: seed.totp_uri,
    })
}

/// New recovery codes; the ones before are dead.
#[server(prefix = "/api/auth", endpoint = "two-factor/generate-backup-codes", input = Input, output = Json)]
pub async fn generate_backup_codes(
    #[server(default)] password: Option<String>,
) -> Result<RecoveryCodes, Refusal> {
    use super::context::{confirmed, state, visit};
    let who = confirmed(password.as_deref()).await?;
    let codes = crate::service::second_factor::codes(&state()?, &visit()?, &who).await?;
    Ok(RecoveryCodes {
        status: true,
        backup_codes: shown(&codes),
    })
}

/// Turns the second factor off. Every other session ends, and this one goes on under a new id.
#[server(prefix = "/api/auth", endpoint = "two-factor/disable", input = Input, output = Json)]
pub async fn disable_second_factor(
    #[server(default)] password: Option<String>,
) -> Result<Status, Refusal> {
    use super::context::{confirmed, state, visit};
    let who = confirmed(password.as_deref()).await?;
    crate::service::second_factor::turn_off(&state()?, &visit()?, who).await?;
    Ok(Status { status: true })
}

/// Finishes setting up on our own page: the answer is the one that holds the recovery codes.
#[server(prefix = "/action/second-factor", endpoint = "turn-on", input = Input, output = Json)]
pub async fn turn_on_second_factor(code: String) -> Result<RecoveryCodes, Refusal> {
    use super::context::{freshly_signed_in, state, visit};
    use crate::service::second_factor;
    let (who, state, visit) = (freshly_signed_in().await?, state()?, visit()?);
    let who = second_factor::turn_on(&state, &visit, who, &code.parse()?).await?;
    let codes = second_factor::codes(&state, &visit, &who).await?;
    Ok(RecoveryCodes {
        status: true,
        backup_codes: shown(&codes),
    })
}

/// What is being set up, to be shown until a code of it was right.
#[server(prefix = "/action/second-factor", endpoint = "pending", input = GetUrl, output = Json)]
pub async fn pending_second_factor() -> Result<Option<SeedShown>, Refusal> {
    use super::context::{freshly_signed_in, state};
    let who = freshly_signed_in().await?;
    Ok(crate::service::second_factor::pending(&state()?, &who).await?)
}

/// How one's second factor stands.
#[server(prefix = "/action/second-factor", endpoint = "standing", input = GetUrl, output = Json)]
pub async fn second_factor_standing() -> Result<Standing, Refusal> {
    use super::context::{signed_in, state};
    let who = signed_in().await?;
    Ok(crate::service::second_factor::standing(&state()?.db, who.user.id).await?)
}

/// Whether a sign-in waits in this browser for its second factor.
#[server(prefix = "/action/second-factor", endpoint = "waiting", input = GetUrl, output = Json)]
pub async fn is_second_factor_waited_for() -> Result<bool, Refusal> {
    use super::context::{state, visit};
    Ok(crate::service::second_factor::is_waited_for(&state()?.db, &visit()?).await?)
}

/// Asks one of one's browsers for the second factor again.
#[server(prefix = "/action/second-factor", endpoint = "forget", input = Input, output = Json)]
pub async fn forget_device(id: DeviceId) -> Result<Status, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    use crate::service::second_factor::device;
    let who = signed_in().await?;
    device::forget(&state()?.db, &visit()?.source, &who, id).await?;
    go_to("/settings/security?saved=device#second-factor");
    Ok(Status { status: true })
}

#[cfg(feature = "ssr")]
fn shown(codes: &[crate::domain::RecoveryCode]) -> Vec<String> {
    codes
        .iter()
        .map(crate::domain::RecoveryCode::shown)
        .collect()
}

#[cfg(feature = "ssr")]
fn passed(
    state: &crate::service::AppState,
    who: crate::domain::SignedIn,
) -> Result<Passed, Refusal> {
    let (token, _) = state.keys.first(&who)?;
    Ok(Passed {
        token: Some(token),
        user: who.user,
    })
}
