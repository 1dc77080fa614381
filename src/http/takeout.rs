//! `/settings/download`: a copy of all that is kept of the person who asks.

use super::{front::Front, reply::Refused};
use crate::{
    domain::{Error, SignedIn},
    service::{clock, entry::Visit, takeout},
};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};

/// Sends it as a file. Whoever is not signed in does not come this far.
pub async fn download(State(front): State<Front>, request: Request) -> Response {
    let known = request.extensions().get::<SignedIn>().cloned();
    let visit = request.extensions().get::<Visit>().cloned();
    let (Some(who), Some(visit)) = (known, visit) else {
        return Refused::from(Error::Unauthorized).into_response();
    };
    let day = clock::now().date_in(&who.wishes.zone());
    match takeout::begin(&front.state, &visit, who).await {
        Ok(pieces) => {
            let mut response = Response::new(Body::from_stream(pieces));
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let file = format!("attachment; filename=\"latchkey-{day}.json\"");
            if let Ok(file) = HeaderValue::try_from(file) {
                headers.insert(CONTENT_DISPOSITION, file);
            }
            response
        }
        Err(refusal) => Refused(refusal).into_response(),
    }
}
