//! Accounts and sessions.

use crate::support::{House, PASSWORD, stranger};
use latchkey::{
    domain::{Error, Event, Outcome, Password},
    service::{
        AppState, Source, audit, auth,
        config::SignUp,
        entry,
        entry::{Entered, Visit},
        limit,
        limit::Limits,
        pocket::Pocket,
        session, verification,
        verification::Purpose,
    },
};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

#[tokio::test]
async fn whoever_signs_up_can_sign_in_with_any_spelling_of_the_address() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;

    let claimed = Password::claimed(PASSWORD).expect("a password");
    let email = " ADA@Example.org".parse().expect("an address");
    let known = auth::sign_in(
        &house.db,
        &house.hasher,
        &Source::operator(),
        &email,
        claimed,
    )
    .await
    .expect("signed in");

    assert_eq!(known.user, ada);
}

#[tokio::test]
async fn b21_unknown_and_wrong_get_the_same_answer() {
    let house = House::open().await;
    house.sign_up("Ada").await;
    for (email, password) in [
        ("ada@example.org", "wrong password"),
        ("nobody@example.org", PASSWORD),
    ] {
        let claimed = Password::claimed(password).expect("a password");
        let refused = auth::sign_in(
            &house.db,
            &house.hasher,
            &Source::operator(),
            &email.parse().expect("an address"),
            claimed,
        )
        .await;
        assert_eq!(refused.err(), Some(Error::InvalidCredentials));
    }
}

#[tokio::test]
async fn b17_of_many_who_take_one_address_at_once_one_gets_it() {
    let house = House::open().await;
    let tries = (0..12).map(|at| {
        let name = if at % 2 == 0 { "Ada" } else { "ADA" };
        let new = auth::NewAccount {
            name: name.parse().expect("a name"),
            email: format!("{name}@example.org").parse().expect("an address"),
            password: Some(Password::chosen(PASSWORD).expect("a password")),
            time_zone: None,
        };
        let (db, hasher) = (house.db.clone(), house.hasher.clone());
        tokio::spawn(async move {
            auth::sign_up(&db, &hasher, &Source::operator(), new)
                .await
                .map(|(user, _)| user)
        })
    });
    let mut made = 0;
    for one in tries.collect::<Vec<_>>() {
        match one.await.expect("no panic") {
            Ok(_) => made += 1,
            Err(error) => assert_eq!(error, Error::EmailTaken),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(
        house.column(r#"SELECT email_key FROM "user""#).await,
        ["ada@example.org"]
    );
}

#[tokio::test]
async fn a9_the_cookies_value_is_nowhere_in_the_database() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let mut values = HashSet::new();
    for _ in 0..20 {
        let browser = house.browser();
        house.signs_in(&browser, &ada).await;
        values.insert(browser.id().expect("a cookie").to_string());
    }
    assert_eq!(values.len(), 20);
    for value in values {
        assert_eq!(value.len(), 22);
        assert!(
            house
                .column("SELECT token || data || id FROM session")
                .await
                .iter()
                .all(|row| !row.contains(&value))
        );
    }
}

#[tokio::test]
async fn a9_the_table_knows_the_cookies_value_by_its_sha_256() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let browser = house.browser();
    house.signs_in(&browser, &ada).await;
    let value = browser.id().expect("a cookie").to_string();
    let kept = house.column("SELECT token FROM session").await;
    assert_eq!(kept, [format!("{:x}", Sha256::digest(value))]);
}

#[tokio::test]
async fn b11_a_new_sign_in_has_a_new_id_and_ends_the_session_it_came_with() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let first = house.browser();
    let before = house.signs_in(&first, &ada).await;

    let second = house.next_request(&first);
    let after = house.signs_in(&second, &ada).await;

    assert_ne!(first.id(), second.id());
    assert_ne!(before.session, after.session);
    assert_eq!(
        session::by_cookie(&house.next_request(&first), &house.config).await,
        Ok(None)
    );
    assert_eq!(
        session::by_cookie(&house.next_request(&second), &house.config)
            .await
            .map(|who| who.map(|who| who.session)),
        Ok(Some(after.session))
    );
}

