//! Who looks after the house: the first person of all, and never nobody.

use crate::support::{House, PASSWORD, app::App};
use futures::future::join_all;
use http::StatusCode;
use latchkey::{
    domain::{Error, Role, User, UserId},
    service::{
        Source,
        config::SignUp,
        operator::{self, Hand},
        people,
    },
};
use serde_json::{Value, json};

fn somebody(at: usize) -> Value {
    json!({ "name": "Somebody", "email": format!("person{at}@example.org"), "password": PASSWORD })
}

async fn administrators(house: &House) -> Vec<String> {
    house
        .column("SELECT email FROM \"user\" WHERE role = 'admin' AND disabled_at IS NULL ORDER BY email")
        .await
}

#[tokio::test]
async fn of_fifty_first_people_at_once_one_looks_after_the_house() {
    let app = App::with(|config| config.rate_limit = false).await;
    let browsers: Vec<_> = (0..50).map(|_| app.browser()).collect();

    let answers = join_all(
        browsers
            .iter()
            .enumerate()
            .map(async |(at, browser)| browser.calls("/api/auth/sign-up", &somebody(at)).await),
    )
    .await;

    for answer in answers {
        answer.is(StatusCode::OK);
    }
    assert_eq!(administrators(&app.house).await.len(), 1);
    let mut doors = 0;
    for browser in &browsers {
        doors += usize::from(browser.get("/admin").await.status == StatusCode::OK);
    }
    assert_eq!(doors, 1, "its door is open to that one alone");
}

#[tokio::test]
async fn where_it_takes_an_invitation_one_first_person_comes_in_without() {
    let app = App::with(|config| {
        config.sign_up = SignUp::Invite;
        config.rate_limit = false;
    })
    .await;
    let page = app.browser().get("/signup").await.is(StatusCode::OK).text();
    assert!(
        page.contains("the first account looks after this house"),
        "{page}"
    );
    let browsers: Vec<_> = (0..20).map(|_| app.browser()).collect();

    let answers = join_all(
        browsers
            .iter()
            .enumerate()
            .map(async |(at, browser)| browser.calls("/api/auth/sign-up", &somebody(at)).await),
    )
    .await;

    let mut came = 0;
    for answer in answers {
        if answer.status == StatusCode::OK {
            came += 1;
        } else {
            answer.says(Error::SignUpByInvitation);
        }
    }
    assert_eq!((came, administrators(&app.house).await.len()), (1, 1));
    let page = app.browser().get("/signup").await.text();
    assert!(page.contains(Error::SignUpByInvitation.message()), "{page}");
    assert!(!page.contains("name=\"password\""), "{page}");
}

#[tokio::test]
async fn where_nobody_may_sign_up_the_first_person_may_not_either() {
    let app = App::with(|config| config.sign_up = SignUp::Closed).await;
    app.browser()
        .calls("/api/auth/sign-up", &somebody(1))
        .await
        .says(Error::SignUpClosed);
    let made = app.house.runs(&[
        "user",
        "create",
        "--email",
        "ada@example.org",
        "--name",
        "Ada",
    ]);
    assert!(made.out.contains("an administrator's"), "{made:?}");
    assert_eq!(administrators(&app.house).await, ["ada@example.org"]);
}

#[tokio::test]
async fn the_second_person_is_a_member_whoever_makes_the_account() {
    let house = House::open().await;
    house.sign_up("Ada").await;
    house.sign_up("Bob").await;
    let made = house.runs(&[
        "user",
        "create",
        "--email",
        "eve@example.org",
        "--name",
        "Eve",
    ]);
    assert!(!made.out.contains("administrator"), "{made:?}");
    assert_eq!(administrators(&house).await, ["ada@example.org"]);
}

