//! The description of what programs may call: `OpenAPI` 3.1, made from the types and the error table of the code.

mod account;
mod address;
mod call;
mod factor;
mod own;
mod passkey;
mod provider;
mod schema;
mod task;

use crate::domain::Error;
use call::Call;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder, Server,
    path::{PathItem, PathsBuilder},
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};

/// The version of this contract, which changes when a program that keeps to it would break.
const CONTRACT: &str = "1";
const TOKEN: &str = "token";
const COOKIE: &str = "cookie";
const TASKS: &str = "Tasks";
const ACCOUNTS: &str = "Accounts";

const ABOUT: &str = "Your tasks, for programs. Make an access token on the settings page, and send it with every request to /api/tasks as \
    Authorization: Bearer. It does what its scopes say, tasks:read or tasks:write, until it expires or you revoke it. A token from \
    /api/auth/token does everything, and ends with its session. Up to 300 requests a minute are answered. Whatever goes wrong is told as \
    application/problem+json.";

/// The whole description of the server that is reached at `origin`.
#[must_use]
pub fn describe(origin: &str) -> Value {
    let mut license = LicenseBuilder::new().name("MIT OR Apache-2.0").build();
    license.identifier = Some("MIT OR Apache-2.0".to_owned());
    let info = InfoBuilder::new()
        .title("latchkey")
        .version(CONTRACT)
        .description(Some(ABOUT))
        .license(Some(license))
        .build();
    let tag = |name: &str, words| {
        TagBuilder::new()
            .name(name)
            .description(Some(words))
            .build()
    };
    let description = OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(origin)]))
        .tags(Some([
            tag(TASKS, "Bearer only: a cookie is never enough here."),
            tag(
                ACCOUNTS,
                "Signing up, in and out, and the token that the tasks need. JSON or a form.",
            ),
        ]))
        .paths(paths(
            [
                task::calls(),
                account::calls(),
                provider::calls(),
                own::calls(),
                address::calls(),
                factor::calls(),
                passkey::calls(),
            ]
            .into_iter()
            .flatten(),
        ))
        .components(Some(components(origin)))
        .build();
    serde_json::to_value(description).unwrap_or_default()
}

fn paths(calls: impl Iterator<Item = Call>) -> utoipa::openapi::Paths {
    let mut items = BTreeMap::<&str, PathItem>::new();
    for call in calls {
        let (path, method) = (call.path, call.method.clone());
        let item = PathItem::new(method, call.operation());
        match items.get_mut(path) {
            Some(known) => known.merge_operations(item),
            None => drop(items.insert(path, item)),
        }
    }
    items
        .into_iter()
        .fold(PathsBuilder::new(), |paths, (path, item)| {
            paths.path(path, item)
        })
        .build()
}

fn components(origin: &str) -> utoipa::openapi::Components {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "An access token from the settings page, lk_ and 49 characters, with the scopes that a call names: tasks:read looks, tasks:write \
            adds, changes and deletes, and sees what it changed. Or the JWT from /api/auth/token: it has all scopes, and ends with its session.",
        ))
        .build();
    let name = if origin.starts_with("https:") {
        "__Host-latchkey_session"
    } else {
        "latchkey_session"
    };
    let cookie = ApiKeyValue::with_description(name, "Set by signing in or up.");
    [
        schema::shared(),
        task::schemas(),
        account::schemas(),
        provider::schemas(),
        own::schemas(),
        address::schemas(),
        factor::schemas(),
        passkey::schemas(),
    ]
    .into_iter()
    .flatten()
    .fold(ComponentsBuilder::new(), |all, (name, schema)| {
        all.schema(name, schema)
    })
    .security_scheme(TOKEN, SecurityScheme::Http(token))
    .security_scheme(COOKIE, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)))
    .build()
}

/// The codes of the error table, each once.
fn codes() -> Vec<&'static str> {
    let mut codes: Vec<_> = Error::ALL.iter().map(|error| error.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
