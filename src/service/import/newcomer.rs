//! A person of a Better Auth database, in the words of this house or not at all.

use super::original::id;
use crate::{
    domain::{Email, Moment, Name, UserId},
    service::{
        foreign::{Row, moment},
        password::PasswordHash,
    },
};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

const CREDENTIAL: &str = "credential";
const LONGEST_IMAGE: usize = 2048;

/// Somebody who comes.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Who they are here.
    pub id: UserId,
    /// What they are called.
    pub name: Name,
    /// Their address.
    pub email: Email,
    /// What is different here, for whoever looks after accounts.
    pub remarks: Vec<Remark>,
    pub(super) theirs: String,
    pub(super) email_verified: bool,
    pub(super) image: Option<String>,
    pub(super) disabled: bool,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    pub(super) password: Option<PasswordHash>,
}

/// What does not come along with a person, or comes otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// No password: they sign in there through these, or not at all.
    NoPassword(Vec<String>),
    /// No password: its hash is not of Better Auth's own kind.
    StrangeHash,
    /// No password: there is more than one.
    SeveralPasswords,
    /// No second factor, which they have there.
    TwoFactors,
    /// Disabled, because they are banned there.
    Banned,
    /// Another name than there, which is none by our rules.
    Renamed,
    /// No picture, because it is no address of the web.
    NoImage,
    /// With today as the day the account was made, because it is not known there.
    NoDate,
}

impl Remark {
    /// Whether the person needs a link to choose a password.
    #[must_use]
    pub const fn wants_link(&self) -> bool {
        matches!(
            self,
            Self::NoPassword(_) | Self::StrangeHash | Self::SeveralPasswords
        )
    }
}

/// Why somebody does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Without an id nothing says which account is theirs.
    NoId,
    /// The address is missing, or is none by our rules.
    NoEmail,
    /// More than one person there has this address, as we read addresses.
    SharedEmail,
    /// Somebody here has this address, who did not come from there.
    TakenEmail,
}

/// The person that a row speaks of.
pub(super) fn read(row: &Row, accounts: &[Row], now: Moment) -> Result<Newcomer, Why> {
    let theirs = id(row, "id").ok_or(Why::NoId)?;
    let email = text(row, "email").ok_or(Why::NoEmail)?;
    let email: Email = email.parse().map_err(|_| Why::NoEmail)?;
    let mut remarks = Vec::new();
    let name = name(row, &email, &mut remarks)?;
    let image = image(row, &mut remarks);
    let password = password(accounts, &mut remarks);
    if is_true(row, "two_factor_enabled") {
        remarks.push(Remark::TwoFactors);
    }
    let ends = row.get("ban_expires").and_then(moment);
    let disabled = is_true(row, "banned") && ends.is_none_or(|end| end > now);
    if disabled {
        remarks.push(Remark::Banned);
    }
    let created_at = row.get("created_at").and_then(moment);
    if created_at.is_none() {
        remarks.push(Remark::NoDate);
    }
    let created_at = created_at.map_or(now, |at| at.min(now));
    let updated_at = row.get("updated_at").and_then(moment);
    Ok(Newcomer {
        id: kept(&theirs).unwrap_or_else(|| UserId(Uuid::now_v7())),
        email_verified: is_true(row, "email_verified"),
        updated_at: updated_at.map_or(created_at, |at| at.clamp(created_at, now)),
        theirs,
        name,
        email,
        remarks,
        image,
        disabled,
        created_at,
        password,
    })
}

/// An id that is a UUID stays.
fn kept(theirs: &str) -> Option<UserId> {
    theirs.to_ascii_lowercase().parse().ok()
}

fn text<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    row.get(column)?.as_str().filter(|text| !text.is_empty())
}

fn is_true(row: &Row, column: &str) -> bool {
    match row.get(column) {
        Some(Value::Bool(is)) => *is,
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        Some(Value::String(word)) => matches!(word.as_str(), "true" | "t" | "1"),
        _ => false,
    }
}

