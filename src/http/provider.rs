//! The way back from the identity provider. It is the one way in that another site leads to, with a GET: what makes up for that is the
//! ticket in the browser's cookie and the state that was made of it.

use super::{
    front::{Front, confirm_anew, see_other},
    reply::Refused,
};
use crate::{
    domain::{Error, Mishap, Next},
    service::{
        entry::Visit,
        provider::{Brought, CALLBACK, Came, Ticket, come_back},
    },
};
use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{Method, header::SET_COOKIE};
use url::form_urlencoded;

/// The way back, by both the names that Better Auth has for it.
pub fn routes(front: &Front) -> Router {
    Router::new()
        .route(CALLBACK, get(back))
        .route("/api/auth/callback/oidc", get(back))
        .with_state(front.clone())
}

async fn back(State(front): State<Front>, request: Request) -> Response {
    // Whoever only asks for the head uses nothing up.
    if request.method() != Method::GET {
        return Refused::from(Error::MethodNotAllowed).into_response();
    }
    let is_https = front.state.config.is_https();
    let ticket = Ticket::held(request.headers(), is_https);
    let Some(visit) = request.extensions().get::<Visit>().cloned() else {
        tracing::error!("somebody came back without a visit");
        return Refused::from(Error::Internal).into_response();
    };
    let brought = Brought {
        ticket,
        ..brought(request.uri().query().unwrap_or_default())
    };
    let (location, cookie) = match come_back(&front.state, &visit, brought).await {
        Ok(Came::In(next)) => (next, Ticket::taken(is_https)),
        Ok(Came::Linked) => (
            Next::or_home(Some("/settings/security?provider=connected#provider")),
            Ticket::taken(is_https),
        ),
        Ok(Came::Unconfirmed(mishap, next)) => {
            (confirm_anew(mishap, &next), Ticket::taken(is_https))
        }
        Ok(Came::Asked(ticket)) => (Next::or_home(Some("/link")), ticket.given(is_https)),
        Ok(Came::Turned(mishap, next)) => (turned(mishap, next), Ticket::taken(is_https)),
        Err(refusal) => return Refused::from(refusal).into_response(),
    };
    let mut response = see_other(&location);
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// What is said twice is not said at all.
fn brought(query: &str) -> Brought {
    let one = |name: &str| {
        let mut values =
            form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known == name);
        let first = values.next()?.1.into_owned();
        values.next().is_none().then_some(first)
    };
    Brought {
        ticket: None,
        code: one("code"),
        state: one("state"),
        issuer: one("iss"),
        error: one("error"),
    }
}

/// Where one can begin again: where one goes on afterwards is kept, and of what happened one word of ours.
fn turned(mishap: Mishap, next: Option<Next>) -> Next {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("provider", mishap.word());
    let path = match next {
        Some(next) => {
            if next.as_str() != Next::HOME {
                query.append_pair("next", next.as_str());
            }
            format!("/signin?{}", query.finish())
        }
        None => format!("/settings/security?{}#provider", query.finish()),
    };
    Next::or_home(Some(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_twice_is_not_said() {
        let said = brought("code=a&state=b&state=c&iss=https%3A%2F%2Fid.example.org");
        assert_eq!(said.code.as_deref(), Some("a"));
        assert_eq!(said.state, None);
        assert_eq!(said.issuer.as_deref(), Some("https://id.example.org"));
        assert_eq!(said.error, None);
    }

    #[test]
    fn whoever_is_turned_away_can_begin_again_and_go_on_afterwards() {
        let next = |path| Some(Next::or_home(Some(path)));
        let to = |mishap, next| turned(mishap, next).as_str().to_owned();
        assert_eq!(
            to(Mishap::Away, next("/dashboard")),
            "/signin?provider=away"
        );
        assert_eq!(
            to(Mishap::Failed, next("/settings?a=b&c=d")),
            "/signin?provider=failed&next=%2Fsettings%3Fa%3Db%26c%3Dd"
        );
        assert_eq!(
            to(Mishap::Taken, None),
            "/settings/security?provider=taken#provider"
        );
    }
}
