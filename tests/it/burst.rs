//! Many at once at one account: those who are right all come in, and those who guess gain nothing by it.

use crate::support::{House, PASSWORD};
use futures::future::join_all;
use latchkey::{
    domain::{Error, Password, Refusal},
    service::{
        AppState, Source,
        entry::{self, Entered, Visit},
        limit::{self, Counted},
        pocket::Pocket,
    },
};
use std::thread;

const ADA: &str = "ada@example.org";

/// Somebody who comes from a network of their own.
fn from_network(house: &House, number: usize) -> Visit {
    let address = format!("2001:db8:{number:x}::1");
    Visit {
        cookie: house.browser(),
        pocket: Pocket::default(),
        source: Source {
            address: address.parse().ok(),
            user_agent: String::new(),
            request_id: String::new(),
        },
    }
}

async fn house() -> (House, AppState) {
    let house = House::open().await;
    house.sign_up("Ada").await;
    let state = AppState::new(house.config.clone(), house.db.clone()).expect("a house");
    (house, state)
}

/// What becomes of all these who give these passwords at once, each from another network.
async fn sign_in(house: &House, state: &AppState, claims: &[&str]) -> Vec<Result<(), Error>> {
    let email = ADA.parse().expect("an address");
    let comers = claims.iter().enumerate().map(async |(number, claim)| {
        let visit = from_network(house, number);
        let claimed = Password::claimed(claim).expect("a password");
        let entered = entry::sign_in(state, &visit, &email, claimed, true).await;
        entered
            .map(|entered| assert!(matches!(entered, Entered::In(_))))
            .map_err(|refusal| refusal.error)
    });
    join_all(comers).await
}

#[tokio::test]
async fn e5_of_many_at_once_who_are_right_all_come_in() {
    let (house, state) = house().await;
    let outcomes = sign_in(&house, &state, &[PASSWORD; 12]).await;
    assert_eq!(outcomes, [Ok(()); 12]);
}

#[tokio::test]
async fn b20_of_many_guesses_at_once_over_many_networks_the_last_is_refused_though_it_is_right() {
    let (house, state) = house().await;
    // Hashes are computed in the order in which they are asked for, as many at a time as there are processors, and statements run in the order
    // in which they wait: so more than five have failed and are counted before the last one is known to be right.
    let at_a_time = thread::available_parallelism().map_or(2, usize::from);
    let mut claims = vec!["not the password"; 39 + at_a_time];
    claims.push(PASSWORD);

    let outcomes = sign_in(&house, &state, &claims).await;

    assert_eq!(outcomes.last(), Some(&Err(Error::TooManyRequests)));
    let told = [Error::InvalidCredentials, Error::TooManyRequests];
    let is_told = |outcome: &Result<(), Error>| outcome.is_err_and(|error| told.contains(&error));
    assert!(outcomes.iter().all(is_told), "{outcomes:?}");
    let sessions = house.column("SELECT id FROM session").await;
    assert!(sessions.is_empty(), "{sessions:?}");
    let again = sign_in(&house, &state, &[PASSWORD]).await;
    assert_eq!(again, [Err(Error::TooManyRequests)]);
}

/// A try that is right, while so many others fail.
async fn right_while(house: &House, state: &AppState, failed: usize) -> Result<(), Refusal> {
    let counted: [Counted<'_>; 1] = [(limit::SIGN_IN_FAILURES, ADA)];
    let attempt = async {
        for _ in 0..failed {
            state.limits.add(&house.db, counted[0]).await?;
        }
        Ok(())
    };
    let visit = from_network(house, 0);
    entry::guarded(state, &visit, &counted, &[], attempt).await
}

#[tokio::test]
async fn b20_whoever_is_right_is_refused_when_the_limit_was_reached_meanwhile_and_only_then() {
    let (house, state) = house().await;
    assert_eq!(right_while(&house, &state, 4).await, Ok(()));
    let refused = right_while(&house, &state, 1).await;
    assert_eq!(
        refused.map_err(|refusal| refusal.error),
        Err(Error::TooManyRequests)
    );
    let noted = "SELECT event FROM audit_event WHERE event = 'rate_limit_exceeded'";
    assert_eq!(house.column(noted).await.len(), 1);
}
