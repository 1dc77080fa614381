//! What people write is text on every page, whatever it looks like.

use crate::support::{
    PASSWORD,
    app::{App, Browser},
};
use http::StatusCode;
use serde_json::json;

/// Text that would like to be something else, in as many characters as each of them takes.
const EVIL: [&str; 10] = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "' autofocus onfocus=alert(1) x='",
    "</textarea><script>alert(1)</script>",
    "</title></style><b>",
    "&lt;b&gt; &quot;&#39; ${7*7} {{7*7}}",
    "javascript:alert(1)",
    "]]> <?x ?> <!DOCTYPE x>",
];

/// A page's tags with the names of their attributes: what its markup is, without any of its words.
fn skeleton(html: &str) -> Vec<String> {
    let (mut tags, mut rest) = (Vec::new(), html);
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            tags.push("<!--".to_owned());
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (tag, after) = read_tag(rest);
        let raw = ["script", "style", "textarea", "title"]
            .into_iter()
            .find(|name| tag.first().is_some_and(|first| first == name));
        rest = match raw {
            Some(name) => {
                let end = after.find(&format!("</{name}")).unwrap_or(after.len());
                &after[end..]
            }
            None => after,
        };
        tags.push(tag.join(" "));
    }
    tags
}

/// A tag's name and its attributes' names, and what follows it.
fn read_tag(text: &str) -> (Vec<String>, &str) {
    let (mut names, mut name, mut quote) = (Vec::new(), String::new(), None);
    for (at, letter) in text.char_indices().skip(1) {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '>') => {
                names.push(name);
                return (tidy(&names), &text[at + 1..]);
            }
            (None, _) if letter.is_whitespace() => names.push(std::mem::take(&mut name)),
            (None, _) => name.push(letter),
        }
    }
    (tidy(&names), "")
}

