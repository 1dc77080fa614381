//! `/signup`: where a stranger makes an account.

use crate::{
    action::invitations,
    domain::{self, Entrance, Error},
    ui::{
        address::address,
        asked::Asked,
        form::Form,
        layout::sheet::Sheet,
        part::{
            alert::Alert,
            field::Field,
            password::{Asks, PasswordField},
            provider::Continue,
        },
    },
};
use leptos::prelude::*;

/// Where the form is sent, by people and by programs.
const PATHS: [&str; 3] = ["/signup", "/api/auth/sign-up", "/api/auth/sign-up/email"];

/// The form, or why there is none.
#[component]
pub fn SignUp() -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        if asked.sign_up == domain::SignUp::Closed {
            return nothing(&asked, Error::SignUpClosed.message());
        }
        let invitation = asked.parameter("invitation").map(str::to_owned);
        let entrance = match invitations::look_at_the_door(invitation.clone()).await {
            Ok(entrance) => entrance,
            Err(refusal) => {
                asked.answer_with(refusal.error);
                return nothing(&asked, refusal.error.message());
            }
        };
        let is_open = asked.sign_up == domain::SignUp::Open;
        match entrance {
            Entrance::Closed => nothing(&asked, Error::SignUpClosed.message()),
            Entrance::InvitationNeeded => nothing(&asked, Error::SignUpByInvitation.message()),
            Entrance::Stale if !is_open => {
                asked.answer_with(Error::InvalidInvitation);
                nothing(&asked, Error::InvalidInvitation.message())
            }
            // Whoever comes too late with it can still come as anybody does.
            Entrance::Stale => form(&asked, None, None, Some(STALE)),
            Entrance::Open => form(&asked, None, None, None),
            Entrance::First => form(&asked, None, None, Some(FIRST)),
            Entrance::Invited(invited) => form(&asked, invitation, invited.email, Some(INVITED)),
        }
    })
}

const FIRST: &str = "Nobody is here yet: the first account looks after this house.";
const INVITED: &str = "You are invited.";
const STALE: &str = "The invitation is used or too old, but you can make an account without one.";

fn nothing(asked: &Asked, why: &'static str) -> AnyView {
    let sign_in = address("/signin", [("next", next(asked).as_str())]);
    view! {
        <Sheet heading="Make an account">
            <p>{why}</p>
            <p>"Already have one? " <a href=sign_in>"Sign in"</a></p>
        </Sheet>
    }
    .into_any()
}

fn form(
    asked: &Asked,
    invitation: Option<String>,
    email: Option<String>,
    word: Option<&'static str>,
) -> AnyView {
    let form = Form::at(asked, &PATHS, &["name", "email", "password"]);
    let next = next(asked);
    let sign_in = address("/signin", [("next", next.as_str())]);
    let (wanted, carried) = (next.clone(), invitation.clone());
    let elsewhere = view! { <Continue asked=asked next=wanted invitation=carried /> }.into_any();
    view! {
        <Sheet heading="Make an account">
            <form class="stack" method="post" action="/signup">
                {form.alert().map(|error| view! { <Alert message=error.message() id="fault" /> })}
                {word.filter(|_| !form.is_refused()).map(|word| view! { <p>{word}</p> })}
                {invitation.map(|token| view! { <input type="hidden" name="invitation" value=token /> })}
                <Field form=&form name="name" label="Name" autocomplete="name" />
                <Field
                    form=&form
                    name="email"
                    label="E-mail"
                    kind="email"
                    autocomplete="username"
                    value=email.unwrap_or_default()
                />
                <PasswordField form=&form name="password" label="Password" asks=Asks::New />
                <input type="hidden" name="timeZone" value="" />
                {hidden_next(next)}
                <button class="button button--primary button--wide">"Make an account"</button>
            </form>
            {elsewhere}
            <p>"Already have one? " <a href=sign_in>"Sign in"</a></p>
        </Sheet>
    }
    .into_any()
}

/// Where the person wanted to go before they were asked who they are.
pub(super) fn next(asked: &Asked) -> String {
    let typed = asked.refused.as_ref().map_or("", |form| form.typed("next"));
    if typed.is_empty() {
        asked.parameter("next").unwrap_or_default().to_owned()
    } else {
        typed.to_owned()
    }
}

/// Carries it through the form.
pub(super) fn hidden_next(next: String) -> impl IntoView {
    (!next.is_empty()).then(|| view! { <input type="hidden" name="next" value=next /> })
}
