//! Whatever comes from outside: nothing makes a reader stumble, and what was written is read again.

use crate::support;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use latchkey::{
    domain::{
        Error, Lasts, Moment, Role, Scope, Scopes, SessionId, SignedIn, User, UserId, Wishes, task,
    },
    service::{clock, token::Keys},
};
use proptest::prelude::*;
use std::sync::LazyLock;
use uuid::Uuid;

/// The keys of a house, and a token that they made.
static ISSUED: LazyLock<(Keys, String)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = Keys::new(&support::config("sqlite::memory:", &folder));
    let who = who("maya@example.org", clock::now().plus_seconds(600_000));
    let (token, _) = keys.issue(&who).expect("a token");
    (keys, token)
});

/// Somebody whose session ends then.
fn who(address: &str, ends: Moment) -> SignedIn {
    let now = clock::now();
    SignedIn {
        user: User {
            id: UserId(Uuid::now_v7()),
            name: "Maya".to_owned(),
            email: address.to_owned(),
            email_verified: false,
            image: None,
            created_at: now,
            updated_at: now,
            two_factor_enabled: false,
        },
        wishes: Wishes::default(),
        role: Role::default(),
        session: SessionId(Uuid::now_v7()),
        expires_at: ends,
        created_at: now,
        updated_at: now,
        remember: true,
        confirmed_at: now,
        ip_address: String::new(),
        user_agent: String::new(),
    }
}

proptest! {
    #[test]
    fn b30_a_day_is_one_of_the_calendar_or_none(year in 0_u16..=9999, month in 0_u8..=99, day in 0_u8..=99) {
        let text = format!("{year:04}-{month:02}-{day:02}");
        let days = match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let is_one = (1..=days).contains(&day) && (1900..=2999).contains(&year);
        match task::due_date(&text) {
            Ok(date) => prop_assert!(is_one && date.to_string() == text, "{text}"),
            Err(error) => prop_assert!(!is_one && error == Error::InvalidDueDate, "{text}"),
        }
    }

    #[test]
    fn b30_another_spelling_of_a_day_is_none(text in "\\PC{0,14}") {
        if let Ok(date) = task::due_date(&text) {
            prop_assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn how_long_a_token_lasts_is_read_as_it_is_written(days in 0_u16..=1000, text in "\\PC{0,12}") {
        let word = format!("{days}d");
        match word.parse::<Lasts>() {
            Ok(lasts) => prop_assert!((1..=Lasts::MOST).contains(&days) && lasts.to_string() == word),
            Err(error) => {
                prop_assert!(days == 0 || days > Lasts::MOST, "{word}");
                prop_assert_eq!(error, Error::InvalidExpiry);
            }
        }
        if let Ok(lasts) = text.parse::<Lasts>() {
            prop_assert_eq!(lasts.to_string(), text);
        }
    }

    #[test]
    fn scopes_are_all_known_or_none_is_given(words in prop::collection::vec("tasks:read|tasks:write|tasks:|\\PC{0,10}", 0..4)) {
        let text = words.join(" ");
        let known: Option<Vec<Scope>> = text.split_ascii_whitespace().map(|word| word.parse().ok()).collect();
        let wanted = known.and_then(|known| Scopes::of(known).ok());
        let read = text.parse::<Scopes>().ok();
        prop_assert_eq!(read, wanted);
        if let Some(scopes) = read {
            prop_assert_eq!(scopes.to_string().parse::<Scopes>(), Ok(scopes));
        }
    }

    #[test]
    fn b1_b8_no_text_is_a_token(text in "\\PC{0,200}", parts in prop::collection::vec("[A-Za-z0-9_-]{0,60}", 3)) {
        let (keys, _) = &*ISSUED;
        for token in [text, parts.join(".")] {
            prop_assert_eq!(keys.read(&token).err(), Some(Error::InvalidToken));
            prop_assert!(keys.read_expired(&token).is_none());
        }
    }

    #[test]
    fn b1_b3_b5_no_header_and_no_claims_pass_under_a_signature_that_is_not_theirs(header in "\\PC{0,60}", claims in "\\PC{0,60}") {
        let (keys, token) = &*ISSUED;
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let parts: Vec<&str> = token.split('.').collect();
        for other in [
            format!("{}.{}.{}", part(&header), parts[1], parts[2]),
            format!("{}.{}.{}", parts[0], part(&claims), parts[2]),
        ] {
            prop_assert!(keys.read(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn b2_a_token_with_one_character_changed_is_none(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_.-]") {
        let (keys, token) = &*ISSUED;
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &letter);
        let claims = keys.read(token);
        prop_assert!(claims.is_ok());
        prop_assert!(changed == *token || keys.read(&changed).is_err(), "{changed}");
    }

    #[test]
    fn a_token_says_again_what_it_was_made_of(address in "[a-z]{1,20}@[a-z]{1,20}\\.org", left in 1_i64..604_800) {
        let (keys, _) = &*ISSUED;
        let who = who(&address, clock::now().plus_seconds(left));
        let (token, ends) = keys.issue(&who).expect("a token");
        // Its last second may be over before it is read.
        match keys.read(&token) {
            Ok(claims) => {
                prop_assert_eq!((claims.sub, claims.sid, claims.email), (who.user.id, who.session, address));
                prop_assert_eq!(Moment(claims.exp * 1000), ends);
                prop_assert!(ends <= who.expires_at);
            }
            Err(error) => prop_assert!(left < 60 && error == Error::TokenExpired),
        }
    }
}
