//! The pages of the settings, as they are sent.

use crate::support::{
    House,
    markup::{count, in_order, is_sound},
    page::{Person, asked, refused},
};
use latchkey::{
    domain::Error,
    ui::{Chapter, Page},
};

#[tokio::test]
async fn the_settings_show_a_token_that_works_as_it_is_pasted() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    let (html, status) = ada.opens(asked(Page::Settings(Chapter::Api), &[])).await;
    is_sound(&html);
    assert_eq!(status, 200);
    assert_eq!(count(&html, "autofocus"), 0);
    let token = html
        .split("id=\"token\">")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .expect("a token");
    let claims = house.keys.read(token).expect("a token that works");
    assert_eq!(claims.sub, ada.who.user.id);
    assert!(
        in_order(
            &html,
            &[
                "curl -H",
                "Authorization: Bearer ",
                token,
                "https://tasks.example.org/api/tasks"
            ]
        ),
        "{html}"
    );
}

#[tokio::test]
async fn every_chapter_of_the_settings_is_marked_where_it_stands() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    for chapter in Chapter::ALL {
        let (html, status) = ada.opens(asked(Page::Settings(chapter), &[])).await;
        is_sound(&html);
        assert_eq!(status, 200);
        let navigation = html
            .split("<nav aria-label=\"Settings\">")
            .nth(1)
            .and_then(|rest| rest.split("</nav>").next())
            .expect("the settings' own navigation");
        for other in Chapter::ALL {
            let link = format!("href=\"{}\"", other.path());
            assert_eq!(count(navigation, &link), 1, "{chapter:?}: {navigation}");
        }
        assert_eq!(count(navigation, "aria-current=\"page\""), 1);
        let current = navigation
            .split("<li>")
            .find(|link| link.contains("aria-current"))
            .expect("where we are");
        assert!(current.contains(chapter.label()), "{chapter:?}: {current}");
    }
}

#[tokio::test]
async fn the_settings_say_what_was_saved_and_what_happened() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    let saved = asked(Page::Settings(Chapter::Profile), &[("saved", "name")]);
    let (html, _) = ada.opens(saved).await;
    assert!(html.contains("Your name is saved."));
    assert_eq!(count(&html, "autofocus"), 0);
    let (html, _) = ada
        .opens(asked(Page::Settings(Chapter::Activity), &[]))
        .await;
    assert!(html.contains("Signed up"), "what happened to the account");
}

#[tokio::test]
async fn a_refused_setting_is_said_at_its_field() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    for (action, error, typed) in [
        (
            "/api/auth/update-user",
            Error::InvalidName,
            [("name", "  ")],
        ),
        (
            "/action/settings/look",
            Error::InvalidTimeZone,
            [("timeZone", "Mars/Olympus")],
        ),
    ] {
        let mut page = asked(Page::Settings(Chapter::Profile), &[]);
        page.refused = Some(refused(action, error, &typed));
        let (html, _) = ada.opens(page).await;
        is_sound(&html);
        assert!(html.contains(error.message()));
        assert_eq!(
            (
                count(&html, "autofocus"),
                count(&html, "aria-invalid=\"true\"")
            ),
            (1, 1),
            "{action}"
        );
    }
}
