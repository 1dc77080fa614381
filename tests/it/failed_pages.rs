//! The page in the place of one that cannot be shown: it knows who asks, and leads on.

use crate::support::app::{App, Browser};
use http::StatusCode;

const AGAIN: &str = "Try again</a>";
const LIST: &str = "/dashboard?filter=done&q=tea";

#[tokio::test]
async fn whoever_is_signed_in_is_known_on_a_page_that_is_not_there_and_sees_their_own_colours() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    browser
        .form("/action/settings/look", &[("theme", "dark")])
        .await
        .is(StatusCode::SEE_OTHER);

    let page = missing(&browser).await;
    assert!(page.contains("Go to your tasks"), "{page}");
    assert!(page.contains(r#"data-theme="dark""#), "{page}");

    let page = missing(&app.browser()).await;
    assert!(page.contains("Go to the front door"), "{page}");
    assert!(!page.contains(AGAIN), "{page}");
}

async fn missing(browser: &Browser<'_>) -> String {
    let missing = browser.get("/no-such-page").await;
    missing.is(StatusCode::NOT_FOUND).text()
}

#[tokio::test]
async fn a_page_that_may_be_there_in_a_moment_is_asked_for_again_from_where_one_is() {
    let app = App::open().await;
    let browser = app.person("Maya").await;
    app.house
        .run("ALTER TABLE session RENAME TO session_elsewhere")
        .await;

    let page = browser.get(LIST).await;
    assert!(page.status.is_server_error(), "{}", page.status);
    let page = page.text();
    let again = r#"href="/dashboard?filter=done&amp;q=tea""#;
    assert!(page.contains(again) && page.contains(AGAIN), "{page}");
    assert!(!page.contains("session_elsewhere"), "{page}");

    // What was posted is never sent twice by a link; what was written is shown.
    for (path, fields, is_writing) in [
        (
            "/action/tasks/create",
            [("title", "Tea"), ("once", "a")],
            true,
        ),
        (
            "/action/tasks/complete",
            [("id", "a"), ("completed", "true")],
            false,
        ),
    ] {
        let form = browser.form(path, &fields).await;
        assert!(form.status.is_server_error(), "{}", form.status);
        let page = form.text();
        assert!(!page.contains(AGAIN), "{page}");
        assert_eq!(page.contains("What you wrote"), is_writing, "{page}");
        assert_eq!(page.contains("Tea"), is_writing, "{page}");
    }

    app.house
        .run("ALTER TABLE session_elsewhere RENAME TO session")
        .await;
    browser.get(LIST).await.is(StatusCode::OK);
}
