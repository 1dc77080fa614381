//! The five calls. Whose task it is is asked in the statement itself; another's is not found.

use super::{TASKS, body, caller::Caller, condition, query::Asked};
use crate::{
    domain::{Error, Refusal, Scope, Task, TaskId, TaskPage},
    http::{limits, reply::Refused},
    service::{AppState, tasks},
};
use axum::{
    body::Body,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    response::Response,
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK, LOCATION},
};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::ToSchema;

/// The header by which a program names a request that it may repeat.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How much of a task's JSON is there whatever it says, about.
const TASK_BYTES: usize = 384;

type Reply = Result<Response, Refused>;
type Id = Result<Path<TaskId>, PathRejection>;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskList {
    /// The tasks, in the order that was asked for.
    pub tasks: Vec<Task>,
    /// Where the next page begins, for `cursor`; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// `GET /api/tasks`.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Reply {
    let claimant = caller.may(&state, Scope::TasksRead).await?;
    let query = query.unwrap_or_default();
    let asked = match Asked::read(&query) {
        Ok(asked) => asked,
        Err(refusal) => {
            caller.admitted(&state, Scope::TasksRead).await?;
            return Err(refusal.into());
        }
    };
    let page = (asked.limit, asked.cursor.as_deref());
    let found = tasks::list_as(&state.db, &state.cursors, claimant, &asked.query, page).await;
    let TaskPage { tasks, next_cursor } = match found {
        Ok(page) => page,
        Err(error @ Error::InvalidCursor) => {
            return Err(Refusal::from(error).under(Error::Unprocessable).into());
        }
        Err(error) => return Err(caller.refused(&state, error).await),
    };
    let link = next_cursor.as_deref().and_then(|next| link(&query, next));
    let capacity = tasks.len() * TASK_BYTES + 256;
    let mut response = json(StatusCode::OK, &TaskList { tasks, next_cursor }, capacity)?;
    if let Some(link) = link {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// `POST /api/tasks`.
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Reply {
    let body = limits::whole(body, limits::LARGEST_BODY).await?;
    let owner = caller.admitted(&state, Scope::TasksWrite).await?;
    let new = body::new_task(&headers, &body)?;
    let task = match idempotency_key(&headers)? {
        Some(key) => tasks::create_once(&state.db, owner, new, (key, &body)).await?,
        None => tasks::create(&state.db, owner, new).await?,
    };
    let mut response = one(StatusCode::CREATED, &task)?;
    if let Ok(location) = HeaderValue::try_from(format!("{TASKS}/{}", task.id)) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `GET /api/tasks/{id}`.
pub async fn read(
    State(state): State<AppState>,
    caller: Caller,
    id: Id,
    headers: HeaderMap,
) -> Reply {
    let owner = caller.admitted(&state, Scope::TasksRead).await?;
    let task = tasks::read(&state.db, owner, known(id)?).await?;
    condition::meets(&headers, &task)?;
    if condition::is_known(&headers, &task) {
        return Ok(bare(StatusCode::NOT_MODIFIED, Some(condition::tag(&task))));
    }
    one(StatusCode::OK, &task)
}

/// `PATCH /api/tasks/{id}`: what is not named stays as it is.
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    id: Id,
    headers: HeaderMap,
    body: Body,
) -> Reply {
    let body = limits::whole(body, limits::LARGEST_BODY).await?;
    let owner = caller.admitted(&state, Scope::TasksWrite).await?;
    let id = known(id)?;
    let Some(change) = body::task_change(&headers, &body)? else {
        let task = tasks::read(&state.db, owner, id).await?;
        condition::meets(&headers, &task)?;
        return one(StatusCode::OK, &task);
    };
    let expected = condition::expected(&headers);
    let changed = tasks::change(&state.db, owner, id, &change, expected.as_deref()).await?;
    one(StatusCode::OK, &changed.after)
}

/// `DELETE /api/tasks/{id}`.
pub async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    id: Id,
    headers: HeaderMap,
) -> Reply {
    let owner = caller.admitted(&state, Scope::TasksWrite).await?;
    let expected = condition::expected(&headers);
    tasks::delete(&state.db, owner, known(id)?, expected.as_deref()).await?;
    Ok(bare(StatusCode::NO_CONTENT, None))
}

/// What is no id names no task, and is answered like one that is not there.
fn known(id: Id) -> Result<TaskId, Error> {
    id.map_or(Err(Error::TaskNotFound), |Path(id)| Ok(id))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(key) = given.next() else {
        return Ok(None);
    };
    let bytes = key.as_bytes();
    let is_good = (1..=255).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
    match key.to_str() {
        Ok(key) if is_good && given.next().is_none() => Ok(Some(key)),
        _ => Err(
            Refusal::about("Idempotency-Key", Error::InvalidIdempotencyKey)
                .under(Error::Unprocessable),
        ),
    }
}

/// The same list from `cursor` on (RFC 8288).
fn link(query: &str, cursor: &str) -> Option<HeaderValue> {
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("cursor", cursor)
        .finish();
    HeaderValue::try_from(format!("<{TASKS}?{query}>; rel=\"next\"")).ok()
}

fn one(status: StatusCode, task: &Task) -> Reply {
    let mut response = json(status, task, TASK_BYTES + task.description.len())?;
    response.headers_mut().insert(ETAG, condition::tag(task));
    Ok(response)
}

fn json(status: StatusCode, body: &impl Serialize, capacity: usize) -> Reply {
    let mut bytes = Vec::with_capacity(capacity);
    serde_json::to_writer(&mut bytes, body).map_err(|_| Error::Internal)?;
    let mut response = bare(status, None);
    let kind = HeaderValue::from_static(body::JSON);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    *response.body_mut() = bytes.into();
    Ok(response)
}

fn bare(status: StatusCode, tag: Option<HeaderValue>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(tag) = tag {
        headers.insert(ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(values: &[&[u8]]) -> Result<Option<String>, Error> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_bytes(value).unwrap());
        }
        idempotency_key(&headers)
            .map(|key| key.map(str::to_owned))
            .map_err(|refusal| refusal.faults[0].error)
    }

    #[test]
    fn an_idempotency_key_is_one_word_of_visible_ascii() {
        assert_eq!(key(&[]), Ok(None));
        assert_eq!(key(&[b"a-1"]), Ok(Some("a-1".to_owned())));
        for bad in [
            &[b"".as_slice()] as &[&[u8]],
            &[b"a b"],
            &[b"\xc3\xa4"],
            &[&[b'a'; 256]],
            &[b"a", b"a"],
        ] {
            assert_eq!(key(bad), Err(Error::InvalidIdempotencyKey), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn every_visible_word_is_an_idempotency_key(word in "[!-~]{1,255}") {
            prop_assert_eq!(key(&[word.as_bytes()]), Ok(Some(word)));
        }

        #[test]
        fn the_link_asks_the_same_again_and_for_its_cursor_once(q in "\\PC{1,50}", old in "[!-~]{1,50}") {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("cursor", &old)
                .append_pair("q", &q)
                .finish();
            let link = link(&query, "next").unwrap();
            let target = link.to_str().unwrap().strip_prefix("</api/tasks?").unwrap();
            let (again, _) = target.split_once('>').unwrap();
            let pairs: Vec<(String, String)> = form_urlencoded::parse(again.as_bytes()).into_owned().collect();
            prop_assert_eq!(pairs, [("q".to_owned(), q), ("cursor".to_owned(), "next".to_owned())]);
        }
    }
}
