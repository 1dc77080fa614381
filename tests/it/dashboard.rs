//! The page of tasks, worked on with plain forms alone.

use crate::support::{
    PASSWORD,
    app::{App, request},
    dashboard::{add, in_order, noticed, page},
};
use axum::body::Body;
use http::{Method, StatusCode};
use latchkey::domain::Error;

#[tokio::test]
async fn f41_the_dashboard_lists_ones_own_tasks_and_nobody_elses() {
    let app = App::open().await;
    let (maya, grace) = (app.person("Maya").await, app.person("Grace").await);
    add(&maya, &[("title", "Water the plants")]).await;
    add(&grace, &[("title", "Send the lease")]).await;

    let mine = page(&maya, "/dashboard?filter=all").await;
    let hers = page(&grace, "/dashboard?filter=all").await;

    assert!(mine.contains("Water the plants") && !mine.contains("Send the lease"));
    assert!(hers.contains("Send the lease") && !hers.contains("Water the plants"));
}

#[tokio::test]
async fn a_walk_with_plain_forms_adds_changes_ticks_deletes_and_brings_back() {
    let app = App::open().await;
    let maya = app.person("Maya").await;

    let id = add(
        &maya,
        &[
            ("title", " Water the plants "),
            ("priority", "high"),
            ("dueDate", "2031-05-06"),
        ],
    )
    .await;
    let list = page(&maya, &format!("/dashboard?added={id}")).await;
    assert!(list.contains("Water the plants") && list.contains("Undo"));

    let form = [
        ("id", id.as_str()),
        ("title", "Water the garden"),
        ("description", "Twice\r\nin summer"),
        ("priority", "low"),
        ("dueDate", ""),
    ];
    let here = format!("/dashboard?filter=all&edit={id}");
    let saved = maya
        .form_from(&here, "/action/tasks/change", &form)
        .await
        .is(StatusCode::SEE_OTHER);
    assert_eq!(
        saved.location(),
        format!("/dashboard?filter=all&changed={id}#task-{id}"),
        "back to where the form stood, and no longer editing"
    );
    let edit = page(&maya, &here).await;
    assert!(edit.contains("Water the garden") && edit.contains("Twice\nin summer"));
    assert!(!edit.contains("2031-05-06"), "an empty date takes it away");

    let tick = |completed| [("id", id.as_str()), ("completed", completed)];
    let done = maya.form("/action/tasks/complete", &tick("true")).await;
    assert_eq!(noticed(&done, "done"), id);
    assert!(!page(&maya, "/dashboard").await.contains("Water the garden"));
    assert!(
        page(&maya, "/dashboard?filter=done")
            .await
            .contains("Water the garden")
    );
    let told = page(&maya, &format!("/dashboard?done={id}")).await;
    assert!(told.contains("Water the garden") && told.contains("Undo"));
    let again = maya.form("/action/tasks/complete", &tick("true")).await;
    assert_eq!(noticed(&again, "done"), id, "sent twice it is still right");
    let open = maya.form("/action/tasks/complete", &tick("false")).await;
    assert_eq!(noticed(&open, "reopened"), id);
    assert!(page(&maya, "/dashboard").await.contains("Water the garden"));

    let only = [("id", id.as_str())];
    let gone = maya.form("/action/tasks/delete", &only).await;
    assert_eq!(noticed(&gone, "deleted"), id);
    assert!(
        !page(&maya, "/dashboard?filter=all")
            .await
            .contains("Water the garden")
    );
    let told = page(&maya, &format!("/dashboard?deleted={id}")).await;
    assert!(told.contains("Water the garden") && told.contains("/action/tasks/restore"));
    let back = maya.form("/action/tasks/restore", &only).await;
    assert_eq!(noticed(&back, "restored"), id);

    maya.form("/api/auth/sign-out", &[])
        .await
        .is(StatusCode::SEE_OTHER);
    let again = [("email", "maya@example.org"), ("password", PASSWORD)];
    let inside = maya.form("/signin", &again).await;
    assert_eq!(inside.is(StatusCode::SEE_OTHER).location(), "/dashboard");
    let edit = page(&maya, &format!("/dashboard?edit={id}")).await;
    assert!(edit.contains("Water the garden") && edit.contains("Twice\nin summer"));
}

