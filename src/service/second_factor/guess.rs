//! Trying a code. A try is charged before anything is compared, in a transaction of its own, so that neither many at once nor a restart nor
//! a request that breaks off gives one away for nothing; the right code takes the charges back.

use super::{challenge, recovery, seed::Sealed};
use crate::{
    domain::{Error, Moment, RecoveryCode, Refusal, Result, TotpCode, UserId},
    service::{
        AppState, Database, clock,
        entity::{totp, user},
        mail::{self, Letter},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

/// After so many wrong codes in a row nobody comes in with a code for a while.
const IN_A_ROW: i32 = 10;
/// For how long the first time. It doubles each time after that, up to a day: whoever has the password cannot go on guessing for weeks.
const LOCKED_SECONDS: i64 = 15 * 60;
const DAY: i64 = 24 * 60 * 60;

/// What somebody gives as the second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// What the app shows.
    Code(TotpCode),
    /// One of the codes that stand in for it.
    Recovery(RecoveryCode),
}

impl Given {
    /// What is said of a wrong one.
    pub(super) const fn wrong(&self) -> Error {
        match self {
            Self::Code(_) => Error::InvalidCode,
            Self::Recovery(_) => Error::InvalidRecoveryCode,
        }
    }
}

/// Whether this is the person's second factor; then it is used up.
pub(super) async fn check(
    state: &AppState,
    user: UserId,
    challenge: Option<&str>,
    given: &Given,
) -> Result<(), Refusal> {
    let row = charge(&state.db, user, challenge).await?;
    let is_right = match given {
        Given::Code(code) => use_code(state, &row, code).await?,
        Given::Recovery(code) => use_recovery(state, user, code).await?,
    };
    if !is_right {
        return Err(given.wrong().into());
    }
    absolve(&state.db, user).await?;
    Ok(())
}

/// Counts one more try of this person and of this challenge, and refuses the one that is too many.
async fn charge(
    db: &Database,
    user: UserId,
    challenge: Option<&str>,
) -> Result<totp::Model, Refusal> {
    let one = db.transaction().await?;
    let row = totp::Entity::find_by_id(user)
        .lock_exclusive()
        .one(&one)
        .await?
        .ok_or(Error::InvalidChallenge)?;
    let now = clock::now();
    if now < row.locked_until {
        let seconds = (row.locked_until.0 - now.0) / 1000 + 1;
        let seconds = u64::try_from(seconds).unwrap_or(1);
        return Err(Refusal::later(Error::TemporarilyLocked, seconds));
    }
    if let Some(hash) = challenge
        && !challenge::may_try(&one, hash).await?
    {
        challenge::exhaust(&one, hash).await?;
        one.commit().await?;
        return Err(Error::TooManyAttempts.into());
    }
    let failures = row.failures.saturating_add(1);
    totp::Entity::update_many()
        .col_expr(totp::Column::Failures, Expr::value(failures))
        .col_expr(
            totp::Column::LockedUntil,
            Expr::value(locked_until(failures, now)),
        )
        .filter(totp::Column::UserId.eq(user))
        .exec(&one)
        .await?;
    one.commit().await?;
    Ok(row)
}

/// Until when nobody comes in after so many wrong codes in a row.
fn locked_until(failures: i32, now: Moment) -> Moment {
    if failures % IN_A_ROW != 0 {
        return Moment(0);
    }
    let times_before = (failures / IN_A_ROW - 1).clamp(0, 7);
    now.plus_seconds((LOCKED_SECONDS << times_before).min(DAY))
}

/// Whether the app shows this code, which it never does again: the step of the last one is written down in the statement that asks for it.
async fn use_code(state: &AppState, row: &totp::Model, code: &TotpCode) -> Result<bool> {
    let sealed = Sealed {
        text: row.seed.clone(),
        key_id: row.key_id.clone(),
    };
    let opened = state.seals.open(row.user_id, &sealed)?;
    let Some(step) = opened.seed.step_of(code, clock::now()) else {
        return Ok(false);
    };
    let used = totp::Entity::update_many()
        .col_expr(totp::Column::LastStep, Expr::value(step))
        .filter(totp::Column::UserId.eq(row.user_id))
        .filter(totp::Column::Seed.eq(&row.seed))
        .filter(totp::Column::LastStep.lt(step))
        .exec(state.db.write())
        .await?;
    if used.rows_affected == 0 {
        return Ok(false);
    }
    if opened.is_outdated {
        let renewed = state.seals.close(row.user_id, &opened.seed)?;
        totp::Entity::update_many()
            .col_expr(totp::Column::Seed, Expr::value(renewed.text))
            .col_expr(totp::Column::KeyId, Expr::value(renewed.key_id))
            .filter(totp::Column::UserId.eq(row.user_id))
            .filter(totp::Column::Seed.eq(&row.seed))
            .exec(state.db.write())
            .await?;
    }
    Ok(true)
}

/// Whether this is one of the person's recovery codes. It is used up then, and they are written to: it may not have been them.
async fn use_recovery(state: &AppState, id: UserId, code: &RecoveryCode) -> Result<bool> {
    let both = state.db.transaction().await?;
    if !recovery::use_up(&both, id, code).await? {
        return Ok(false);
    }
    if let Some(person) = user::Entity::find_by_id(id).one(&both).await? {
        let left = recovery::left(&both, id).await?;
        let letter = Letter::RecoveryCodeUsed { left };
        mail::queue(&both, &state.mail, &person.email, &letter).await?;
    }
    both.commit().await?;
    Ok(true)
}

async fn absolve(db: &Database, user: UserId) -> Result<()> {
    totp::Entity::update_many()
        .col_expr(totp::Column::Failures, Expr::value(0))
        .col_expr(totp::Column::LockedUntil, Expr::value(Moment(0)))
        .filter(totp::Column::UserId.eq(user))
        .exec(db.write())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b36_ten_wrong_codes_in_a_row_lock_and_ever_longer_up_to_a_day() {
        let now = Moment(0);
        let locked = |failures| locked_until(failures, now).0 / 60_000;
        for failures in [1, 9, 11, 19, 101] {
            assert_eq!(locked(failures), 0, "{failures}");
        }
        for (failures, minutes) in [
            (10, 15),
            (20, 30),
            (30, 60),
            (70, 960),
            (80, 1440),
            (i32::MAX - 7, 1440),
        ] {
            assert_eq!(locked(failures), minutes, "{failures}");
        }
    }
}
