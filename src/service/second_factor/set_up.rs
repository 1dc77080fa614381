//! Turning the second factor on and off. Whoever asks has shown a moment ago that it is them.

use super::{
    forget, recovery,
    seed::{Sealed, Seed},
};
use crate::{
    domain::{
        Error, Event, Moment, RecoveryCode, Refusal, Result, SeedShown, SignedIn, TotpCode, UserId,
    },
    service::{
        AppState,
        audit::{self, Entry},
        clock,
        entity::{totp, user},
        entry::{self, Visit},
        limit,
        mail::{self, Letter},
        people, session,
    },
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr};

/// Begins: a seed that counts for nothing until a code of it was right, and recovery codes that do as long. What was begun before is void.
pub async fn begin(
    state: &AppState,
    who: &SignedIn,
    issuer: Option<&str>,
) -> Result<(SeedShown, Vec<RecoveryCode>)> {
    let user = who.user.id;
    let (seed, all) = (Seed::fresh(), state.db.transaction().await?);
    if people::hold(&all, user).await?.two_factor_enabled {
        return Err(Error::TotpAlreadyEnabled);
    }
    forget(&all, user).await?;
    let sealed = state.seals.close(user, &seed)?;
    let row = totp::Model {
        user_id: user,
        seed: sealed.text,
        key_id: sealed.key_id,
        last_step: 0,
        failures: 0,
        locked_until: Moment(0),
        created_at: clock::now(),
    };
    totp::Entity::insert(totp::ActiveModel::from(row))
        .exec_without_returning(&all)
        .await?;
    let codes = recovery::renew(&all, user).await?;
    all.commit().await?;
    Ok((seed.shown(&who.user.email, issuer)?, codes))
}

/// What is being set up, to be shown again.
pub async fn pending(state: &AppState, who: &SignedIn) -> Result<Option<SeedShown>> {
    if who.user.two_factor_enabled {
        return Ok(None);
    }
    let row = totp::Entity::find_by_id(who.user.id)
        .one(state.db.read())
        .await?;
    row.map(|row| shown(state, who, &row)).transpose()
}

/// What the app was set up with, to set up another one.
pub async fn seed_of(state: &AppState, who: &SignedIn) -> Result<SeedShown> {
    let row = totp::Entity::find_by_id(who.user.id)
        .one(state.db.read())
        .await?;
    let row = row.filter(|_| who.user.two_factor_enabled);
    shown(state, who, &row.ok_or(Error::TotpNotEnabled)?)
}

fn shown(state: &AppState, who: &SignedIn, row: &totp::Model) -> Result<SeedShown> {
    let opened = state.seals.open(row.user_id, &sealed(row))?;
    opened.seed.shown(&who.user.email, None)
}

fn sealed(row: &totp::Model) -> Sealed {
    Sealed {
        text: row.seed.clone(),
        key_id: row.key_id.clone(),
    }
}

/// Turns it on with one right code. Every other session of the person ends, and this one goes on under a new id.
pub async fn turn_on(
    state: &AppState,
    visit: &Visit,
    mut who: SignedIn,
    code: &TotpCode,
) -> Result<SignedIn, Refusal> {
    let user = who.user.id;
    entry::knock(state, visit, limit::SECOND_FACTOR_SET_UP, &user.to_string()).await?;
    if who.user.two_factor_enabled {
        return Err(Error::TotpAlreadyEnabled.into());
    }
    let row = totp::Entity::find_by_id(user).one(state.db.read()).await?;
    let row = row.ok_or(Error::TotpNotEnabled)?;
    let opened = state.seals.open(user, &sealed(&row))?;
    let Some(step) = opened.seed.step_of(code, clock::now()) else {
        let entry = Entry::refused(Event::SecondFactorFailed, Error::InvalidCode.code())
            .of(Some(user))
            .through(who.session);
        audit::record(&state.db, &visit.source, entry).await;
        return Err(Error::InvalidCode.into());
    };
    confirm_seed(state, &who, &row, step).await?;
    who.user.two_factor_enabled = true;
    changed(state, visit, who, Event::SecondFactorEnabled).await
}

/// The code of this step has shown that the app has this very seed.
async fn confirm_seed(
    state: &AppState,
    who: &SignedIn,
    row: &totp::Model,
    step: i64,
) -> Result<()> {
    let (user, all) = (who.user.id, state.db.transaction().await?);
    if people::hold(&all, user).await?.two_factor_enabled {
        return Err(Error::TotpAlreadyEnabled);
    }
    let confirmed = totp::Entity::update_many()
        .col_expr(totp::Column::LastStep, Expr::value(step))
        .filter(totp::Column::UserId.eq(user))
        .filter(totp::Column::Seed.eq(&row.seed))
        .exec(&all)
        .await?;
    if confirmed.rows_affected == 0 {
        return Err(Error::InvalidCode);
    }
    set_enabled(&all, user).await?;
    session::end_all(&all, user, Some(who.session)).await?;
    mail::queue(&all, &state.mail, &who.user.email, &Letter::SecondFactorOn).await?;
    all.commit().await?;
    session::end_belated(&state.db, user, Some(who.session)).await
}

async fn set_enabled(all: &DatabaseTransaction, user: UserId) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::TwoFactorEnabled, Expr::value(true))
        .col_expr(user::Column::UpdatedAt, Expr::value(clock::now()))
        .filter(user::Column::Id.eq(user))
        .exec(all)
        .await?;
    Ok(())
}

/// Turns it off, with all that belongs to it. Every other session of the person ends, and this one goes on under a new id.
pub async fn turn_off(
    state: &AppState,
    visit: &Visit,
    mut who: SignedIn,
) -> Result<SignedIn, Refusal> {
    let (user, all) = (who.user.id, state.db.transaction().await?);
    if !people::hold(&all, user).await?.two_factor_enabled {
        return Err(Error::TwoFactorNotEnabled.into());
    }
    forget(&all, user).await?;
    session::end_all(&all, user, Some(who.session)).await?;
    mail::queue(&all, &state.mail, &who.user.email, &Letter::SecondFactorOff).await?;
    all.commit().await?;
    session::end_belated(&state.db, user, Some(who.session)).await?;
    who.user.two_factor_enabled = false;
    changed(state, visit, who, Event::SecondFactorDisabled).await
}

/// New recovery codes; the ones before are dead.
pub async fn codes(state: &AppState, visit: &Visit, who: &SignedIn) -> Result<Vec<RecoveryCode>> {
    let (user, all) = (who.user.id, state.db.transaction().await?);
    if !people::hold(&all, user).await?.two_factor_enabled {
        return Err(Error::TwoFactorNotEnabled);
    }
    let codes = recovery::renew(&all, user).await?;
    all.commit().await?;
    let entry = Entry::done(Event::RecoveryCodesMade, user).through(who.session);
    audit::record(&state.db, &visit.source, entry).await;
    Ok(codes)
}

async fn changed(
    state: &AppState,
    visit: &Visit,
    who: SignedIn,
    event: Event,
) -> Result<SignedIn, Refusal> {
    let who = entry::renew(state, visit, who).await?;
    let entry = Entry::done(event, who.user.id).through(who.session);
    audit::record(&state.db, &visit.source, entry).await;
    Ok(who)
}
