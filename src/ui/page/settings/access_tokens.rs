//! Access tokens: the one that was just made, those that there are, and the form for another.

use crate::{
    action::tokens,
    domain::{AccessToken, Error, Lasts, MadeAccessToken, Moment, Scope, Scopes, TokenName},
    ui::{
        asked::{Asked, Made},
        form::Form,
        part::{
            alert::{Alert, Status, shown_or_alert},
            choice::Choice,
            field::{FieldFault, Labelled, described_by},
            reader::Reader,
            secret::Secret,
        },
    },
};
use jiff::{ToSpan, civil::Date};
use leptos::prelude::*;
use uuid::Uuid;

const CREATE: &str = "/action/tokens/create";
const REVOKE: &str = "/action/tokens/revoke";
const FIELDS: &[&str] = &["name", "scope", "expires", "until"];

/// The whole of it.
pub async fn section(asked: &Asked) -> AnyView {
    let listed = tokens::list_access_tokens().await;
    let reader = Reader::of(asked);
    let is_revoked = asked.parameter("revoked") == Some("token") && asked.refused.is_none();
    let form = Form::at(asked, &[CREATE], FIELDS);
    view! {
        <section class="section" aria-labelledby="access-tokens">
            <div class="section__head">
                <h2 id="access-tokens">"Access tokens"</h2>
                <p class="quiet">
                    "For programs that work by themselves, also while you are signed out. Each does what you let it, until it expires or you revoke it."
                </p>
            </div>
            <div class="stack stack--loose">
                {is_revoked.then(|| view! { <Status message="The token is revoked. Nothing comes in with it any more." /> })}
                {made(asked).map(|made| shown_once(made, &asked.origin))}
                {shown_or_alert(asked, listed, |listed| list(&listed, &reader))}
                {new(&form, &reader)}
            </div>
        </section>
    }
    .into_any()
}

fn made(asked: &Asked) -> Option<MadeAccessToken> {
    match &asked.made {
        Some(Made::AccessToken(made)) => Some(made.clone()),
        _ => None,
    }
}

/// The token itself, in the one answer that holds it.
fn shown_once(made: MadeAccessToken, origin: &str) -> impl IntoView + use<> {
    let words = format!(
        "“{}” is made. Copy its token now: it is not shown again.",
        made.access.name
    );
    let command = command(&made.token, made.access.scope, origin);
    view! {
        <div class="card stack" id="made" role="group" aria-labelledby="made-name" tabindex="-1" autofocus>
            <h3 id="made-name">{words}</h3>
            <Secret id="access-token" label="Token" copy="Copy access token" text=made.token />
            <Secret id="access-command" label="Try it" copy="Copy command for the access token" text=command />
        </div>
    }
    .into_any()
}

