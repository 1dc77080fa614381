//! Versions as HTTP knows them: `ETag`, `If-Match` and `If-None-Match` (RFC 9110, 8.8.3 and 13.1).

use crate::domain::{Error, Task};
use http::{
    HeaderMap, HeaderValue,
    header::{GetAll, IF_MATCH, IF_NONE_MATCH},
};

/// The tag of this version of a task.
#[must_use]
pub fn tag(task: &Task) -> HeaderValue {
    HeaderValue::try_from(format!("\"{}\"", task.version))
        .unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// The versions that `If-Match` allows; nothing if there is no such header or it takes any. Tags that are weak or not ours fit no version.
#[must_use]
pub fn expected(headers: &HeaderMap) -> Option<Vec<i64>> {
    let tags = tags(&headers.get_all(IF_MATCH))?;
    Some(
        tags.iter()
            .filter(|(weak, _)| !weak)
            .filter_map(|(_, tag)| version(tag))
            .collect(),
    )
}

/// Refuses when `If-Match` allows other versions than this one.
pub fn meets(headers: &HeaderMap, task: &Task) -> Result<(), Error> {
    match expected(headers) {
        Some(versions) if !versions.contains(&task.version) => Err(Error::PreconditionFailed),
        _ => Ok(()),
    }
}

/// Whether the caller has this version already.
#[must_use]
pub fn is_known(headers: &HeaderMap, task: &Task) -> bool {
    let given = headers.get_all(IF_NONE_MATCH);
    if given.iter().next().is_none() {
        return false;
    }
    tags(&given).is_none_or(|tags| {
        tags.iter()
            .any(|(_, tag)| version(tag) == Some(task.version))
    })
}

/// Each tag with whether it is weak; nothing for no header, and for `*`.
fn tags(given: &GetAll<'_, HeaderValue>) -> Option<Vec<(bool, String)>> {
    let texts: Vec<&str> = given
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    if texts.is_empty() || texts.iter().any(|text| text.trim() == "*") {
        return None;
    }
    // Our tags hold digits alone, so a comma within somebody else's does not matter.
    let tags = texts.iter().flat_map(|text| text.split(',')).map(|tag| {
        let tag = tag.trim();
        let strong = tag.strip_prefix("W/");
        (strong.is_some(), strong.unwrap_or(tag).to_owned())
    });
    Some(tags.collect())
}

/// The version within the quotes, in its one spelling.
fn version(tag: &str) -> Option<i64> {
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    let plain = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn b43_if_match_takes_strong_tags_of_ours_alone() {
        assert_eq!(expected(&with(&[])), None);
        assert_eq!(expected(&with(&["*"])), None);
        assert_eq!(
            expected(&with(&["\"1\", \"2\"", "\"3\""])),
            Some(vec![1, 2, 3])
        );
        for other in ["W/\"1\"", "1", "\"01\"", "\"+1\"", "\"\"", "\"x\"", ""] {
            assert_eq!(expected(&with(&[other])), Some(Vec::new()), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn b43_no_header_makes_the_reader_stumble(value in "[ -~]{0,100}") {
            let _ = expected(&with(&[&value]));
        }
    }
}
