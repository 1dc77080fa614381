//! The token for programs, and a command to try it with.

use crate::{
    action::auth,
    domain::SessionView,
    ui::{
        asked::Asked,
        part::{alert::shown_or_alert, reader::Reader, secret::Secret},
    },
};
use leptos::prelude::*;

/// The token of this session: it ends with it.
pub async fn section(asked: &Asked) -> AnyView {
    let session = auth::session().await;
    let shown = shown_or_alert(asked, session, |answer| {
        answer.map(|answer| shown(asked, answer.session))
    });
    view! {
        <section class="section" aria-labelledby="api">
            <div class="section__head">
                <h2 id="api">"API token"</h2>
                <p class="quiet">"For programs that speak for you. It ends when you sign out here."</p>
            </div>
            {shown}
        </section>
    }
    .into_any()
}

fn shown(asked: &Asked, session: SessionView) -> impl IntoView + use<> {
    let end = Reader::of(asked).stamp(session.expires_at);
    let command = command(&session.token, &asked.origin);
    view! {
        <div class="stack">
            <Secret id="token" label="Token" copy="Copy token" text=session.token />
            <p class="field__hint">
                "Good until "
                {end} ". " <a href="/api/docs">"Read about the API"</a>
            </p>
            <Secret id="command" label="Try it" copy="Copy command" text=command />
        </div>
    }
    .into_any()
}

/// What lists one's tasks in a terminal, ready to be pasted.
fn command(token: &str, origin: &str) -> String {
    format!(r#"curl -H "Authorization: Bearer {token}" "{origin}/api/tasks""#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_works_as_it_is_pasted() {
        assert_eq!(
            command("a.b.c", "https://tasks.example.org"),
            r#"curl -H "Authorization: Bearer a.b.c" "https://tasks.example.org/api/tasks""#
        );
    }
}
