//! The description: what is served is described, and what is described is served.

use crate::support::{
    api::Api,
    app::{Answer, App, ORIGIN, request},
};
use axum::{body::Body, extract::Request};
use http::{Method, StatusCode};
use latchkey::{domain::Error, http::api};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

async fn description(api: &Api) -> Value {
    api.program("")
        .get(api::OPENAPI)
        .await
        .is(StatusCode::OK)
        .json()
}

fn methods(item: &Value) -> BTreeSet<String> {
    let all = METHODS.iter().map(|method| method.as_str().to_owned());
    all.filter(|method| !item[method.to_ascii_lowercase()].is_null())
        .collect()
}

/// What an `Allow` names, without what comes along with GET.
fn allowed(header: &str) -> BTreeSet<String> {
    let methods = header.split(',').map(|method| method.trim().to_owned());
    methods.filter(|method| method != "HEAD").collect()
}

#[tokio::test]
async fn a22_every_path_for_programs_takes_the_methods_that_are_described_and_no_other() {
    let api = Api::open().await;
    let description = description(&api).await;
    let described = description["paths"].as_object().expect("paths");
    for path in [api::TASKS, api::TASK] {
        let wanted = methods(&described[path]);
        assert!(!wanted.is_empty(), "{path}");
        for method in METHODS {
            let request = Request::builder()
                .method(&method)
                .uri(path.replace("{id}", "x"))
                .body(Body::empty())
                .expect("a request");
            let answer = api.ask(request).await;
            if wanted.contains(method.as_str()) {
                answer.says(Error::Unauthorized);
            } else {
                let answer = answer.says(Error::MethodNotAllowed);
                assert_eq!(allowed(answer.header("allow")), wanted, "{path}");
            }
        }
    }
    let ours = described
        .keys()
        .filter(|path| path.starts_with("/api/tasks"));
    assert_eq!(ours.collect::<Vec<_>>(), [api::TASKS, api::TASK]);
}

#[tokio::test]
async fn every_function_for_programs_is_described_and_every_described_one_is_there() {
    let api = Api::open().await;
    let description = description(&api).await;
    let described: BTreeSet<String> = description["paths"]
        .as_object()
        .expect("paths")
        .keys()
        .filter(|path| path.starts_with("/api/auth/"))
        .cloned()
        .collect();
    let served: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .filter(|path| path.starts_with("/api/auth/"))
        .collect();
    assert_eq!(described, served);
}

