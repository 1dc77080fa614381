//! One call as it is described: what it takes, what it answers, and which rows of the error table it can end with.

use super::{ACCOUNTS, COOKIE, TOKEN, schema::Schemed};
use crate::{
    domain::{Error, Scope},
    http::api::body::JSON,
};
use http::StatusCode;
use std::collections::BTreeMap;
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Ref, Required, Response, ResponseBuilder,
    path::{HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::{ObjectBuilder, Type},
    security::SecurityRequirement,
};

/// Which credential counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// None.
    Open,
    /// The session's cookie.
    Cookie,
    /// A Bearer token that may do this.
    Token(Scope),
}

/// What it answers when it goes well.
pub struct Answer {
    pub status: StatusCode,
    pub words: &'static str,
    pub schema: Option<Schemed>,
    pub headers: &'static [(&'static str, &'static str)],
}

/// One method of one path.
pub struct Call {
    pub method: HttpMethod,
    pub path: &'static str,
    pub id: &'static str,
    pub summary: &'static str,
    pub tag: &'static str,
    pub door: Door,
    pub parameters: Vec<Parameter>,
    pub body: Option<(&'static [&'static str], &'static str)>,
    /// Whether the body can be left out, because each of its members can.
    pub may_be_empty: bool,
    pub answers: Vec<Answer>,
    pub errors: &'static [Error],
}

/// In which forms a body of `/api/auth` comes.
pub const KINDS: &[&str] = &[JSON, "application/x-www-form-urlencoded"];

/// What anything can end with.
const ALWAYS: &[Error] = &[
    Error::Misdirected,
    Error::TooManyRequests,
    Error::Internal,
    Error::Unavailable,
];
const WITH_TOKEN: &[Error] = &[
    Error::Unauthorized,
    Error::InvalidToken,
    Error::TokenExpired,
    Error::InsufficientScope,
];
const WITH_BODY: &[Error] = &[
    Error::Malformed,
    Error::RequestTimeout,
    Error::PayloadTooLarge,
    Error::UnsupportedMediaType,
    Error::StorageFull,
];
const BY_FORM: &[Error] = &[
    Error::Validation,
    Error::InvalidOrigin,
    Error::MissingOrigin,
];

/// A call of `/api/auth` that nothing more is said of yet.
pub fn call(
    (method, path): (HttpMethod, &'static str),
    (id, summary): (&'static str, &'static str),
    (words, schema): (&'static str, Schemed),
) -> Call {
    Call {
        method,
        path,
        id,
        summary,
        tag: ACCOUNTS,
        door: Door::Open,
        parameters: Vec::new(),
        body: None,
        may_be_empty: false,
        answers: vec![Answer {
            status: StatusCode::OK,
            words,
            schema: Some(schema),
            headers: &[],
        }],
        errors: &[],
    }
}

/// Whose good answers set the cookie.
pub fn with_cookie(call: Call) -> Call {
    let answers = call.answers.into_iter().map(|answer| Answer {
        headers: &[("Set-Cookie", "The session’s cookie.")],
        ..answer
    });
    Call {
        answers: answers.collect(),
        ..call
    }
}

impl Call {
    pub fn operation(self) -> Operation {
        let errors = self.errors();
        let mut operation = OperationBuilder::new()
            .operation_id(Some(self.id))
            .summary(Some(self.summary))
            .tag(self.tag)
            .parameters((!self.parameters.is_empty()).then_some(self.parameters))
            .request_body(
                self.body
                    .map(|(kinds, name)| body(kinds, name, !self.may_be_empty)),
            );
        operation = match self.door {
            Door::Open => operation,
            Door::Cookie => operation.security(required(COOKIE, &[])),
            Door::Token(scope) => operation.security(required(TOKEN, &[scope.as_str()])),
        };
        for answer in self.answers {
            operation = operation.response(answer.status.as_str(), good(&answer));
        }
        for (status, rows) in errors {
            operation = operation.response(status.as_str(), bad(status, &rows));
        }
        operation.build()
    }

    /// Every row that this call can end with, by status.
    fn errors(&self) -> BTreeMap<StatusCode, Vec<Error>> {
        let mut rows = self.errors.to_vec();
        let is_for_tokens = matches!(self.door, Door::Token(_));
        if is_for_tokens {
            rows.extend(WITH_TOKEN);
        }
        let is_door = !is_for_tokens && self.method == HttpMethod::Post;
        // A door reads what comes, also where nothing has to.
        if self.body.is_some() || is_door {
            rows.extend(WITH_BODY);
        }
        if is_door {
            rows.extend(BY_FORM);
        }
        rows.extend(ALWAYS);
        let mut by_status = BTreeMap::<_, Vec<_>>::new();
        for row in rows {
            let same: &mut Vec<Error> = by_status.entry(row.status()).or_default();
            if !same.contains(&row) {
                same.push(row);
            }
        }
        by_status
    }
}

/// Names the credential, and what it has to be good for.
fn required(name: &str, scopes: &[&str]) -> SecurityRequirement {
    SecurityRequirement::new(name, scopes.iter().copied())
}

fn body(kinds: &[&str], name: &str, is_required: bool) -> RequestBody {
    let required = if is_required {
        Required::True
    } else {
        Required::False
    };
    kinds
        .iter()
        .fold(RequestBodyBuilder::new(), |body, kind| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(name)));
            body.content(*kind, content.build())
        })
        .required(Some(required))
        .build()
}

fn good(answer: &Answer) -> Response {
    let mut response = ResponseBuilder::new().description(answer.words);
    if let Some(schema) = &answer.schema {
        let content = ContentBuilder::new().schema(Some(schema.clone())).build();
        response = response.content("application/json", content);
    }
    answer
        .headers
        .iter()
        .fold(response, |response, header| with(response, *header))
        .build()
}

fn bad(status: StatusCode, rows: &[Error]) -> Response {
    let words: Vec<_> = rows
        .iter()
        .map(|row| format!("{}: {}", row.code(), row.message()))
        .collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
    let response = ResponseBuilder::new()
        .description(words.join("\n\n"))
        .content("application/problem+json", content.build());
    let header = match status {
        StatusCode::UNAUTHORIZED => Some(("WWW-Authenticate", "The Bearer challenge (RFC 6750).")),
        StatusCode::FORBIDDEN if rows.contains(&Error::InsufficientScope) => Some((
            "WWW-Authenticate",
            "The Bearer challenge (RFC 6750), with the scope that is missing.",
        )),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Some(("Retry-After", "In how many seconds to try again."))
        }
        _ => None,
    };
    match header {
        Some(header) => with(response, header).build(),
        None => response.build(),
    }
}

fn with(response: ResponseBuilder, (name, words): (&str, &str)) -> ResponseBuilder {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let header = HeaderBuilder::new().schema(text).description(Some(words));
    response.header(name, header.build())
}

/// A parameter that may be left out, unless it is part of the path.
pub fn parameter(
    place: ParameterIn,
    name: &str,
    words: &str,
    schema: impl Into<Schemed>,
) -> Parameter {
    let required = if place == ParameterIn::Path {
        Required::True
    } else {
        Required::False
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(words))
        .schema(Some(schema))
        .build()
}
