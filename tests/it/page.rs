//! The pages: what is said where, and that every one of them works as it was sent.

use crate::support::{
    House,
    markup::{count, in_order, is_sound, values},
    page::{Person, asked, days_from_now, refused, stranger_opens},
    titled,
};
use latchkey::{
    domain::{Error, NewTask, Refusal, SignUp, Task},
    service::tasks,
    ui::{Asked, Chapter, Office, Page},
};

async fn has(person: &Person<'_>, title: &str, days: Option<i64>) -> Task {
    let new = NewTask {
        due_date: days.map(days_from_now),
        ..titled(title)
    };
    tasks::create(&person.house.db, person.who.user.id, new)
        .await
        .expect("a task")
}

fn dashboard(query: &[(&str, &str)]) -> Asked {
    asked(Page::Dashboard, query)
}

#[tokio::test]
async fn a41_the_page_holds_ones_own_tasks_by_the_day_they_are_due() {
    let house = House::open().await;
    let (ada, eve) = (
        Person::named(&house, "Ada").await,
        Person::named(&house, "Eve").await,
    );
    has(&ada, "Undated", None).await;
    has(&ada, "Coming", Some(3)).await;
    has(&ada, "For today", Some(0)).await;
    let late = has(&ada, "Too late", Some(-2)).await;
    has(&eve, "Not for Ada", None).await;

    let (html, status) = ada.opens(dashboard(&[])).await;
    is_sound(&html);
    assert_eq!(status, 200);
    assert!(
        in_order(
            &html,
            &[
                ">Overdue<",
                "Too late",
                "2 days late",
                ">Today<",
                "For today",
                ">Upcoming<",
                "Coming",
                ">Without a date<",
                "Undated"
            ]
        ),
        "{html}"
    );
    assert!(!html.contains("Not for Ada"));
    assert!(
        html.contains(&format!("id=\"task-{0}\" data-task=\"{0}\"", late.id)),
        "{html}"
    );
    assert_eq!(
        count(&html, "autofocus"),
        0,
        "who opens the page came to read"
    );
}

#[tokio::test]
async fn a_title_is_words_and_never_markup() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    let task = has(&ada, "<script>alert(1)</script>\"><b>", None).await;
    let id = task.id.to_string();
    for query in [
        vec![],
        vec![("edit", id.as_str())],
        vec![("added", id.as_str())],
        vec![("q", "\"><b>")],
    ] {
        let (html, _) = ada.opens(dashboard(&query)).await;
        is_sound(&html);
        assert!(
            !html.contains("<script>alert") && !html.contains("\"><b>"),
            "{html}"
        );
    }
}

#[tokio::test]
async fn checking_off_sends_the_wanted_state() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    let task = has(&ada, "Water the plants", None).await;
    let wanted = |state: &str| format!("name=\"completed\" value=\"{state}\"");
    let (html, _) = ada.opens(dashboard(&[])).await;
    assert!(html.contains(&wanted("true")) && !html.contains(&wanted("false")));

    let change = latchkey::domain::TaskChange {
        completed: Some(true),
        ..Default::default()
    };
    tasks::change(&house.db, ada.who.user.id, task.id, &change, None)
        .await
        .expect("changed");
    let (html, _) = ada.opens(dashboard(&[("filter", "done")])).await;
    assert!(html.contains(&wanted("false")) && !html.contains(&wanted("true")));
}

