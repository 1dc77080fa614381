//! What a browser is on the way for: one row, good once and for ten minutes.

use super::ticket::Ticket;
use crate::{
    domain::{Error, Moment, Next, Result, SessionId, UserId},
    service::{Database, clock, entity::provider_errand},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// How long somebody may take, in seconds.
pub(super) const LASTS: i64 = 10 * 60;

/// What for, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// To come in, perhaps with an invitation, of which this is the digest; and then to go on.
    SignIn(Next, Option<String>),
    /// To connect the account of this session.
    Link(UserId, SessionId),
    /// To show that it is still the person of this session, and then to go on.
    Confirm(UserId, SessionId, Next),
    /// Back from the provider: to show that this account is theirs, and then to go on.
    Prove(UserId, String, Next),
}

impl Errand {
    fn of(row: provider_errand::Model) -> Option<Self> {
        let next = Next::or_home(Some(&row.next));
        match (row.kind.as_str(), row.user_id, row.session_id, row.subject) {
            ("sign-in", None, None, invitation) => Some(Self::SignIn(next, invitation)),
            ("link", Some(user), Some(session), None) => Some(Self::Link(user, session)),
            ("confirm", Some(user), Some(session), None) => {
                Some(Self::Confirm(user, session, next))
            }
            ("prove", Some(user), None, Some(subject)) => Some(Self::Prove(user, subject, next)),
            _ => None,
        }
    }

    /// Writes it down. The ticket goes to the browser, and is the only way to it.
    pub async fn begin(self, db: &Database) -> Result<Ticket> {
        let (ticket, now) = (Ticket::fresh(), clock::now());
        let home = || Next::or_home(None);
        let (kind, user, session, subject, next) = match self {
            Self::SignIn(next, invitation) => ("sign-in", None, None, invitation, next),
            Self::Link(user, session) => ("link", Some(user), Some(session), None, home()),
            Self::Confirm(user, session, next) => {
                ("confirm", Some(user), Some(session), None, next)
            }
            Self::Prove(user, subject, next) => ("prove", Some(user), None, Some(subject), next),
        };
        let row = provider_errand::ActiveModel {
            ticket: Set(ticket.digest()),
            kind: Set(kind.to_owned()),
            user_id: Set(user),
            session_id: Set(session),
            subject: Set(subject),
            next: Set(next.as_str().to_owned()),
            expires_at: Set(now.plus_seconds(LASTS)),
            created_at: Set(now),
        };
        provider_errand::Entity::insert(row)
            .exec_without_returning(db.write())
            .await?;
        Ok(ticket)
    }

    /// What this ticket is for, if that is not over. It stays.
    pub async fn read(db: &impl ConnectionTrait, ticket: &Ticket) -> Result<Option<Self>> {
        let row = provider_errand::Entity::find_by_id(ticket.digest())
            .filter(provider_errand::Column::ExpiresAt.gt(clock::now()))
            .one(db)
            .await?;
        Ok(row.and_then(Self::of))
    }

    /// Uses it up: of many who come with one ticket at once, one has it.
    pub async fn end(db: &impl ConnectionTrait, ticket: &Ticket) -> Result<Option<Self>> {
        let errand = Self::read(db, ticket).await?;
        let gone = provider_errand::Entity::delete_by_id(ticket.digest())
            .exec(db)
            .await?;
        Ok(errand.filter(|_| gone.rows_affected == 1))
    }
}

/// Forgets errands that nobody ended.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64, Error> {
    Ok(provider_errand::Entity::delete_many()
        .filter(provider_errand::Column::ExpiresAt.lte(now))
        .exec(db.write())
        .await?
        .rows_affected)
}
