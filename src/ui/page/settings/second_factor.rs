//! The second factor in the settings: whether it is on, what stands in for it, and where it is not asked for.

use crate::{
    action::second_factor,
    domain::{Moment, Standing, TrustedDevice, device},
    ui::{
        asked::Asked,
        form::Form,
        part::{alert::Alert, due, icon::Icon},
    },
};
use jiff::{civil::Date, tz::TimeZone};
use leptos::prelude::*;

const BEGIN: &str = "/settings/second-factor/begin";
const CODES: &str = "/settings/second-factor/codes";
const OFF: &str = "/settings/second-factor/off";
const FORGET: &str = "/action/second-factor/forget";

/// The whole of it.
pub async fn section(asked: &Asked) -> AnyView {
    let standing = second_factor::second_factor_standing().await;
    let failed = standing.as_ref().err().map(|refusal| refusal.error);
    if let Some(error) = failed {
        asked.answer_with(error);
    }
    let refused = Form::at(asked, &[BEGIN, CODES, OFF, FORGET], &[]).alert();
    let zone = asked.who.as_ref().map(|who| who.wishes.zone());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let today = asked.now.date_in(&zone);
    view! {
        <section class="section" aria-labelledby="second-factor">
            <div class="section__head">
                <h2 id="second-factor">"Second factor"</h2>
                <p class="quiet">
                    "A code of an app on your phone, asked for after the password. Who learns your password alone does not come in."
                </p>
            </div>
            <div class="stack stack--loose">
                {refused.or(failed).map(|error| view! { <Alert message=error.message() /> })}
                {standing
                    .ok()
                    .map(|standing| if standing.enabled { on(&standing, &zone, today) } else { off() })}
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
                <button class="button button--primary">"Set it up"</button>
            </div>
        </form>
    }
    .into_any()
}

fn on(standing: &Standing, zone: &TimeZone, today: Date) -> AnyView {
    view! {
        <div class="stack">
            <p>
                <span class="badge">"On"</span>
                " It is asked for at every sign-in, except in browsers that you trust."
            </p>
            {left(standing.codes_left)}
            <details class="stack stack--tight">
                <summary class="button">"New recovery codes"</summary>
                <form class="card stack" method="post" action=CODES>
                    <p>"The ones you have stop working."</p>
                    <div class="row">
                        <button class="button button--primary">"Make new codes"</button>
                    </div>
                </form>
            </details>
            <details class="stack stack--tight">
                <summary class="button button--quiet">"Turn it off"</summary>
                <form class="card stack" method="post" action=OFF>
                    <p>"From then on the password alone is enough to sign in. You are signed out everywhere else."</p>
                    <div class="row">
                        <button class="button button--danger">"Turn off the second factor"</button>
                    </div>
                </form>
            </details>
        </div>
        {trusted(&standing.devices, zone, today)}
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

fn trusted(devices: &[TrustedDevice], zone: &TimeZone, today: Date) -> AnyView {
    let rows = devices
        .iter()
        .map(|device| row(device, zone, today))
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

fn row(trusted: &TrustedDevice, zone: &TimeZone, today: Date) -> impl IntoView + use<> {
    let name = match device::name(&trusted.user_agent) {
        name if name.is_empty() => "Something that does not say what it is".to_owned(),
        name => name,
    };
    let address = Some(trusted.ip_address.clone()).filter(|address| !address.is_empty());
    view! {
        <li class="card token">
            <div class="stack stack--tight">
                <p class="field__label">{name.clone()}</p>
                <p class="row quiet">
                    {address.map(|address| view! { <span>{address}</span> })}
                    <span>"Last signed in " {day(trusted.last_used_at, zone, today)}</span>
                    <span>"Until " {day(trusted.expires_at, zone, today)}</span>
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

/// A day that goes on in a sentence.
fn day(at: Moment, zone: &TimeZone, today: Date) -> impl IntoView + use<> {
    let words = due::words(at.date_in(zone), today);
    let words = if matches!(words.as_str(), "Yesterday" | "Today" | "Tomorrow") {
        words.to_lowercase()
    } else {
        words
    };
    view! { <time datetime=at.to_string()>{words}</time> }
}
