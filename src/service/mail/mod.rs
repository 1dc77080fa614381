//! Letters: written down in the transaction of what they tell of, and sent from there by a task of their own.
//!
//! A letter lies in its row sealed, because most of them hold a link that opens something, and the row goes as soon as it is sent.

mod carrier;
mod letter;
mod outbox;
mod parcel;
mod post;
mod smtp;

pub use letter::Letter;
pub use post::Post;
pub use smtp::Smtp;

use super::entity::mail;
use crate::{
    domain::{Email, MailId, Moment, Result},
    service::{Config, Database, clock, key::Purpose, seal::Sealer},
};
use parcel::Parcel;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait};
use std::sync::Arc;
use tokio::sync::Notify;
use url::Url;
use uuid::Uuid;

/// What is no letter, but costs the same: so that nobody can tell by the time an answer takes whether somebody has an account.
const NOTHING: &str = "nothing";

/// Where letters are written. Cheap to hand on.
#[derive(Clone, Debug)]
pub struct Desk {
    sealer: Sealer,
    /// What people reach us by: every link in a letter begins with it, whatever a request says of its host.
    site: Url,
    /// Rings at the post as soon as something is written.
    bell: Arc<Notify>,
}

impl Desk {
    /// As the configuration says.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            sealer: Sealer::new(config, Purpose::Mail),
            site: config.public_url.clone(),
            bell: Arc::default(),
        }
    }

    /// An absolute address of one of our paths.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.site.origin().ascii_serialization())
    }
}

/// Writes a letter to this address, in the transaction of what it tells of: both happen or neither. An address that is none by our rules,
/// as one that moved in may be, gets no letter.
pub async fn queue(
    db: &impl ConnectionTrait,
    desk: &Desk,
    to: &str,
    letter: &Letter,
) -> Result<(), DbErr> {
    let Ok(to) = to.parse::<Email>() else {
        tracing::warn!(kind = letter.kind(), "a letter has no address to go to");
        return Ok(());
    };
    let parcel = Parcel::new(&to, letter, &desk.site);
    let end = clock::now().plus_seconds(letter.seconds());
    write(db, desk, letter.kind(), &parcel, end).await
}

/// Does what [`queue`] does, and sends nothing.
pub async fn queue_nothing(
    db: &impl ConnectionTrait,
    desk: &Desk,
    like: &Letter,
) -> Result<(), DbErr> {
    let nobody = Parcel::to_nobody(like, &desk.site);
    write(
        db,
        desk,
        NOTHING,
        &nobody,
        clock::now().plus_seconds(like.seconds()),
    )
    .await
}

async fn write(
    db: &impl ConnectionTrait,
    desk: &Desk,
    kind: &str,
    parcel: &Parcel,
    expires_at: Moment,
) -> Result<(), DbErr> {
    let (id, now) = (MailId(Uuid::now_v7()), clock::now());
    let sealed = serde_json::to_vec(parcel)
        .ok()
        .and_then(|words| desk.sealer.seal(&id.to_string(), &words));
    let row = mail::ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        body: Set(sealed.ok_or_else(|| DbErr::Custom("a letter cannot be sealed".to_owned()))?),
        attempts: Set(0),
        next_at: Set(now),
        expires_at: Set(expires_at),
        created_at: Set(now),
    };
    mail::Entity::insert(row).exec_without_returning(db).await?;
    desk.bell.notify_one();
    Ok(())
}

/// How many letters wait.
pub async fn waiting(db: &Database) -> Result<u64> {
    Ok(mail::Entity::find().count(db.read()).await?)
}
