//! What keeps the account shut.

use crate::ui::asked::Asked;
use leptos::prelude::*;

/// Password, and whatever else one signs in with.
pub fn page(asked: &Asked) -> AnyView {
    let email = asked.who.as_ref().map(|who| who.user.email.clone());
    view! {
        <section class="section" aria-labelledby="password">
            <div class="section__head">
                <h2 id="password">"Password"</h2>
                <p class="quiet">"You sign in with your address and a password."</p>
            </div>
            <p>{email}</p>
        </section>
    }
    .into_any()
}
