//! The security log: every event of an account leaves one row and one log line, and never a password, token or cookie.

use super::entity::audit_event;
use crate::{
    domain::{Error, Event, EventId, LogLine, Moment, Outcome, Result, SessionId, UserId},
    service::{Database, Source, clock},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait,
    sea_query::{Expr, Query, SelectStatement},
};
use serde::Serialize;
use uuid::Uuid;

/// How long rows are kept.
pub const KEPT_SECONDS: i64 = 90 * 24 * 60 * 60;
/// How many rows are removed at once: of millions no server would wait for the end, and others would wait for it on SQLite.
const PIECE: u64 = 10_000;

/// Something that is about to be written down.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What happened.
    pub event: Event,
    /// How it went.
    pub outcome: Outcome,
    /// Why it was refused, a code of the error table or a word of a mishap; of what was done, which way.
    pub reason: Option<&'static str>,
    /// Whose account, if it is known.
    pub user: Option<UserId>,
    /// Through which session.
    pub session: Option<SessionId>,
    /// The administrator who did it, if it was not the person.
    pub actor: Option<UserId>,
}

impl Entry {
    /// It was done.
    #[must_use]
    pub const fn done(event: Event, user: UserId) -> Self {
        Self {
            event,
            outcome: Outcome::Success,
            reason: None,
            user: Some(user),
            session: None,
            actor: None,
        }
    }

    /// It was refused.
    #[must_use]
    pub const fn refused(event: Event, reason: &'static str) -> Self {
        Self {
            event,
            outcome: Outcome::Refused,
            reason: Some(reason),
            user: None,
            session: None,
            actor: None,
        }
    }

    /// Of this person, if anybody.
    #[must_use]
    pub const fn of(mut self, user: Option<UserId>) -> Self {
        self.user = user;
        self
    }

    /// This way.
    #[must_use]
    pub const fn by(mut self, way: &'static str) -> Self {
        self.reason = Some(way);
        self
    }

    /// Through this session.
    #[must_use]
    pub const fn through(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }
}

/// Writes rows for many at once, in the transaction that does what they tell of; for none, nothing.
pub(super) async fn record_all(
    db: &impl ConnectionTrait,
    source: &Source,
    entries: &[Entry],
) -> Result<(), DbErr> {
    let rows = entries.iter().map(|entry| row(source, *entry));
    audit_event::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await
        .map(drop)
}

fn row(source: &Source, entry: Entry) -> audit_event::ActiveModel {
    audit_event::ActiveModel {
        id: Set(EventId(Uuid::now_v7())),
        at: Set(clock::now()),
        event: Set(entry.event.code().to_owned()),
        outcome: Set(entry.outcome.code().to_owned()),
        reason: Set(entry.reason.map(str::to_owned)),
        user_id: Set(entry.user),
        session_id: Set(entry.session),
        actor_id: Set(entry.actor),
        ip_address: Set(source.address_text()),
        user_agent: Set(source.user_agent.clone()),
        request_id: Set(source.request_id.clone()),
    }
}

/// Writes the lines of what [`record_all`] wrote the rows of, once it stands.
pub(super) fn say(source: &Source, entries: &[Entry]) {
    let address = source.address_text();
    for entry in entries {
        tracing::info!(
            target: "latchkey::audit",
            {
                event = entry.event.code(), outcome = entry.outcome.code(), reason = entry.reason,
                user.id = entry.user.map(tracing::field::display), session.id = entry.session.map(tracing::field::display),
                actor.id = entry.actor.map(tracing::field::display),
                client.address = address, user_agent = source.user_agent, request.id = source.request_id,
            },
            "{} {}", entry.event.code(), entry.outcome.code()
        );
    }
}

/// Writes the line and the row. A row that cannot be written is said in the log, and does not undo what happened.
pub async fn record(db: &Database, source: &Source, entry: Entry) {
    say(source, &[entry]);
    let row = row(source, entry);
    if let Err(cause) = audit_event::Entity::insert(row)
        .exec_without_returning(db.write())
        .await
    {
        lost(entry, &cause);
    }
}