/// What would leave nobody: made a member, disabled, deleted.
async fn leaves(house: &House, user: &User) -> [Result<(), Error>; 3] {
    let source = Source::operator();
    let hand = Hand::operator(&source);
    [
        operator::give_role(&house.db, hand, user.id, Role::Member)
            .await
            .map(drop),
        operator::disable(&house.db, hand, user.id).await,
        operator::delete(&house.db, hand, user.id).await,
    ]
}

// With a second thread: a refusal is rolled back in the background, while the command line is waited for here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_administrator_stays_one_while_there_are_people() {
    let house = House::open().await;
    let (ada, bob) = (house.sign_up("Ada").await, house.sign_up("Bob").await);
    assert_eq!(
        leaves(&house, &ada).await,
        [Err(Error::LastAdministrator); 3]
    );
    for words in [
        &["user", "demote", "ada@example.org"][..],
        &["user", "disable", "ada@example.org"],
        &["user", "delete", "ada@example.org", "--yes"],
    ] {
        let done = house.runs(words);
        assert_eq!(done.status, Some(1), "{done:?}");
        assert!(
            done.err.contains(Error::LastAdministrator.message()),
            "{done:?}"
        );
    }
    assert_eq!(administrators(&house).await, ["ada@example.org"]);

    // One who is shut out looks after nobody.
    house.runs(&["user", "promote", "bob@example.org"]);
    house.runs(&["user", "disable", "bob@example.org"]);
    assert_eq!(
        leaves(&house, &ada).await,
        [Err(Error::LastAdministrator); 3]
    );
    house.runs(&["user", "enable", "bob@example.org"]);
    assert_eq!(leaves(&house, &ada).await, [Ok(()); 3]);
    assert_eq!(administrators(&house).await, ["bob@example.org"]);
    assert_eq!(people::all(&house.db).await.expect("people").len(), 1);

    // The only person of all may go, and the next first one looks after the house.
    let alone = leaves(&house, &bob).await;
    let last = Err(Error::LastAdministrator);
    assert_eq!(alone, [last, last, Ok(())]);
    house.sign_up("Eve").await;
    assert_eq!(administrators(&house).await, ["eve@example.org"]);
}

#[tokio::test]
async fn of_two_administrators_who_put_each_other_out_one_stays() {
    for round in 0..5 {
        let house = House::open().await;
        let (ada, bob) = (house.sign_up("Ada").await, house.sign_up("Bob").await);
        house.runs(&["user", "promote", "bob@example.org"]);
        let source = Source::operator();
        let hand = Hand::operator(&source);
        let demote = async |user: UserId| {
            operator::give_role(&house.db, hand, user, Role::Member)
                .await
                .map(drop)
        };

        let (one, other) = if round % 2 == 0 {
            futures::join!(demote(ada.id), demote(bob.id))
        } else {
            futures::join!(operator::disable(&house.db, hand, ada.id), demote(bob.id))
        };

        assert_eq!(one.is_ok(), other.is_err(), "{one:?} {other:?}");
        assert_eq!(administrators(&house).await.len(), 1);
    }
}

#[tokio::test]
async fn a_role_is_given_and_taken_at_the_command_line_and_stands_in_the_list() {
    let house = House::open().await;
    house.sign_up("Ada").await;
    house.sign_up("Bob").await;
    let done = house.runs(&["user", "promote", "BOB@example.org"]);
    assert_eq!(done.out, "bob@example.org is now an administrator.\n");
    let again = house.runs(&["user", "promote", "bob@example.org"]);
    assert_eq!(again.out, "bob@example.org was already an administrator.\n");
    let table = house.runs(&["user", "list"]).out;
    assert_eq!(table.matches(" admin ").count(), 2, "{table}");
    let done = house.runs(&["user", "demote", "ada@example.org"]);
    assert_eq!(done.out, "ada@example.org is now a member.\n");
    assert_eq!(administrators(&house).await, ["bob@example.org"]);
    let log = "SELECT reason FROM audit_event WHERE event = 'role_changed' ORDER BY id";
    assert_eq!(house.column(log).await, ["admin", "member"]);
}
