//! What a browser keeps between a challenge and its answer: marked as ours, for one purpose, for a few minutes, and good once.
//!
//! To ask for a challenge changes nothing here, so a page may ask as often as it is opened. The first answer spends it, right or wrong.

use crate::{
    domain::{Error, Moment, Result},
    service::{
        AppState, Database, clock,
        entity::spent_challenge,
        entry::Visit,
        key::{self, Key},
        pocket::Keepsake,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, SqlErr};
use serde::{Serialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;

/// How long a person may take to answer.
pub(super) const SECONDS: i64 = 5 * 60;

const MARK: usize = 32;
/// A browser keeps 4 KiB with the name, and none of ours is half as long.
const LONGEST: usize = 3072;

/// Gives the browser a ticket for this purpose.
pub(super) fn give(
    state: &AppState,
    visit: &Visit,
    purpose: &str,
    held: &impl Serialize,
) -> Result<()> {
    let ticket = write(&state.passkeys.key, purpose, held)?;
    visit.pocket.give(Keepsake::Passkey, ticket, SECONDS);
    Ok(())
}

fn write(key: &Key, purpose: &str, state: &impl Serialize) -> Result<String> {
    let until = clock::now().plus_seconds(SECONDS);
    let held = serde_json::to_vec(&(until.0, state)).map_err(|_| Error::Internal)?;
    let mut bytes = mark(key, purpose, &held).to_vec();
    bytes.extend(held);
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Reads the browser's ticket, if it is for this purpose, and spends it: whoever comes with it again finds nothing.
pub(super) async fn spend<S: DeserializeOwned>(
    state: &AppState,
    visit: &Visit,
    purpose: &str,
) -> Result<S> {
    let now = clock::now();
    let ticket = visit.pocket.brought(Keepsake::Passkey);
    let (until, held, hash) = ticket
        .and_then(|ticket| read(&state.passkeys.key, purpose, ticket, now))
        .ok_or(Error::ChallengeNotFound)?;
    let row = spent_challenge::ActiveModel {
        hash: Set(hash),
        expires_at: Set(until),
    };
    match spent_challenge::Entity::insert(row)
        .exec_without_returning(state.db.write())
        .await
    {
        Ok(_) => Ok(held),
        Err(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(Error::ChallengeNotFound)
        }
        Err(cause) => Err(cause.into()),
    }
}

fn read<S: DeserializeOwned>(
    key: &Key,
    purpose: &str,
    ticket: &str,
    now: Moment,
) -> Option<(Moment, S, String)> {
    if ticket.len() > LONGEST {
        return None;
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(ticket).ok()?;
    let (given, held) = bytes.split_at_checked(MARK)?;
    if !bool::from(mark(key, purpose, held).ct_eq(given)) {
        return None;
    }
    let (until, state): (i64, S) = serde_json::from_slice(held).ok()?;
    let until = Moment(until);
    (now < until).then(|| (until, state, key::digest(held)))
}

fn mark(key: &Key, purpose: &str, held: &[u8]) -> [u8; MARK] {
    key.mac(&[purpose.as_bytes(), held])
}

/// Forgets what would be too old anyhow.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    Ok(spent_challenge::Entity::delete_many()
        .filter(spent_challenge::Column::ExpiresAt.lt(now))
        .exec(db.write())
        .await?
        .rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> Key {
        Key::of_bytes([7; 32])
    }

    fn held(purpose: &str, ticket: &str, later: i64) -> Option<String> {
        let now = clock::now().plus_seconds(later);
        read(&key(), purpose, ticket, now).map(|(_, held, _)| held)
    }

    #[test]
    fn a_ticket_is_good_for_its_purpose_and_five_minutes() {
        let ticket = write(&key(), "sign in", &"held").unwrap();
        assert_eq!(held("sign in", &ticket, 0).as_deref(), Some("held"));
        assert_eq!(
            held("sign in", &ticket, SECONDS - 5).as_deref(),
            Some("held")
        );
        assert_eq!(held("sign in", &ticket, SECONDS + 1), None);
        assert_eq!(held("add", &ticket, 0), None);
        let other = Key::of_bytes([8; 32]);
        assert!(read::<String>(&other, "sign in", &ticket, clock::now()).is_none());
    }

    proptest! {
        #[test]
        fn no_text_is_a_ticket_and_none_makes_the_reader_stumble(text in "\\PC{0,200}", base64 in "[A-Za-z0-9_-]{0,200}") {
            prop_assert_eq!(held("sign in", &text, 0), None);
            prop_assert_eq!(held("sign in", &base64, 0), None);
        }

        #[test]
        fn a_ticket_with_one_character_changed_is_none(at in 0_usize..60, by in "[A-Za-z0-9_-]") {
            let ticket = write(&key(), "sign in", &"held").unwrap();
            let changed = format!("{}{by}{}", &ticket[..at], &ticket[at + 1..]);
            prop_assume!(changed != ticket);
            prop_assert_eq!(held("sign in", &changed, 0), None);
        }
    }
}