/// Writes the line and the row, and asks in the same statement what is to be known once everything before it stands: one way to the database
/// instead of several. Each question has one answer at most. A row that cannot be written leaves the questions, which are asked alone.
pub(super) async fn record_and_ask(
    db: &Database,
    source: &Source,
    entry: Entry,
    questions: Vec<SelectStatement>,
) -> Result<QueryResult> {
    say(source, &[entry]);
    let asked: Vec<_> = questions
        .into_iter()
        .map(|question| Expr::SubQuery(None, Box::new(question.into())))
        .collect();
    let mut insert = audit_event::Entity::insert(row(source, entry)).into_query();
    insert.returning(Query::returning().exprs(asked.clone()));
    let answers = match db.write().query_one(&insert).await {
        Ok(answers) => answers,
        Err(cause) => {
            lost(entry, &cause);
            let alone = Query::select().exprs(asked).take();
            db.read().query_one(&alone).await?
        }
    };
    answers.ok_or(Error::Internal)
}

fn lost(entry: Entry, cause: &DbErr) {
    tracing::error!(%cause, event = entry.event.code(), "an audit row was lost");
}

/// A person's own log, newest first.
pub async fn of_user(db: &Database, user: UserId, most: u64) -> Result<Vec<LogLine>> {
    let rows = audit_event::Entity::find()
        .filter(audit_event::Column::UserId.eq(user))
        .filter(audit_event::Column::At.gt(clock::now().plus_seconds(-KEPT_SECONDS)))
        .order_by_desc(audit_event::Column::At)
        .order_by_desc(audit_event::Column::Id)
        .limit(most)
        .all(db.read())
        .await?;
    let own = |line: LogLine| {
        let nowhere = line.by_administrator;
        LogLine {
            ip_address: if nowhere {
                String::new()
            } else {
                line.ip_address
            },
            user_agent: if nowhere {
                String::new()
            } else {
                line.user_agent
            },
            ..line
        }
    };
    Ok(rows.iter().filter_map(line).map(own).collect())
}

/// A row as it is kept, for its owner to take along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// Its row.
    pub id: EventId,
    /// When.
    pub at: Moment,
    event: String,
    outcome: String,
    reason: Option<String>,
    session_id: Option<SessionId>,
    ip_address: String,
    user_agent: String,
    request_id: String,
}

/// At most `most` rows of a person's log behind `after`, oldest first.
pub async fn kept(
    db: &Database,
    user: UserId,
    after: Option<(Moment, EventId)>,
    most: u64,
) -> Result<Vec<Kept>> {
    let behind = after.map(|(at, id)| {
        let same = Condition::all()
            .add(audit_event::Column::At.eq(at))
            .add(audit_event::Column::Id.gt(id));
        Condition::any()
            .add(audit_event::Column::At.gt(at))
            .add(same)
    });
    let rows = audit_event::Entity::find()
        .filter(
            Condition::all()
                .add(audit_event::Column::UserId.eq(user))
                .add_option(behind),
        )
        .order_by_asc(audit_event::Column::At)
        .order_by_asc(audit_event::Column::Id)
        .limit(most)
        .all(db.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Kept {
            id: row.id,
            at: row.at,
            event: row.event,
            outcome: row.outcome,
            reason: row.reason,
            session_id: row.session_id,
            ip_address: row.ip_address,
            user_agent: row.user_agent,
            request_id: row.request_id,
        })
        .collect())
}

/// When the newest row was written, if there is one.
pub async fn newest(db: &Database) -> Result<Option<Moment>> {
    let newest = audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::At)
        .order_by_desc(audit_event::Column::At)
        .into_tuple::<Moment>()
        .one(db.read())
        .await?;
    Ok(newest)
}

/// Removes rows that are older than they are kept.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    sweep_by(db, now, PIECE).await
}

async fn sweep_by(db: &Database, now: Moment, piece: u64) -> Result<u64> {
    let mut all = 0;
    loop {
        let over = Query::select()
            .column(audit_event::Column::Id)
            .from(audit_event::Entity)
            .and_where(audit_event::Column::At.lt(now.plus_seconds(-KEPT_SECONDS)))
            .limit(piece)
            .take();
        let gone = audit_event::Entity::delete_many()
            .filter(audit_event::Column::Id.in_subquery(over))
            .exec(db.write())
            .await?
            .rows_affected;
        all += gone;
        if gone < piece {
            return Ok(all);
        }
    }
}

pub(super) fn line(row: &audit_event::Model) -> Option<LogLine> {
    let outcome = if row.outcome == Outcome::Success.code() {
        Outcome::Success
    } else {
        Outcome::Refused
    };
    Some(LogLine {
        id: row.id,
        at: row.at,
        event: Event::from_code(&row.event)?,
        outcome,
        ip_address: row.ip_address.clone(),
        user_agent: row.user_agent.clone(),
        by_administrator: row.actor_id.is_some() && row.actor_id != row.user_id,
    })
}
