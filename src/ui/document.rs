//! The whole document: head, and the page that was asked for.

use super::{
    asked::{Asked, Page},
    inert::escaped,
    live::Live,
    loader::{Loader, LoaderHints},
    page::{
        admin::{Admin, PersonPage},
        confirm::Confirm,
        dashboard::Dashboard,
        failed::Failed,
        forgot_password::ForgotPassword,
        landing::Landing,
        link::Link,
        reset_password::ResetPassword,
        second_factor::SecondFactor,
        settings::Settings,
        sign_in::SignIn,
        sign_up::SignUp,
        two_factor::TwoFactor,
        verify_email::VerifyEmail,
    },
    part::stand::Stand,
};
use crate::domain::Theme;
use leptos::{attr::custom::custom_attribute, prelude::*};

/// The document that answers what was [`Asked`].
#[component]
pub fn Document() -> impl IntoView {
    let asked = expect_context::<Asked>();
    let theme = asked
        .who
        .as_ref()
        .map(|who| who.wishes.theme)
        .unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8" />
                // Not as a child: beside those a build for development writes comments, which are words in a title.
                <title inner_html=escaped(&title(&asked))></title>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                {colours(theme)}
                <link rel="icon" href="/favicon.ico" sizes="32x32" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/site.webmanifest" />
                <link rel="stylesheet" href=asked.assets.css.clone() />
                <LoaderHints />
            </head>
            <body>
                {body(asked.page)}
                <Live />
                <Loader />
            </body>
        </html>
    }
}

fn body(page: Page) -> AnyView {
    match page {
        Page::Landing => view! { <Landing /> }.into_any(),
        Page::SignUp => view! { <SignUp /> }.into_any(),
        Page::SignIn => view! { <SignIn /> }.into_any(),
        Page::ResetPassword => view! { <ResetPassword /> }.into_any(),
        Page::ForgotPassword => view! { <ForgotPassword /> }.into_any(),
        Page::VerifyEmail => view! { <VerifyEmail /> }.into_any(),
        Page::TwoFactor => view! { <TwoFactor /> }.into_any(),
        Page::Confirm => view! { <Confirm /> }.into_any(),
        Page::Link => view! { <Link /> }.into_any(),
        Page::Dashboard => view! { <Dashboard /> }.into_any(),
        Page::Settings(chapter) => view! { <Settings chapter /> }.into_any(),
        Page::Admin(office) => view! { <Admin office /> }.into_any(),
        Page::Person => view! { <PersonPage /> }.into_any(),
        Page::SecondFactor => view! { <SecondFactor /> }.into_any(),
        Page::Failed(error) => view! { <Failed error /> }.into_any(),
    }
}

fn title(asked: &Asked) -> String {
    let name = match asked.page {
        Page::Landing => return "latchkey: a task list behind your own door".to_owned(),
        Page::SignUp => "Make an account",
        Page::SignIn => "Sign in",
        Page::ResetPassword => "Set a new password",
        Page::ForgotPassword => "Forgot your password?",
        Page::VerifyEmail => "Confirm your address",
        Page::TwoFactor => "Second step",
        Page::Confirm => "Confirm that it is you",
        Page::SecondFactor => "Second factor",
        Page::Link => "Connect your account",
        Page::Dashboard => return dashboard_title(&Stand::of(asked)),
        Page::Settings(chapter) => chapter.title(),
        Page::Admin(office) => office.title(),
        Page::Person => "One of the people",
        Page::Failed(error) => super::page::failed::words(error).0,
    };
    format!("{name} · latchkey")
}

fn dashboard_title(stand: &Stand) -> String {
    let list = stand.filter.label();
    if stand.q.is_empty() {
        format!("{list} · latchkey")
    } else {
        format!("“{}” · {list} · latchkey", stand.q)
    }
}

/// What the browser paints around the page: both, or the one that the person chose.
fn colours(theme: Theme) -> AnyView {
    const LIGHT: &str = "#fcfbf7";
    const DARK: &str = "#1a1816";
    match theme {
        Theme::Automatic => view! {
            <meta name="color-scheme" content="light dark" />
            <meta name="theme-color" {..custom_attribute("media", "(prefers-color-scheme: light)")} content=LIGHT />
            <meta name="theme-color" {..custom_attribute("media", "(prefers-color-scheme: dark)")} content=DARK />
        }
        .into_any(),
        Theme::Light => view! {
            <meta name="color-scheme" content="light" />
            <meta name="theme-color" content=LIGHT />
        }
        .into_any(),
        Theme::Dark => view! {
            <meta name="color-scheme" content="dark" />
            <meta name="theme-color" content=DARK />
        }
        .into_any(),
    }
}
