//! One of the people, and what can be done for them.

use super::{asks::Asks, offices, people};
use crate::{
    action::people::one_person,
    domain::{Error, MadeLink, Person, Role, UserId},
    ui::{
        address::address,
        asked::{Asked, Made},
        form::Form,
        layout::house::{Here, House},
        office::Office,
        page::failed::Failed,
        part::{
            alert::{Alert, Status},
            field::Field,
            reader::Reader,
            secret::Secret,
        },
    },
};
use leptos::prelude::*;

const RESET_LINK: &str = "/action/admin/people/reset-link";
const END_SESSIONS: &str = "/action/admin/people/end-sessions";
const SECOND_FACTOR: &str = "/action/admin/people/reset-second-factor";
const ROLE: &str = "/action/admin/people/role";
const DISABLE: &str = "/action/admin/people/disable";
const ENABLE: &str = "/action/admin/people/enable";
const DELETE: &str = "/action/admin/people/delete";

/// The page of one person.
#[component]
pub fn PersonPage() -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let id = asked
            .parameter(crate::ui::Page::PERSON)
            .and_then(|id| id.parse::<UserId>().ok());
        let found = match id {
            Some(id) => one_person(id).await,
            None => Err(Error::NotFound.into()),
        };
        match found {
            Ok(person) => page(&asked, &person),
            Err(refusal) => {
                let error = refusal.error;
                view! { <Failed error /> }.into_any()
            }
        }
    })
}

fn page(asked: &Asked, person: &Person) -> AnyView {
    let reader = Reader::of(asked);
    let is_oneself = asked
        .who
        .as_ref()
        .is_some_and(|who| who.user.id == person.id);
    let paths = [
        RESET_LINK,
        END_SESSIONS,
        SECOND_FACTOR,
        ROLE,
        DISABLE,
        ENABLE,
        DELETE,
    ];
    let alert = Form::at(asked, &paths, &["email"]).alert();
    let activity = address(
        Office::Activity.path(),
        [("person", person.id.to_string().as_str())],
    );
    let head = view! {
        <h1 class="row">{person.name.clone()} {people::badges(person)}</h1>
        {offices(Office::People, false)}
        {done(asked).map(|message| view! { <Status message /> })}
        {alert.map(|error| view! { <Alert message=error.message() /> })}
        <p>{person.email.clone()}</p>
        {people::facts(person, &reader)}
        <p>
            <a href=activity>"What happened to this account"</a>
        </p>
    };
    let sections = view! {
        {link(asked, person, &reader)}
        {sessions(person)}
        {(person.two_factor_enabled && !is_oneself).then(|| second_factor(person))}
        {role(person, is_oneself)}
        {(!is_oneself).then(|| view! { {shut(person)} {delete(asked, person)} })}
    };
    view! {
        <House here=Here::Office>
            <main class="page page--app" id="main" tabindex="-1">
                <div class="stack">{head}</div>
                {sections}
                {is_oneself
                    .then(|| {
                        view! {
                            <p class="quiet">
                                "This is you. Your own account is deleted in your " <a href="/settings">"settings"</a> "."
                            </p>
                        }
                    })}
            </main>
        </House>
    }
    .into_any()
}

/// What was done last, while nothing is refused.
fn done(asked: &Asked) -> Option<&'static str> {
    let message = match asked.parameter("done")? {
        "disabled" => "The account is disabled. Nobody is signed in there any more.",
        "enabled" => "The account is enabled. What was ended stays ended.",
        "sessions" => "Signed out everywhere.",
        "second-factor" => "The second factor is off, and they are signed out everywhere.",
        "role" => "The role is changed. It counts from the next click on.",
        _ => return None,
    };
    (asked.refused.is_none() && asked.made.is_none()).then_some(message)
}

/// One thing that can be done, with its heading and what it means.
fn section(
    (id, heading): (&'static str, &'static str),
    meaning: &'static str,
    content: AnyView,
) -> impl IntoView + use<> {
    view! {
        <section class="section" aria-labelledby=id>
            <div class="section__head">
                <h2 id=id>{heading}</h2>
                <p class="quiet">{meaning}</p>
            </div>
            <div class="stack">{content}</div>
        </section>
    }
    .into_any()
}

