//! `/settings/second-factor`: setting up an authenticator app, and the recovery codes in the one answer that shows them.

use crate::{
    action::second_factor,
    domain::{Error, SeedShown},
    ui::{
        asked::{Asked, Made},
        form::Form,
        layout::house::{Here, House},
        part::{
            alert::{Alert, Status, shown_or_alert},
            code::CodeField,
            qr::Qr,
            secret::Secret,
        },
    },
};
use leptos::prelude::*;

const TURN_ON: &str = "/settings/second-factor";
const BEGIN: &str = "/settings/second-factor/begin";
const SETTINGS: &str = "/settings/security#second-factor";

/// What there is to do, or to keep.
#[component]
pub fn SecondFactor() -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let (is_on, content) = match asked.made.clone() {
            Some(Made::RecoveryCodes(made)) => (true, codes(&made.backup_codes)),
            _ => (false, set_up(&asked).await),
        };
        view! {
            <House here=Here::Settings>
                <main class="page page--app" id="main" tabindex="-1">
                    <div class="stack">
                        <header class="row row--apart">
                            <h1>"Second factor"</h1>
                            <a class="button" href=SETTINGS aria-label="Back to settings">
                                "Back"
                            </a>
                        </header>
                        {is_on.then(|| view! { <Status message="The second factor is on." /> })}
                    </div>
                    {content}
                </main>
            </House>
        }
    })
}

async fn set_up(asked: &Asked) -> AnyView {
    let form = Form::at(asked, &[TURN_ON], &["code"]);
    let pending = second_factor::pending_second_factor().await;
    shown_or_alert(asked, pending, |pending| match pending {
        Some(seed) => steps(seed, &form),
        None => nothing(form.alert()),
    })
}

fn steps(seed: SeedShown, form: &Form) -> AnyView {
    let alert = form.alert();
    view! {
        <section class="section" aria-labelledby="scan">
            <div class="section__head">
                <h2 id="scan">"1. Tell your app"</h2>
                <p class="quiet">
                    "Open an authenticator app on your phone, add an account there, and point the camera at this picture. Any app for time-based codes will do."
                </p>
            </div>
            <div class="stack">
                <Qr text=seed.totp_uri.as_str() label="QR code for your authenticator app" />
                <p>
                    <a href=seed.totp_uri>"Open the app on this device"</a>
                </p>
                <Secret id="seed" label="Without a camera, type this key" copy="Copy the key" text=grouped(&seed.secret) />
            </div>
        </section>
        <section class="section" aria-labelledby="type">
            <div class="section__head">
                <h2 id="type">"2. Type what it shows"</h2>
                <p class="quiet">
                    "Then it is on: whoever signs in needs the password and a code. You are signed out everywhere else, and get codes for when the phone is lost."
                </p>
            </div>
            <form class="stack" method="post" action=TURN_ON>
                {alert.map(|error| view! { <Alert message=error.message() /> })}
                <CodeField form=form takes_cursor=false />
                <div class="row">
                    <button class="button button--primary">"Turn it on"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// In groups of four, as one types it.
fn grouped(secret: &str) -> String {
    let mut text = String::with_capacity(secret.len() * 5 / 4);
    for (at, c) in secret.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

fn nothing(why: Option<Error>) -> AnyView {
    let may_begin = why.is_none_or(|why| why == Error::TotpNotEnabled);
    view! {
        <section class="section" aria-labelledby="begin">
            <div class="section__head">
                <h2 id="begin">"Authenticator app"</h2>
                <p class="quiet">"None is being set up."</p>
            </div>
            <div class="stack">
                {why.map(|why| view! { <Alert message=why.message() /> })}
                {may_begin
                    .then(|| {
                        view! {
                            <form method="post" action=BEGIN>
                                <button class="button button--primary">"Set it up"</button>
                            </form>
                        }
                    })}
            </div>
        </section>
    }
    .into_any()
}

fn codes(codes: &[String]) -> AnyView {
    // Letters, digits and hyphens alone: nothing in them has to be escaped.
    let file = format!("data:text/plain,{}%0A", codes.join("%0A"));
    view! {
        <section class="section" aria-labelledby="codes">
            <div class="section__head">
                <h2 id="codes">"Keep these codes"</h2>
                <p class="quiet">
                    "Each lets you in once when your phone is not at hand. Print them, or put them where you keep your passwords: they are not shown again."
                </p>
            </div>
            <div class="card stack" id="made" role="group" aria-labelledby="codes" tabindex="-1" autofocus>
                <Secret id="recovery-codes" label="Recovery codes" copy="Copy the recovery codes" text=codes.join("\n") />
                <div class="row">
                    <a class="button button--primary" href=file download="latchkey-recovery-codes.txt">
                        "Save as a file"
                    </a>
                    <a class="button" href=SETTINGS>
                        "I have kept them"
                    </a>
                </div>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_typed_in_groups_of_four() {
        assert_eq!(grouped("GEZDGNBVGY3T"), "GEZD GNBV GY3T");
        assert_eq!(grouped("GEZDG"), "GEZD G");
        assert_eq!(grouped(""), "");
    }
}
