//! Adding a passkey: the browser is asked to make one, and what it made is checked and kept.

use super::{MOST, note, of, seen, ticket, written};
use crate::{
    domain::{
        Error, Event, Passkey, PasskeyId, PasskeyName, Refusal, Result, SignedIn, UserId, device,
    },
    service::{
        AppState, clock,
        entity::passkey,
        entry::{self, Visit},
        limit,
        mail::{self, Letter},
        people,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{DatabaseTransaction, EntityTrait, PaginatorTrait, QuerySelect, SqlErr};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    Credential, CredentialID, Passkey as Kept, PasskeyRegistration, RegisterPublicKeyCredential,
};

/// What the browser is asked to make: one that it finds by itself, that asks for a finger, a face or a PIN, and that is not here yet.
pub async fn options(state: &AppState, visit: &Visit, who: &SignedIn) -> Result<Value, Refusal> {
    let site = state.passkeys.site()?;
    let there: Vec<String> = of(who.user.id)
        .select_only()
        .column(passkey::Column::CredentialId)
        .into_tuple()
        .all(state.db.read())
        .await?;
    if there.len() as u64 >= MOST {
        return Err(Error::TooManyPasskeys.into());
    }
    let there: Vec<CredentialID> = there
        .iter()
        .filter_map(|id| BASE64_URL_SAFE_NO_PAD.decode(id).ok())
        .collect();
    let (id, email, name) = (who.user.id.0, &who.user.email, &who.user.name);
    let (asked, begun) = site
        .start_passkey_registration(id, email, name, Some(there))
        .map_err(refused)?;
    let mut options = serde_json::to_value(asked.public_key).map_err(|_| Error::Internal)?;
    options["authenticatorSelection"]["residentKey"] = json!("required");
    options["authenticatorSelection"]["requireResidentKey"] = json!(true);
    options["extensions"] = json!({ "credProps": true });
    let mut begun = serde_json::to_value(begun).map_err(|_| Error::Internal)?;
    // The table says itself that one is there already, and a browser keeps little.
    begun["rs"]["exclude_credentials"] = json!([]);
    ticket::give(state, visit, &purpose(who), &begun)?;
    Ok(options)
}

/// The session is part of it: nobody finishes what somebody else began.
fn purpose(who: &SignedIn) -> String {
    format!("add:{}:{}", who.user.id, who.session)
}

/// Keeps what the browser made.
pub async fn add(
    state: &AppState,
    visit: &Visit,
    who: &SignedIn,
    response: Value,
    name: Option<PasskeyName>,
) -> Result<Passkey, Refusal> {
    let site = state.passkeys.site()?;
    let subject = who.user.id.to_string();
    entry::knock(state, visit, limit::PASSKEY, &subject).await?;
    let begun: PasskeyRegistration = ticket::spend(state, visit, &purpose(who)).await?;
    let response: RegisterPublicKeyCredential = super::site::read(response)?;
    let made = site
        .finish_passkey_registration(&response, &begun)
        .map_err(refused)?;
    let name = name
        .or_else(|| device::name(&visit.source.user_agent).parse().ok())
        .map_or_else(|| "Passkey".to_owned(), String::from);
    let row = row(who.user.id, name, &made, &response)?;
    let all = state.db.transaction().await?;
    insert(&all, &row).await?;
    let letter = Letter::PasskeyAdded {
        name: row.name.clone(),
    };
    mail::queue(&all, &state.mail, &who.user.email, &letter).await?;
    all.commit().await?;
    note(&state.db, &visit.source, who, Event::PasskeyAdded).await;
    Ok(seen(row)?)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn refused(cause: webauthn_rs::prelude::WebauthnError) -> Error {
    tracing::info!(%cause, "a passkey was not added");
    Error::PasskeyNotMade
}

fn row(
    owner: UserId,
    name: String,
    made: &Kept,
    response: &RegisterPublicKeyCredential,
) -> Result<passkey::Model> {
    let credential = Credential::from(made.clone());
    let transports = serde_json::to_value(&response.response.transports).unwrap_or_default();
    let transports: Vec<&str> = transports
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|word| *word != "unknown")
        .collect();
    Ok(passkey::Model {
        id: PasskeyId(Uuid::now_v7()),
        user_id: owner,
        name,
        credential_id: BASE64_URL_SAFE_NO_PAD.encode(made.cred_id()),
        credential: written(made)?,
        counter: credential.counter.into(),
        transports: transports.join(","),
        created_at: clock::now(),
        last_used_at: None,
    })
}

/// The person's row is locked meanwhile, so that of many at once none is one too many.
async fn insert(all: &DatabaseTransaction, row: &passkey::Model) -> Result<()> {
    people::hold(all, row.user_id).await?;
    if of(row.user_id).count(all).await? >= MOST {
        return Err(Error::TooManyPasskeys);
    }
    let inserted = passkey::Entity::insert(passkey::ActiveModel::from(row.clone()))
        .exec_without_returning(all)
        .await;
    match inserted {
        Ok(_) => Ok(()),
        Err(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(Error::PasskeyTaken)
        }
        Err(cause) => Err(cause.into()),
    }
}
