//! Who may come.

mod form;
mod list;

use crate::{
    action::invitations::list_invitations,
    domain::{MadeInvitation, SignUp},
    ui::{
        asked::{Asked, Made},
        form::Form,
        part::{alert::shown_or_alert, reader::Reader, secret::Secret},
    },
};
use leptos::prelude::*;

/// What was done last.
pub fn done(asked: &Asked) -> Option<&'static str> {
    (asked.parameter("done") == Some("revoked"))
        .then_some("The invitation is revoked. Its link opens nothing any more.")
}

/// The form, what it made, and what is open.
pub async fn content(asked: &Asked) -> AnyView {
    let reader = Reader::of(asked);
    let listed = list_invitations().await;
    let made = match &asked.made {
        Some(Made::Invitation(made)) => Some(shown_once(made.clone(), asked.has_mail)),
        _ => None,
    };
    let form = Form::at(asked, &[form::CREATE], form::FIELDS);
    let (meaning, form) = match asked.sign_up {
        SignUp::Closed => ("New accounts are closed here.", closed()),
        SignUp::Invite => (
            "An account here takes an invitation. Its link is good once.",
            form::new(&form),
        ),
        SignUp::Open => (
            "Anybody can make an account here, also without one: set SIGN_UP=invite to change that.",
            form::new(&form),
        ),
    };
    view! {
        <section class="section" aria-labelledby="new">
            <div class="section__head">
                <h2 id="new">"New invitation"</h2>
                <p class="quiet">{meaning}</p>
            </div>
            <div class="stack stack--loose">{made} {form}</div>
        </section>
        <section class="section" aria-labelledby="open">
            <div class="section__head">
                <h2 id="open">"Open invitations"</h2>
                <p class="quiet">"They end by themselves. A link that went astray is better revoked."</p>
            </div>
            <div class="stack">
                {shown_or_alert(asked, listed, |listed| list::list(&listed, &reader))}
            </div>
        </section>
    }
    .into_any()
}

fn closed() -> AnyView {
    view! {
        <p>
            "Nobody can make an account here, so an invitation would open nothing. Whoever runs this server sets "
            <code>"SIGN_UP=invite"</code> ", or makes accounts with " <code>"latchkey user create"</code> "."
        </p>
    }
    .into_any()
}

/// The link itself, in the one answer that holds it.
fn shown_once(made: MadeInvitation, has_mail: bool) -> AnyView {
    let words = match &made.invitation.email {
        Some(email) if has_mail => format!(
            "The invitation for {email} is made, and a letter with its link is on its way. It is not shown again."
        ),
        Some(email) => {
            format!("The invitation for {email} is made. Copy its link now: it is not shown again.")
        }
        None => "The invitation is made. Copy its link now: it is not shown again.".to_owned(),
    };
    view! {
        <div class="card stack" id="made" role="group" aria-labelledby="made-name" tabindex="-1" autofocus>
            <h3 id="made-name">{words}</h3>
            <Secret id="invitation-link" label="Link" copy="Copy link" text=made.link />
        </div>
    }
    .into_any()
}