#[tokio::test]
async fn filters_searches_and_orders_are_addresses() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let pear = [
        ("title", "Pear"),
        ("dueDate", "2031-01-02"),
        ("priority", "low"),
    ];
    let fig = [
        ("title", "Fig"),
        ("dueDate", "2031-01-01"),
        ("priority", "none"),
    ];
    let apple = [("title", "Apple 100%"), ("priority", "high")];
    for fields in [&pear[..], &fig, &apple] {
        add(&maya, fields).await;
    }
    let plum = add(&maya, &[("title", "Plum")]).await;
    maya.form(
        "/action/tasks/complete",
        &[("id", &plum), ("completed", "true")],
    )
    .await
    .is(StatusCode::SEE_OTHER);

    let open = page(&maya, "/dashboard").await;
    in_order(&open, &["Fig", "Pear", "Apple 100%"]);
    assert!(!open.contains("Plum"));
    let done = page(&maya, "/dashboard?filter=done").await;
    assert!(done.contains("Plum") && !done.contains("Pear"));
    in_order(
        &page(&maya, "/dashboard?filter=all&sort=title").await,
        &["Apple 100%", "Fig", "Pear", "Plum"],
    );
    in_order(
        &page(&maya, "/dashboard?sort=-priority").await,
        &["Apple 100%", "Pear", "Fig"],
    );
    in_order(
        &page(&maya, "/dashboard?sort=-createdAt").await,
        &["Apple 100%", "Fig", "Pear"],
    );
    let found = page(&maya, "/dashboard?q=PEAR").await;
    assert!(found.contains("Pear") && !found.contains("Fig"));
    let found = page(&maya, "/dashboard?q=0%25").await;
    assert!(found.contains("Apple 100%") && !found.contains("Pear"));
    let all = page(&maya, "/dashboard?filter=no&sort=user_id&after=%00&q=").await;
    in_order(&all, &["Fig", "Pear", "Apple 100%"]);
}

#[tokio::test]
async fn a_new_account_has_nothing_to_search_and_one_task_is_counted_as_one() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let (search, one_task) = (r#"role="search""#, r#"visually-hidden"> task<"#);
    let empty = page(&maya, "/dashboard").await;
    assert!(!empty.contains(search) && !empty.contains(one_task));

    add(&maya, &[("title", "Water the plants")]).await;
    let one = page(&maya, "/dashboard").await;
    assert!(one.contains(search) && one.contains(one_task), "{one}");

    add(&maya, &[("title", "Book the dentist")]).await;
    assert!(!page(&maya, "/dashboard").await.contains(one_task));
}

#[tokio::test]
async fn what_is_done_is_shown_with_the_last_first_unless_another_order_is_wanted() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    for (at, title) in [(2_000, "Cheese"), (3_000, "Apples"), (1_000, "Bread")] {
        let id = add(&maya, &[("title", title), ("dueDate", "2031-01-01")]).await;
        let done = [("id", id.as_str()), ("completed", "true")];
        maya.form("/action/tasks/complete", &done)
            .await
            .is(StatusCode::SEE_OTHER);
        let at = format!("UPDATE task SET completed_at = {at} WHERE id = '{id}'");
        app.house.run(&at).await;
    }

    let done = page(&maya, "/dashboard?filter=done").await;
    in_order(&done, &["Apples", "Cheese", "Bread"]);
    assert!(done.contains("Last done") && done.contains(r#"href="/dashboard""#));
    let by_title = page(&maya, "/dashboard?filter=done&sort=title").await;
    in_order(&by_title, &["Apples", "Bread", "Cheese"]);
    let open = page(&maya, "/dashboard").await;
    assert!(!open.contains("Last done"), "{open}");
}

#[tokio::test]
async fn more_than_a_page_of_tasks_has_a_way_to_the_rest() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    for at in 0..53 {
        add(&maya, &[("title", &format!("Number {at:02} of many"))]).await;
    }

    let first = page(&maya, "/dashboard").await;
    let onward = first
        .split('"')
        .find(|part| part.starts_with("/dashboard?") && part.contains("after="))
        .expect("a way to the rest")
        .replace("&amp;", "&");
    let second = page(&maya, &onward).await;

    let on = |page: &str, at| page.contains(&format!("Number {at:02} of many"));
    let (one, two): (Vec<_>, Vec<_>) = (0..53).partition(|&at| on(&first, at));
    assert_eq!((one.len(), two.len()), (50, 3));
    assert!(two.iter().all(|&at| on(&second, at)) && !one.iter().any(|&at| on(&second, at)));
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_says_what_to_do() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let long = "x".repeat(201);

    let form = [
        ("title", long.as_str()),
        ("dueDate", "2031-02-30"),
        ("priority", "high"),
    ];
    let refused = maya
        .form_from("/dashboard?filter=all", "/action/tasks/create", &form)
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.text();
    assert!(refused.header("content-type").starts_with("text/html"));
    assert!(html.contains(&long) && html.contains("aria-invalid=\"true\""));
    assert!(html.contains(Error::InvalidTitle.message()));
    assert!(html.contains(Error::InvalidDueDate.message()));

    let id = add(&maya, &[("title", "Water the plants")]).await;
    let form = [
        ("id", id.as_str()),
        ("title", " "),
        ("description", "typed for long"),
    ];
    let html = maya
        .form_from(
            &format!("/dashboard?edit={id}"),
            "/action/tasks/change",
            &form,
        )
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .text();
    assert!(html.contains("typed for long") && html.contains(Error::InvalidTitle.message()));
    assert!(
        page(&maya, "/dashboard").await.contains("Water the plants"),
        "unchanged"
    );
}

