//! What came back from a door.

use axum::body::{Body, Bytes};
use http::{HeaderMap, Response, StatusCode, header};
use http_body_util::BodyExt;
use latchkey::domain::Error;
use serde_json::Value;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// All of it.
    pub async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.expect("a body").to_bytes(),
        }
    }

    #[track_caller]
    pub fn is(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// A problem with this row of the table, whole and true.
    #[track_caller]
    pub fn says(self, error: Error) -> Self {
        assert_eq!(
            self.header(header::CONTENT_TYPE),
            "application/problem+json",
            "{}",
            self.text()
        );
        let body = self.json();
        assert_eq!(body["code"], error.code(), "{body}");
        assert_eq!(body["status"], self.status.as_u16(), "{body}");
        if let Some(id) = self.headers.get("x-request-id") {
            assert_eq!(body["instance"], id.to_str().expect("text"), "{body}");
        }
        self.is(error.status())
    }

    /// The fields that the problem names, with their codes.
    pub fn faults(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.json()["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|fault| (text(&fault["field"]), text(&fault["code"])))
            .collect()
    }

    /// The body without the one member that differs from request to request.
    pub fn without_instance(&self) -> Value {
        let mut body = self.json();
        body.as_object_mut()
            .expect("an object")
            .remove("instance")
            .expect("an instance");
        body
    }

    pub fn header(&self, name: impl http::header::AsHeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
}