#[tokio::test]
async fn b12_sign_out_ends_cookie_and_token_and_a_slow_request_cannot_bring_them_back() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let browser = house.browser();
    let who = house.signs_in(&browser, &ada).await;
    let (token, _) = house.keys.issue(&who).expect("a token");
    let slow = house.next_request(&browser);
    assert!(
        session::by_cookie(&slow, &house.config)
            .await
            .expect("an answer")
            .is_some()
    );

    session::end_by_cookie(&house.next_request(&browser))
        .await
        .expect("signed out");
    slow.insert("late", true).await.expect("a change");
    slow.save().await.expect("nothing to complain about");

    assert_eq!(
        auth::by_bearer(&house.db, &house.keys, &token).await,
        Err(Error::InvalidToken)
    );
    assert_eq!(
        session::by_cookie(&house.next_request(&browser), &house.config).await,
        Ok(None)
    );
    assert_eq!(
        house.column("SELECT id FROM session").await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn b7_a_token_whose_session_is_somebody_elses_is_refused() {
    let house = House::open().await;
    let (ada, grace) = (house.sign_up("Ada").await, house.sign_up("Grace").await);
    let of_ada = house.signs_in(&house.browser(), &ada).await;
    let mut mixed = house.signs_in(&house.browser(), &grace).await;
    mixed.session = of_ada.session;

    let (token, _) = house.keys.issue(&mixed).expect("a token");

    assert_eq!(
        auth::by_bearer(&house.db, &house.keys, &token).await,
        Err(Error::InvalidToken)
    );
}

#[tokio::test]
async fn at_most_fifty_sessions_live_and_the_oldest_go() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let first = house.browser();
    house.signs_in(&first, &ada).await;
    for _ in 0..50 {
        house.signs_in(&house.browser(), &ada).await;
    }
    assert_eq!(house.column("SELECT id FROM session").await.len(), 50);
    assert_eq!(
        session::by_cookie(&house.next_request(&first), &house.config).await,
        Ok(None)
    );
}

#[tokio::test]
async fn a_persons_log_shows_what_happened_to_them_and_nobody_else() {
    let house = House::open().await;
    let (ada, _) = (house.sign_up("Ada").await, house.sign_up("Grace").await);
    let wrong = Password::claimed("wrong password").expect("a password");
    let email = "ada@example.org".parse().expect("an address");
    auth::sign_in(&house.db, &house.hasher, &Source::operator(), &email, wrong)
        .await
        .expect_err("refused");

    let log = audit::of_user(&house.db, ada.id, 10)
        .await
        .expect("the log");

    let seen: Vec<_> = log.iter().map(|line| (line.event, line.outcome)).collect();
    assert_eq!(
        seen,
        [
            (Event::SignIn, Outcome::Refused),
            (Event::SignUp, Outcome::Success)
        ]
    );
    assert_eq!(
        audit::of_user(&house.db, stranger(), 10).await,
        Ok(Vec::new())
    );
}

