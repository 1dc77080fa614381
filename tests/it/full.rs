//! The disk of a SQLite database is full.

mod on_sqlite {
    use crate::support::{
        House,
        app::App,
        binary::Server,
        wire::{Caller, Reply},
    };
    use http::StatusCode;
    use latchkey::domain::Error;
    use serde_json::json;

    /// More tasks than there is room for in any of these tests.
    const MANY: usize = 2000;

    #[tokio::test]
    async fn c6_a_full_disk_is_told_as_such_and_what_is_there_can_be_read() {
        let app = App::with(|config| config.rate_limit = false).await;
        let maya = app.person("Maya").await;
        let program = maya.program().await;
        let notes = "x".repeat(5000);
        let new = json!({ "title": "Water the plants", "description": notes });
        // The database grows no further than it is: SQLite says then what it says of a full disk.
        app.house.run("PRAGMA max_page_count = 1").await;
        let mut made = 0;
        let refused = loop {
            let answer = program.post("/api/tasks", &new).await;
            if answer.status != StatusCode::CREATED {
                break answer;
            }
            made += 1;
            assert!(made < MANY);
        };
        refused.says(Error::StorageFull);
        let title = "x".repeat(200);
        let form = [("title", title.as_str())];
        let page = loop {
            let page = maya.form("/action/tasks/create", &form).await;
            if page.status != StatusCode::SEE_OTHER {
                break page;
            }
            made += 1;
            assert!(made < MANY);
        };
        assert_eq!(page.status, StatusCode::INSUFFICIENT_STORAGE);
        assert!(page.text().contains("disk is full"), "{}", page.text());
        let listed = program.get("/api/tasks?limit=100").await;
        let listed = listed.is(StatusCode::OK).json();
        assert_eq!(
            listed["tasks"].as_array().map(Vec::len),
            Some(made.min(100))
        );
        assert_eq!(app.house.column("PRAGMA integrity_check").await, ["ok"]);

        app.house.run("PRAGMA max_page_count = 1000000").await;
        program
            .post("/api/tasks", &new)
            .await
            .is(StatusCode::CREATED);
    }

    fn is_refused(reply: &Reply) {
        let code = reply.json()["code"].as_str().map(str::to_owned);
        let full = [Error::StorageFull, Error::Unavailable];
        assert!(
            full.iter()
                .any(|error| code.as_deref() == Some(error.code())
                    && reply.status == error.status().as_u16()),
            "{reply:?}"
        );
        assert_eq!(reply.header("set-cookie"), None, "{reply:?}");
    }

    #[tokio::test]
    async fn c6_without_room_nothing_is_said_to_be_done_and_with_room_all_goes_on() {
        let house = House::empty().await;
        // Without the signal, a write beyond the limit is an error like any other.
        let mut serve = house.limited("trap '' XFSZ");
        let server = Server::start(serve.env("RATE_LIMIT", "off"));
        server.is_ready().await;
        let maya = Caller::new(&server.address, "Maya");
        maya.makes("Water the plants").expect("an answer").is(201);

        server.may_write_up_to("1");
        is_refused(&maya.makes("Lost").expect("an answer"));
        let out = maya.calls("/api/auth/sign-out", &json!({}));
        is_refused(&out.expect("an answer"));
        maya.tasks().expect("an answer").is(200);
        let session = maya.reads("/api/auth/session", "application/json");
        assert_eq!(
            session.expect("an answer").is(200).json()["user"]["name"],
            "Maya",
            "who was not signed out is signed in"
        );
        assert_eq!(server.status("/healthz"), 200);

        server.may_write_up_to("unlimited");
        maya.makes("Book the dentist").expect("an answer").is(201);
        let out = maya.calls("/api/auth/sign-out", &json!({}));
        out.expect("an answer").is(200);
        maya.tasks().expect("an answer").is(401);
        assert_eq!(server.stops(), Some(0));
        let titles = house.column("SELECT title FROM task ORDER BY id").await;
        assert_eq!(titles, ["Water the plants", "Book the dentist"]);
        assert_eq!(house.column("PRAGMA integrity_check").await, ["ok"]);
    }
}
