//! Who gets an account with the identity provider where one takes an invitation.

use crate::support::{
    PASSWORD,
    app::{App, Browser},
    provider::{Idp, LEAVE, comes_in},
};
use futures::future::join_all;
use http::StatusCode;
use latchkey::domain::SignUp;
use serde_json::{Value, json};

const CREATE: &str = "/action/admin/invitations/create";
const PEOPLE: &str = "SELECT email || ' ' || role FROM \"user\" ORDER BY created_at, id";
const USED: &str = "SELECT u.email FROM invitation i JOIN \"user\" u ON u.id = i.used_by";

/// A house that takes invitations, with an administrator.
async fn house(idp: &Idp, sign_up: SignUp) -> App {
    idp.house_with(|config| {
        config.sign_up = sign_up;
        config.rate_limit = false;
    })
    .await
}

/// Makes an invitation, and gives what its link holds.
async fn invites(ada: &Browser<'_>, body: Value) -> String {
    let made = ada.calls(CREATE, &body).await.is(StatusCode::OK).json();
    let link = made["link"].as_str().expect("a link");
    link.split_once("invitation=")
        .expect("a token")
        .1
        .to_owned()
}

/// Presses the provider's button on the page of an invitation, with the fields that stand there; says where it leads.
async fn leaves(browser: &Browser<'_>, token: &str) -> String {
    let page = format!("/signup?invitation={token}&next=%2Fsettings");
    let text = browser.get(&page).await.is(StatusCode::OK).text();
    let form = text.split(LEAVE).nth(1).expect("the provider's form");
    let form = form.split("</form>").next().expect("its end");
    assert!(form.contains(token) && form.contains("/settings"), "{form}");
    let fields = [
        ("providerId", "oidc"),
        ("invitation", token),
        ("next", "/settings"),
    ];
    let answer = browser.form_from(&page, LEAVE, &fields).await;
    answer.is(StatusCode::SEE_OTHER).location().to_owned()
}

/// Comes in that way; says where it ends.
async fn comes_with(browser: &Browser<'_>, idp: &Idp, token: &str) -> String {
    let way_back = idp.lets_through(&leaves(browser, token).await);
    let answer = browser.returns(&way_back).await;
    answer.is(StatusCode::SEE_OTHER).location().to_owned()
}

#[tokio::test]
async fn the_first_person_of_all_may_come_with_the_provider_and_looks_after_the_house() {
    let idp = Idp::open().await;
    let app = house(&idp, SignUp::Invite).await;
    let page = app.browser().get("/signup").await.is(StatusCode::OK).text();
    assert!(page.contains("Continue with Example ID"), "{page}");
    idp.vouches_for("1", "ada@example.org", true);
    let ada = app.browser();
    assert_eq!(comes_in(&ada, &idp).await, "/dashboard");
    ada.get("/admin").await.is(StatusCode::OK);

    idp.vouches_for("2", "bob@example.org", true);
    let bob = app.browser();
    let there = comes_in(&bob, &idp).await;
    assert_eq!(there, "/signin?provider=uninvited");
    let page = bob.get(&there).await.text();
    assert!(
        page.contains("it takes an invitation to make one"),
        "{page}"
    );
    assert_eq!(app.house.column(PEOPLE).await, ["ada@example.org admin"]);
}

#[tokio::test]
async fn an_invitation_comes_along_to_the_provider_and_back_and_is_used_up() {
    let idp = Idp::open().await;
    let app = house(&idp, SignUp::Invite).await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({})).await;
    let (bob, eve) = (app.browser(), app.browser());
    let address = leaves(&bob, &token).await;
    assert!(!address.contains(&token), "{address}");
    let kept = "SELECT COALESCE(subject, '') || next FROM provider_errand";
    let kept = app.house.column(kept).await.concat();
    assert!(!kept.contains(&token), "{kept}");
    let too_late = leaves(&eve, &token).await;

    idp.vouches_for("2", "bob@example.org", true);
    let answer = bob.returns(&idp.lets_through(&address)).await;
    assert_eq!(answer.is(StatusCode::SEE_OTHER).location(), "/settings");
    assert_eq!(
        app.house.column(PEOPLE).await,
        ["ada@example.org admin", "bob@example.org member"]
    );
    assert_eq!(app.house.column(USED).await, ["bob@example.org"]);
    let log = "SELECT outcome FROM audit_event WHERE event = 'invitation_used'";
    assert_eq!(app.house.column(log).await, ["success"]);

    idp.vouches_for("3", "eve@example.org", true);
    let answer = eve.returns(&idp.lets_through(&too_late)).await;
    let there = answer.is(StatusCode::SEE_OTHER).location().to_owned();
    assert_eq!(there, "/signin?provider=spent&next=%2Fsettings");
    let page = eve.get(&there).await.text();
    assert!(
        page.contains("The invitation is used or too old."),
        "{page}"
    );
    assert_eq!(app.house.column(PEOPLE).await.len(), 2);
}