/// A name that is none becomes what can be read of it, or else the address's local part.
fn name(row: &Row, email: &Email, remarks: &mut Vec<Remark>) -> Result<Name, Why> {
    let typed = text(row, "name").unwrap_or_default();
    if let Ok(name) = typed.parse() {
        return Ok(name);
    }
    remarks.push(Remark::Renamed);
    let plain = |letter: &char| letter.to_string().parse::<Name>().is_ok() || *letter == ' ';
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let readable: String = line.chars().filter(plain).take(Name::MOST).collect();
    let local = email.as_str().split('@').next().unwrap_or_default();
    readable
        .parse()
        .or_else(|_| local.parse())
        .map_err(|_| Why::NoEmail)
}

fn image(row: &Row, remarks: &mut Vec<Remark>) -> Option<String> {
    let typed = text(row, "image")?;
    let image = Url::parse(typed)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .map(String::from)
        .filter(|url| url.len() <= LONGEST_IMAGE);
    if image.is_none() {
        remarks.push(Remark::NoImage);
    }
    image
}

fn password(accounts: &[Row], remarks: &mut Vec<Remark>) -> Option<PasswordHash> {
    let provider = |row: &Row| text(row, "provider_id").unwrap_or_default().to_owned();
    let hashes: Vec<&str> = accounts
        .iter()
        .filter(|row| provider(row) == CREDENTIAL)
        .filter_map(|row| text(row, "password"))
        .collect();
    let (hash, remark) = match hashes[..] {
        [] => {
            let mut others: Vec<String> = accounts.iter().map(provider).collect();
            others.retain(|name| name != CREDENTIAL && is_word(name));
            others.sort();
            others.dedup();
            (None, Remark::NoPassword(others))
        }
        [one] => (PasswordHash::from_better_auth(one), Remark::StrangeHash),
        _ => (None, Remark::SeveralPasswords),
    };
    if hash.is_none() {
        remarks.push(remark);
    }
    hash
}

