//! What comes through a door: its form or JSON, read once, and the request that the function behind gets.

use super::Door;
use crate::{
    domain::Error,
    http::{front::wants_html, limits, reply::Refused},
    service::Config,
    ui::{Page, WRITTEN},
};
use axum::{
    body::{Body, Bytes},
    extract::Request,
};
use http::{
    HeaderMap, HeaderValue, Uri,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, REFERER},
    request::Parts,
};
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use url::{Url, form_urlencoded};

const FORM: &str = "application/x-www-form-urlencoded";

/// Never shown again.
const SECRET_FIELDS: [&str; 6] = [
    "password",
    "currentPassword",
    "newPassword",
    "token",
    "code",
    "invitation",
];

/// What was sent.
pub struct Sent {
    body: Bytes,
    form: Option<BTreeMap<String, String>>,
    /// The page of ours that the form stood on.
    referer: Option<Url>,
    /// Whether it is a plain form of a browser, which wants to be sent on.
    pub is_plain_form: bool,
}

impl Sent {
    /// Reads it, and refuses what no function could understand.
    pub async fn read(
        parts: &Parts,
        body: Body,
        door: Door,
        config: &Config,
    ) -> Result<Self, Refused> {
        let body = limits::whole(body, door.largest).await?;
        let is_form = !parts.method.is_safe() && is_form(&parts.headers, &body)?;
        // A function that only reads never looks into a body, so nobody behind would notice.
        let is_unread = !parts.method.is_safe() && door.method_inside().is_safe();
        if is_unread && !is_form && !body.is_empty() && !is_json(&body) {
            return Err(Error::Malformed.into());
        }
        let form = is_form.then(|| form_urlencoded::parse(&body).into_owned().collect());
        let referer = parts
            .headers
            .get(REFERER)
            .and_then(|value| Url::parse(value.to_str().ok()?).ok())
            .filter(|page| config.is_our_origin(&page.origin().ascii_serialization()));
        let is_plain_form = parts.method == http::Method::POST
            && wants_html(&parts.headers)
            && (is_form || body.is_empty());
        Ok(Self {
            body,
            form,
            referer,
            is_plain_form,
        })
    }

    /// A field of the form.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.form.as_ref()?.get(name).map(String::as_str)
    }

    /// Whether it holds what somebody thought about and wrote.
    pub fn holds_writing(&self) -> bool {
        WRITTEN
            .iter()
            .any(|name| self.field(name).is_some_and(|text| !text.is_empty()))
    }

    /// What may be shown again.
    pub fn typed(&self) -> BTreeMap<String, String> {
        let mut typed = self.form.clone().unwrap_or_default();
        typed.retain(|name, _| !SECRET_FIELDS.contains(&name.as_str()));
        typed
    }

    /// The query of the page that the form stood on, with what the page needs to stand again.
    pub fn query(&self, page: Page) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(referer) = &self.referer {
            query.extend_pairs(referer.query_pairs().filter(|(name, _)| name != "edit"));
        }
        self.add_needed(page, &mut query);
        query.finish()
    }

    /// What the page needs to stand at all, and nothing else.
    pub fn needed(&self, page: Page) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        self.add_needed(page, &mut query);
        query.finish()
    }

    fn add_needed(&self, page: Page, query: &mut form_urlencoded::Serializer<'_, String>) {
        let wanted: &[(&str, &str)] = match page {
            Page::SignIn | Page::TwoFactor | Page::Confirm => &[("next", "next")],
            Page::SignUp => &[("next", "next"), ("invitation", "invitation")],
            Page::ResetPassword | Page::VerifyEmail => &[("token", "token")],
            Page::Person => &[(Page::PERSON, "id")],
            _ => &[],
        };
        for (parameter, field) in wanted {
            if let Some(value) = self.field(field) {
                query.append_pair(parameter, value);
            }
        }
    }

    /// Where the form stood, path and query.
    pub fn stood_at(&self) -> Option<&str> {
        self.referer
            .as_ref()
            .map(|page| &page[url::Position::BeforePath..url::Position::AfterQuery])
    }

    /// The request that the function gets: at its own path, asking for JSON, so that it never redirects by itself; and without a
    /// referer that is not ours.
    pub fn request_for(&self, parts: &Parts, door: Door) -> Request {
        let mut inside = parts.clone();
        inside.method = door.method_inside();
        let query = parts
            .uri
            .query()
            .map_or(String::new(), |query| format!("?{query}"));
        inside.uri = format!("{}{query}", door.function)
            .parse()
            .unwrap_or_else(|_| Uri::from_static("/"));
        inside
            .headers
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        inside.headers.remove(CONTENT_LENGTH);
        if self.referer.is_none() {
            inside.headers.remove(REFERER);
        }
        Request::from_parts(inside, Body::from(self.body_for(door)))
    }

    /// A box that is not ticked is not sent: on our own page that means no.
    fn body_for(&self, door: Door) -> Bytes {
        if door.path == "/signin" && self.form.is_some() && self.field("rememberMe").is_none() {
            let mut body = self.body.to_vec();
            body.extend_from_slice(b"&rememberMe=false");
            return body.into();
        }
        self.body.clone()
    }
}

/// Tells a form from JSON by what it says it is, and holds it to that. Of nothing it does not matter what it would have been.
fn is_form(headers: &HeaderMap, body: &Bytes) -> Result<bool, Refused> {
    let is_encoded = headers
        .get(CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let Some(kind) = headers.get(CONTENT_TYPE) else {
        return if body.is_empty() {
            Ok(false)
        } else {
            Err(Error::UnsupportedMediaType.into())
        };
    };
    let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = kind.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let is_utf8 = parts.all(|parameter| {
        parameter.split_once('=').is_none_or(|(name, value)| {
            name.trim() != "charset" || matches!(value.trim().trim_matches('"'), "utf-8" | "utf8")
        })
    });
    let starts_as_object = body.trim_ascii_start().first() == Some(&b'{');
    match name {
        _ if body.is_empty() => Ok(name == FORM),
        _ if is_encoded || !is_utf8 => Err(Error::UnsupportedMediaType.into()),
        FORM if starts_as_object => Err(Error::Malformed.into()),
        FORM => Ok(true),
        "application/json" if starts_as_object => Ok(false),
        "application/json" if is_json(body) => Err(Error::Validation.into()),
        "application/json" => Err(Error::Malformed.into()),
        _ => Err(Error::UnsupportedMediaType.into()),
    }
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}