#[tokio::test]
async fn an_invitation_lets_one_in_of_many_who_come_back_at_once() {
    let idp = Idp::open().await;
    let app = house(&idp, SignUp::Invite).await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({})).await;
    let mut comers = Vec::new();
    for name in ["bob", "cleo", "dora"] {
        let browser = app.browser();
        let address = leaves(&browser, &token).await;
        idp.vouches_for(name, &format!("{name}@example.org"), true);
        comers.push((browser, idp.lets_through(&address)));
    }
    let came = comers.iter().map(|(browser, way)| browser.returns(way));
    let mut ends: Vec<_> = join_all(came)
        .await
        .into_iter()
        .map(|answer| answer.is(StatusCode::SEE_OTHER).location().to_owned())
        .collect();
    ends.sort();
    let refused = "/signin?provider=spent&next=%2Fsettings";
    assert_eq!(ends, ["/settings", refused, refused]);
    assert_eq!(app.house.column(PEOPLE).await.len(), 2);
    assert_eq!(app.house.column(USED).await.len(), 1);
}

#[tokio::test]
async fn an_invitation_for_one_address_is_for_nobody_whom_the_provider_knows_by_another() {
    let idp = Idp::open().await;
    let app = house(&idp, SignUp::Invite).await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({ "email": "bob@example.org" })).await;
    idp.vouches_for("2", "eve@example.org", true);
    let eve = app.browser();
    let there = comes_with(&eve, &idp, &token).await;
    assert_eq!(there, "/signin?provider=other-address&next=%2Fsettings");
    let page = eve.get(&there).await.text();
    assert!(page.contains("for another address than the provider says"));
    assert_eq!(app.house.column(PEOPLE).await.len(), 1);

    idp.vouches_for("3", "BOB@example.org", true);
    let bob = app.browser();
    assert_eq!(comes_with(&bob, &idp, &token).await, "/settings");
    assert_eq!(app.house.column(PEOPLE).await.len(), 2);
}

#[tokio::test]
async fn whoever_has_an_account_comes_in_and_leaves_the_invitation_as_it_is() {
    let idp = Idp::open().await;
    let app = house(&idp, SignUp::Invite).await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({})).await;
    idp.vouches_for("2", "bob@example.org", true);
    assert_eq!(comes_with(&app.browser(), &idp, &token).await, "/settings");
    let other = invites(&ada, json!({})).await;
    assert_eq!(comes_with(&app.browser(), &idp, &other).await, "/settings");
    let open = "SELECT id FROM invitation WHERE used_at IS NULL";
    assert_eq!(app.house.column(open).await.len(), 1);
}

#[tokio::test]
async fn closed_stays_closed_whatever_somebody_brings() {
    let idp = Idp::open().await;
    let app = house(&idp, SignUp::Invite).await;
    let ada = app.person("Ada").await;
    let token = invites(&ada, json!({})).await;
    let mut house = app.house;
    house.config.sign_up = SignUp::Closed;
    let app = App::of(house);
    idp.vouches_for("2", "bob@example.org", true);
    let bob = app.browser();
    let fields = [("providerId", "oidc"), ("invitation", token.as_str())];
    let answer = bob.form_from("/signin", LEAVE, &fields).await;
    let way_back = idp.lets_through(answer.is(StatusCode::SEE_OTHER).location());
    let there = bob.returns(&way_back).await.location().to_owned();
    assert_eq!(there, "/signin?provider=closed");
    assert_eq!(app.house.column(PEOPLE).await, ["ada@example.org admin"]);
    // The password's way says the same.
    let body = json!({ "name": "Bob", "email": "bob@example.org", "password": PASSWORD, "invitation": token });
    let answer = bob.calls("/api/auth/sign-up", &body).await;
    answer.says(latchkey::domain::Error::SignUpClosed);
}
