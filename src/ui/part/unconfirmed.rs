//! What a person is told wherever they work as long as their address is not confirmed, where letters leave the server.

use super::icon::Icon;
use crate::ui::asked::Asked;
use leptos::prelude::*;

/// That a letter is waiting to be opened, and another one if it did not come.
pub fn banner(asked: &Asked) -> Option<AnyView> {
    let who = asked.who.as_ref()?;
    if !asked.has_mail || who.user.email_verified {
        return None;
    }
    let email = who.user.email.clone();
    let shown = view! {
        <section class="alert" aria-labelledby="unconfirmed">
            <Icon name="person" />
            <div class="stack stack--tight">
                <p id="unconfirmed">
                    <strong>"Confirm your address."</strong>
                    {format!(" Open the link in the letter that we sent to {email}.")}
                </p>
                <div class="row">
                    <form method="post" action="/api/auth/send-verification-email">
                        <input type="hidden" name="email" value=email />
                        <button class="button">"Send again"</button>
                    </form>
                    <a href="/settings#address">"Another address"</a>
                </div>
            </div>
        </section>
    };
    Some(shown.into_any())
}
