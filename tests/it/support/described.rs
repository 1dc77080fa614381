//! Whether what is answered to a program is among what the description says of the call.

use super::answer::Answer;
use http::{Request, header};
use latchkey::http::api;
use serde_json::Value;
use std::sync::LazyLock;

static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| api::openapi::describe("http://localhost:3000"));

/// The description of a call: its method, its path, and what it can answer.
pub struct Described {
    call: String,
    answers: &'static Value,
}

impl Described {
    /// What is said of the call that this request makes. A plain form of a browser makes none, and gets pages.
    pub fn of<B>(request: &Request<B>) -> Option<Self> {
        let path = request.uri().path();
        let accepts = request.headers().get(header::ACCEPT);
        if !path.starts_with("/api/")
            || accepts.is_some_and(|kinds| kinds.as_bytes().starts_with(b"text/html"))
        {
            return None;
        }
        let is_one = |id: &str| !id.is_empty() && !id.contains('/');
        let path = match path.strip_prefix("/api/tasks/") {
            Some(id) if is_one(id) => api::TASK,
            _ => path,
        };
        let method = request.method().as_str().to_ascii_lowercase();
        let answers = &DESCRIPTION["paths"][path][&method]["responses"];
        answers.is_object().then(|| Self {
            call: format!("{method} {path}"),
            answers,
        })
    }

    /// Fails on a status that is not described, and on a code that is not described under it.
    pub fn check(&self, answer: &Answer) {
        let (call, status) = (&self.call, answer.status);
        let described = &self.answers[status.as_str()];
        let text = answer.text();
        assert!(
            described.is_object(),
            "{call} does not say that it answers {status}: {text}"
        );
        let problem: Value = serde_json::from_str(&text).unwrap_or_default();
        if let (Some(code), false) = (problem["code"].as_str(), status.is_success()) {
            let words = described["description"].as_str().unwrap_or_default();
            let is_named = words
                .split("\n\n")
                .any(|word| word.split(':').next() == Some(code));
            assert!(
                is_named,
                "{call} does not say that it answers {status} {code}"
            );
        }
    }
}