/// What shows in a terminal that the token works, ready to be pasted.
fn command(token: &str, scopes: Scopes, origin: &str) -> String {
    let body = if scopes.has(Scope::TasksRead) {
        ""
    } else {
        r#"-H "Content-Type: application/json" -d '{"title": "Water the plants"}' "#
    };
    format!(r#"curl -H "Authorization: Bearer {token}" {body}"{origin}/api/tasks""#)
}

fn list(tokens: &[AccessToken], reader: &Reader) -> AnyView {
    if tokens.is_empty() {
        return view! { <p class="quiet">"There are no access tokens yet. A script, a calendar or a home server needs one to come in."</p> }
            .into_any();
    }
    let rows = tokens.iter().map(|token| row(token, reader)).collect_view();
    view! {
        <ul class="stack stack--tight" aria-labelledby="access-tokens">
            {rows}
        </ul>
    }
    .into_any()
}

fn row(token: &AccessToken, reader: &Reader) -> impl IntoView + use<> {
    let is_over = token.expires_at <= reader.now;
    // What ends at midnight ends with the day before.
    let last = Moment(token.expires_at.0 - 1);
    let (ends, verb, consequence) = if is_over {
        ("Expired", "Remove", "It has expired and opens nothing.")
    } else {
        (
            "Expires",
            "Revoke",
            "Whatever uses it is shut out at once, for good.",
        )
    };
    view! {
        <li class="card token" id=format!("token-{}", token.id)>
            <div class="stack stack--tight">
                <h3>
                    {token.name.clone()} {is_over.then(|| view! { " " <span class="badge badge--danger">"Expired"</span> })}
                </h3>
                <p class="token__may">{token.scope.words()}</p>
                <p class="row quiet">
                    <span>"Made " {reader.time(token.created_at)}</span>
                    <span>
                        {token
                            .last_used_at
                            .map_or_else(
                                || "Never used".into_any(),
                                |at| view! { "Last used " {reader.time(at)} }.into_any(),
                            )}
                    </span>
                    <span>{ends} " " {reader.time(last)}</span>
                </p>
            </div>
            <details class="menu" name="menu">
                <summary class="button button--quiet" aria-label=format!("{verb}: {}", token.name)>
                    {verb}
                </summary>
                <form class="menu__sheet menu__sheet--form stack" method="post" action=REVOKE>
                    <input type="hidden" name="id" value=token.id.to_string() />
                    <p>{consequence}</p>
                    <button class="button button--danger">{format!("{verb} “{}”", token.name)}</button>
                </form>
            </details>
        </li>
    }
    .into_any()
}

/// The form for another token. One that arrived a second time has done its work: it comes back empty.
fn new(refused: &Form, reader: &Reader) -> impl IntoView + use<> {
    let alert = refused.alert();
    let fresh = Form::fresh(FIELDS);
    let form = if alert == Some(Error::AccessTokenMade) {
        &fresh
    } else {
        refused
    };
    view! {
        <form class="stack" method="post" action=CREATE aria-labelledby="new-token">
            <h3 id="new-token">"New access token"</h3>
            <input type="hidden" name="once" value=Uuid::now_v7().to_string() autocomplete="off" />
            {alert.map(|error| view! { <Alert message=error.message() /> })}
            {name(form, alert.is_some())}
            {scopes(form)}
            {expiry(form, alert.is_none() && form.is_refused(), reader.today())}
            <div class="row">
                <button class="button button--primary">"Make a token"</button>
            </div>
        </form>
    }
    .into_any()
}

fn name(form: &Form, is_alerted: bool) -> impl IntoView + use<> {
    let fault = form.fault("name");
    let stands = form.is_refused() && form.stands_on("name");
    let control = view! {
        <input
            id="token-name"
            name="name"
            value=form.typed("name")
            maxlength=TokenName::MOST.to_string()
            placeholder="Home server"
            autocomplete="off"
            required
            autofocus=is_alerted || stands
            aria-invalid=fault.map(|_| "true")
            aria-describedby=described_by("token-name", false, fault.is_some())
        />
    };
    view! { <Labelled id="token-name" label="Token’s name" fault>{control}</Labelled> }
}

fn scopes(form: &Form) -> impl IntoView + use<> {
    let fault = form.fault("scope");
    let chosen = form.typed_or("scope", Scopes::READ.to_string());
    let choices = [Scopes::READ, Scopes::EVERY, Scopes::WRITE].map(|scopes| {
        let value = scopes.to_string();
        view! {
            <label class="choice">
                <input type="radio" name="scope" checked=chosen == value value=value />
                {scopes.words()}
            </label>
        }
    });
    view! {
        <fieldset class="row token__scopes" aria-describedby=described_by("scope", false, fault.is_some())>
            <legend class="field__label">"It may"</legend>
            {choices.into_iter().collect_view()}
            <FieldFault id="scope" message=fault />
        </fieldset>
    }
    .into_any()
}

fn expiry(form: &Form, takes_cursor: bool, today: Date) -> impl IntoView + use<> {
    let options = [
        ("7d", "In 7 days"),
        ("30d", "In 30 days"),
        ("90d", "In 90 days"),
        ("365d", "In a year"),
    ];
    let chosen = form.typed_or("expires", Lasts::default().to_string());
    let fault = form.fault("until");
    let last = today
        .checked_add(i32::from(Lasts::MOST).days())
        .unwrap_or(today);
    let day = view! {
        <input
            id="until"
            name="until"
            type="date"
            min=today.to_string()
            max=last.to_string()
            value=form.typed("until")
            autofocus=takes_cursor && form.stands_on("until")
            aria-invalid=fault.map(|_| "true")
            aria-describedby=described_by("until", false, fault.is_some())
        />
    };
    view! {
        <div class="task__fields">
            <Choice form name="expires" label="It expires" options chosen=&chosen takes_cursor />
            <Labelled id="until" label="Or after this day" fault>
                {day}
            </Labelled>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_does_what_the_token_may() {
        let origin = "https://tasks.example.org";
        let reads = r#"curl -H "Authorization: Bearer lk_a" "https://tasks.example.org/api/tasks""#;
        assert_eq!(command("lk_a", Scopes::READ, origin), reads);
        assert_eq!(command("lk_a", Scopes::EVERY, origin), reads);
        assert!(command("lk_a", Scopes::WRITE, origin).contains(r#"-d '{"title": "#));
    }
}
