//! All that is kept of a person, for them to take along: written a piece at a time, so that however much it is, little of it is in memory.

use super::entity::device;
use crate::{
    domain::{Error, Event, EventId, Moment, Refusal, Result, SignedIn, TaskId, UserId},
    service::{
        AppState, Database, access_token,
        audit::{self, Entry},
        auth, clock,
        entry::{self, Visit},
        limit, passkey, second_factor, session, tasks,
    },
};
use futures::{Stream, stream};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::{Value, json};

/// How many rows are read at once.
const PAGE: u64 = 100;

/// Begins a copy for this person, and writes down that they took one.
pub async fn begin(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
) -> Result<impl Stream<Item = Result<String>> + use<>, Refusal> {
    let subject = who.user.id.to_string();
    entry::knock(state, visit, limit::DOWNLOAD, &subject).await?;
    let entry = Entry::done(Event::DataDownloaded, who.user.id).through(who.session);
    audit::record(&state.db, &visit.source, entry).await;
    let whole = Whole {
        db: state.db.clone(),
        who,
        at: At::Head,
    };
    Ok(stream::try_unfold(whole, Whole::next))
}

/// What is written next.
#[derive(Clone, Copy, Debug)]
enum At {
    Head,
    Tasks(Option<TaskId>),
    Deleted(Option<TaskId>),
    Log(Option<(Moment, EventId)>),
    End,
}

struct Whole {
    db: Database,
    who: SignedIn,
    at: At,
}

impl Whole {
    async fn next(mut self) -> Result<Option<(String, Self)>> {
        let user = self.who.user.id;
        let (text, at) = match self.at {
            At::Head => (head(&self.db, &self.who).await?, At::Tasks(None)),
            At::Tasks(after) => {
                let rows = tasks::kept(&self.db, user, after, PAGE).await?;
                let on = is_full(&rows).and_then(|()| rows.last().map(|row| row.id));
                let text = piece("tasks", after.is_none(), on.is_none(), &rows)?;
                (text, on.map_or(At::Deleted(None), |id| At::Tasks(Some(id))))
            }
            At::Deleted(after) => {
                let rows = tasks::deleted(&self.db, user, after, PAGE).await?;
                let on = is_full(&rows).and_then(|()| rows.last().map(|row| row.id));
                let text = piece("deletedTasks", after.is_none(), on.is_none(), &rows)?;
                (text, on.map_or(At::Log(None), |id| At::Deleted(Some(id))))
            }
            At::Log(after) => {
                let rows = audit::kept(&self.db, user, after, PAGE).await?;
                let on = is_full(&rows).and_then(|()| rows.last().map(|row| (row.at, row.id)));
                let text = piece("activity", after.is_none(), on.is_none(), &rows)?;
                match on {
                    Some(row) => (text, At::Log(Some(row))),
                    None => (text + "\n}\n", At::End),
                }
            }
            At::End => return Ok(None),
        };
        self.at = at;
        Ok(Some((text, self)))
    }
}

/// A page that is full may have another behind it.
fn is_full<T>(rows: &[T]) -> Option<()> {
    (rows.len() as u64 == PAGE).then_some(())
}

/// A part of a list: with its name where it begins, with its bracket where it ends, and a comma before every row but the first.
fn piece<T: Serialize>(name: &str, is_first: bool, is_last: bool, rows: &[T]) -> Result<String> {
    let mut text = String::new();
    if is_first {
        text = format!(",\n\"{name}\": [");
    }
    for (place, row) in rows.iter().enumerate() {
        let comma = if is_first && place == 0 { "" } else { "," };
        text.push_str(comma);
        text.push('\n');
        text.push_str(&serde_json::to_string(row).map_err(|_| Error::Internal)?);
    }
    if is_last {
        text.push_str("\n]");
    }
    Ok(text)
}

/// Everything that is not much: without its closing brace.
async fn head(db: &Database, who: &SignedIn) -> Result<String> {
    let user = who.user.id;
    let look = json!({ "theme": who.wishes.theme.as_str(), "timeZone": who.wishes.time_zone });
    let members = [
        ("exportedAt", json!(clock::now())),
        ("profile", json!(who.user)),
        ("look", look),
        ("accounts", json!(auth::ways_in(db, user).await?)),
        ("passkeys", passkeys(db, user).await?),
        ("sessions", sessions(db, who).await?),
        ("devices", devices(db, user).await?),
        (
            "secondFactor",
            json!(second_factor::standing(db, user).await?),
        ),
        ("accessTokens", json!(access_token::list(db, user).await?)),
    ];
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("\"{name}\": {value}"))
        .collect();
    Ok(format!("{{\n{}", members.join(",\n")))
}

async fn sessions(db: &Database, who: &SignedIn) -> Result<Value> {
    let mut sessions = json!(session::list(db, who).await?);
    for session in sessions.as_array_mut().into_iter().flatten() {
        session
            .as_object_mut()
            .and_then(|session| session.remove("token"));
    }
    Ok(sessions)
}

/// Without the name that a device knows it by: some devices keep the private half of a passkey in it, under a seal.
async fn passkeys(db: &Database, user: UserId) -> Result<Value> {
    let passkeys = passkey::list(db, user).await?;
    Ok(passkeys
        .into_iter()
        .map(|passkey| {
            json!({
                "name": passkey.name,
                "deviceType": passkey.device_type,
                "backedUp": passkey.backed_up,
                "createdAt": passkey.created_at,
                "lastUsedAt": passkey.last_used_at,
            })
        })
        .collect())
}

async fn devices(db: &Database, user: UserId) -> Result<Value> {
    let devices = device::Entity::find()
        .filter(device::Column::UserId.eq(user))
        .order_by_asc(device::Column::FirstSeenAt)
        .all(db.read())
        .await?;
    Ok(devices
        .into_iter()
        .map(|row| {
            json!({
                "device": row.name,
                "ipAddress": row.ip_address,
                "firstSeenAt": row.first_seen_at,
                "lastSeenAt": row.last_seen_at,
            })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_list_are_one_list() {
        for (parts, expected) in [
            (vec![vec![]], json!([])),
            (vec![vec![1, 2]], json!([1, 2])),
            (vec![vec![1, 2], vec![3], vec![]], json!([1, 2, 3])),
        ] {
            let last = parts.len() - 1;
            let text: String = parts
                .iter()
                .enumerate()
                .map(|(at, rows)| piece("list", at == 0, at == last, rows).unwrap())
                .collect();
            let whole: Value = serde_json::from_str(&format!("{{\"a\": 1{text}}}")).unwrap();
            assert_eq!(whole["list"], expected, "{text}");
        }
    }
}