#[tokio::test]
async fn a22_every_described_function_takes_the_methods_that_are_described_and_no_other() {
    let app = App::with(|config| config.rate_limit = false).await;
    let description = app.program().get(api::OPENAPI).await.json();
    let described = description["paths"].as_object().expect("paths");
    let ours = described
        .iter()
        .filter(|(path, _)| path.starts_with("/api/auth/"));
    for (path, item) in ours {
        let wanted = methods(item);
        for method in METHODS {
            let asked = request(method.clone(), path)
                .header("origin", ORIGIN)
                .body(Body::empty())
                .expect("a request");
            let answer = app.ask(asked).await;
            let takes = answer.status != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(takes, wanted.contains(method.as_str()), "{method} {path}");
            if !takes {
                let answer = answer.says(Error::MethodNotAllowed);
                assert_eq!(allowed(answer.header("allow")), wanted, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn every_code_that_is_described_is_one_of_the_table_and_every_row_is_described() {
    let api = Api::open().await;
    let description = description(&api).await;
    let known: BTreeSet<_> = Error::ALL.iter().map(|error| error.code()).collect();
    let codes: BTreeSet<_> = description["components"]["schemas"]["Problem"]["properties"]["code"]
        ["enum"]
        .as_array()
        .expect("codes")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(codes, known);
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(target) if name == "$ref" => drop(found.insert(target.to_owned())),
                    _ => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_description_is_openapi_3_1_whole_in_itself_and_names_the_public_address() {
    let api = Api::open().await;
    let description = description(&api).await;
    assert!(
        description["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1."))
    );
    assert_eq!(description["servers"][0]["url"], "http://localhost:3000");
    let (mut found, mut names) = (BTreeSet::new(), BTreeSet::new());
    references(&description, &mut found);
    assert!(!found.is_empty());
    for target in found {
        let path = target.strip_prefix('#').expect("a reference within");
        assert!(description.pointer(path).is_some(), "{target}");
    }
    for item in description["paths"].as_object().expect("paths").values() {
        for method in METHODS {
            let call = &item[method.as_str().to_ascii_lowercase()];
            if let Some(id) = call["operationId"].as_str() {
                assert!(names.insert(id.to_owned()), "{id} is there twice");
                assert!(!call["responses"].is_null() && !call["summary"].is_null());
            }
        }
    }
    assert!(names.len() >= 21, "{names:?}");
}

#[tokio::test]
async fn every_word_that_is_described_is_taken() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let description = description(&api).await;
    for (schema, parameter, count) in [("Priority", "priority", 4), ("Sort", "sort", 12)] {
        let words = &description["components"]["schemas"][schema]["enum"];
        let words = words.as_array().expect("words");
        assert_eq!(words.len(), count);
        for word in words {
            let path = format!("/api/tasks?{parameter}={}", word.as_str().expect("a word"));
            ada.get(&path).await.is(StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn a_body_that_no_call_asked_for_is_refused_as_it_is_described() {
    let app = App::with(|config| config.rate_limit = false).await;
    let description = app.program().get(api::OPENAPI).await.json();
    let described = description["paths"].as_object().expect("paths");
    let mut without = 0;
    for (path, item) in described {
        let call = &item["post"];
        if call.is_null() || !call["requestBody"].is_null() {
            continue;
        }
        without += 1;
        for (kind, body, error) in [
            ("text/xml", "<a/>".to_owned(), Error::UnsupportedMediaType),
            (
                "application/json",
                format!(r#"{{"a":"{}"}}"#, "x".repeat(70_000)),
                Error::PayloadTooLarge,
            ),
        ] {
            let asked = request(Method::POST, path)
                .header("origin", ORIGIN)
                .header("content-type", kind)
                .body(Body::from(body))
                .expect("a request");
            app.ask(asked).await.says(error);
            let status = error.status();
            let words = call["responses"][status.as_str()]["description"].as_str();
            let is_said = words.is_some_and(|words| words.contains(error.code()));
            assert!(is_said, "{path} {status}: {words:?}");
        }
    }
    assert!(without >= 5, "{without}");
}

#[tokio::test]
async fn a_body_whose_members_can_all_be_left_out_can_be_left_out_where_that_is_said() {
    let app = App::open().await;
    let description = app.program().get(api::OPENAPI).await.json();
    let path = "/api/auth/delete-user";
    let body = &description["paths"][path]["post"]["requestBody"];
    assert_eq!(body["required"], false, "{body}");
    let maya = app.person("Maya").await;
    let asked = request(Method::POST, path)
        .header("origin", ORIGIN)
        .body(Body::empty())
        .expect("a request");
    maya.send(asked).await.is(StatusCode::OK);
}

#[tokio::test]
async fn an_idempotency_key_is_described_as_it_is_taken() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let description = description(&api).await;
    let key = &description["paths"][api::TASKS]["post"]["parameters"][0];
    assert_eq!(key["name"], "Idempotency-Key");
    let schema = &key["schema"];
    assert_eq!(
        (&schema["minLength"], &schema["maxLength"]),
        (&json!(1), &json!(255))
    );
    assert_eq!(schema["pattern"], "^[!-~]+$");
    let long = "~".repeat(256);
    for (key, is_taken) in [
        ("", false),
        ("a b", false),
        (long.as_str(), false),
        (&long[1..], true),
        ("!", true),
    ] {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        let answer = ada.sends(Method::POST, api::TASKS, &headers, r#"{"title":"Water"}"#);
        let answer = answer.await;
        if is_taken {
            answer.is(StatusCode::CREATED);
        } else {
            answer.says(Error::Unprocessable);
        }
    }
}

#[tokio::test]
async fn a_new_task_stands_at_the_time_it_is_made_and_stays_there_as_it_is_described() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    let description = description(&api).await;
    let said = |name: &str| {
        let path = format!("/components/schemas/{name}/properties/position/description");
        let words = description.pointer(&path).and_then(Value::as_str);
        words.expect("a description").to_owned()
    };
    assert!(said("NewTask").contains("in milliseconds"));
    assert!(!said("TaskChange").contains("nothing is said"));
    let body = json!({ "title": "Water" });
    let made = ada.post(api::TASKS, &body).await.is(StatusCode::CREATED);
    let task = made.json();
    let at: jiff::Timestamp = task["createdAt"]
        .as_str()
        .and_then(|at| at.parse().ok())
        .expect("a time");
    assert_eq!(task["position"], at.as_millisecond());
    let change = json!({ "title": "Water them" });
    let changed = ada.patch(made.header("location"), &change).await;
    assert_eq!(changed.json()["position"], task["position"]);
}

#[tokio::test]
async fn an_answer_has_the_members_that_are_described() {
    let api = Api::open().await;
    let (ada, _) = api.person("Ada").await;
    ada.makes("Water").await;
    let description = description(&api).await;
    let described = |name: &str| -> BTreeSet<String> {
        let schema = &description["components"]["schemas"][name];
        let members = schema["properties"].as_object().expect("members");
        let required = schema["required"].as_array().expect("required ones");
        assert_eq!(members.len(), required.len(), "{name}");
        members.keys().cloned().collect()
    };
    let answered = |value: &Value| -> BTreeSet<String> {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    let list = ada.get("/api/tasks").await.json();
    assert_eq!(answered(&list), described("TaskList"));
    assert_eq!(answered(&list["tasks"][0]), described("Task"));
}

#[tokio::test]
async fn the_page_of_documentation_names_every_call_and_loads_nothing_from_elsewhere() {
    let api = Api::open().await;
    let answer = api.program("").get(api::DOCS).await.is(StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let policy = answer.header("content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    let page = answer.text();
    for part in [
        "<script",
        " style=",
        "<style",
        " onclick=",
        "src=\"http",
        "href=\"http",
    ] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("href=\"/pkg/latchkey.css\""));
    let description = description(&api).await;
    for (path, item) in description["paths"].as_object().expect("paths") {
        for method in methods(item) {
            assert!(
                page.contains(&format!("{method}</span><code>{path}</code>")),
                "{method} {path}"
            );
        }
    }
    for error in Error::ALL {
        assert!(page.contains(error.code()), "{error:?}");
    }
}

async fn reads(app: &App, path: &str, headers: &[(&str, &str)]) -> Answer {
    let asked = headers
        .iter()
        .fold(request(Method::GET, path), |asked, (name, value)| {
            asked.header(*name, *value)
        });
    app.ask(asked.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn both_descriptions_are_sent_compressed_and_not_to_whoever_has_them() {
    let app = App::open().await;
    for path in [api::OPENAPI, api::DOCS] {
        let plain = reads(&app, path, &[]).await.is(StatusCode::OK);
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        let tag = plain.header("etag");
        let strong = tag.strip_prefix("W/").expect("a weak tag");
        for coding in ["gzip", "br"] {
            let packed = reads(&app, path, &[("accept-encoding", coding)]).await;
            let packed = packed.is(StatusCode::OK);
            assert_eq!(packed.header("content-encoding"), coding, "{path}");
            assert!(packed.body.len() < plain.body.len() / 2, "{path} {coding}");
            for name in [
                "etag",
                "vary",
                "content-type",
                "cache-control",
                "content-security-policy",
            ] {
                assert_eq!(packed.header(name), plain.header(name), "{path} {name}");
            }
        }
        for known in [tag, strong, &format!("\"x\", {tag}")] {
            let headers = [("accept-encoding", "gzip"), ("if-none-match", known)];
            let same = reads(&app, path, &headers).await;
            let same = same.is(StatusCode::NOT_MODIFIED);
            assert!(same.body.is_empty(), "{path}");
            for name in ["etag", "vary", "cache-control", "content-security-policy"] {
                assert_eq!(same.header(name), plain.header(name), "{path} {name}");
            }
        }
        assert_eq!(plain.header("cache-control"), "no-cache", "{path}");
        assert_eq!(plain.header("vary"), "Accept-Encoding", "{path}");
        let other = reads(&app, path, &[("if-none-match", "\"x\"")]).await;
        other.is(StatusCode::OK);
    }
}
