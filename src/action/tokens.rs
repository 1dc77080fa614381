//! Access tokens, as their owner makes and revokes them. No token of any kind opens these: they ask for the session's cookie.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::Input;
use crate::{
    action::account::Status,
    domain::{AccessToken, AccessTokenId, MadeAccessToken, Refusal},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};

/// One's access tokens, newest first; never the tokens themselves.
#[server(prefix = "/action/tokens", endpoint = "list", input = GetUrl, output = Json)]
pub async fn list_access_tokens() -> Result<Vec<AccessToken>, Refusal> {
    use super::context::{signed_in, state};
    let who = signed_in().await?;
    Ok(crate::service::access_token::list(&state()?.db, who.user.id).await?)
}

/// Makes an access token: this answer is the one that holds it. It lasts as long as `expires` says (`90d`, or a day), and a day in `until`
/// goes before that. A form that says which one it is (`once`) makes one token, however often it arrives. It asks for a fresh sign-in: a token
/// outlives the session that it was made in.
#[server(prefix = "/action/tokens", endpoint = "create", input = Input, output = Json)]
pub async fn create_access_token(
    name: String,
    #[server(default)] scope: String,
    #[server(default)] expires: Option<String>,
    #[server(default)] until: Option<String>,
    #[server(default)] once: Option<String>,
) -> Result<MadeAccessToken, Refusal> {
    use super::context::{freshly_signed_in, state, visit};
    use crate::{
        domain::{Error, Faults, Lasts, Scopes, TokenName},
        service::{
            access_token::{self, NewAccessToken, Owner},
            clock,
        },
    };
    let (who, state, visit) = (freshly_signed_in().await?, state()?, visit()?);
    let mut faults = Faults::default();
    let name = faults.check(name.parse::<TokenName>());
    let scopes = faults.check(scope.parse::<Scopes>());
    let (field, lasts) = match until.as_deref().filter(|day| !day.is_empty()) {
        Some(day) => ("until", day.parse()),
        None => (
            "expires",
            expires.map_or(Ok(Lasts::default()), |text| text.parse()),
        ),
    };
    let end = lasts.and_then(|lasts: Lasts| {
        let end = lasts.end(clock::now(), &who.wishes.zone())?;
        Ok((lasts, end))
    });
    let end = end.map_err(|error| faults.note(field, error)).ok();
    faults.refuse()?;
    let (Some(name), Some(scopes), Some((lasts, expires_at))) = (name, scopes, end) else {
        return Err(Error::Internal.into());
    };
    // Another token on the same form is another one.
    let form = once
        .filter(|form| !form.is_empty())
        .map(|form| format!("{form}\n{name}\n{scopes}\n{lasts}"));
    let owner = Owner {
        user: who.user.id,
        session: Some(who.session),
        source: &visit.source,
    };
    let new = NewAccessToken {
        name,
        scopes,
        expires_at,
    };
    access_token::create(&state, &visit, owner, new, form).await
}

/// Revokes an access token: from now on it opens nothing.
#[server(prefix = "/action/tokens", endpoint = "revoke", input = Input, output = Json)]
pub async fn revoke_access_token(id: AccessTokenId) -> Result<Status, Refusal> {
    use super::context::{go_to, signed_in, state, visit};
    use crate::service::access_token::{self, Owner};
    let (who, state, visit) = (signed_in().await?, state()?, visit()?);
    let owner = Owner {
        user: who.user.id,
        session: Some(who.session),
        source: &visit.source,
    };
    access_token::revoke(&state.db, owner, id).await?;
    go_to("/settings/api?revoked=token#access-tokens");
    Ok(Status { status: true })
}
