//! Who may come.

use crate::{
    action::invitations::list_invitations,
    domain::{Days, Error, Invitation, MadeInvitation, Note, SignUp},
    ui::{
        asked::{Asked, Made},
        form::Form,
        part::{
            alert::Alert,
            field::{FieldFault, described_by},
            reader::Reader,
            secret::Secret,
        },
    },
};
use leptos::prelude::*;
use uuid::Uuid;

const CREATE: &str = "/action/admin/invitations/create";
const REVOKE: &str = "/action/admin/invitations/revoke";
const FIELDS: &[&str] = &["email", "note", "days"];

/// What was done last.
pub fn done(asked: &Asked) -> Option<&'static str> {
    (asked.parameter("done") == Some("revoked"))
        .then_some("The invitation is revoked. Its link opens nothing any more.")
}

/// The form, what it made, and what is open.
pub async fn content(asked: &Asked) -> AnyView {
    let reader = Reader::of(asked);
    let listed = list_invitations().await;
    let failed = listed.as_ref().err().map(|refusal| refusal.error);
    if let Some(error) = failed {
        asked.answer_with(error);
    }
    let made = match &asked.made {
        Some(Made::Invitation(made)) => Some(shown_once(made.clone(), asked.has_mail)),
        _ => None,
    };
    let form = Form::at(asked, &[CREATE], FIELDS);
    let (meaning, form) = match asked.sign_up {
        SignUp::Closed => ("New accounts are closed here.", closed()),
        SignUp::Invite => (
            "An account here takes an invitation. Its link is good once.",
            new(&form),
        ),
        SignUp::Open => (
            "Anybody can make an account here, also without one: set SIGN_UP=invite to change that.",
            new(&form),
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
                {failed.map(|error| view! { <Alert message=error.message() /> })}
                {listed.ok().map(|listed| list(&listed, &reader))}
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

fn list(invitations: &[Invitation], reader: &Reader) -> AnyView {
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

/// The form for another one. One that arrived a second time has done its work: it comes back empty.
fn new(refused: &Form) -> AnyView {
    let alert = refused.alert();
    let fresh = Form::fresh(FIELDS);
    let form = if alert == Some(Error::InvitationMade) {
        &fresh
    } else {
        refused
    };
    view! {
        <form class="stack" method="post" action=CREATE aria-labelledby="new">
            <input type="hidden" name="once" value=Uuid::now_v7().to_string() autocomplete="off" />
            {alert.map(|error| view! { <Alert message=error.message() /> })}
            {line(form, "email", "E-mail", "Only this address can use it. Left empty, whoever has the link can.", 254)}
            {line(form, "note", "Note", "For yourself and other administrators.", Note::MOST)}
            {days(form)}
            <div class="row">
                <button class="button button--primary">"Make an invitation"</button>
            </div>
        </form>
    }
    .into_any()
}

/// A line that may stay empty.
fn line(
    form: &Form,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    most: usize,
) -> impl IntoView + use<> {
    let fault = form.fault(name);
    let is_email = name == "email";
    view! {
        <div class="field">
            <label class="field__label" for=name>
                {label}
            </label>
            <input
                id=name
                name=name
                type=if is_email { "email" } else { "text" }
                value=form.typed(name)
                maxlength=most.to_string()
                autocomplete="off"
                autocapitalize=is_email.then_some("none")
                spellcheck=is_email.then_some("false")
                autofocus=form.is_refused() && form.stands_on(name)
                aria-invalid=fault.map(|_| "true")
                aria-describedby=described_by(name, true, fault.is_some())
            />
            <p class="field__hint" id=format!("{name}-hint")>
                {hint}
            </p>
            <FieldFault id=name message=fault />
        </div>
    }
    .into_any()
}

fn days(form: &Form) -> impl IntoView + use<> {
    let fault = form.fault("days");
    let chosen = form.typed_or("days", Days::default().to_string());
    let options = [
        ("1", "1 day"),
        ("3", "3 days"),
        ("7", "7 days"),
        ("14", "14 days"),
        ("30", "30 days"),
    ]
    .map(|(value, words)| {
        view! {
            <option value=value selected=chosen == value>
                {words}
            </option>
        }
    });
    view! {
        <div class="field">
            <label class="field__label" for="days">
                "Good for"
            </label>
            <select
                id="days"
                name="days"
                autofocus=form.is_refused() && form.stands_on("days")
                aria-invalid=fault.map(|_| "true")
                aria-describedby=described_by("days", false, fault.is_some())
            >
                {options.into_iter().collect_view()}
            </select>
            <FieldFault id="days" message=fault />
        </div>
    }
    .into_any()
}
