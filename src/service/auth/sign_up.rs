//! Making an account: by what right, and all that is written with it.

use super::CREDENTIAL;
use crate::{
    domain::{
        AccountId, Email, Error, Event, Name, Next, Password, Result, Role, User, UserId, Wishes,
    },
    service::{
        Database, Source, address,
        admission::Way,
        audit::{self, Entry},
        clock,
        entity::{account, user},
        invitation,
        mail::Desk,
        password::{self, Hasher, PasswordHash},
        people, provider,
        session::{seen, wishes},
        tasks,
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait, SqlErr};
use uuid::Uuid;

/// What a new account is made of.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What the person is called.
    pub name: Name,
    /// Their address.
    pub email: Email,
    /// Their password; without one they set it by a link first.
    pub password: Option<Password>,
    /// Where they are, if they said so.
    pub time_zone: Option<String>,
}

/// By what right somebody makes an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Admission<'a> {
    /// Anybody may.
    #[default]
    Anybody,
    /// Whoever is the first person of all may.
    First,
    /// Whoever brings the invitation with this digest may, once.
    Invited(&'a str),
}

/// Makes an account where anybody may, and asks nobody whether the address is theirs.
pub async fn sign_up(
    db: &Database,
    hasher: &Hasher,
    source: &Source,
    new: NewAccount,
) -> Result<(User, Wishes)> {
    let admission = Admission::Anybody;
    let (user, wishes) = sign_up_with(db, hasher, source, new, admission, None).await?;
    let entry = Entry::done(Event::SignUp, user.id);
    signed_up(db, source, entry, admission).await;
    Ok((user, wishes))
}

/// Writes into the log that an account was made, and that it took an invitation.
pub(in crate::service) async fn signed_up(
    db: &Database,
    source: &Source,
    entry: Entry,
    admission: Admission<'_>,
) {
    audit::record(db, source, entry).await;
    if let Admission::Invited(_) = admission {
        let used = Entry {
            event: Event::InvitationUsed,
            reason: None,
            ..entry
        };
        audit::record(db, source, used).await;
    }
}

/// How a new person is asked whether the address is theirs.
#[derive(Clone, Copy, Debug)]
pub struct Welcome<'a> {
    /// Where the letter is written.
    pub desk: &'a Desk,
    /// Where its link leads afterwards.
    pub next: Option<&'a Next>,
}

/// Makes an account; that it was made is for the caller to write down ([`signed_up`]), who knows what came of it. The database says whether the
/// address is taken, so that of two at once one gets it.
pub async fn sign_up_with(
    db: &Database,
    hasher: &Hasher,
    source: &Source,
    new: NewAccount,
    admission: Admission<'_>,
    welcome: Option<Welcome<'_>>,
) -> Result<(User, Wishes)> {
    let hash = match new.password {
        Some(chosen) => {
            password::check_common(&chosen, &new.name, &new.email)?;
            Some(hasher.hash(chosen).await?)
        }
        None => None,
    };
    let mut person = person(new.name, &new.email);
    person.time_zone = new.time_zone;
    let terms = Terms {
        admission,
        identity: None,
        welcome: welcome.map(|welcome| (welcome, &new.email)),
    };
    let person = made(db, source, person, hash, terms).await?;
    Ok((seen(person.clone()), wishes(&person)))
}

/// Somebody whom the identity provider vouches for.
#[derive(Clone, Debug)]
pub(in crate::service) struct Vouched {
    /// Who they are there.
    pub id: String,
    /// What they are called.
    pub name: Name,
    /// Their address.
    pub email: Email,
    /// Whether the provider knows that it is theirs.
    pub is_verified: bool,
}

/// Makes an account without a password, which a link can set one day.
pub(in crate::service) async fn sign_up_vouched(
    db: &Database,
    source: &Source,
    new: Vouched,
    admission: Admission<'_>,
    welcome: Welcome<'_>,
) -> Result<user::Model> {
    let mut person = person(new.name, &new.email);
    person.email_verified = new.is_verified;
    let terms = Terms {
        admission,
        identity: Some(&new.id),
        welcome: (!new.is_verified).then_some((welcome, &new.email)),
    };
    let person = made(db, source, person, None, terms).await?;
    let entry = Entry::done(Event::SignUp, person.id).by(Way::Provider.word());
    signed_up(db, source, entry, admission).await;
    Ok(person)
}

/// Somebody new, of whom nothing is known but this.
fn person(name: Name, email: &Email) -> user::Model {
    let now = clock::now();
    user::Model {
        id: UserId(Uuid::now_v7()),
        name: name.into(),
        email: email.as_str().to_owned(),
        email_key: email.key().to_owned(),
        email_verified: false,
        image: None,
        theme: None,
        time_zone: None,
        role: Role::Member.as_str().to_owned(),
        disabled_at: None,
        created_at: now,
        updated_at: now,
        two_factor_enabled: false,
    }
}

/// On what terms an account is made.
#[derive(Clone, Copy, Debug)]
struct Terms<'a> {
    /// By what right.
    admission: Admission<'a>,
    /// Who they are at the identity provider, if that vouches for them.
    identity: Option<&'a str>,
    /// How they are asked whether the address is theirs, if they are.
    welcome: Option<(Welcome<'a>, &'a Email)>,
}

/// Writes the account down; what is refused stands in the log. An identity that somebody has is told as an address that is taken.
async fn made(
    db: &Database,
    source: &Source,
    mut person: user::Model,
    hash: Option<PasswordHash>,
    terms: Terms<'_>,
) -> Result<user::Model> {
    let refused = match insert(db, &mut person, hash, terms).await {
        Ok(None) => return Ok(person),
        Ok(Some(error)) => error,
        Err(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Error::EmailTaken
        }
        Err(cause) => return Err(cause.into()),
    };
    audit::record(db, source, Entry::refused(Event::SignUp, refused.code())).await;
    Err(refused)
}

/// The person with their role, the ways of signing in, the invitation and what waited for an administrator: all of it, or why nothing of it.
async fn insert(
    db: &Database,
    person: &mut user::Model,
    hash: Option<PasswordHash>,
    terms: Terms<'_>,
) -> Result<Option<Error>, sea_orm::DbErr> {
    let all = db.transaction().await?;
    let role = people::role_of_a_newcomer(&all).await?;
    if terms.admission == Admission::First && role != Role::Admin {
        return Ok(Some(Error::SignUpByInvitation));
    }
    role.as_str().clone_into(&mut person.role);
    user::Entity::insert(user::ActiveModel::from(person.clone()))
        .exec_without_returning(&all)
        .await?;
    if let Admission::Invited(digest) = terms.admission
        && !invitation::consume(&all, digest, &person.email_key, person.id).await?
    {
        return Ok(Some(Error::InvalidInvitation));
    }
    let credential = account::ActiveModel {
        id: Set(AccountId(Uuid::now_v7())),
        user_id: Set(person.id),
        account_id: Set(person.id.to_string()),
        provider_id: Set(CREDENTIAL.to_owned()),
        password: Set(hash.map(|hash| hash.as_str().to_owned())),
        created_at: Set(person.created_at),
        updated_at: Set(person.created_at),
    };
    account::Entity::insert(credential)
        .exec_without_returning(&all)
        .await?;
    if let Some(identity) = terms.identity {
        account::Entity::insert(provider::row(person.id, identity))
            .exec_without_returning(&all)
            .await?;
    }
    tasks::adopt(&all).await?;
    if let Some((Welcome { desk, next }, email)) = terms.welcome {
        address::ask(&all, desk, (person.id, email), next).await?;
    }
    all.commit().await?;
    Ok(None)
}
