//! Passkeys: those that there are, each with its name, and the button for another.

use crate::{
    action::passkeys,
    domain::{DeviceType, Passkey, PasskeyName, device},
    ui::{
        asked::Asked,
        form::Form,
        part::{
            alert::{Alert, shown_or_alert},
            field::{Labelled, described_by},
            passkey::{Act, PasskeyButton, WithoutScript},
            reader::Reader,
        },
    },
};
use leptos::prelude::*;

const RENAME: &str = "/action/passkeys/rename";
const REMOVE: &str = "/action/passkeys/remove";
const ADDED: &str = "/settings/security?saved=passkey";

/// The whole of it.
pub async fn section(asked: &Asked) -> AnyView {
    let listed = passkeys::list_user_passkeys().await;
    let kept = Form::at(asked, &[REMOVE], &[]).alert();
    let reader = Reader::of(asked);
    view! {
        <section class="section" aria-labelledby="passkeys">
            <div class="section__head">
                <h2 id="passkeys">"Passkeys"</h2>
                <p class="quiet">
                    "Sign in with your finger, your face or this device’s PIN. A passkey stands for password and second factor at once."
                </p>
            </div>
            <div class="stack stack--loose">
                {kept.map(|error| view! { <Alert message=error.message() /> })}
                {shown_or_alert(asked, listed, |listed| list(asked, &listed, &reader))} {another(asked)}
            </div>
        </section>
    }
    .into_any()
}

fn list(asked: &Asked, passkeys: &[Passkey], reader: &Reader) -> AnyView {
    if passkeys.is_empty() {
        return view! { <p class="quiet">"There are no passkeys yet."</p> }.into_any();
    }
    let rows = passkeys
        .iter()
        .map(|passkey| row(asked, passkey, reader))
        .collect_view();
    view! {
        <ul class="stack stack--tight" aria-labelledby="passkeys">
            {rows}
        </ul>
    }
    .into_any()
}

fn row(asked: &Asked, passkey: &Passkey, reader: &Reader) -> impl IntoView + use<> {
    let is_meant = asked
        .refused_at(RENAME)
        .is_some_and(|form| form.typed("id") == passkey.id.to_string());
    let form = if is_meant {
        Form::at(asked, &[RENAME], &["name"])
    } else {
        Form::fresh(&["name"])
    };
    let stays = match passkey.device_type {
        DeviceType::SingleDevice => "Stays on its device",
        DeviceType::MultiDevice => "Comes along to your other devices",
    };
    view! {
        <li class="card token" id=format!("passkey-{}", passkey.id)>
            <div class="stack stack--tight">
                <h3>{passkey.name.clone()}</h3>
                <p class="token__may">{stays}</p>
                <p class="row quiet">
                    <span>"Added " {reader.time(passkey.created_at)}</span>
                    <span>
                        {passkey
                            .last_used_at
                            .map_or_else(
                                || "Never used".into_any(),
                                |at| view! { "Last used " {reader.time(at)} }.into_any(),
                            )}
                    </span>
                </p>
            </div>
            <details class="menu" name="menu" open=is_meant>
                <summary class="button button--quiet" aria-label=format!("Change: {}", passkey.name)>
                    "Change"
                </summary>
                <div class="menu__sheet menu__sheet--form stack">{rename(&form, passkey)} {remove(passkey)}</div>
            </details>
        </li>
    }
    .into_any()
}

fn rename(form: &Form, passkey: &Passkey) -> impl IntoView + use<> {
    let field = format!("name-{}", passkey.id);
    let fault = form.fault("name");
    let control = view! {
        <input
            id=field.clone()
            name="name"
            value=form.typed_or("name", passkey.name.clone())
            maxlength=PasskeyName::MOST.to_string()
            autocomplete="off"
            required
            autofocus=form.is_refused()
            aria-invalid=fault.map(|_| "true")
            aria-describedby=described_by(&field, false, fault.is_some())
        />
    };
    view! {
        <form class="stack" method="post" action=RENAME>
            {form.alert().map(|error| view! { <Alert message=error.message() /> })}
            <input type="hidden" name="id" value=passkey.id.to_string() />
            <Labelled id=&field label="Name" fault>
                {control}
            </Labelled>
            <button class="button">"Save name"</button>
        </form>
    }
    .into_any()
}

fn remove(passkey: &Passkey) -> impl IntoView + use<> {
    view! {
        <form class="stack" method="post" action=REMOVE>
            <input type="hidden" name="id" value=passkey.id.to_string() />
            <p class="quiet">"Removed here, it opens nothing more. Take it off the device too, where you find your passwords."</p>
            <button class="button button--danger">{format!("Remove “{}”", passkey.name)}</button>
        </form>
    }
    .into_any()
}

/// What makes another one, or why there is nothing that could.
fn another(asked: &Asked) -> AnyView {
    let Some(origin) = asked.passkey_origin.clone() else {
        return view! {
            <p class="quiet">
                "Browsers make passkeys only for a name with https, and this server has none. Whoever runs it sets PUBLIC_URL to one. Until then you sign in with your password."
            </p>
        }
        .into_any();
    };
    let here = asked
        .who
        .as_ref()
        .map_or_else(String::new, |who| device::name(&who.user_agent));
    view! {
        <div>
            <div class="stack scripted">
                <Labelled id="passkey-name" label="Passkey’s name">
                    <input
                        id="passkey-name"
                        value=here
                        maxlength=PasskeyName::MOST.to_string()
                        placeholder="My laptop"
                        autocomplete="off"
                    />
                </Labelled>
                <PasskeyButton act=Act::Add(ADDED) origin label="Add a passkey" class="button" />
            </div>
            <WithoutScript words="Your browser makes passkeys with JavaScript, which is off here. Without it you sign in with your password." />
        </div>
    }
    .into_any()
}
