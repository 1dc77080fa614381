//! Invitations: made by administrators or the operator, shown once, known by their hash, and used up with the account that they let in.

use super::entity::{invitation, user};
use crate::{
    domain::{
        Days, Email, Entrance, Error, Event, Invitation, InvitationId, Invited, MadeInvitation,
        Moment, Note, Refusal, Result, SignUp, UserId,
    },
    service::{
        AppState, Config, Database,
        audit::Entry,
        auth::Admission,
        clock,
        entry::{self, Visit},
        idempotency::{self, Seen},
        key, limit,
        mail::{self, Desk, Letter},
        operator::Hand,
        people,
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationDef, sea_query::Expr,
};
use uuid::Uuid;

/// How many are open at most.
const MOST: u64 = 100;
/// How long one that is over is remembered.
const REMEMBERED_SECONDS: i64 = 30 * 24 * 60 * 60;

/// What a new invitation is made of.
#[derive(Clone, Debug, Default)]
pub struct NewInvitation {
    /// The one address that it is for, if it is for one.
    pub email: Option<Email>,
    /// What it is about.
    pub note: Option<Note>,
    /// How long it is good.
    pub days: Days,
    /// The form that asks for it, if one does that says which one it is.
    pub form: Option<String>,
}

/// Makes one for an administrator who asks through the front door. A form that says which one it is makes one, however often it arrives.
pub async fn create(
    state: &AppState,
    hand: Hand<'_>,
    new: NewInvitation,
) -> Result<MadeInvitation> {
    let (db, config, desk) = (&state.db, &state.config, &state.mail);
    let (Some(form), Some(actor)) = (new.form.clone(), hand.actor()) else {
        return make(db, config, desk, hand, new).await;
    };
    if let Seen::Answered(_) = idempotency::begin(db, actor, &form, form.as_bytes()).await? {
        return Err(Error::InvitationMade);
    }
    let made = make(db, config, desk, hand, new).await;
    idempotency::settle(db, actor, &form, made).await
}

/// Makes one. Its link is shown once and never stored; where letters leave this server, the one whom it is for gets it in one too. Where
/// nobody may make an account it would open nothing, so it is not made.
pub async fn make(
    db: &Database,
    config: &Config,
    desk: &Desk,
    hand: Hand<'_>,
    new: NewInvitation,
) -> Result<MadeInvitation> {
    if config.sign_up == SignUp::Closed {
        return Err(Error::SignUpClosed);
    }
    let (secret, now) = (key::random_secret(), clock::now());
    let row = invitation::Model {
        id: InvitationId(Uuid::now_v7()),
        token: digest(&secret),
        email: new.email.as_ref().map(|email| email.as_str().to_owned()),
        email_key: new.email.as_ref().map(|email| email.key().to_owned()),
        note: new.note.map(Into::into),
        created_by: hand.actor(),
        created_at: now,
        expires_at: now.plus_seconds(new.days.seconds()),
        used_at: None,
        used_by: None,
    };
    let all = db.transaction().await?;
    people::lock(&all).await?;
    if open().count(&all).await? >= MOST {
        return Err(Error::TooManyInvitations);
    }
    invitation::Entity::insert(invitation::ActiveModel::from(row.clone()))
        .exec_without_returning(&all)
        .await?;
    let link = config.link(&format!("/signup?invitation={secret}"));
    if let (Some(email), Some(_)) = (&row.email, &config.mail) {
        let letter = Letter::Invitation { link: link.clone() };
        mail::queue(&all, desk, email, &letter).await?;
    }
    if let (Some(form), Some(actor)) = (&new.form, hand.actor()) {
        idempotency::finish(&all, actor, form, &row.id.to_string()).await?;
    }
    all.commit().await?;
    hand.note(db, Event::InvitationCreated, hand.actor()).await;
    Ok(MadeInvitation {
        link,
        invitation: seen(row, hand.name()),
    })
}

/// Those that are good still, newest first.
pub async fn list(db: &Database) -> Result<Vec<Invitation>> {
    let maker: RelationDef = invitation::Entity::belongs_to(user::Entity)
        .from(invitation::Column::CreatedBy)
        .to(user::Column::Id)
        .into();
    let rows = open()
        .join(JoinType::LeftJoin, maker)
        .select_also(user::Entity)
        .order_by_desc(invitation::Column::CreatedAt)
        .order_by_desc(invitation::Column::Id)
        .all(db.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(row, maker)| seen(row, maker.map(|maker| maker.name)))
        .collect())
}