#[tokio::test]
async fn a_row_is_edited_in_its_place_and_holds_what_was_typed_when_it_is_refused() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    let task = has(&ada, "Draft the outline", Some(1)).await;
    let id = task.id.to_string();
    let (html, _) = ada
        .opens(dashboard(&[("edit", &id), ("sort", "title")]))
        .await;
    is_sound(&html);
    assert_eq!(count(&html, "autofocus"), 1);
    assert!(html.contains("value=\"Draft the outline\""));
    assert!(
        html.contains("<a href=\"/dashboard?sort=title\" class=\"button button--quiet\">Cancel"),
        "{html}"
    );

    let mut again = dashboard(&[]);
    let typed = [
        ("id", id.as_str()),
        ("title", "Kept"),
        ("description", "too long"),
        ("dueDate", "2026-02-31"),
    ];
    again.refused = Some(refused(
        "/action/tasks/change",
        Error::InvalidDueDate,
        &typed,
    ));
    let (html, _) = ada.opens(again).await;
    is_sound(&html);
    assert!(html.contains("value=\"Kept\""), "{html}");
    assert!(html.contains(Error::InvalidDueDate.message()));
    assert_eq!(
        (
            count(&html, "autofocus"),
            count(&html, "aria-invalid=\"true\"")
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn of_two_open_forms_the_refused_one_has_the_cursor() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    let id = has(&ada, "Draft the outline", None).await.id.to_string();
    let mut page = dashboard(&[("edit", &id)]);
    page.refused = Some(refused(
        "/action/tasks/create",
        Error::InvalidTitle,
        &[("title", " ")],
    ));
    let (html, _) = ada.opens(page).await;
    is_sound(&html);
    assert_eq!(count(&html, "autofocus"), 1);
    let input = html
        .split("id=\"new\"")
        .nth(1)
        .and_then(|rest| rest.split('>').next());
    assert!(
        input.is_some_and(|input| input.contains("autofocus")),
        "{html}"
    );
}

#[tokio::test]
async fn a_refusal_that_no_field_can_say_is_said_above_the_list() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    for (action, error) in [
        ("/action/tasks/create", Error::TooManyTasks),
        ("/action/tasks/change", Error::TaskNotFound),
        ("/action/tasks/complete", Error::TaskNotFound),
        ("/action/tasks/delete", Error::Unavailable),
    ] {
        let mut page = dashboard(&[]);
        page.refused = Some(refused(action, error, &[]));
        let (html, _) = ada.opens(page).await;
        is_sound(&html);
        assert!(
            in_order(&html, &["role=\"alert\"", error.message()]),
            "{action}"
        );
    }
}

#[tokio::test]
async fn what_was_done_is_said_while_it_holds_with_the_way_back() {
    let house = House::open().await;
    let (ada, eve) = (
        Person::named(&house, "Ada").await,
        Person::named(&house, "Eve").await,
    );
    let id = has(&ada, "Water the plants", None).await.id;
    let text = id.to_string();
    let (html, _) = ada.opens(dashboard(&[("added", &text)])).await;
    is_sound(&html);
    assert!(in_order(
        &html,
        &["Added: Water the plants", "/action/tasks/delete", "Undo"]
    ));
    assert!(
        !ada.opens(dashboard(&[("done", &text)]))
            .await
            .0
            .contains("class=\"toast\"")
    );

    tasks::delete(&house.db, ada.who.user.id, id, None)
        .await
        .expect("deleted");
    let deleted = dashboard(&[("deleted", &text)]);
    let (html, _) = ada.opens(deleted.clone()).await;
    assert!(in_order(
        &html,
        &["Deleted: Water the plants", "/action/tasks/restore", "Undo"]
    ));
    assert!(
        !eve.opens(deleted).await.0.contains("Water the plants"),
        "b24: not to a stranger"
    );
}

#[tokio::test]
async fn an_empty_list_says_why_and_offers_the_next_step() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    for (query, words) in [
        (vec![], "A clean page"),
        (vec![("q", "lease")], "Nothing found"),
    ] {
        let (html, _) = ada.opens(dashboard(&query)).await;
        is_sound(&html);
        assert!(html.contains(words), "{html}");
    }
    has(&ada, "Water the plants", None).await;
    let (html, _) = ada.opens(dashboard(&[("filter", "done")])).await;
    assert!(html.contains("Nothing done yet"));
}

#[tokio::test]
async fn a_list_that_cannot_be_read_says_so_in_its_place_and_in_the_status() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    house.run("DROP TABLE task").await;
    let (html, status) = ada.opens(dashboard(&[])).await;
    is_sound(&html);
    assert!(status >= 500, "{status}");
    assert!(in_order(&html, &["role=\"alert\"", "Try again"]));
    assert!(!html.contains("no such table") && !html.contains("does not exist"));
}

#[tokio::test]
async fn a_long_list_has_a_way_on_and_a_way_back() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    for number in 0..51 {
        has(&ada, &format!("Task {number}"), None).await;
    }
    let (html, _) = ada.opens(dashboard(&[("sort", "createdAt")])).await;
    is_sound(&html);
    assert!(!html.contains("Task 50<"));
    let cursor = values(&html, "sort=createdAt&amp;after=")
        .next()
        .expect("a way on")
        .to_owned();
    let (html, _) = ada
        .opens(dashboard(&[("sort", "createdAt"), ("after", &cursor)]))
        .await;
    is_sound(&html);
    assert!(
        in_order(&html, &["Task 50<", "From the beginning"]) && !html.contains("More tasks"),
        "{html}"
    );
}

