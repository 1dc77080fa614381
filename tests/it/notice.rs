//! What the page of tasks says of the last thing that was done, and where it leads to.

use crate::support::{
    app::App,
    dashboard::{add, in_order, noticed, page},
};
use http::StatusCode;
use latchkey::domain::Error;

#[tokio::test]
async fn a_task_that_was_put_off_gets_its_day_back_by_undo() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    for (before, said) in [("2031-05-06", "2031-05-06"), ("", "none")] {
        let id = add(&maya, &[("title", "Prune the vine"), ("dueDate", before)]).await;
        let put_off = [("id", id.as_str()), ("dueDate", "2031-05-07")];
        let answer = maya
            .form("/action/tasks/change", &put_off)
            .await
            .is(StatusCode::SEE_OTHER);
        assert_eq!(
            answer.location(),
            format!("/dashboard?rescheduled={id}&before={said}#task-{id}")
        );
        let told = page(&maya, answer.location()).await;
        assert!(told.contains("Due 7 May 2031: Prune the vine"), "{told}");
        let undo = format!(r#"name="dueDate" value="{before}"><button class="button">Undo"#);
        assert!(told.contains(&undo), "{told}");

        let undone = maya
            .form_from(
                answer.location(),
                "/action/tasks/change",
                &[("id", &id), ("dueDate", before)],
            )
            .await;
        assert_eq!(
            undone.location(),
            format!("/dashboard?rescheduled={id}&before=2031-05-07#task-{id}")
        );
    }
    let mut days = app
        .house
        .column("SELECT COALESCE(due_date, 'none') FROM task")
        .await;
    days.sort();
    assert_eq!(days, ["2031-05-06", "none"]);

    // What an address says of the day before is a day, or nothing is undone.
    let id = app.house.column("SELECT id FROM task").await[0].clone();
    for made_up in ["", "&before=", "&before=soon", "&before=%22%3E%3Cb%3E"] {
        let told = page(&maya, &format!("/dashboard?rescheduled={id}{made_up}")).await;
        assert!(!told.contains("Undo") && !told.contains("soon"), "{told}");
    }
}

#[tokio::test]
async fn a_task_that_is_gone_is_told_on_the_list_with_what_was_written_for_it() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    add(&browser, &[("title", "Stays here")]).await;
    let gone = uuid::Uuid::now_v7().to_string();

    let answer = browser
        .form(
            "/action/tasks/change",
            &[
                ("id", &gone),
                ("title", "Letter"),
                ("description", "Dear Jo"),
            ],
        )
        .await;

    let page = answer.is(StatusCode::NOT_FOUND).text();
    assert!(page.contains(Error::TaskNotFound.message()), "{page}");
    in_order(&page, &["Letter\n\nDear Jo", "Stays here"]);
}

#[tokio::test]
async fn without_a_script_one_is_led_back_to_where_one_was() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let mut ids = Vec::new();
    for (title, day) in [
        ("One", "2031-05-01"),
        ("Two", "2031-05-02"),
        ("Three", "2031-05-03"),
    ] {
        ids.push(add(&maya, &[("title", title), ("dueDate", day)]).await);
    }
    let place = |id: &str| format!(r#"id="task-{id}""#);
    for (path, state, word) in [
        ("/action/tasks/complete", "true", "done"),
        ("/action/tasks/complete", "false", "reopened"),
        ("/action/tasks/delete", "", "deleted"),
        ("/action/tasks/restore", "", "restored"),
    ] {
        let two = ids[1].as_str();
        let answer = maya.form(path, &[("id", two), ("completed", state)]).await;
        assert_eq!(
            answer.is(StatusCode::SEE_OTHER).location(),
            format!("/dashboard?{word}={two}#task-{two}")
        );
        let list = page(&maya, &format!("/dashboard?{word}={two}")).await;
        // Whether it is there still or not: its place lies between its neighbours.
        let [one, two, three] = [0, 1, 2].map(|at| list.find(&place(&ids[at])).expect(word));
        assert!(one < two, "{word}: {list}");
        let is_there = list.contains(">Two</a>");
        assert_eq!(
            is_there,
            two < three,
            "{word}: the gap stands in the row that came up"
        );
        assert_eq!(list.matches(&place(&ids[1])).count(), 1);
    }
    // Of the last one that is gone, the one before it keeps the place.
    let three = ids[2].as_str();
    let gone = [("id", three), ("completed", "true")];
    maya.form("/action/tasks/complete", &gone)
        .await
        .is(StatusCode::SEE_OTHER);
    let list = page(&maya, &format!("/dashboard?done={three}")).await;
    assert_eq!(list.matches(&place(three)).count(), 1);
    // Whoever writes down one task after the other stays at the line for it, and the notice leads to where it went.
    let answer = maya
        .form("/action/tasks/create", &[("title", "Four")])
        .await;
    let four = noticed(&answer, "added");
    assert_eq!(answer.location(), format!("/dashboard?added={four}"));
    let leads = |list: &str| list.contains(&format!(r##"href="#task-{four}""##));
    assert!(leads(
        &page(&maya, &format!("/dashboard?added={four}")).await
    ));
    assert!(!leads(
        &page(&maya, &format!("/dashboard?filter=done&added={four}")).await
    ));
}
