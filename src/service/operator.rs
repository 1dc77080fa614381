//! What is done to accounts by whoever looks after them: the operator at the command line, or an administrator through the front door.

use super::entity::user;
use crate::{
    domain::{Error, Event, MadeLink, Outcome, Result, Role, SignedIn, UserId},
    service::{
        Config, Database, Source, access_token,
        audit::{self, Entry},
        clock, farewell,
        mail::{self, Desk, Letter},
        people::{self, Loss},
        second_factor, session,
        verification::{self, Purpose},
    },
};
use jiff::tz::TimeZone;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr,
};

pub use super::people::{all as list, find};

/// Whose hand it is.
#[derive(Clone, Copy, Debug)]
pub struct Hand<'a> {
    source: &'a Source,
    who: Option<&'a SignedIn>,
}

impl<'a> Hand<'a> {
    /// The operator's.
    #[must_use]
    pub const fn operator(source: &'a Source) -> Self {
        Self { source, who: None }
    }

    /// This administrator's.
    #[must_use]
    pub const fn administrator(source: &'a Source, who: &'a SignedIn) -> Self {
        let who = Some(who);
        Self { source, who }
    }

    /// The administrator, if it is one's.
    #[must_use]
    pub fn actor(self) -> Option<UserId> {
        self.who.map(|who| who.user.id)
    }

    /// What the administrator is called.
    #[must_use]
    pub fn name(self) -> Option<String> {
        self.who.map(|who| who.user.name.clone())
    }

    /// Notes in the log that this was done to somebody's account.
    pub async fn note(self, db: &Database, event: Event, user: Option<UserId>) {
        self.note_with(db, event, user, None).await;
    }

    async fn note_with(
        self,
        db: &Database,
        event: Event,
        user: Option<UserId>,
        reason: Option<&'static str>,
    ) {
        let entry = Entry {
            event,
            outcome: Outcome::Success,
            reason,
            user,
            session: self.who.map(|who| who.session),
            actor: self.actor(),
        };
        audit::record(db, self.source, entry).await;
    }
}

/// Where the person of an account is.
pub async fn zone(db: &Database, user: UserId) -> Result<TimeZone> {
    let person = user::Entity::find_by_id(user).one(db.read()).await?;
    Ok(person.map_or(TimeZone::UTC, |person| session::wishes(&person).zone()))
}

/// The person, who may have gone since somebody looked.
async fn known(db: &impl ConnectionTrait, user: UserId) -> Result<user::Model> {
    let person = user::Entity::find_by_id(user).one(db).await?;
    person.ok_or(Error::NotFound)
}

/// Closes an account: nobody can sign in, and every session, token and link ends at once.
pub async fn disable(db: &Database, hand: Hand<'_>, user: UserId) -> Result<()> {
    let all = db.transaction().await?;
    people::keep_somebody(&all, user, Loss::Office).await?;
    known(&all, user).await?;
    user::Entity::update_many()
        .col_expr(user::Column::DisabledAt, Expr::value(clock::now()))
        .col_expr(user::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(user::Column::Id.eq(user))
        .filter(user::Column::DisabledAt.is_null())
        .exec(&all)
        .await?;
    session::end_all(&all, user, None).await?;
    access_token::revoke_all(&all, user).await?;
    verification::void_all(&all, user).await?;
    second_factor::forget_browsers(&all, user).await?;
    all.commit().await?;
    session::end_belated(db, user, None).await?;
    hand.note(db, Event::Disabled, Some(user)).await;
    Ok(())
}

/// Opens an account again. What was ended stays ended.
pub async fn enable(db: &Database, hand: Hand<'_>, user: UserId) -> Result<()> {
    let enabled = user::Entity::update_many()
        .col_expr(user::Column::DisabledAt, Expr::value(None::<i64>))
        .col_expr(user::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(user::Column::Id.eq(user))
        .exec(db.write())
        .await?;
    if enabled.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    hand.note(db, Event::Enabled, Some(user)).await;
    Ok(())
}

/// Makes somebody an administrator, or a member again. Says whether they were not already.
pub async fn give_role(db: &Database, hand: Hand<'_>, user: UserId, role: Role) -> Result<bool> {
    let all = db.transaction().await?;
    people::lock(&all).await?;
    known(&all, user).await?;
    if role != Role::Admin {
        people::keep_somebody(&all, user, Loss::Office).await?;
    }
    let changed = people::give_role(&all, user, role).await?;
    all.commit().await?;
    if changed {
        let reason = Some(role.as_str());
        hand.note_with(db, Event::RoleChanged, Some(user), reason)
            .await;
    }
    Ok(changed)
}

/// Signs somebody out everywhere, and says in how many places they were. Their access tokens stay.
pub async fn end_sessions(db: &Database, hand: Hand<'_>, user: UserId) -> Result<u64> {
    known(db.read(), user).await?;
    let ended = session::end_all(db.write(), user, None).await?;
    hand.note(db, Event::SessionsEnded, Some(user)).await;
    Ok(ended)
}

/// Takes the second factor from somebody who has lost phone and codes, and tells them in a letter. Every session ends, because nobody knows
/// whose they are. Says whether it was on.
pub async fn reset_second_factor(
    db: &Database,
    desk: &Desk,
    hand: Hand<'_>,
    user: UserId,
) -> Result<bool> {
    let all = db.transaction().await?;
    let person = user::Entity::find_by_id(user).lock_exclusive();
    let person = person.one(&all).await?.ok_or(Error::NotFound)?;
    second_factor::forget(&all, user).await?;
    session::end_all(&all, user, None).await?;
    if person.two_factor_enabled {
        mail::queue(&all, desk, &person.email, &Letter::SecondFactorReset).await?;
    }
    all.commit().await?;
    session::end_belated(db, user, None).await?;
    hand.note(db, Event::SecondFactorDisabled, Some(user)).await;
    Ok(person.two_factor_enabled)
}

/// Writes down that somebody tried what only administrators may.
pub async fn refuse(db: &Database, source: &Source, who: &SignedIn) {
    let entry = Entry::refused(Event::OfficeRefused, Error::NotFound.code())
        .of(Some(who.user.id))
        .through(who.session);
    audit::record(db, source, entry).await;
}

/// A link at which the person chooses a password: good once, for half an hour, and instead of the ones before.
pub async fn reset_link(
    db: &Database,
    config: &Config,
    hand: Hand<'_>,
    user: UserId,
) -> Result<MadeLink> {
    let person = known(db.read(), user).await?;
    if person.disabled_at.is_some() {
        return Err(Error::PersonDisabled);
    }
    let token = verification::issue(db, Purpose::PasswordReset, user).await?;
    let good_until = clock::now().plus_seconds(Purpose::PasswordReset.seconds());
    hand.note(db, Event::PasswordResetRequested, Some(user))
        .await;
    Ok(MadeLink {
        link: config.link(&format!("/reset-password?token={token}")),
        good_until,
    })
}

/// Deletes an account with all that is the person's. What the log says of it stays as long as the log keeps anything.
pub async fn delete(db: &Database, hand: Hand<'_>, user: UserId) -> Result<()> {
    let all = db.transaction().await?;
    known(&all, user).await?;
    farewell::erase(&all, user).await?;
    all.commit().await?;
    hand.note(db, Event::Deleted, Some(user)).await;
    Ok(())
}
