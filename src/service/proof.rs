//! What somebody has shown to come in, and whether it still opens the door when their session stands.

use super::entity::{account, passkey, user};
use crate::{
    domain::{Error, PasskeyId, Result, User},
    service::{Database, admission::Way, auth, password::PasswordHash, provider},
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, RelationDef, Select,
    sea_query::SelectStatement,
};

/// What somebody has shown.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Address and password: what the password is hashed to.
    Password(PasswordHash),
    /// A passkey.
    Passkey(PasskeyId),
    /// The word of the identity provider: who they are there.
    Provider(String),
}

impl Proof {
    /// Which way they came.
    #[must_use]
    pub const fn way(&self) -> Way {
        match self {
            Self::Password(_) => Way::Password,
            Self::Passkey(_) => Way::Passkey,
            Self::Provider(_) => Way::Provider,
        }
    }

    /// Refuses if it would not let this person in any more, and with nothing more. Asked when their session stands: whoever changes that ends
    /// the sessions there are, and this one may have begun a moment later.
    pub async fn holds(&self, db: &Database, person: &User) -> Result<()> {
        self.answered(self.of(person).into_tuple().one(db.read()).await?)
    }

    /// The same, as a question in another statement.
    pub(super) fn question(&self, person: &User) -> SelectStatement {
        self.of(person).into_query()
    }

    /// What comes of the answer to it.
    pub(super) fn answered(&self, answer: Option<String>) -> Result<()> {
        let refusal = match self {
            Self::Password(_) => Error::InvalidCredentials,
            Self::Passkey(_) => Error::PasskeyRefused,
            Self::Provider(_) => Error::ProviderErrandOver,
        };
        answer.map(drop).ok_or(refusal)
    }

    fn of(&self, person: &User) -> Select<user::Entity> {
        match self {
            Self::Password(hash) => with_account(person)
                .filter(user::Column::Email.eq(&person.email))
                .filter(account::Column::ProviderId.eq(auth::CREDENTIAL))
                .filter(account::Column::Password.eq(hash.as_str())),
            Self::Passkey(id) => enabled(person)
                .join(JoinType::InnerJoin, to_passkey())
                .filter(passkey::Column::Id.eq(*id)),
            Self::Provider(id) => with_account(person)
                .filter(account::Column::ProviderId.eq(provider::ID))
                .filter(account::Column::AccountId.eq(id)),
        }
    }
}

fn enabled(person: &User) -> Select<user::Entity> {
    user::Entity::find_by_id(person.id)
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::DisabledAt.is_null())
}

/// By an account alone one comes in as long as no second factor is asked for that was not asked for before.
fn with_account(person: &User) -> Select<user::Entity> {
    enabled(person)
        .join(JoinType::InnerJoin, to_account())
        .filter(user::Column::TwoFactorEnabled.eq(person.two_factor_enabled))
}

fn to_account() -> RelationDef {
    user::Entity::belongs_to(account::Entity)
        .from(user::Column::Id)
        .to(account::Column::UserId)
        .into()
}

fn to_passkey() -> RelationDef {
    user::Entity::belongs_to(passkey::Entity)
        .from(user::Column::Id)
        .to(passkey::Column::UserId)
        .into()
}
