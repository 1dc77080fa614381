//! `GET /api/auth/verify-email?token=…`: how a front end's script confirms an address. It is the one GET that changes something, and it changes
//! it for scripts alone: whoever follows a link, and whatever looks ahead at links in letters, is led to the page, where a person presses a button.

use super::{VERIFY, not_by_head};
use crate::{
    action::address::Confirmed,
    domain::{Error, Next, Refusal},
    http::{
        front::{Front, Secretive, see_other, wants_html},
        reply::Refused,
    },
    service::{
        address::{self, Proven},
        entry::Visit,
    },
};
use axum::{
    Json,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method};
use url::form_urlencoded::{Serializer, parse};

/// Confirms, or leads to where it is confirmed.
pub async fn verify(State(front): State<Front>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if parts.method == Method::HEAD {
        return not_by_head(VERIFY);
    }
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let said = |name: &str| {
        let mut found = parse(query).filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.into_owned())
    };
    let Some(token) = said("token").filter(|token| !token.is_empty()) else {
        return Refused(Refusal::about("token", Error::Validation)).into_response();
    };
    if is_followed(&parts.headers) {
        let next = said("callbackURL").and_then(|url| front.state.config.path_of(&url));
        return see_other(&page(&token, next.as_ref()));
    }
    let Some(visit) = parts.extensions.get::<Visit>() else {
        tracing::error!(path = VERIFY, "a request came without its visit");
        return Refused::from(Error::Internal).into_response();
    };
    match address::prove(&front.state, visit, &token).await {
        Ok(proven) => {
            let user = match proven {
                Proven::Address => None,
                Proven::Change(user) => Some(user),
            };
            let mut answer = Json(Confirmed { status: true, user }).into_response();
            answer.extensions_mut().insert(Secretive);
            answer
        }
        Err(refusal) => Refused(refusal).into_response(),
    }
}

/// Whether somebody follows a link: a browser says so, and asks for a page.
fn is_followed(headers: &HeaderMap) -> bool {
    let is_navigation = headers
        .get("sec-fetch-mode")
        .is_some_and(|mode| mode == "navigate");
    is_navigation || wants_html(headers)
}

fn page(token: &str, next: Option<&Next>) -> Next {
    let mut query = Serializer::new(String::new());
    query.append_pair("token", token);
    if let Some(next) = next {
        query.append_pair("next", next.as_str());
    }
    Next::or_home(Some(&format!("/verify-email?{}", query.finish())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_link_holds_it_leads_to_our_page() {
        assert_eq!(page("a-b_c", None).as_str(), "/verify-email?token=a-b_c");
        let there = page("//evil\r\n&x", "/dashboard?q=a".parse().ok().as_ref());
        assert!(there.as_str().starts_with("/verify-email?token=") || there.as_str() == Next::HOME);
    }
}
