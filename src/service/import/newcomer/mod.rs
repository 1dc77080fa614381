//! A person of a Better Auth database, in the words of this house or not at all.

#[cfg(test)]
mod tests;

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
    // Between two others: an accent alone is no name, but may be in one.
    let plain = |letter: &char| format!("a{letter}a").parse::<Name>().is_ok();
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
