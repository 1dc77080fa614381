//! What stands behind every page and door: the house, and where its files are.

use super::shield::name::CalledBy;
use crate::{
    domain::{Error, Mishap, Next, SignedIn},
    service::{AppState, Source, clock, entry::Visit},
    ui::{Asked, Assets, Chapter, Document, Page, RefusedForm},
};
use axum::{body::Body, extract::Request, response::Response};
use http::{
    Extensions, HeaderMap, HeaderValue, StatusCode, header, request::Parts, uri::PathAndQuery,
};
use leptos::{nonce::Nonce, prelude::*};
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicU16},
};
use url::form_urlencoded;

/// The house and its files, cheap to hand on.
#[derive(Clone, Debug)]
pub struct Front {
    /// The house.
    pub state: AppState,
    /// Where the site's own files are.
    pub assets: Arc<Assets>,
}

/// Marks an answer that holds a secret: it is never compressed, so that its length says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Secretive;

/// Marks a page whose form leads to another site in the end, and names its origin.
#[derive(Clone, Debug)]
pub struct LeadsTo(pub String);

/// The pages with a button that leads to the identity provider.
const LEAD_AWAY: [Page; 4] = [
    Page::SignIn,
    Page::SignUp,
    Page::Confirm,
    Page::Settings(Chapter::Security),
];

/// The pages that show a secret as often as they are asked for; any page that shows what was just made does so once.
const SHOW_SECRETS: [Page; 2] = [Page::Settings(Chapter::Api), Page::SecondFactor];

/// Whether the page shows a secret: its own, what was just made, or the invitation that it was opened with.
fn shows_a_secret(asked: &Asked) -> bool {
    let invites = asked.page == Page::SignUp && asked.parameter("invitation").is_some();
    asked.made.is_some() || SHOW_SECRETS.contains(&asked.page) || invites
}

impl Front {
    /// What this page is told about this request.
    pub fn asked(&self, page: Page, query: &str, extensions: &Extensions) -> Asked {
        let query = form_urlencoded::parse(query.as_bytes());
        Asked {
            page,
            query: stay(query.into_owned().collect()),
            who: extensions.get::<SignedIn>().cloned(),
            refused: None,
            made: None,
            again: None,
            now: clock::now(),
            request_id: extensions
                .get::<Source>()
                .map(|source| source.request_id.clone())
                .unwrap_or_default(),
            origin: self.state.config.origin(),
            called_by: extensions.get::<CalledBy>().map(|name| name.0.clone()),
            provider: self
                .state
                .provider
                .as_ref()
                .map(|provider| provider.name().to_owned()),
            passkey_origin: self.state.passkeys.origin().map(str::to_owned),
            sign_up: self.state.config.sign_up,
            has_mail: self.state.config.mail.is_some(),
            assets: Assets::clone(&self.assets),
            status: Arc::new(AtomicU16::new(StatusCode::OK.as_u16())),
        }
    }

    /// The page, whole, when everything in it is there.
    pub async fn page(&self, parts: Parts, asked: Asked) -> Response {
        let status = asked.status.clone();
        let leads_to = self.leads_to(asked.page).await;
        let is_secretive = shows_a_secret(&asked);
        let (state, nonce) = (self.state.clone(), parts.extensions.get::<Nonce>().cloned());
        let context = move || {
            provide_context(state.clone());
            provide_context(asked.clone());
            if let Some(nonce) = nonce.clone() {
                provide_context(nonce);
            }
        };
        let render = leptos_axum::render_app_async_with_context(context, || view! { <Document/> });
        let mut response = render(Request::from_parts(parts, Body::empty())).await;
        let status = status.load(std::sync::atomic::Ordering::Relaxed);
        *response.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if is_secretive {
            response.extensions_mut().insert(Secretive);
        }
        if let Some(leads_to) = leads_to {
            response.extensions_mut().insert(leads_to);
        }
        response
    }

    async fn leads_to(&self, page: Page) -> Option<LeadsTo> {
        let provider = self.state.provider.as_ref();
        match provider.filter(|_| LEAD_AWAY.contains(&page)) {
            Some(provider) => Some(LeadsTo(provider.origin().await)),
            None => None,
        }
    }

    /// The page of this error.
    pub async fn failed(&self, parts: Parts, error: Error) -> Response {
        let mut asked = self.asked(Page::Failed(error), "", &parts.extensions);
        let path = parts.uri.path_and_query().map(PathAndQuery::as_str);
        asked.again = path
            .filter(|_| parts.method.is_safe())
            .and_then(|path| path.parse::<Next>().ok());
        asked.answer_with(error);
        self.page(parts, asked).await
    }