#[tokio::test]
async fn b24_no_form_reaches_somebody_elses_task() {
    let app = App::open().await;
    let (maya, grace) = (app.person("Maya").await, app.person("Grace").await);
    let id = add(&maya, &[("title", "Water the plants")]).await;
    let row = "SELECT title || version || COALESCE(completed_at, 0) FROM task";
    let before = app.house.column(row).await;
    let never = latchkey::domain::TaskId(uuid::Uuid::now_v7()).to_string();

    for (action, more) in [
        ("/action/tasks/change", ("title", "Mine")),
        ("/action/tasks/complete", ("completed", "true")),
        ("/action/tasks/delete", ("x", "")),
        ("/action/tasks/restore", ("x", "")),
    ] {
        for other in [&id, &never] {
            grace
                .form(action, &[("id", other), more])
                .await
                .is(StatusCode::NOT_FOUND);
        }
    }

    assert_eq!(app.house.column(row).await, before);
    for address in ["edit", "added", "done", "deleted"] {
        let seen = page(&grace, &format!("/dashboard?filter=all&{address}={id}")).await;
        assert!(!seen.contains("Water the plants"), "{address}");
    }
}

#[tokio::test]
async fn a26_what_is_personal_is_never_stored() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    for path in [
        "/dashboard",
        "/settings",
        "/settings/security",
        "/settings/sessions",
        "/settings/download",
        "/api/auth/list-sessions",
        "/api/auth/list-accounts",
        "/settings/api",
        "/settings/activity",
        "/signin",
        "/api/auth/session",
        "/api/auth/token",
        "/action/tasks/list",
        "/action/settings/activity",
    ] {
        assert_eq!(
            maya.get(path).await.header("cache-control"),
            "no-store",
            "{path}"
        );
    }
    let program = maya.program().await;
    let made = program
        .post(
            "/api/tasks",
            &serde_json::json!({ "title": "Water the plants" }),
        )
        .await
        .is(StatusCode::CREATED);
    for answer in [
        program.get(made.location()).await,
        program.get("/api/tasks").await,
        made,
    ] {
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let out = maya.form("/api/auth/sign-out", &[]).await;
    assert_eq!(out.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a27_nothing_below_a_page_is_that_page() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    add(&maya, &[("title", "Water the plants")]).await;
    for path in [
        "/dashboard/x.css",
        "/dashboard/",
        "/settings/x.js",
        "/settings/api/x.js",
        "/dashboard;x.css",
        "/dashboard%2fx.css",
        "/dashboard.css",
    ] {
        let answer = maya.get(path).await.is(StatusCode::NOT_FOUND);
        assert!(!answer.text().contains("Water the plants"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let below = request(Method::GET, "/api/tasks/x.js")
        .header("cookie", maya.cookie_header().expect("a cookie"))
        .body(Body::empty())
        .expect("a request");
    app.ask(below).await.says(Error::Unauthorized);
    maya.program()
        .await
        .get("/api/tasks/x.js")
        .await
        .says(Error::TaskNotFound);
}

#[tokio::test]
async fn a_form_that_arrives_twice_makes_one_task_and_the_next_form_makes_another() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let once = |page: String| {
        let (_, rest) = page
            .split_once("name=\"once\" value=\"")
            .expect("the field");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let first = once(maya.get("/dashboard").await.text());
    let second = once(maya.get("/dashboard").await.text());
    for (form, title) in [
        (&first, "Milk"),
        (&first, "Milk"),
        (&first, "Bread"),
        (&second, "Milk"),
    ] {
        maya.form("/action/tasks/create", &[("title", title), ("once", form)])
            .await
            .is(StatusCode::SEE_OTHER);
    }
    let titles = app
        .house
        .column("SELECT title FROM task ORDER BY title")
        .await;
    assert_eq!(titles, ["Bread", "Milk", "Milk"]);
}

#[tokio::test]
async fn notes_of_the_greatest_length_are_saved_from_the_page_in_any_script() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let id = add(&maya, &[("title", "Read the plan")]).await;
    for letter in ["\u{6f22}", "\u{1f331}"] {
        let notes = letter.repeat(10_000);
        let form = [("id", id.as_str()), ("description", notes.as_str())];
        maya.form("/action/tasks/change", &form)
            .await
            .is(StatusCode::SEE_OTHER);
        let kept = app.house.column("SELECT description FROM task").await;
        assert!(kept == [notes], "{letter}");
    }
    let endless = "a".repeat(128 * 1024);
    let form = [("id", id.as_str()), ("description", endless.as_str())];
    let refused = maya.form("/action/tasks/change", &form).await;
    refused.is(StatusCode::PAYLOAD_TOO_LARGE);
}
