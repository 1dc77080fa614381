//! Using a passkey: the browser finds one for this site by itself, and says whose it is. People come in with it, or show that it is still them.

use super::{kept, site::read, ticket, written};
use crate::{
    domain::{Error, Event, PasskeyId, Refusal, Result, SignedIn, User, UserId, Wishes},
    service::{
        AppState, Database,
        audit::{self, Entry},
        clock, confirmation,
        entity::{passkey, user},
        entry::{self, Entered, Proof, Visit},
        limit,
        session::{seen, wishes},
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

const PURPOSE: &str = "use";
/// What is said of a wrong answer.
const WRONG: [Error; 2] = [Error::PasskeyRefused, Error::PasskeyCopied];

/// Which passkey answered, and whose it is.
type Shown = (PasskeyId, User, Wishes);

/// What the browser is asked for: any passkey of this site. The same for everybody, so it tells nothing of anybody.
pub fn options(state: &AppState, visit: &Visit) -> Result<Value> {
    let (asked, begun) = state
        .passkeys
        .site()?
        .start_discoverable_authentication()
        .map_err(|cause| refusal(&cause))?;
    let mut options = serde_json::to_value(asked.public_key).map_err(|_| Error::Internal)?;
    if let Some(options) = options.as_object_mut() {
        options.remove("extensions");
    }
    ticket::give(state, visit, PURPOSE, &begun)?;
    Ok(options)
}

/// Signs in, if the answer is that of a passkey that is here, to a person who may come in.
///
/// What is refused is refused in one way, whether there is such a passkey or not, and counted by network.
pub async fn sign_in(
    state: &AppState,
    visit: &Visit,
    response: Value,
    remember: bool,
) -> Result<SignedIn, Refusal> {
    let (id, user, wishes) = shown(state, visit, Event::SignIn, response).await?;
    match entry::admit(state, visit, user, wishes, Proof::Passkey(id), remember).await? {
        Entered::In(who) => Ok(who),
        // It is two factors at once, so there is nothing more to ask for.
        Entered::Challenged => Err(Error::Internal.into()),
    }
}

/// Shows that it is still the person: the session goes on under a new id, and is fresh. Somebody else's passkey shows nothing.
pub async fn confirm(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
    response: Value,
) -> Result<SignedIn, Refusal> {
    let (id, user, _) = shown(state, visit, Event::Confirmed, response).await?;
    if user.id != who.user.id {
        return Err(Error::PasskeyRefused.into());
    }
    confirmation::confirmed(state, visit, who, Some(Proof::Passkey(id))).await
}

/// Whose passkey answered. A wrong answer is counted, and stands in the log as this event, refused.
async fn shown(
    state: &AppState,
    visit: &Visit,
    event: Event,
    response: Value,
) -> Result<Shown, Refusal> {
    let network = limit::network(&visit.source);
    entry::knock(state, visit, limit::SIGN_IN_FROM, &network).await?;
    let counted = [(limit::SIGN_IN_FAILURES_FROM, network.as_str())];
    let attempt = async {
        let begun = ticket::spend(state, visit, PURPOSE).await?;
        match person(state, begun, &read(response)?).await {
            Ok(person) => Ok(person),
            Err((owner, error)) => {
                if WRONG.contains(&error) {
                    let entry = Entry::refused(event, error.code()).of(owner);
                    audit::record(&state.db, &visit.source, entry).await;
                }
                Err(error.into())
            }
        }
    };
    entry::guarded(state, visit, &counted, &WRONG, attempt).await
}

/// Whose answer this is; or why not, with the owner of the passkey if there is one.
async fn person(
    state: &AppState,
    begun: DiscoverableAuthentication,
    response: &PublicKeyCredential,
) -> Result<Shown, (Option<UserId>, Error)> {
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
    Ok((row.id, seen(person), wishes))
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
        .col_expr(passkey::Column::Credential, Expr::value(written(passkey)?))
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