/// Of `name=value` the name.
fn tidy(names: &[String]) -> Vec<String> {
    let names = names.iter().filter_map(|name| name.split('=').next());
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A house with one person, who has one task of these words.
async fn pages_with(words: &str) -> Vec<(String, String)> {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let program = maya.program().await;
    let task = program
        .post(
            "/api/tasks",
            &json!({ "title": words, "description": words, "dueDate": "2031-01-01" }),
        )
        .await
        .is(StatusCode::CREATED)
        .json();
    let id = task["id"].as_str().expect("an id");
    let listed = program.get("/api/tasks").await.is(StatusCode::OK);
    assert_eq!(listed.header("content-type"), "application/json");
    assert_eq!(listed.json()["tasks"][0]["title"], words);

    let mut pages = Vec::new();
    for path in [
        "/dashboard",
        &format!("/dashboard?edit={id}"),
        &format!("/dashboard?added={id}"),
    ] {
        let name = path.replace(id, "…");
        pages.push((name, maya.get(path).await.is(StatusCode::OK).text()));
    }
    pages
}

#[track_caller]
fn same_markup(plain: &str, evil: &str, name: &str, words: &str) {
    let (plain, evil) = (skeleton(plain), skeleton(evil));
    let differs = plain.iter().zip(&evil).find(|(one, other)| one != other);
    assert!(
        differs.is_none() && plain.len() == evil.len(),
        "{name} with {words}: {differs:?}, {} tags instead of {}",
        evil.len(),
        plain.len()
    );
}

#[test]
fn markup_that_was_let_in_would_be_seen() {
    let page = |words| format!("<p class=\"x\" title=\"{words}\">{words}</p>");
    let plain = skeleton(&page("words"));
    assert_eq!(plain, ["p class title", "/p"]);
    for evil in [
        "<b>",
        "\"><svg/onload=alert(1)>",
        "\" autofocus x=\"",
        "</p>",
    ] {
        assert_ne!(skeleton(&page(evil)), plain, "{evil}");
    }
    assert_eq!(skeleton(&page("&lt;b&gt; &quot;")), plain);
    let field = |words| skeleton(&format!("<textarea name=x>{words}</textarea>"));
    assert_eq!(
        field("<b>"),
        field("words"),
        "in a field only its own end tag counts"
    );
    assert_ne!(field("</textarea><b>"), field("words"));
}

#[tokio::test]
async fn b31_whatever_a_task_says_the_page_shows_it_as_text() {
    let plain = pages_with("harmless words").await;
    for words in EVIL {
        for ((name, plain), (_, evil)) in plain.iter().zip(pages_with(words).await) {
            same_markup(plain, &evil, name, words);
            assert!(
                words.find('<').is_none() || !evil.contains(words),
                "{name}: {words}"
            );
        }
    }
}

/// Every other place where a page repeats what somebody wrote.
async fn repeated(
    app: &App,
    (maya, id): (&Browser<'_>, &str),
    words: &str,
) -> Vec<(&'static str, String)> {
    let stranger = app.browser();
    let query: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let short = [("name", words), ("email", words), ("password", "short")];
    let claim = [("email", words), ("password", PASSWORD), ("next", words)];
    let long = format!("{words}{}", "x".repeat(200));
    let task = [
        ("title", long.as_str()),
        ("dueDate", words),
        ("priority", words),
    ];
    maya.form("/api/auth/update-user", &[("name", words)])
        .await
        .is(StatusCode::SEE_OTHER);
    // The log of the account has a row for each change of the name, and would not be alike.
    app.house.run("DELETE FROM audit_event").await;
    vec![
        (
            "a refused sign-up",
            stranger.form("/signup", &short).await.text(),
        ),
        (
            "a refused sign-in",
            stranger.form("/signin", &claim).await.text(),
        ),
        (
            "next",
            stranger.get(&format!("/signin?next={query}")).await.text(),
        ),
        (
            "a link",
            stranger
                .get(&format!("/reset-password?token={query}"))
                .await
                .text(),
        ),
        (
            "an unknown path",
            stranger.get(&format!("/{query}")).await.text(),
        ),
        (
            "a search",
            maya.get(&format!("/dashboard?q={query}&filter={query}"))
                .await
                .text(),
        ),
        (
            "a refused task",
            maya.form("/action/tasks/create", &task).await.text(),
        ),
        (
            "a refused change",
            maya.form(
                "/action/tasks/change",
                &[("id", id), ("title", ""), ("description", words)],
            )
            .await
            .text(),
        ),
        ("a person's name", maya.get("/settings").await.text()),
    ]
}

#[tokio::test]
async fn b31_names_typed_values_and_searches_are_shown_as_text() {
    let app = App::with(|config| config.rate_limit = false).await;
    let maya = app.person("Maya").await;
    let task = maya
        .program()
        .await
        .post("/api/tasks", &json!({ "title": "Water the plants" }))
        .await
        .is(StatusCode::CREATED)
        .json();
    let at = (&maya, task["id"].as_str().expect("an id"));
    let plain = repeated(&app, at, "harmless words").await;
    for words in EVIL {
        for ((name, plain), (_, evil)) in plain.iter().zip(repeated(&app, at, words).await) {
            same_markup(plain, &evil, name, words);
        }
    }
}

#[tokio::test]
async fn b41_what_turns_text_round_or_hides_in_it_is_refused() {
    let app = App::open().await;
    let maya = app.person("Maya").await;
    let program = maya.program().await;
    for words in [
        "gpj.\u{202e}exe",
        "a\u{0}b",
        "a\u{1b}[31mb",
        "a\r\nSet-Cookie: x=1",
        "a\u{fffd}b",
        "\u{200b}\u{ad}\u{3164}",
    ] {
        program
            .post("/api/tasks", &json!({ "title": words }))
            .await
            .says(latchkey::domain::Error::Unprocessable);
        let form = [("title", words)];
        maya.form("/action/tasks/create", &form)
            .await
            .is(StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(app.house.column("SELECT title FROM task").await.is_empty());
}
