//! `/`: what this is.

use crate::{
    domain::{Priority, SignUp},
    ui::{
        asked::Asked,
        part::{
            alert::Status,
            check::{Ring, mark, pressed},
            icon::{Icon, Mark},
        },
    },
};
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// The front door.
#[component]
pub fn Landing() -> impl IntoView {
    let asked = expect_context::<Asked>();
    let today = asked
        .now
        .date_in(&TimeZone::UTC)
        .strftime("%A %-d %B")
        .to_string();
    view! {
        <div class="page page--wide">
            <header class="row row--apart">
                <a class="brand" href="/">
                    <Mark />
                    "latchkey"
                </a>
                <a class="button" href="/signin">
                    "Sign in"
                </a>
            </header>
            <main id="main">
                <div class="hero">
                    <div class="stack hero__text">
                        {(asked.parameter("done") == Some("deleted"))
                            .then(|| {
                                view! { <Status message="Your account is deleted, and everything in it. Its address is free again." /> }
                            })}
                        <h1 class="hero__title">"A task list behind your own door"</h1>
                        <p class="hero__lead">
                            "What you have to do, kept on a machine you trust. Quick, quiet, and nobody else’s business."
                        </p>
                        <div class="row">
                            {(asked.sign_up == SignUp::Open)
                                .then(|| {
                                    view! {
                                        <a class="button button--primary" href="/signup">
                                            "Make an account"
                                        </a>
                                    }
                                })}
                            <a class="button button--quiet" href="/api/docs">
                                "Read about the API"
                            </a>
                        </div>
                        {how_to_come_in(asked.sign_up)}
                    </div>
                    <figure class="card hero__card" aria-label="A day in latchkey">
                        <p class="tasks__head">
                            <strong>"Today"</strong>
                            <span class="quiet">{today}</span>
                        </p>
                        {sample()}
                    </figure>
                </div>
                {points()}
            </main>
        </div>
    }
    .into_any()
}

/// Where not everybody may make an account, who may.
fn how_to_come_in(sign_up: SignUp) -> AnyView {
    match sign_up {
        SignUp::Open => ().into_any(),
        SignUp::Invite => view! {
            <p class="quiet">
                "An account here takes an invitation. " <a href="/signup">"How to come in"</a>
            </p>
        }
        .into_any(),
        SignUp::Closed => {
            view! { <p class="quiet">"New accounts are not open here."</p> }.into_any()
        }
    }
}

fn points() -> impl IntoView {
    view! {
        <div class="points">
            <section class="stack stack--tight">
                <h2>"Yours alone"</h2>
                <p>"One small program and one file. Nothing is sent anywhere, and a backup is one command."</p>
            </section>
            <section class="stack stack--tight">
                <h2>"Locked properly"</h2>
                <p>"Real accounts, passwords that nobody can read, and a log of everything that happened to yours."</p>
            </section>
            <section class="stack stack--tight">
                <h2>"Open to your tools"</h2>
                <p>"Every task is one plain request away, for scripts and programs that carry your token."</p>
            </section>
        </div>
    }
    .into_any()
}

/// A day as it could be; a picture, not a list to work on.
fn sample() -> impl IntoView {
    let tasks = [
        ("Water the plants", Priority::None, true, None),
        (
            "Send the signed lease back to the agency",
            Priority::High,
            false,
            Some(("late", "late", "2 days late")),
        ),
        (
            "Pick up Noor from piano",
            Priority::None,
            false,
            Some(("clock", "today", "Today")),
        ),
        (
            "Send Ines the quarterly numbers",
            Priority::Medium,
            false,
            Some(("date", "later", "Tomorrow")),
        ),
    ];
    view! {
        <ul class="tasks">
            {tasks
                .map(|(title, priority, done, due)| {
                    view! {
                        <li class="task">
                            <span class="check" aria-hidden="true" aria-pressed=pressed(done) data-priority=mark(priority)>
                                <Ring priority />
                            </span>
                            <div class="task__body">
                                <p class="task__title">{title}</p>
                                {due
                                    .map(|(icon, when, words)| {
                                        view! {
                                            <div class="task__meta">
                                                <span class="due" data-due=when>
                                                    <Icon name=icon small=true />
                                                    {words}
                                                </span>
                                            </div>
                                        }
                                    })}
                            </div>
                        </li>
                    }
                })
                .into_iter()
                .collect_view()}
        </ul>
    }
    .into_any()
}
