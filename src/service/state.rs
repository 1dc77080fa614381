//! What every request needs, made once.

use crate::{
    domain::Result,
    service::{
        Config, Database,
        access_token::Uses,
        key::{Key, Purpose},
        limit::Limits,
        mail::Desk,
        passkey::Passkeys,
        password::Hasher,
        provider::Provider,
        second_factor::Seals,
        stopping::Stopping,
        token::Keys,
    },
};
use std::{ops::Deref, sync::Arc};

/// The house, cheap to hand on.
#[derive(Clone, Debug)]
pub struct AppState(Arc<House>);

/// What is in it.
#[derive(Debug)]
pub struct House {
    /// What the operator decided.
    pub config: Arc<Config>,
    /// Where everything is kept.
    pub db: Database,
    /// What signs tokens.
    pub keys: Keys,
    /// What hashes passwords.
    pub hasher: Hasher,
    /// What counts knocks.
    pub limits: Limits,
    /// Where letters are written.
    pub mail: Desk,
    /// What writes down when access tokens were used.
    pub uses: Uses,
    /// What marks cursors as ours.
    pub cursors: Key,
    /// The identity provider that people may come in with, if there is one.
    pub provider: Option<Provider>,
    /// What passkeys are made for.
    pub passkeys: Passkeys,
    /// What encrypts the seeds of second factors.
    pub seals: Seals,
    /// Whether the process is on its way out.
    pub stopping: Stopping,
}

impl AppState {
    /// Everything on top of an opened database.
    pub fn new(config: Config, db: Database) -> Result<Self> {
        Ok(Self(Arc::new(House {
            keys: Keys::new(&config),
            hasher: Hasher::start(),
            limits: Limits::new(&config),
            mail: Desk::new(&config),
            uses: Uses::default(),
            cursors: Key::derive(&config, Purpose::Cursor),
            provider: Provider::of(&config)?,
            passkeys: Passkeys::new(&config),
            seals: Seals::new(&config),
            stopping: Stopping::default(),
            config: Arc::new(config),
            db,
        })))
    }
}

impl Deref for AppState {
    type Target = House;

    fn deref(&self) -> &House {
        &self.0
    }
}
