//! What goes back through a door: JSON to a program; to a browser the next page, or the same page with the form that was refused.

use super::{After, Door, input::Sent};
use crate::{
    domain::{Error, Next, Refusal},
    http::{
        front::{Front, Secretive, confirm_first, see_other, sign_in_first},
        reply::{Refused, carry},
    },
    ui::{Page, RefusedForm},
};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header::LOCATION, request::Parts};
use http_body_util::BodyExt;
use serde_json::Value;

/// How `server_fn` marks an error.
const REFUSED: &str = "serverfnerror";

/// The function's answer as the caller needs it.
pub async fn answer(
    front: &Front,
    door: Door,
    parts: Parts,
    sent: &Sent,
    answer: Response,
) -> Response {
    if answer.headers().contains_key(REFUSED) {
        return refuse(front, door, parts, sent, refusal(answer).await).await;
    }
    if sent.is_plain_form && door.after == After::Shown {
        return show(front, door, parts, sent, answer).await;
    }
    if sent.is_plain_form && door.after == After::Away {
        return lead_away(answer).await;
    }
    let (mut head, body) = answer.into_parts();
    let location = head.headers.remove(LOCATION);
    if sent.is_plain_form && door.after != After::Stay {
        let location = location.as_ref().and_then(|value| value.to_str().ok());
        let mut response = see_other(&next(front, door, sent, location));
        carry(&head.headers, response.headers_mut());
        return response;
    }
    let mut answer = Response::from_parts(head, body);
    answer.extensions_mut().insert(Secretive);
    answer
}

/// To the address that the function made: never one that came with the request.
async fn lead_away(answer: Response) -> Response {
    let (head, body) = answer.into_parts();
    let said = body.collect().await.ok();
    let said = said.and_then(|said| serde_json::from_slice::<Value>(&said.to_bytes()).ok());
    let location = said
        .as_ref()
        .and_then(|said| said["url"].as_str())
        .and_then(|url| HeaderValue::from_str(url).ok());
    let Some(location) = location else {
        return Refused::from(Error::Internal).into_response();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, location);
    carry(&head.headers, response.headers_mut());
    response
}

/// The page, with what was just made. Nothing of it is in an address, where it would stay behind.
async fn show(
    front: &Front,
    door: Door,
    mut parts: Parts,
    sent: &Sent,
    answer: Response,
) -> Response {
    let made = answer.into_body().collect().await.ok();
    let made = made.and_then(|made| serde_json::from_slice(&made.to_bytes()).ok());
    let who = front.who(&parts.extensions).await;
    let (Some(made), Ok(Some(who))) = (made, who) else {
        return Refused::from(Error::Internal).into_response();
    };
    parts.extensions.insert(who);
    let mut asked = front.asked(door.page, &sent.needed(door.page), &parts.extensions);
    asked.made = Some(made);
    front.page(parts, asked).await
}

fn next(front: &Front, door: Door, sent: &Sent, location: Option<&str>) -> Next {
    if let After::To(page) = door.after {
        return Next::or_home(Some(page));
    }
    let callback = sent
        .field("callbackURL")
        .filter(|_| sent.field("next").is_none())
        .and_then(|address| front.state.config.path_of(address));
    callback
        .filter(|_| location.is_none())
        .unwrap_or_else(|| Next::or_home(location.or(sent.field("next"))))
}

async fn refuse(
    front: &Front,
    door: Door,
    mut parts: Parts,
    sent: &Sent,
    refusal: Refusal,
) -> Response {
    if !sent.is_plain_form {
        return Refused(refusal).into_response();
    }
    let error = refusal.error;
    let form = RefusedForm {
        action: door.path.to_owned(),
        typed: sent.typed(),
        refusal,
    };
    match front.who(&parts.extensions).await {
        Ok(Some(who)) => drop(parts.extensions.insert(who)),
        // No page of theirs can be shown, but what they wrote can.
        Err(error) if sent.holds_writing() => {
            return front.refused(parts, Page::Failed(error), "", form).await;
        }
        Err(error) => return Refused::from(error).into_response(),
        Ok(None) if door.page.is_for_members() => {
            return signed_out(front, parts, sent, form).await;
        }
        Ok(None) => {}
    }
    // It has to be confirmed first that it is the person, and then the form is sent again from where it stands.
    if error == Error::SessionNotFresh {
        return see_other(&confirm_first(sent.stood_at().unwrap_or_default()));
    }
    // What is gone is no fault of the form: there is nothing to show it on. But the list is there that a task is gone from.
    let is_gone = error.status() == StatusCode::NOT_FOUND;
    if is_gone && error != Error::TaskNotFound {
        return Refused(form.refusal).into_response();
    }
    front
        .refused(parts, door.page, &sent.query(door.page), form)
        .await
}

/// The session ended while the page stood open: sign in, and find oneself where one was. What was written is shown there, so that it is not
/// lost.
async fn signed_out(front: &Front, parts: Parts, sent: &Sent, form: RefusedForm) -> Response {
    let back = sign_in_first(sent.stood_at().unwrap_or_default());
    if !sent.holds_writing() {
        return see_other(&back);
    }
    let query = back.as_str().split_once('?').map_or("", |(_, query)| query);
    front.refused(parts, Page::SignIn, query, form).await
}

async fn refusal(answer: Response) -> Refusal {
    let body = answer
        .into_body()
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes);
    body.ok()
        .and_then(|body| serde_json::from_slice(&body).ok())
        .unwrap_or_else(|| Error::Internal.into())
}