fn link(asked: &Asked, person: &Person, reader: &Reader) -> impl IntoView + use<> {
    let made = match &asked.made {
        Some(Made::Link(made)) => Some(shown_once(made.clone(), reader)),
        _ => None,
    };
    let ask = Asks {
        person,
        path: RESET_LINK,
        words: "Make a link",
        consequence: "Whoever opens the link chooses the password of this account: hand it to nobody else. It ends links from before, and the person’s log says that you made it.",
        is_dangerous: false,
    };
    let content = if person.disabled_at.is_some() {
        view! { <p class="quiet">"The account is disabled: a new password would not help."</p> }
            .into_any()
    } else {
        view! { {made} {ask.first(().into_any(), false)} }.into_any()
    };
    section(
        ("link", "A new password"),
        "A link at which the person chooses one. It is good once, for half an hour, and signs them out everywhere else.",
        content,
    )
}

/// The link itself, in the one answer that holds it.
fn shown_once(made: MadeLink, reader: &Reader) -> impl IntoView + use<> {
    view! {
        <div class="card stack" id="made" role="group" aria-labelledby="made-name" tabindex="-1" autofocus>
            <h3 id="made-name">"The link is made. Copy it now: it is not shown again."</h3>
            <Secret id="reset-link" label="Link" copy="Copy link" text=made.link />
            <p class="quiet">"Good until " {reader.time(made.good_until)}</p>
        </div>
    }
    .into_any()
}

fn sessions(person: &Person) -> impl IntoView + use<> {
    let ask = Asks {
        person,
        path: END_SESSIONS,
        words: "Sign out everywhere",
        consequence: "Every browser of theirs has to sign in again, and what programs got from these sessions ends too. Access tokens stay.",
        is_dangerous: false,
    };
    section(
        ("sessions", "Sessions"),
        "For a lost phone, or a browser left open somewhere.",
        ask.first(().into_any(), false),
    )
}

fn second_factor(person: &Person) -> impl IntoView + use<> {
    let ask = Asks {
        person,
        path: SECOND_FACTOR,
        words: "Reset second factor",
        consequence: "Be sure that it is them who asks. Until they set it up again their password alone is enough to sign in; they are signed out everywhere, and a letter tells them.",
        is_dangerous: true,
    };
    section(
        ("second-factor", "Second factor"),
        "For somebody who has lost their phone and their recovery codes.",
        ask.first(().into_any(), false),
    )
}

fn role(person: &Person, is_oneself: bool) -> impl IntoView + use<> {
    let is_administrator = person.role == Role::Admin;
    let (words, consequence, role) = if is_administrator {
        let consequence = if is_oneself {
            "These pages close to you with the next click. Another administrator can open them to you again."
        } else {
            "These pages close to them with the next click. Their account and their tasks stay."
        };
        ("Make a member", consequence, Role::Member)
    } else {
        let consequence = "They can then do all that you can do here, also to you.";
        ("Make an administrator", consequence, Role::Admin)
    };
    let ask = Asks {
        person,
        path: ROLE,
        words,
        consequence,
        is_dangerous: is_administrator,
    };
    let field = view! { <input type="hidden" name="role" value=role.as_str() /> };
    section(
        ("role", "Role"),
        "Administrators look after people. They see nobody’s tasks.",
        ask.first(field.into_any(), false),
    )
}

fn shut(person: &Person) -> impl IntoView + use<> {
    let is_disabled = person.disabled_at.is_some();
    let (path, words, consequence) = if is_disabled {
        let consequence = "They can sign in again with the password they had. Sessions, tokens and links that were ended stay ended.";
        (ENABLE, "Enable", consequence)
    } else {
        let consequence = "They are signed out everywhere and cannot sign in; their access tokens and links end. Their tasks wait for them.";
        (DISABLE, "Disable", consequence)
    };
    let ask = Asks {
        person,
        path,
        words,
        consequence,
        is_dangerous: !is_disabled,
    };
    section(
        ("shut", "Shut out"),
        "For a while, or until you know more. Nothing is lost.",
        ask.first(().into_any(), false),
    )
}

fn delete(asked: &Asked, person: &Person) -> impl IntoView + use<> {
    let form = Form::at(asked, &[DELETE], &["email"]);
    let ask = Asks {
        person,
        path: DELETE,
        words: "Delete the account",
        consequence: "It goes for good, with all its tasks and tokens. What the log says of it stays for 90 days.",
        is_dangerous: true,
    };
    let field = view! {
        <Field
            form=&form
            name="email"
            label="To be sure, write the account’s e-mail"
            kind="email"
            autocomplete="off"
            takes_cursor=form.is_refused()
        />
    };
    section(
        ("delete", "Delete"),
        "There is no way back but a backup.",
        ask.first(field.into_any(), form.is_refused()),
    )
}
