//! Where a page of a list ended: opaque to whoever carries it, marked as ours, and good for one person's list in one order.

use crate::{
    domain::{Error, Result, Sort, TaskId, UserId},
    service::key::Key,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// Half of an HMAC-SHA-256: more than enough against guessing.
const MARK: usize = 16;
/// No cursor of ours is longer: a title of 200 characters is folded to at most 2,400 bytes.
const LONGEST: usize = 4096;

/// The last task of a page: its place in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// By what it was sorted; none for a task that has none.
    pub(super) by: Option<By>,
    /// Its id, where several are alike.
    pub(super) id: TaskId,
}

/// A value that a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum By {
    Number(i64),
    Text(String),
}

pub(super) fn write(key: &Key, owner: UserId, sort: Sort, place: &Place) -> Result<String> {
    let place = serde_json::to_vec(place).map_err(|_| Error::Internal)?;
    let mut bytes = mark(key, owner, sort, &place).to_vec();
    bytes.extend(place);
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

pub(super) fn read(key: &Key, owner: UserId, sort: Sort, cursor: &str) -> Result<Place> {
    let bytes = if cursor.len() <= LONGEST {
        BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()
    } else {
        None
    };
    let (given, place) = bytes
        .as_deref()
        .and_then(|bytes| bytes.split_at_checked(MARK))
        .ok_or(Error::InvalidCursor)?;
    if !bool::from(mark(key, owner, sort, place).ct_eq(given)) {
        return Err(Error::InvalidCursor);
    }
    serde_json::from_slice(place).map_err(|_| Error::InvalidCursor)
}

fn mark(key: &Key, owner: UserId, sort: Sort, place: &[u8]) -> [u8; MARK] {
    let mac = key.mac(&[owner.0.as_bytes(), sort.as_str().as_bytes(), place]);
    std::array::from_fn(|at| mac[at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn key() -> Key {
        Key::of_bytes([7; 32])
    }

    #[test]
    fn b29_a_cursor_is_good_for_its_owner_and_order_alone() {
        let (ada, grace) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let place = Place {
            by: Some(By::Text("water".into())),
            id: TaskId(Uuid::from_u128(3)),
        };
        let cursor = write(&key(), ada, Sort::Title, &place).unwrap();

        assert_eq!(read(&key(), ada, Sort::Title, &cursor), Ok(place));
        assert_eq!(
            read(&key(), grace, Sort::Title, &cursor),
            Err(Error::InvalidCursor)
        );
        assert_eq!(
            read(&key(), ada, Sort::TitleDown, &cursor),
            Err(Error::InvalidCursor)
        );
        assert_eq!(
            read(&Key::of_bytes([8; 32]), ada, Sort::Title, &cursor),
            Err(Error::InvalidCursor)
        );
    }

    proptest! {
        #[test]
        fn b29_no_text_passes_for_a_cursor(text in "\\PC{0,200}") {
            prop_assert_eq!(read(&key(), UserId(Uuid::nil()), Sort::CreatedAt, &text), Err(Error::InvalidCursor));
        }

        #[test]
        fn b29_a_flipped_bit_is_noticed(at in 0_usize..60, bit in 0_u8..6) {
            let place = Place { by: Some(By::Number(1_795_215_662_123)), id: TaskId(Uuid::from_u128(9)) };
            let good = write(&key(), UserId(Uuid::nil()), Sort::CreatedAt, &place).unwrap();
            let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&good).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            let bad = BASE64_URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(read(&key(), UserId(Uuid::nil()), Sort::CreatedAt, &bad), Err(Error::InvalidCursor));
        }
    }
}
