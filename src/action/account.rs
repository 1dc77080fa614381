//! One's own account: the name, the look of pages, a new password by a link, and what happened.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::{Given, Input};
use crate::domain::{LogLine, Refusal, Wishes};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// It was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// Always true.
    pub status: bool,
}

/// Changes one's name or picture; `null` takes the picture away. The address is not changed here; members that are not known are ignored.
#[server(prefix = "/api/auth", endpoint = "update-user", input = Input, output = Json)]
pub async fn update_user(
    #[server(default)] name: Option<String>,
    #[server(default)] image: Given<String>,
    #[server(default)] email: Given<serde_json::Value>,
) -> Result<Status, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    use crate::{
        domain::{Error, Faults},
        service::account::{self, Profile},
    };
    let who = signed_in().await?;
    if email != Given::Nothing {
        return Err(Error::EmailNotUpdatable.into());
    }
    let mut faults = Faults::default();
    let profile = Profile {
        name: name.and_then(|name| faults.check(name.parse())),
        image: match image {
            Given::Nothing => None,
            Given::Null => Some(None),
            Given::Value(address) => account::image(&address)
                .map_err(|error| faults.note("image", error))
                .ok()
                .map(Some),
        },
    };
    faults.refuse()?;
    if profile == Profile::default() {
        return Err(Refusal::about("name", Error::Validation));
    }
    account::change_profile(&state()?.db, &visit()?.source, &who, &profile).await?;
    go_to("/settings?saved=name");
    Ok(Status { status: true })
}

/// Changes how one's pages look; what is not sent stays as it is, and an empty time zone takes it away.
#[server(prefix = "/action", endpoint = "settings/look", input = Input, output = Json)]
pub async fn change_look(
    #[server(default)] theme: Option<String>,
    #[server(default)]
    #[server(rename = "timeZone")]
    time_zone: Option<String>,
) -> Result<Wishes, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    use crate::{
        domain::Faults,
        service::account::{self, Look},
    };
    let who = signed_in().await?;
    let mut faults = Faults::default();
    let look = Look {
        theme: theme.and_then(|theme| faults.check(theme.parse())),
        time_zone: time_zone.and_then(|zone| faults.check(account::time_zone(&zone))),
    };
    faults.refuse()?;
    let wishes = account::change_look(&state()?.db, &visit()?.source, &who, look).await?;
    go_to("/settings?saved=look");
    Ok(wishes)
}

/// Sets a new password with the token of a link, and ends every session of the account.
#[server(prefix = "/api/auth", endpoint = "reset-password", input = Input, output = Json)]
pub async fn reset_password(
    token: String,
    #[server(rename = "newPassword")] new_password: String,
) -> Result<Status, Refusal> {
    use super::context::{go_to, state, visit};
    use crate::{domain::Password, service::account};
    let chosen =
        Password::chosen(&new_password).map_err(|error| Refusal::about("newPassword", error))?;
    account::reset_password(&state()?, &visit()?, &token, chosen).await?;
    go_to("/signin?done=password");
    Ok(Status { status: true })
}

/// What happened to one's account, newest first.
#[server(prefix = "/action", endpoint = "settings/activity", input = GetUrl, output = Json)]
pub async fn activity() -> Result<Vec<LogLine>, Refusal> {
    use super::context::{signed_in, state};
    const LINES: u64 = 50;
    let who = signed_in().await?;
    Ok(crate::service::audit::of_user(&state()?.db, who.user.id, LINES).await?)
}
