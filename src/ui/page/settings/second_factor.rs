//! The second factor in the settings: whether it is on, what stands in for it, and where it is not asked for.

use crate::{
    action::second_factor,
    domain::{Standing, TrustedDevice, device},
    ui::{
        asked::Asked,
        form::Form,
        part::{
            alert::{Alert, shown_or_alert},
            icon::Icon,
            reader::Reader,
        },
    },
};
use leptos::prelude::*;

const BEGIN: &str = "/settings/second-factor/begin";
const CODES: &str = "/settings/second-factor/codes";
const OFF: &str = "/settings/second-factor/off";
const FORGET: &str = "/action/second-factor/forget";

/// The whole of it.
pub async fn section(asked: &Asked) -> AnyView {
    let standing = second_factor::second_factor_standing().await;
    let refused = Form::at(asked, &[BEGIN, CODES, OFF, FORGET], &[]).alert();
    let reader = Reader::of(asked);
    view! {
        <section class="section" aria-labelledby="second-factor">
            <div class="section__head">
                <h2 id="second-factor">"Second factor"</h2>
                <p class="quiet">
                    "A code of an app on your phone, asked for after the password. Who learns your password alone does not come in."
                </p>
            </div>
            <div class="stack stack--loose">
                {refused.map(|error| view! { <Alert message=error.message() /> })}
                {shown_or_alert(
                    asked,
                    standing,
                    |standing| if standing.enabled { on(&standing, &reader) } else { off() },
                )}
            </div>
        </section>
    }
    .into_any()
}

fn off() -> AnyView {
    view! {
        <form class="stack" method="post" action=BEGIN>
            <p>"It is off: the password alone is enough to sign in."</p>
            <div class="row">
                <button class="button">"Set it up"</button>
            </div>
        </form>
    }
    .into_any()
}

fn on(standing: &Standing, reader: &Reader) -> AnyView {
    view! {
        <div class="stack">
            <p>
                <span class="badge">"On"</span>
                " It is asked for at every sign-in, except in browsers that you trust."
            </p>
            {left(standing.codes_left)}
            <details class="confirm">
                <summary class="button">"New recovery codes"</summary>
                <form class="card stack" method="post" action=CODES>
                    <p>"The ones you have stop working."</p>
                    <div class="row">
                        <button class="button button--primary">"Make new codes"</button>
                    </div>
                </form>
            </details>
            <details class="confirm">
                <summary class="button">"Turn it off"</summary>
                <form class="card stack" method="post" action=OFF>
                    <p>"From then on the password alone is enough to sign in. You are signed out everywhere else."</p>
                    <div class="row">
                        <button class="button button--danger">"Turn off the second factor"</button>
                    </div>
                </form>
            </details>
        </div>
        {trusted(&standing.devices, reader)}
    }
    .into_any()
}

/// How many recovery codes there are; few are warned of.
fn left(codes: u64) -> AnyView {
    let words = match codes {
        0 => "No recovery codes are left. Without your phone you could not sign in: make new ones."
            .to_owned(),
        1 => "1 recovery code is left. Make new ones soon.".to_owned(),
        few if few <= Standing::FEW => {
            format!("{few} recovery codes are left. Make new ones soon.")
        }
        codes => format!("{codes} recovery codes are left."),
    };
    if codes > Standing::FEW {
        return view! { <p class="quiet">{words}</p> }.into_any();
    }
    view! {
        <div class="alert alert--danger" role="alert">
            <Icon name="late" />
            <p>{words}</p>
        </div>
    }
    .into_any()
}

fn trusted(devices: &[TrustedDevice], reader: &Reader) -> AnyView {
    let rows = devices
        .iter()
        .map(|device| row(device, reader))
        .collect_view();
    let list = if devices.is_empty() {
        view! { <p class="quiet">"There are none. When you sign in you can choose not to be asked again for 30 days."</p> }
            .into_any()
    } else {
        view! {
            <ul class="stack stack--tight" aria-labelledby="trusted">
                {rows}
            </ul>
        }
        .into_any()
    };
    view! {
        <div class="stack">
            <h3 id="trusted">"Trusted browsers"</h3>
            {list}
        </div>
    }
    .into_any()
}

fn row(trusted: &TrustedDevice, reader: &Reader) -> impl IntoView + use<> {
    let name = device::named(&trusted.user_agent);
    let address = Some(trusted.ip_address.clone()).filter(|address| !address.is_empty());
    view! {
        <li class="card token">
            <div class="stack stack--tight">
                <h4>{name.clone()}</h4>
                <p class="row quiet">
                    {address.map(|address| view! { <span>{address}</span> })}
                    <span>"Last signed in " {reader.time(trusted.last_used_at)}</span>
                    <span>"Until " {reader.time(trusted.expires_at)}</span>
                </p>
            </div>
            <form method="post" action=FORGET>
                <input type="hidden" name="id" value=trusted.id.to_string() />
                <button class="button button--quiet" aria-label=format!("Ask again: {name}")>
                    "Ask again"
                </button>
            </form>
        </li>
    }
    .into_any()
}