#[tokio::test]
async fn b32_b35_a_reset_value_is_good_once_and_the_newest_alone() {
    let house = House::open().await;
    let ada = house.sign_up("Ada").await;
    let older = verification::issue(&house.db, Purpose::PasswordReset, ada.id)
        .await
        .expect("a value");
    let newer = verification::issue(&house.db, Purpose::PasswordReset, ada.id)
        .await
        .expect("a value");

    let consume = |secret: String| {
        let db = house.db.clone();
        async move { verification::consume(db.write(), Purpose::PasswordReset, &secret).await }
    };
    assert_eq!(consume(older).await, Err(Error::InvalidResetToken));
    let all = futures::future::join_all((0..8).map(|_| consume(newer.clone()))).await;

    assert_eq!(all.iter().filter(|one| **one == Ok(ada.id)).count(), 1);
    assert!(
        house
            .column("SELECT value FROM verification")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn b20_the_sixth_failure_is_one_too_many_and_another_person_is_not_touched() {
    let house = House::open().await;
    let limits = Limits::new(&house.config);
    for _ in 0..5 {
        limits
            .count(&house.db, limit::SIGN_IN_FAILURES, "ada@example.org")
            .await
            .expect("let through");
    }
    let refusal = limits
        .check(&house.db, &[(limit::SIGN_IN_FAILURES, "ada@example.org")])
        .await
        .expect_err("too many");
    assert_eq!(refusal.error, Error::TooManyRequests);
    assert!(
        refusal
            .retry_after
            .is_some_and(|seconds| (1..=900).contains(&seconds))
    );
    assert_eq!(
        limits
            .check(&house.db, &[(limit::SIGN_IN_FAILURES, "grace@example.org")])
            .await,
        Ok(())
    );
    let keys = house.column("SELECT key FROM rate_limit").await;
    assert!(!keys.is_empty() && keys.iter().all(|key| !key.contains('@')));
}

#[tokio::test]
async fn b20_a_window_ago_weighs_no_more_than_the_limit_and_two_windows_ago_nothing() {
    let house = House::open().await;
    let (limits, rule) = (Limits::new(&house.config), limit::SIGN_IN_FAILURES);
    let count = || limits.count(&house.db, rule, "ada@example.org");
    let counted = [(rule, "ada@example.org")];
    count().await.expect("let through");
    let a_window_passes = "UPDATE rate_limit SET window_start = window_start - 900000,
        expires_at = expires_at - 900000, count = 1000000000";
    house.run(a_window_passes).await;
    // Whoever was told to wait until now is let in, and cannot go on as before.
    assert_eq!(limits.check(&house.db, &counted).await, Ok(()));
    assert_eq!(count().await, Ok(()));
    for _ in 1..rule.most {
        let _ = count().await;
    }
    let refused = count().await.map_err(|refusal| refusal.error);
    assert_eq!(refused, Err(Error::TooManyRequests));
    house
        .run("DELETE FROM rate_limit WHERE count < 1000000000")
        .await;
    house.run(a_window_passes).await;
    assert_eq!(limits.check(&house.db, &counted).await, Ok(()));
    assert_eq!(count().await, Ok(()));
}

fn visits(house: &House) -> (AppState, Visit) {
    let state = AppState::new(house.config.clone(), house.db.clone()).expect("a house");
    (
        state,
        Visit {
            cookie: house.browser(),
            pocket: Pocket::default(),
            source: Source::operator(),
        },
    )
}

#[tokio::test]
async fn a7_after_five_failures_the_right_password_waits_too_and_the_open_session_does_not() {
    let house = House::open().await;
    house.sign_up("Ada").await;
    let (state, inside) = visits(&house);
    let email = "ada@example.org".parse().expect("an address");
    let try_it = |visit: Visit, password: &str| {
        let (state, email, claimed) = (
            state.clone(),
            &email,
            Password::claimed(password).expect("a password"),
        );
        async move {
            entry::sign_in(&state, &visit, email, claimed, true)
                .await
                .map_err(|refusal| refusal.error)
        }
    };
    let outside = || Visit {
        cookie: house.browser(),
        pocket: Pocket::default(),
        source: Source::operator(),
    };
    let entered = try_it(inside.clone(), PASSWORD).await.expect("signed in");
    let Entered::In(mine) = entered else {
        panic!("a second factor that nobody set up");
    };

    for _ in 0..5 {
        assert_eq!(
            try_it(outside(), "wrong password").await.map(drop),
            Err(Error::InvalidCredentials)
        );
    }

    assert_eq!(
        try_it(outside(), PASSWORD).await.map(drop),
        Err(Error::TooManyRequests)
    );
    let again = Visit {
        cookie: house.next_request(&inside.cookie),
        pocket: Pocket::default(),
        source: Source::operator(),
    };
    assert_eq!(
        again
            .who(&state)
            .await
            .expect("an answer")
            .map(|who| who.session),
        Some(mine.session)
    );
}

#[tokio::test]
async fn where_sign_up_is_closed_nobody_signs_up() {
    for (rule, error) in [
        (SignUp::Closed, Error::SignUpClosed),
        (SignUp::Invite, Error::SignUpByInvitation),
    ] {
        let house = House::with(|config| config.sign_up = rule).await;
        house.db.migrate().await.expect("the migrations run");
        house.sign_up("Maya").await;
        let (state, visit) = visits(&house);
        let new = auth::NewAccount {
            name: "Ada".parse().expect("a name"),
            email: "ada@example.org".parse().expect("an address"),
            password: Some(Password::chosen(PASSWORD).expect("a password")),
            time_zone: None,
        };
        assert_eq!(
            entry::sign_up(&state, &visit, new, None, entry::Wanted::default())
                .await
                .map_err(|refusal| refusal.error),
            Err(error)
        );
        assert_eq!(house.column(r#"SELECT name FROM "user""#).await, ["Maya"]);
    }
}

#[tokio::test]
async fn signing_up_signing_out_and_signing_in_leave_their_lines_in_the_log() {
    let house = House::open().await;
    let (state, visit) = visits(&house);
    let new = auth::NewAccount {
        name: "Ada".parse().expect("a name"),
        email: "ada@example.org".parse().expect("an address"),
        password: Some(Password::chosen(PASSWORD).expect("a password")),
        time_zone: None,
    };
    let newcomer = entry::sign_up(&state, &visit, new, None, entry::Wanted::default())
        .await
        .expect("signed up");
    let entry::Newcomer::In(who) = newcomer else {
        panic!("nobody has to wait")
    };
    entry::token(&state, &visit, &who).await.expect("a token");
    let later = Visit {
        cookie: house.next_request(&visit.cookie),
        pocket: Pocket::default(),
        source: Source::operator(),
    };
    entry::sign_out(&state, &later).await.expect("signed out");
    entry::sign_out(
        &state,
        &Visit {
            cookie: house.browser(),
            pocket: Pocket::default(),
            source: Source::operator(),
        },
    )
    .await
    .expect("nothing to do");

    let log = audit::of_user(&house.db, who.user.id, 10)
        .await
        .expect("the log");
    let events: Vec<_> = log.iter().map(|line| line.event).collect();
    assert_eq!(events, [Event::SignOut, Event::TokenCreated, Event::SignUp]);
    let through = house
        .column("SELECT DISTINCT session_id FROM audit_event")
        .await;
    assert_eq!(
        through,
        [who.session.to_string()],
        "all of it by one session"
    );
}