#[tokio::test]
async fn pages_for_strangers_stand_on_the_first_fault_and_keep_what_was_typed() {
    let house = House::open().await;
    let too_short = || Refusal::about("password", Error::PasswordTooShort);
    for (page, action, refusal) in [
        (Page::SignUp, "/api/auth/sign-up", too_short()),
        (Page::SignUp, "/signup", Error::InvalidEmail.into()),
        (Page::SignIn, "/signin", Error::InvalidCredentials.into()),
        (
            Page::SignIn,
            "/api/auth/sign-in",
            Error::InvalidEmail.into(),
        ),
        (
            Page::ResetPassword,
            "/reset-password",
            Refusal::about("newPassword", Error::PasswordTooShort),
        ),
    ] {
        let fresh = asked(page, &[("token", "abc")]);
        let (html, _) = stranger_opens(&house, fresh.clone()).await;
        is_sound(&html);
        assert_eq!(
            (count(&html, "autofocus"), count(&html, "aria-invalid")),
            (1, 0),
            "{page:?}"
        );

        let typed = [("email", "maya@example"), ("name", "Maya")];
        let again = Asked {
            refused: Some(refused(action, refusal.clone(), &typed)),
            ..fresh
        };
        let (html, _) = stranger_opens(&house, again).await;
        is_sound(&html);
        assert_eq!(
            (
                count(&html, "autofocus"),
                count(&html, "aria-invalid=\"true\"")
            ),
            (1, 1),
            "{page:?} {action}"
        );
        assert!(html.contains(refusal.error.message()), "{page:?}");
        assert_eq!(html.contains("maya@example"), page != Page::ResetPassword);
    }
}

#[tokio::test]
async fn a_closed_sign_up_has_no_form_and_says_what_to_do() {
    let house = House::open().await;
    let page = Asked {
        sign_up: SignUp::Closed,
        ..asked(Page::SignUp, &[])
    };
    let (html, _) = stranger_opens(&house, page).await;
    is_sound(&html);
    assert!(!html.contains("<form") && html.contains("Ask whoever runs this server"));
}

/// The page after this one: a page that is added has to find its place here, or nothing compiles.
fn after(page: Page) -> Option<Page> {
    Some(match page {
        Page::Landing => Page::SignUp,
        Page::SignUp => Page::SignIn,
        Page::SignIn => Page::ResetPassword,
        Page::ResetPassword => Page::ForgotPassword,
        Page::ForgotPassword => Page::VerifyEmail,
        Page::VerifyEmail => Page::TwoFactor,
        Page::TwoFactor => Page::Link,
        Page::Link => Page::Confirm,
        Page::Confirm => Page::Dashboard,
        Page::Dashboard => Page::SecondFactor,
        Page::SecondFactor => Page::Person,
        Page::Person => Page::Settings(Chapter::Profile),
        Page::Settings(_) => Page::Admin(Office::People),
        Page::Admin(_) => Page::Failed(Error::Internal),
        Page::Failed(_) => return None,
    })
}

#[tokio::test]
async fn every_page_is_sound() {
    let house = House::open().await;
    let ada = Person::named(&house, "Ada").await;
    let of_a_kind = |page| match page {
        Page::Settings(_) => Chapter::ALL.map(Page::Settings).to_vec(),
        Page::Admin(_) => Office::ALL.map(Page::Admin).to_vec(),
        Page::Failed(_) => Error::ALL.iter().copied().map(Page::Failed).collect(),
        page => vec![page],
    };
    let id = ada.who.user.id.to_string();
    for page in std::iter::successors(Some(Page::Landing), |page| after(*page)).flat_map(of_a_kind)
    {
        let asked = asked(page, &[("token", "abc"), (Page::PERSON, id.as_str())]);
        let (html, status) = ada.opens(asked.clone()).await;
        is_sound(&html);
        match page {
            Page::Failed(error) => assert_eq!(status, error.status().as_u16()),
            page => assert_eq!(status, 200, "{page:?}"),
        }
        if !page.is_for_members() {
            let (html, _) = stranger_opens(&house, asked).await;
            is_sound(&html);
        }
    }
}
