//! The invitations that nobody has used yet.

use crate::{domain::Invitation, ui::part::reader::Reader};
use leptos::prelude::*;

const REVOKE: &str = "/action/admin/invitations/revoke";

/// Each with a way to take it back.
pub fn list(invitations: &[Invitation], reader: &Reader) -> AnyView {
    if invitations.is_empty() {
        return view! { <p class="quiet">"There are no open invitations."</p> }.into_any();
    }
    let rows = invitations
        .iter()
        .map(|each| row(each, reader))
        .collect_view();
    view! {
        <ul class="stack stack--tight" aria-labelledby="open">
            {rows}
        </ul>
    }
    .into_any()
}

fn row(invitation: &Invitation, reader: &Reader) -> impl IntoView + use<> {
    let whom = invitation
        .email
        .clone()
        .unwrap_or_else(|| "Whoever has the link".to_owned());
    let by = invitation
        .made_by
        .clone()
        .unwrap_or_else(|| "the operator".to_owned());
    view! {
        <li class="card token">
            <div class="stack stack--tight">
                <h3>{whom.clone()}</h3>
                {invitation.note.clone().map(|note| view! { <p class="token__may">{note}</p> })}
                <p class="row quiet">
                    <span>"Made by " {by} " " {reader.time(invitation.created_at)}</span>
                    <span>"Good until " {reader.time(invitation.expires_at)}</span>
                </p>
            </div>
            <details class="menu" name="menu">
                <summary class="button button--quiet" aria-label=format!("Revoke: {whom}")>
                    "Revoke"
                </summary>
                <form class="menu__sheet menu__sheet--form stack" method="post" action=REVOKE>
                    <input type="hidden" name="id" value=invitation.id.to_string() />
                    <p>"Its link opens nothing any more."</p>
                    <button class="button button--danger">"Revoke the invitation"</button>
                </form>
            </details>
        </li>
    }
    .into_any()
}
