//! From what a person signs in. A device is known by the name that it gives itself; of one that is new the person is told wherever else they are
//! signed in, until they say whether it was them.

use super::{
    entity::{self, device},
    session,
};
use crate::{
    domain::{self, Event, Moment, NewDevice, Result, SignedIn, UserId},
    service::{
        AppState, Database, Source,
        audit::{self, Entry},
        clock,
        entry::Visit,
        mail::{self, Letter},
        second_factor,
    },
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, OnConflict, SelectStatement},
};

/// How long a device is known without being used to sign in: as long as the log is kept.
const KNOWN_SECONDS: i64 = audit::KEPT_SECONDS;
/// When a device was last used is known to within so many seconds, so that a sign-in hardly ever writes it.
const SEEN_EVERY: i64 = 60 * 60;

/// The name of the device that this session is used from.
fn name_of(who: &SignedIn) -> String {
    domain::device::name(&who.user_agent)
}

/// When this device was last seen, as a question in another statement: of one that is new there is no answer.
pub(super) fn last_seen(who: &SignedIn) -> SelectStatement {
    device::Entity::find_by_id((who.user.id, name_of(who)))
        .select_only()
        .column(device::Column::LastSeenAt)
        .into_query()
}

/// Remembers from what somebody has just signed in, which was `seen` then or never. The first device that a person ever has is no news.
pub(super) async fn greet(
    state: &AppState,
    source: &Source,
    who: &SignedIn,
    seen: Option<Moment>,
) -> Result<()> {
    let (db, user, name, now) = (&state.db, who.user.id, name_of(who), clock::now());
    if let Some(seen) = seen {
        if seen.plus_seconds(SEEN_EVERY) <= now {
            seen_again(db, user, &name, now).await?;
        }
        return Ok(());
    }
    let is_news = of(user).count(db.write()).await? > 0;
    let row = device::ActiveModel {
        user_id: Set(user),
        name: Set(name.clone()),
        ip_address: Set(source.address_text()),
        first_seen_at: Set(now),
        last_seen_at: Set(now),
        answered_at: Set((!is_news).then_some(now)),
    };
    // Of two sign-ins at once one makes the row, and one tells of it.
    let once = OnConflict::columns([device::Column::UserId, device::Column::Name])
        .do_nothing()
        .to_owned();
    let both = db.transaction().await?;
    let made = device::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(&both)
        .await?;
    let tells = is_news && made == 1;
    if tells {
        let letter = Letter::NewDevice {
            device: name,
            address: source.address_text(),
        };
        mail::queue(&both, &state.mail, &who.user.email, &letter).await?;
    }
    both.commit().await?;
    if tells {
        let entry = Entry::done(Event::NewDevice, user).through(who.session);
        audit::record(db, source, entry).await;
    }
    Ok(())
}

async fn seen_again(db: &Database, user: UserId, name: &str, now: Moment) -> Result<()> {
    device::Entity::update_many()
        .col_expr(device::Column::LastSeenAt, Expr::value(now))
        .filter(device::Column::UserId.eq(user))
        .filter(device::Column::Name.eq(name))
        .exec(db.write())
        .await?;
    Ok(())
}

fn of(user: UserId) -> sea_orm::Select<device::Entity> {
    device::Entity::find().filter(device::Column::UserId.eq(user))
}

/// The oldest device that the person has not said a word about. One is not asked about the device one sits at: whoever came in with it would
/// say yes.
pub async fn news(db: &Database, who: &SignedIn) -> Result<Option<NewDevice>> {
    let found = of(who.user.id)
        .filter(device::Column::AnsweredAt.is_null())
        .filter(device::Column::Name.ne(name_of(who)))
        .order_by_asc(device::Column::FirstSeenAt)
        .one(db.read())
        .await?;
    Ok(found.map(|row| NewDevice {
        device: row.name,
        ip_address: row.ip_address,
        first_seen_at: row.first_seen_at,
    }))
}

/// It was the person: nobody asks again.
pub async fn accept(db: &Database, who: &SignedIn, name: &str) -> Result<()> {
    device::Entity::update_many()
        .col_expr(device::Column::AnsweredAt, Expr::value(clock::now()))
        .filter(device::Column::UserId.eq(who.user.id))
        .filter(device::Column::Name.eq(name))
        .filter(device::Column::Name.ne(name_of(who)))
        .filter(device::Column::AnsweredAt.is_null())
        .exec(db.write())
        .await?;
    Ok(())
}

/// It was not: what was opened from it is shut, and it is new again when it comes again.
pub async fn deny(state: &AppState, visit: &Visit, who: &SignedIn, name: &str) -> Result<()> {
    let (user, source) = (who.user.id, &visit.source);
    let sessions = session::list(&state.db, who).await?;
    let programs = sessions
        .iter()
        .filter(|session| domain::device::name(&session.user_agent) == name)
        .map(|session| session.user_agent.as_str());
    // Not the sessions that are there now, but what they are used from: another may begin from it meanwhile.
    let theirs = Condition::all()
        .add(entity::session::Column::UserAgent.is_in(programs))
        .add(entity::session::Column::Id.ne(who.session));
    let all = state.db.transaction().await?;
    let ended = session::end_some(&all, source, user, theirs).await?;
    device::Entity::delete_many()
        .filter(device::Column::UserId.eq(user))
        .filter(device::Column::Name.eq(name))
        .filter(device::Column::Name.ne(name_of(who)))
        .exec(&all)
        .await?;
    // Whoever it was may have had their browser trusted.
    second_factor::forget_browsers(&all, user).await?;
    all.commit().await?;
    audit::say(source, &ended);
    Ok(())
}

/// Forgets devices that nobody has signed in from for long.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    Ok(device::Entity::delete_many()
        .filter(device::Column::LastSeenAt.lt(now.plus_seconds(-KNOWN_SECONDS)))
        .exec(db.write())
        .await?
        .rows_affected)
}