fn is_word(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=40).contains(&name.len()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Moment = Moment(1_795_215_662_123);
    const HASH: &str = "895fbd498397d41e09f4ece4e0c9d456:63a3b4fb749024a8efac1bb530eb0727bd121981d5641368620573a84ebab2a32b7f4d9dae5d0699258affc913ec693bef7eba7e974e5c4ab1b3bbf7eb8f63f6";

    fn row(value: &Value) -> Row {
        value.as_object().cloned().unwrap()
    }

    fn maya(change: &Value) -> Row {
        let mut maya = row(&json!({
            "id": "x7", "name": "Maya", "email": "Maya@Example.org", "email_verified": 1, "image": null,
            "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-02-02T03:04:05.678Z",
        }));
        maya.extend(row(change));
        maya
    }

    fn credential() -> Row {
        row(&json!({ "user_id": "x7", "provider_id": "credential", "password": HASH }))
    }

    fn read_of(change: &Value) -> Result<Newcomer, Why> {
        read(&maya(change), &[credential()], NOW)
    }

    #[test]
    fn a_person_comes_as_they_are() {
        let maya = read_of(&json!({ "image": "https://example.org/maya.png" })).unwrap();
        assert_eq!(
            (maya.name.as_str(), maya.email.as_str()),
            ("Maya", "Maya@Example.org")
        );
        assert!(maya.email_verified && !maya.disabled && maya.password.is_some());
        assert_eq!(maya.created_at.to_string(), "2026-01-02T03:04:05.678Z");
        assert_eq!(maya.updated_at.to_string(), "2026-02-02T03:04:05.678Z");
        assert_eq!(maya.image.as_deref(), Some("https://example.org/maya.png"));
        assert_eq!(maya.remarks, []);
    }

    #[test]
    fn an_id_that_is_a_uuid_stays_and_another_becomes_one() {
        let uuid = "0197A9D4-0000-7000-8000-00000000000A";
        let kept = read_of(&json!({ "id": uuid })).unwrap();
        assert_eq!(kept.id.to_string(), uuid.to_lowercase());
        for other in [json!("x7"), json!(7)] {
            let new = read_of(&json!({ "id": other })).unwrap().id;
            assert_eq!(new.0.get_version_num(), 7, "{other}");
        }
    }

    #[test]
    fn b18_b41_what_our_own_words_refuse_does_not_come() {
        for bad in [
            json!(null),
            json!(""),
            json!(7),
            json!("maya"),
            json!("maya@localhost"),
            json!("a@x.io\r\nBcc: v@y"),
        ] {
            let refused = read_of(&json!({ "email": bad }));
            assert_eq!(refused.unwrap_err(), Why::NoEmail, "{bad}");
        }
        for bad in [json!(null), json!(""), json!("a\u{0}b"), json!([1])] {
            let refused = read_of(&json!({ "id": bad }));
            assert_eq!(refused.unwrap_err(), Why::NoId, "{bad}");
        }
        for (name, becomes) in [
            (json!(null), "Maya"),
            (json!("  "), "Maya"),
            (json!("\u{202e}\u{1b}[31mMaya\nL"), "[31mMaya L"),
            (json!("m".repeat(101)), &"m".repeat(100)),
        ] {
            let maya = read_of(&json!({ "name": name })).unwrap();
            assert_eq!(maya.name.as_str(), becomes);
            assert_eq!(maya.remarks, [Remark::Renamed]);
        }
        for image in ["javascript:alert(1)", "data:image/png;base64,AA==", "x"] {
            let maya = read_of(&json!({ "image": image })).unwrap();
            assert_eq!(
                (maya.image, &maya.remarks[..]),
                (None, &[Remark::NoImage][..])
            );
        }
    }

    #[test]
    fn whoever_has_no_password_that_can_be_read_comes_without_one_and_it_is_said_why() {
        let github = row(&json!({ "user_id": "x7", "provider_id": "github", "password": null }));
        let mut strange = credential();
        strange.insert("password".into(), json!("$2b$10$abc"));
        let mut empty = credential();
        empty.insert("password".into(), json!(""));
        for (accounts, remark) in [
            (vec![], Remark::NoPassword(vec![])),
            (vec![empty], Remark::NoPassword(vec![])),
            (
                vec![github.clone(), github.clone()],
                Remark::NoPassword(vec!["github".into()]),
            ),
            (vec![strange], Remark::StrangeHash),
            (vec![credential(), credential()], Remark::SeveralPasswords),
        ] {
            let person = read(&maya(&json!({})), &accounts, NOW).unwrap();
            assert!(person.password.is_none() && remark.wants_link());
            assert_eq!(person.remarks, [remark]);
        }
        let both = read(&maya(&json!({})), &[github, credential()], NOW).unwrap();
        assert!(both.password.is_some() && both.remarks.is_empty());
    }

    #[test]
    fn whoever_is_banned_there_is_disabled_here_and_a_second_factor_is_not_lost_in_silence() {
        let banned = |until: Value| {
            read_of(&json!({ "banned": true, "ban_expires": until }))
                .unwrap()
                .disabled
        };
        assert!(banned(json!(null)) && banned(json!("2027-01-01T00:00:00Z")));
        assert!(!banned(json!("2026-01-01T00:00:00Z")));
        let maya = read_of(&json!({ "two_factor_enabled": 1, "banned": 0 })).unwrap();
        assert_eq!(maya.remarks, [Remark::TwoFactors]);
    }

    #[test]
    fn an_account_is_never_from_the_future_and_one_without_a_date_is_from_today() {
        let future = read_of(&json!({ "created_at": "2999-01-01T00:00:00Z" })).unwrap();
        assert_eq!((future.created_at, future.updated_at), (NOW, NOW));
        let none = read_of(&json!({ "created_at": null, "updated_at": "soon" })).unwrap();
        assert_eq!((none.created_at, none.updated_at), (NOW, NOW));
        assert_eq!(none.remarks, [Remark::NoDate]);
    }
}
