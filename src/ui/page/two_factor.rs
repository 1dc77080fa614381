//! `/two-factor`: the second step of signing in, by the app's code or by a recovery code.

use super::sign_up::{hidden_next, next};
use crate::{
    action::second_factor,
    domain::Error,
    ui::{
        address::address,
        asked::Asked,
        form::Form,
        layout::sheet::Sheet,
        part::{
            alert::Alert,
            code::{CodeField, RecoveryCodeField},
        },
    },
};
use leptos::prelude::*;

const BY_APP: [&str; 2] = ["/two-factor", "/api/auth/two-factor/verify-totp"];
const BY_RECOVERY: [&str; 2] = [
    "/two-factor/recovery",
    "/api/auth/two-factor/verify-backup-code",
];

/// The form, or what to do when no sign-in waits any more.
#[component]
pub fn TwoFactor() -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let waits = second_factor::is_second_factor_waited_for().await;
        let by_recovery = Form::at(&asked, &BY_RECOVERY, &["code"]);
        let is_recovery = by_recovery.is_refused() || asked.parameter("with") == Some("recovery");
        let form = if is_recovery {
            by_recovery
        } else {
            Form::at(&asked, &BY_APP, &["code"])
        };
        let next = next(&asked);
        match waits {
            // An answer says itself why it is refused: then the sign-in is over, whatever still waited a moment ago.
            Ok(true) if !is_over(form.alert()) => step(&form, is_recovery, next).into_any(),
            Ok(_) => over(form.alert(), &next).into_any(),
            Err(refusal) => {
                asked.answer_with(refusal.error);
                over(Some(refusal.error), &next).into_any()
            }
        }
    })
}

fn is_over(alert: Option<Error>) -> bool {
    matches!(
        alert,
        Some(Error::InvalidChallenge | Error::TooManyAttempts)
    )
}

fn step(form: &Form, is_recovery: bool, next: String) -> impl IntoView + use<> {
    let app = address("/two-factor", [("next", next.as_str())]);
    let recovery = address(
        "/two-factor",
        [("with", "recovery"), ("next", next.as_str())],
    );
    let (action, words) = if is_recovery {
        (
            BY_RECOVERY[0],
            "Type one of the recovery codes that you kept for when your phone is not at hand.",
        )
    } else {
        (
            BY_APP[0],
            "Open your authenticator app and type the six digits it shows for latchkey.",
        )
    };
    let field = if is_recovery {
        view! { <RecoveryCodeField form=form /> }.into_any()
    } else {
        view! { <CodeField form=form /> }.into_any()
    };
    let alert = form.alert();
    view! {
        <Sheet heading="Second step">
            <p>{words}</p>
            <form class="stack" method="post" action=action>
                {alert.map(|error| view! { <Alert message=error.message() /> })}
                {field}
                <label class="choice choice--plain">
                    <input type="checkbox" name="trustDevice" value="true" />
                    "Don’t ask in this browser for 30 days"
                </label>
                {hidden_next(next)}
                <button class="button button--primary button--wide">"Continue"</button>
            </form>
            {if is_recovery {
                view! { <p>"Phone at hand? " <a href=app>"Use the app’s code"</a></p> }.into_any()
            } else {
                view! { <p>"No phone at hand? " <a href=recovery>"Use a recovery code"</a></p> }.into_any()
            }}
        </Sheet>
    }
    .into_any()
}

fn over(alert: Option<Error>, next: &str) -> impl IntoView + use<> {
    let why = alert.unwrap_or(Error::InvalidChallenge);
    let sign_in = address("/signin", [("next", next)]);
    view! {
        <Sheet heading="Second step">
            <Alert message=why.message() />
            <a class="button button--primary button--wide" href=sign_in>
                "Sign in again"
            </a>
        </Sheet>
    }
    .into_any()
}
