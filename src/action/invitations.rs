//! Invitations, as administrators make them, and the door for new people as a stranger finds it.
#![expect(
    missing_docs,
    reason = "the server macro writes structs without documentation"
)]

use super::codec::Input;
use crate::{
    action::account::Status,
    domain::{Entrance, Invitation, InvitationId, MadeInvitation, Refusal},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};

/// Whether one may make an account, with this invitation or without.
#[server(prefix = "/action", endpoint = "sign-up/entrance", input = GetUrl, output = Json)]
pub async fn look_at_the_door(
    #[server(default)] invitation: Option<String>,
) -> Result<Entrance, Refusal> {
    let token = invitation.as_deref().filter(|token| !token.is_empty());
    Ok(crate::service::invitation::entrance(&super::context::state()?, token).await?)
}

/// The open invitations, newest first; never their links.
#[server(prefix = "/action/admin", endpoint = "invitations/list", input = GetUrl, output = Json)]
pub async fn list_invitations() -> Result<Vec<Invitation>, Refusal> {
    use super::context::{administrator, state};
    administrator().await?;
    Ok(crate::service::invitation::list(&state()?.db).await?)
}

/// Makes an invitation: this answer is the one that holds its link. It is for one address if one is written, and good for `days` days. A form
/// that says which one it is (`once`) makes one invitation, however often it arrives.
#[server(prefix = "/action/admin", endpoint = "invitations/create", input = Input, output = Json)]
pub async fn create_invitation(
    #[server(default)] email: Option<String>,
    #[server(default)] note: Option<String>,
    #[server(default)] days: Option<String>,
    #[server(default)] once: Option<String>,
) -> Result<MadeInvitation, Refusal> {
    use super::context::{acting_administrator, state, visit};
    use crate::{
        domain::{Days, Email, Faults, Note},
        service::{
            invitation::{self, NewInvitation},
            operator::Hand,
        },
    };
    let who = acting_administrator().await?;
    let written = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let mut faults = Faults::default();
    let email = written(email).and_then(|text| faults.check(text.parse::<Email>()));
    let note = written(note).and_then(|text| faults.check(text.parse::<Note>()));
    let days = written(days).map_or(Some(Days::default()), |text| faults.check(text.parse()));
    faults.refuse()?;
    let new = NewInvitation {
        email,
        note,
        days: days.unwrap_or_default(),
        form: None,
    };
    // Another invitation on the same form is another one.
    let form = written(once).map(|form| format!("{form}\n{new:?}"));
    let new = NewInvitation { form, ..new };
    let source = visit()?.source;
    let hand = Hand::administrator(&source, &who);
    Ok(invitation::create(&state()?, hand, new).await?)
}

/// Takes an invitation back: from now on it opens nothing.
#[server(prefix = "/action/admin", endpoint = "invitations/revoke", input = Input, output = Json)]
pub async fn revoke_invitation(id: InvitationId) -> Result<Status, Refusal> {
    use super::context::{acting_administrator, go_to, state, visit};
    use crate::service::{invitation, operator::Hand};
    let who = acting_administrator().await?;
    let source = visit()?.source;
    invitation::revoke(&state()?.db, Hand::administrator(&source, &who), id).await?;
    go_to("/admin/invitations?done=revoked");
    Ok(Status { status: true })
}
