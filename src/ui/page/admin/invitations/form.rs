//! What makes an invitation.

use crate::{
    domain::{Days, Error, Note},
    ui::{
        form::Form,
        part::{
            alert::Alert,
            choice::Choice,
            field::{Labelled, described_by},
        },
    },
};
use leptos::prelude::*;
use uuid::Uuid;

/// Where it is sent.
pub const CREATE: &str = "/action/admin/invitations/create";
/// What it asks for.
pub const FIELDS: &[&str] = &["email", "note", "days"];

/// The form for another one. One that arrived a second time has done its work: it comes back empty.
pub fn new(refused: &Form) -> AnyView {
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
    let control = view! {
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
    };
    view! { <Labelled id=name label hint fault>{control}</Labelled> }
}

fn days(form: &Form) -> impl IntoView + use<> {
    let options = [
        ("1", "1 day"),
        ("3", "3 days"),
        ("7", "7 days"),
        ("14", "14 days"),
        ("30", "30 days"),
    ];
    let chosen = form.typed_or("days", Days::default().to_string());
    view! { <Choice form name="days" label="Good for" options chosen=&chosen takes_cursor=form.is_refused() /> }
}
