//! Coming in with a passkey: the browser finds one for this site by itself, and says whose it is.

use super::{Asked, kept, site::read, ticket, written};
use crate::{
    domain::{Error, Event, Refusal, Result, SignedIn, User, UserId, Wishes},
    service::{
        AppState, Database,
        audit::{self, Entry},
        clock,
        entity::{passkey, user},
        entry::{self, Visit},
        limit,
        session::{NewSession, seen, wishes},
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde_json::Value;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey as Kept, PublicKeyCredential,
    WebauthnError,
};

const PURPOSE: &str = "sign in";
/// How the log tells such a sign-in from one with a password.
const WAY: &str = "PASSKEY";

/// What the browser is asked for: any passkey of this site. The same for everybody, so it tells nothing of anybody.
pub fn options(state: &AppState) -> Result<Asked> {
    let (asked, begun) = state
        .passkeys
        .site()?
        .start_discoverable_authentication()
        .map_err(|cause| refusal(&cause))?;
    let mut options = serde_json::to_value(asked.public_key).map_err(|_| Error::Internal)?;
    if let Some(options) = options.as_object_mut() {
        options.remove("extensions");
    }
    let ticket = ticket::write(&state.passkeys.key, PURPOSE, &begun)?;
    Ok(Asked { options, ticket })
}

/// Signs in, if the answer is that of a passkey that is here, to a person who may come in.
///
/// What is refused is refused in one way, whether there is such a passkey or not, and counted by network.
pub async fn sign_in(
    state: &AppState,
    visit: &Visit,
    (ticket, response): (Option<&str>, Value),
    remember: bool,
) -> Result<SignedIn, Refusal> {
    let network = limit::network(&visit.source);
    entry::knock(state, visit, limit::SIGN_IN_FROM, &network).await?;
    let failures = limit::SIGN_IN_FAILURES_FROM;
    let verdict = state.limits.check(&state.db, failures, &network).await;
    entry::noted(state, visit, verdict).await?;

    let begun: DiscoverableAuthentication = ticket::spend(state, PURPOSE, ticket).await?;
    let response: PublicKeyCredential = read(response)?;
    match person(state, begun, &response).await {
        Ok((user, wishes)) => {
            let new = NewSession {
                user,
                wishes,
                remember,
            };
            let who = entry::begin(state, visit, new).await?;
            let entry = Entry {
                reason: Some(WAY),
                ..Entry::done(Event::SignIn, who.user.id).through(who.session)
            };
            audit::record(&state.db, &visit.source, entry).await;
            Ok(who)
        }
        Err((owner, error)) => {
            if matches!(error, Error::PasskeyRefused | Error::PasskeyCopied) {
                let entry = Entry::refused(Event::SignIn, error.code()).of(owner);
                audit::record(&state.db, &visit.source, entry).await;
                // Counting refuses the one that is too many; this one is wrong, and says so.
                let counted = state.limits.count(&state.db, failures, &network).await;
                if let Err(refusal) = counted
                    && refusal.error != Error::TooManyRequests
                {
                    return Err(refusal);
                }
            }
            Err(error.into())
        }
    }
}

/// Whose answer this is; or why not, with the owner of the passkey if there is one.
async fn person(
    state: &AppState,
    begun: DiscoverableAuthentication,
    response: &PublicKeyCredential,
) -> Result<(User, Wishes), (Option<UserId>, Error)> {
    let nobody = |error| (None, error);
    let site = state.passkeys.site().map_err(nobody)?;
    let (user, id) = site
        .identify_discoverable_authentication(response)
        .map_err(|cause| nobody(refusal(&cause)))?;
    let (row, person) = find(&state.db, UserId(user), id)
        .await
        .map_err(nobody)?
        .ok_or((None, Error::PasskeyRefused))?;
    let known = |error| (Some(person.id), error);
    let mut passkey = kept(&row).map_err(known)?;
    let result = site
        .finish_discoverable_authentication_v2(response, begun, &passkey)
        .map_err(|cause| known(refusal(&cause)))?;
    if !result.user_verified() || person.disabled_at.is_some() {
        return Err(known(Error::PasskeyRefused));
    }
    passkey.update_credential(&result);
    used(&state.db, &row, &passkey, &result)
        .await
        .map_err(known)?;
    let wishes = wishes(&person);
    Ok((seen(person), wishes))
}

async fn find(
    db: &Database,
    owner: UserId,
    id: &[u8],
) -> Result<Option<(passkey::Model, user::Model)>> {
    let person = passkey::Entity::belongs_to(user::Entity)
        .from(passkey::Column::UserId)
        .to(user::Column::Id)
        .into();
    let found = passkey::Entity::find()
        .join(JoinType::InnerJoin, person)
        .select_also(user::Entity)
        .filter(passkey::Column::CredentialId.eq(BASE64_URL_SAFE_NO_PAD.encode(id)))
        .filter(passkey::Column::UserId.eq(owner))
        .one(db.read())
        .await?;
    Ok(found.and_then(|(row, person)| Some((row, person?))))
}

/// Writes down that it was used. One statement compares the counter and raises it, so that of two copies used at once one is found out.
async fn used(
    db: &Database,
    row: &passkey::Model,
    passkey: &Kept,
    result: &AuthenticationResult,
) -> Result<()> {
    let counter = i64::from(result.counter());
    let counts_on = Condition::any()
        .add(passkey::Column::Counter.lt(counter))
        .add(
            passkey::Column::Counter
                .eq(0)
                .and(Expr::value(counter).eq(0)),
        );
    let done = passkey::Entity::update_many()
        .col_expr(
            passkey::Column::Credential,
            Expr::value(written(passkey)?),
        )
        .col_expr(passkey::Column::Counter, Expr::value(counter))
        .col_expr(passkey::Column::LastUsedAt, Expr::value(clock::now()))
        .filter(passkey::Column::Id.eq(row.id))
        .filter(counts_on)
        .exec(db.write())
        .await?;
    if done.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::PasskeyCopied)
    }
}

fn refusal(cause: &WebauthnError) -> Error {
    tracing::info!(%cause, "a passkey was refused");
    match cause {
        WebauthnError::CredentialPossibleCompromise => Error::PasskeyCopied,
        _ => Error::PasskeyRefused,
    }
}
