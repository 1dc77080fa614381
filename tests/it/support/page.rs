//! A page as a person gets it, without the doors in front.

use super::House;
use axum::body::{Body, to_bytes};
use http::Request;
use latchkey::{
    domain::{Moment, Refusal, SignUp, SignedIn},
    service::{AppState, Source, clock, entry::Visit, pocket::Pocket},
    ui::{Asked, Assets, Document, Page, RefusedForm},
};
use leptos::prelude::*;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};
use tower_sessions::Session;

/// Somebody in front of a browser, signed in.
pub struct Person<'a> {
    pub house: &'a House,
    pub who: SignedIn,
    browser: Session,
}

/// A request for `page` with this query, by nobody in particular.
pub fn asked(page: Page, query: &[(&str, &str)]) -> Asked {
    Asked {
        page,
        query: owned(query),
        who: None,
        refused: None,
        made: None,
        again: None,
        now: clock::now(),
        request_id: "the-request".to_owned(),
        origin: "https://tasks.example.org".to_owned(),
        called_by: None,
        provider: None,
        passkey_origin: Some("https://tasks.example.org".to_owned()),
        sign_up: SignUp::Open,
        has_mail: false,
        assets: Assets {
            css: "/pkg/latchkey.css".to_owned(),
            ..Assets::default()
        },
        status: Arc::new(AtomicU16::new(200)),
    }
}

/// A form that was sent to `action` and refused.
pub fn refused(action: &str, refusal: impl Into<Refusal>, typed: &[(&str, &str)]) -> RefusedForm {
    RefusedForm {
        action: action.to_owned(),
        refusal: refusal.into(),
        typed: owned(typed),
    }
}

fn owned(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

impl<'a> Person<'a> {
    pub async fn named(house: &'a House, name: &str) -> Self {
        let (user, browser) = (house.sign_up(name).await, house.browser());
        let mut who = house.signs_in(&browser, &user).await;
        who.wishes.time_zone = Some("UTC".to_owned());
        Self {
            house,
            who,
            browser,
        }
    }

    /// The page's HTML and the answer's status.
    pub async fn opens(&self, asked: Asked) -> (String, u16) {
        let who = Some(self.who.clone());
        show(
            self.house,
            self.house.next_request(&self.browser),
            Asked { who, ..asked },
        )
        .await
    }
}

/// What a stranger sees.
pub async fn stranger_opens(house: &House, asked: Asked) -> (String, u16) {
    show(house, house.browser(), asked).await
}

async fn show(house: &House, cookie: Session, asked: Asked) -> (String, u16) {
    // Only the first test of the process sets it: a second time it is refused, and that is well.
    let _ = any_spawner::Executor::init_tokio();
    let state = AppState::new(house.config.clone(), house.db.clone()).expect("a house");
    let status = asked.status.clone();
    let mut request = Request::new(Body::empty());
    request.extensions_mut().insert(Visit {
        cookie,
        pocket: Pocket::default(),
        source: Source::operator(),
    });
    let context = move || {
        provide_context(state.clone());
        provide_context(asked.clone());
    };
    let render = leptos_axum::render_app_async_with_context(context, || view! { <Document /> });
    let body = to_bytes(render(request).await.into_body(), usize::MAX)
        .await
        .expect("a body");
    let html = String::from_utf8(body.into()).expect("text");
    (html, status.load(Ordering::Relaxed))
}

/// A moment that lies this many days from now.
pub fn days_from_now(days: i64) -> jiff::civil::Date {
    Moment(clock::now().0 + days * 86_400_000).date_in(&jiff::tz::TimeZone::UTC)
}