    /// The page again, with the form that was refused.
    pub async fn refused(
        &self,
        parts: Parts,
        page: Page,
        query: &str,
        mut form: RefusedForm,
    ) -> Response {
        let mut asked = self.asked(page, query, &parts.extensions);
        asked.answer_with(form.refusal.error);
        form.typed = stay(form.typed);
        let retry_after = form.refusal.retry_after;
        asked.refused = Some(form);
        let mut response = self.page(parts, asked).await;
        if let Some(seconds) = retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    /// Who is signed in, if anybody is.
    pub async fn who(&self, extensions: &Extensions) -> Result<Option<SignedIn>, Error> {
        match extensions.get::<Visit>() {
            Some(visit) => visit.who(&self.state).await,
            None => Ok(None),
        }
    }
}

/// Without a `next` that leads off this site: it would be ignored, so it is not carried along either.
fn stay(mut words: BTreeMap<String, String>) -> BTreeMap<String, String> {
    words.retain(|name, value| name != "next" || value.parse::<Next>().is_ok());
    words
}

/// Whether a browser asks, which wants a page: it names HTML, and ranks no JSON above it (RFC 9110, 12.5.1). Who takes anything at all is
/// a program. Nothing here is copied, because every request is asked.
pub fn wants_html(headers: &HeaderMap) -> bool {
    let (mut html, mut json) = (0, 0);
    let ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .flat_map(|accept| accept.as_bytes().split(|&byte| byte == b','));
    for range in ranges {
        let mut parts = range.split(|&byte| byte == b';').map(<[u8]>::trim_ascii);
        let kind = parts.next().unwrap_or_default();
        let highest = if kind.eq_ignore_ascii_case(b"text/html") {
            &mut html
        } else if is_json(kind) {
            &mut json
        } else {
            continue;
        };
        *highest = weight(parts).max(*highest);
    }
    html > 0 && html >= json
}

/// `application/json`, and whatever is written in it, as problems are.
fn is_json(kind: &[u8]) -> bool {
    const FAMILY: &[u8] = b"application/";
    let Some((family, name)) = kind.split_at_checked(FAMILY.len()) else {
        return false;
    };
    let syntax = name.rsplit(|&byte| byte == b'+').next();
    family.eq_ignore_ascii_case(FAMILY)
        && syntax.is_some_and(|syntax| syntax.eq_ignore_ascii_case(b"json"))
}

/// What these parameters of a media type say in `q`, in thousandths; all of it when they say nothing, or nothing that can be read.
fn weight<'a>(mut parameters: impl Iterator<Item = &'a [u8]>) -> u16 {
    const WHOLE: u16 = 1000;
    let said = parameters.find_map(|parameter| match parameter {
        [b'q' | b'Q', b'=', said @ ..] => Some(said),
        _ => None,
    });
    match said {
        Some(b"0") => 0,
        Some([b'0', b'.', digits @ ..])
            if digits.len() <= 3 && digits.iter().all(u8::is_ascii_digit) =>
        {
            let places = digits.iter().chain(b"000").take(3);
            places.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
        }
        _ => WHOLE,
    }
}

/// Sends on with a GET, and with nothing of a page in the body.
pub fn see_other(path: &Next) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(path.as_str()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Where to sign in, and then come back to `path`.
pub fn sign_in_first(path: &str) -> Next {
    let next = Next::or_home(Some(path));
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next.as_str())
        .finish();
    Next::or_home(Some(&format!("/signin?{query}")))
}

/// Where to confirm that it is oneself, and then come back to `path`.
pub fn confirm_first(path: &str) -> Next {
    Next::or_home(Some(path)).by_way_of("/confirm")
}

/// The same after this mishap at the provider.
pub fn confirm_anew(mishap: Mishap, next: &Next) -> Next {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("provider", mishap.word())
        .append_pair("next", next.as_str())
        .finish();
    Next::or_home(Some(&format!("/confirm?{query}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wants(accept: &[&[u8]]) -> bool {
        let mut headers = HeaderMap::new();
        for line in accept {
            headers.append(header::ACCEPT, HeaderValue::from_bytes(line).unwrap());
        }
        wants_html(&headers)
    }

    #[test]
    fn whoever_names_html_wants_a_page() {
        for accept in [
            "text/html",
            "TEXT/HTML",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            " text/html ; charset=utf-8 , */*",
            "text/html;q=0.001",
            "text/html;level=1;Q=0.5",
            "text/html, application/json",
            "application/json;q=0.9, text/html",
            "application/json;q=0.5, text/html;q=0.50",
            "application/xml, text/html;q=0.1",
            "text/html;q=0, text/html",
        ] {
            assert!(wants(&[accept.as_bytes()]), "{accept}");
        }
        assert!(wants(&[b"application/json;q=0.5", b"text/html"]));
    }

    #[test]
    fn whoever_refuses_html_or_ranks_json_above_it_wants_none() {
        for accept in [
            "",
            "*/*",
            "text/*",
            "application/json",
            "text/html;q=0",
            "text/html;q=0.0, */*",
            "TEXT/HTML; Q=0.000",
            "application/json, text/html;q=0.9",
            "application/problem+json, text/html;q=0.1",
            "text/html;q=0.1, Application/Vnd.Tasks+JSON;q=0.101",
            "application/xhtml+xml",
            "text/htmlx",
            "x-text/html",
            "application/x;name=text/html",
        ] {
            assert!(!wants(&[accept.as_bytes()]), "{accept}");
        }
        assert!(!wants(&[]));
        assert!(!wants(&[b"text/html;q=0.5", b"application/json"]));
    }

    #[test]
    fn a_weight_that_cannot_be_read_is_the_whole() {
        for said in ["", "x", "-1", "2", "1.000", "0.0000", "inf", "\"0\""] {
            let accept = format!("text/html;q={said}");
            assert!(wants(&[accept.as_bytes()]), "{accept}");
        }
    }

    proptest! {
        #[test]
        fn b30_no_accept_makes_it_stumble(accept in prop::collection::vec(any::<u8>(), 0..60), kinds in "((text/html|application/json|\\*/\\*|[a-z/+]{0,9})(; ?[qQ]=[0-9.]{0,6})?[,;]?){0,5}") {
            for accept in [accept.as_slice(), kinds.as_bytes()] {
                if HeaderValue::from_bytes(accept).is_ok() {
                    wants(&[accept]);
                }
            }
        }

        #[test]
        fn of_two_weights_the_higher_one_counts(html in 0_u16..1000, json in 0_u16..1000) {
            let accept = format!("application/json;q=0.{json:03},text/html;q=0.{html:03}");
            prop_assert_eq!(wants(&[accept.as_bytes()]), html > 0 && html >= json);
        }
    }
}
