//! What a program sends about a task: JSON, read member by member, so that all that is wrong with it is told at once.

use crate::domain::{
    Description, Error, Faults, NewTask, Priority, Refusal, TaskChange, Title,
    task::{due_date, position},
};
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Value, error::Category};
use std::fmt;

/// JSON, whatever is done with it.
pub const JSON: &str = "application/json";
/// JSON that changes what it names (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// A new task.
pub fn new_task(headers: &HeaderMap, body: &[u8]) -> Result<NewTask, Refusal> {
    let (change, mut faults) = changes(members(headers, &[JSON], body)?);
    if change.title.is_none() && !faults.is_about("title") {
        faults.note("title", Error::InvalidTitle);
    }
    faults.refuse_as(Error::Unprocessable)?;
    let mut new = NewTask::titled(change.title.ok_or(Error::InvalidTitle)?);
    new.description = change.description.unwrap_or_default();
    new.completed = change.completed.unwrap_or_default();
    new.priority = change.priority.unwrap_or_default();
    new.due_date = change.due_date.flatten();
    new.position = change.position;
    Ok(new)
}

/// A change of a task; nothing if no member is named.
pub fn task_change(headers: &HeaderMap, body: &[u8]) -> Result<Option<TaskChange>, Refusal> {
    let members = members(headers, &[MERGE_PATCH, JSON], body)?;
    let is_empty = members.is_empty();
    let (change, faults) = changes(members);
    faults.refuse_as(Error::Unprocessable)?;
    Ok((!is_empty).then_some(change))
}

/// Every member of an object in the order it was sent, those given twice too.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

fn members(
    headers: &HeaderMap,
    kinds: &[&str],
    body: &[u8],
) -> Result<Vec<(String, Value)>, Refusal> {
    check_kind(headers, kinds)?;
    let read = serde_json::from_slice::<Members>(body);
    let Members(members) = read.map_err(|cause| match cause.classify() {
        // The reader gives up at the first byte that begins no object: whether JSON follows is not said yet.
        Category::Data if serde_json::from_slice::<IgnoredAny>(body).is_ok() => {
            Error::Unprocessable
        }
        _ => Error::Malformed,
    })?;
    Ok(members)
}

/// The body must say that it is JSON, in UTF-8 and as it is: a compressed one could be a bomb.
fn check_kind(headers: &HeaderMap, kinds: &[&str]) -> Result<(), Error> {
    let is_encoded = headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let mut parts = kind.unwrap_or_default().split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let is_ours = kinds.iter().any(|kind| name.eq_ignore_ascii_case(kind));
    let is_utf8 = parts.all(|parameter| {
        parameter.split_once('=').is_none_or(|(name, value)| {
            !name.eq_ignore_ascii_case("charset")
                || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    });
    if is_ours && is_utf8 && !is_encoded {
        Ok(())
    } else {
        Err(Error::UnsupportedMediaType)
    }
}

fn changes(members: Vec<(String, Value)>) -> (TaskChange, Faults) {
    let (mut change, mut faults) = (TaskChange::default(), Faults::default());
    let mut seen = Vec::new();
    for (name, value) in members {
        // More than there are members: what follows is unknown or repeated too, and a list of faults without end helps nobody.
        if seen.len() == 32 {
            break;
        }
        let verdict = if seen.contains(&name) {
            Err(Error::RepeatedMember)
        } else {
            take(&mut change, &name, &value)
        };
        seen.push(name.clone());
        if let Err(error) = verdict {
            faults.note(name, error);
        }
    }
    (change, faults)
}

fn take(change: &mut TaskChange, name: &str, value: &Value) -> Result<(), Error> {
    let text = |error| value.as_str().ok_or(error);
    match name {
        "title" => change.title = Some(text(Error::InvalidTitle)?.parse::<Title>()?),
        // A merge takes away what is null (RFC 7396), and notes may be none.
        "description" if value.is_null() => change.description = Some(Description::default()),
        "description" => change.description = Some(text(Error::InvalidDescription)?.parse()?),
        "completed" => change.completed = Some(value.as_bool().ok_or(Error::InvalidCompleted)?),
        "priority" => {
            change.priority = Some(text(Error::InvalidPriority)?.parse::<Priority>()?);
        }
        "dueDate" if value.is_null() => change.due_date = Some(None),
        "dueDate" => change.due_date = Some(Some(due_date(text(Error::InvalidDueDate)?)?)),
        "position" => {
            change.position = Some(position(whole(value).ok_or(Error::InvalidPosition)?)?);
        }
        _ => return Err(Error::UnknownMember),
    }
    Ok(())
}

/// A whole number however it is written: to JSON `1`, `1.0` and `1e0` are one number.
fn whole(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_f64()?.to_string().parse().ok())
}