/// Takes one back that nobody has used: from now on it opens nothing.
pub async fn revoke(db: &Database, hand: Hand<'_>, id: InvitationId) -> Result<()> {
    let gone = invitation::Entity::delete_many()
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::UsedAt.is_null())
        .exec(db.write())
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::InvitationNotFound);
    }
    hand.note(db, Event::InvitationRevoked, hand.actor()).await;
    Ok(())
}

/// How the door stands for somebody who comes with this invitation, or without one.
pub async fn entrance(state: &AppState, token: Option<&str>) -> Result<Entrance> {
    entrance_by(state, token.map(digest).as_deref()).await
}

/// What the table knows an invitation's token by: wherever else it is kept, it is kept as this.
pub(super) fn digest(token: &str) -> String {
    key::digest(token.as_bytes())
}

pub(super) async fn entrance_by(state: &AppState, digest: Option<&str>) -> Result<Entrance> {
    let rule = state.config.sign_up;
    Ok(match (rule, digest) {
        (SignUp::Closed, _) => Entrance::Closed,
        (SignUp::Open, None) => Entrance::Open,
        (SignUp::Invite, None) if people::is_anybody_here(state.db.read()).await? => {
            Entrance::InvitationNeeded
        }
        (SignUp::Invite, None) => Entrance::First,
        (_, Some(digest)) => match good(state.db.read(), digest).await? {
            Some(row) => Entrance::Invited(Invited { email: row.email }),
            None => Entrance::Stale,
        },
    })
}

/// By what right somebody makes an account at this address, or why not: said before the address is looked at, so that it tells nothing of it.
pub(super) async fn admission<'a>(
    state: &AppState,
    visit: &Visit,
    email: &Email,
    digest: Option<&'a str>,
) -> Result<Admission<'a>, Refusal> {
    let refused = match (entrance_by(state, digest).await?, digest) {
        (Entrance::Open, _) => return Ok(Admission::Anybody),
        (Entrance::First, _) => return Ok(Admission::First),
        (Entrance::Invited(invited), Some(digest)) if is_for(&invited, email) => {
            return Ok(Admission::Invited(digest));
        }
        (Entrance::Invited(_) | Entrance::Stale, _) => Error::InvalidInvitation,
        (Entrance::InvitationNeeded, _) => Error::SignUpByInvitation,
        (Entrance::Closed, _) => Error::SignUpClosed,
    };
    if refused == Error::InvalidInvitation {
        let entry = Entry::refused(Event::InvitationUsed, refused.code());
        super::audit::record(&state.db, &visit.source, entry).await;
        let network = limit::network(&visit.source);
        entry::knock(state, visit, limit::LINK_FROM, &network).await?;
    }
    Err(refused.into())
}

/// Uses one up for this person, in the transaction that makes the account: of many at once one wins, because one statement changes it. Says
/// whether it was good.
pub(super) async fn consume(
    all: &impl ConnectionTrait,
    digest: &str,
    email_key: &str,
    user: UserId,
) -> Result<bool, DbErr> {
    let now = clock::now();
    let done = invitation::Entity::update_many()
        .col_expr(invitation::Column::UsedAt, Expr::value(now))
        .col_expr(invitation::Column::UsedBy, Expr::value(user))
        .filter(invitation::Column::Token.eq(digest))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .filter(
            Condition::any()
                .add(invitation::Column::EmailKey.is_null())
                .add(invitation::Column::EmailKey.eq(email_key)),
        )
        .exec(all)
        .await?;
    Ok(done.rows_affected == 1)
}

async fn good(db: &impl ConnectionTrait, digest: &str) -> Result<Option<invitation::Model>, DbErr> {
    open()
        .filter(invitation::Column::Token.eq(digest))
        .one(db)
        .await
}

fn is_for(invited: &Invited, email: &Email) -> bool {
    let own = invited.email.as_deref().map(str::parse::<Email>);
    own.is_none_or(|own| own.is_ok_and(|own| own.key() == email.key()))
}

fn open() -> sea_orm::Select<invitation::Entity> {
    invitation::Entity::find()
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(clock::now()))
}

fn seen(row: invitation::Model, made_by: Option<String>) -> Invitation {
    Invitation {
        id: row.id,
        email: row.email,
        note: row.note,
        made_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
    }
}

/// Forgets those that have long been over.
pub async fn sweep(db: &Database, now: Moment) -> Result<u64> {
    let long_ago = now.plus_seconds(-REMEMBERED_SECONDS);
    Ok(invitation::Entity::delete_many()
        .filter(invitation::Column::ExpiresAt.lt(long_ago))
        .exec(db.write())
        .await?
        .rows_affected)
}
