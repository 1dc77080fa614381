//! The doors to the server functions: which path leads to which, and how an answer goes to a program or to a browser.

mod input;
mod output;
mod verify;

use super::{
    front::Front,
    limits::{LARGEST_BODY, LARGEST_TASK},
    reply::Refused,
};
use crate::{
    domain::Error,
    ui::{Chapter, Office, Page},
};
use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use http::{HeaderValue, Method, header::ALLOW};
use input::Sent;

/// Where a plain form goes that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// Where the function says, else where the form says in `next`, else home.
    Next,
    /// To this page.
    To(&'static str),
    /// Nowhere: the answer is for programs.
    Stay,
    /// Nowhere: the door's page itself is the answer, because it shows what is shown once.
    Shown,
    /// Off this site, to the `url` that the function answers with: to the identity provider.
    Away,
}

/// A path with the server function behind it.
#[derive(Clone, Copy, Debug)]
struct Door {
    method: MethodFilter,
    path: &'static str,
    function: &'static str,
    page: Page,
    after: After,
    /// The most that a body may hold.
    largest: usize,
}

const fn post(path: &'static str, function: &'static str, page: Page, after: After) -> Door {
    Door {
        method: MethodFilter::POST,
        path,
        function,
        page,
        after,
        largest: LARGEST_BODY,
    }
}

const fn get(path: &'static str, function: &'static str) -> Door {
    Door {
        method: MethodFilter::GET,
        path,
        function,
        page: Page::Dashboard,
        after: After::Stay,
        largest: LARGEST_BODY,
    }
}

const SIGN_UP: &str = "/api/auth/sign-up";
const SIGN_IN: &str = "/api/auth/sign-in";
const SESSION: &str = "/api/auth/session";
const TOKEN: &str = "/api/auth/token";
const LEAVE: &str = "/api/auth/sign-in/oauth2";
const CONFIRM_THERE: &str = "/action/provider/confirm";
const PROVE: &str = "/action/provider/prove";
const RESET: &str = "/api/auth/reset-password";
const FORGOT: &str = "/api/auth/request-password-reset";
const VERIFY: &str = "/api/auth/verify-email";
const SEND_VERIFICATION: &str = "/api/auth/send-verification-email";
const CHANGE_EMAIL: &str = "/api/auth/change-email";

const PASSKEY_TO_ADD: &str = "/api/auth/passkey/generate-register-options";
const PASSKEY_ADD: &str = "/api/auth/passkey/verify-registration";
const PASSKEY_TO_ENTER: &str = "/api/auth/passkey/generate-authenticate-options";
const PASSKEY_ENTER: &str = "/api/auth/passkey/verify-authentication";
const PASSKEY_LIST: &str = "/api/auth/passkey/list-user-passkeys";
const PASSKEY_RENAME: &str = "/api/auth/passkey/update-passkey";
const PASSKEY_REMOVE: &str = "/api/auth/passkey/delete-passkey";
const PASSKEY_CONFIRM: &str = "/action/passkeys/confirm";
const CONFIRM: &str = "/action/confirm";
const VERIFY_TOTP: &str = "/api/auth/two-factor/verify-totp";
const VERIFY_RECOVERY: &str = "/api/auth/two-factor/verify-backup-code";
const ENABLE: &str = "/api/auth/two-factor/enable";
const DISABLE: &str = "/api/auth/two-factor/disable";
const NEW_CODES: &str = "/api/auth/two-factor/generate-backup-codes";
const TOTP_URI: &str = "/api/auth/two-factor/get-totp-uri";
const SEND_OTP: &str = "/api/auth/two-factor/send-otp";
const TURN_ON: &str = "/action/second-factor/turn-on";
const FORGET: &str = "/action/second-factor/forget";

const PROFILE: Page = Page::Settings(Chapter::Profile);
const SECURITY: Page = Page::Settings(Chapter::Security);
const SESSIONS: Page = Page::Settings(Chapter::Sessions);
const API: Page = Page::Settings(Chapter::Api);
const INVITATIONS: Page = Page::Admin(Office::Invitations);

/// What is read here is made by reading it: a token, or what a passkey is asked for.
const GIVES: [&str; 3] = [TOKEN, PASSKEY_TO_ADD, PASSKEY_TO_ENTER];

/// Every door. Several lead to one function: a page's own path, so that a refused form stands where it was, and Better Auth's names.
#[rustfmt::skip]
const DOORS: &[Door] = &[
    post("/signup",                   SIGN_UP,                     Page::SignUp,        After::Next),
    post(SIGN_UP,                     SIGN_UP,                     Page::SignUp,        After::Next),
    post("/api/auth/sign-up/email",   SIGN_UP,                     Page::SignUp,        After::Next),
    post("/signin",                   SIGN_IN,                     Page::SignIn,        After::Next),
    post(SIGN_IN,                     SIGN_IN,                     Page::SignIn,        After::Next),
    post("/api/auth/sign-in/email",   SIGN_IN,                     Page::SignIn,        After::Next),
    post("/api/auth/sign-out",        "/api/auth/sign-out",        PROFILE,             After::To("/signin?done=signed-out")),
    get(SESSION,                      SESSION),
    get("/api/auth/get-session",      SESSION),
    get(TOKEN,                        TOKEN),
    post(TOKEN,                       TOKEN,                       API,                 After::Stay),
    post("/reset-password",           RESET,                       Page::ResetPassword, After::Next),
    post(RESET,                       RESET,                       Page::ResetPassword, After::Next),
    post("/forgot-password",          FORGOT,                      Page::ForgotPassword, After::Next),
    post(FORGOT,                      FORGOT,                      Page::ForgotPassword, After::Next),
    post("/api/auth/forgot-password", FORGOT,                      Page::ForgotPassword, After::Next),
    post("/verify-email",             VERIFY,                      Page::VerifyEmail,   After::Next),
    post(VERIFY,                      VERIFY,                      Page::VerifyEmail,   After::Next),
    post(SEND_VERIFICATION,           SEND_VERIFICATION,           Page::VerifyEmail,   After::Next),
    post(CHANGE_EMAIL,                CHANGE_EMAIL,                PROFILE,             After::Next),
    post("/api/auth/update-user",     "/api/auth/update-user",     PROFILE,             After::Next),
    post("/action/settings/look",     "/action/settings/look",     PROFILE,             After::Next),
    get("/action/settings/activity",  "/action/settings/activity"),
    get("/action/tokens/list",        "/action/tokens/list"),
    post("/action/tokens/create",     "/action/tokens/create",     API,                 After::Shown),
    post("/action/tokens/revoke",     "/action/tokens/revoke",     API,                 After::Next),
    post("/confirm",                  CONFIRM,                     Page::Confirm,       After::Next),
    post(CONFIRM,                     CONFIRM,                     Page::Confirm,       After::Next),
    post("/confirm/provider",         CONFIRM_THERE,               Page::Confirm,       After::Away),
    post(CONFIRM_THERE,               CONFIRM_THERE,               Page::Confirm,       After::Away),
    get("/action/confirm/ways",       "/action/confirm/ways"),
    post("/two-factor",               VERIFY_TOTP,                 Page::TwoFactor,     After::Next),
    post(VERIFY_TOTP,                 VERIFY_TOTP,                 Page::TwoFactor,     After::Next),
    post("/two-factor/recovery",      VERIFY_RECOVERY,             Page::TwoFactor,     After::Next),
    post(VERIFY_RECOVERY,             VERIFY_RECOVERY,             Page::TwoFactor,     After::Next),
    post("/settings/second-factor/begin", ENABLE,                  SECURITY,            After::To("/settings/second-factor")),
    post(ENABLE,                      ENABLE,                      SECURITY,            After::Stay),
    post("/settings/second-factor",   TURN_ON,                     Page::SecondFactor,  After::Shown),
    post(TURN_ON,                     TURN_ON,                     Page::SecondFactor,  After::Stay),
    post("/settings/second-factor/codes", NEW_CODES,               Page::SecondFactor,  After::Shown),
    post(NEW_CODES,                   NEW_CODES,                   Page::SecondFactor,  After::Stay),
    post("/settings/second-factor/off", DISABLE,                   SECURITY,            After::To("/settings/security?saved=factor-off#second-factor")),
    post(DISABLE,                     DISABLE,                     SECURITY,            After::Stay),
    post(TOTP_URI,                    TOTP_URI,                    SECURITY,            After::Stay),
    post(SEND_OTP,                    SEND_OTP,                    SECURITY,            After::Stay),
    post(FORGET,                      FORGET,                      SECURITY,            After::Next),
    get("/action/second-factor/pending",  "/action/second-factor/pending"),
    get("/action/second-factor/standing", "/action/second-factor/standing"),
    get("/action/second-factor/waiting",  "/action/second-factor/waiting"),
    post("/api/auth/change-password", "/api/auth/change-password", SECURITY,            After::Next),
    post("/api/auth/verify-password", "/api/auth/verify-password", SECURITY,            After::Stay),
    post("/api/auth/delete-user",     "/api/auth/delete-user",     PROFILE,             After::Next),
    get("/api/auth/list-accounts",    "/api/auth/list-accounts"),
    get("/api/auth/list-sessions",    "/api/auth/list-sessions"),
    post("/api/auth/revoke-session",  "/api/auth/revoke-session",  SESSIONS,            After::Next),
    post("/api/auth/revoke-sessions", "/api/auth/revoke-sessions", SESSIONS,            After::Next),
    post("/api/auth/revoke-other-sessions", "/api/auth/revoke-other-sessions", SESSIONS, After::Next),
    get("/action/devices/news",       "/action/devices/news"),
    post("/action/devices/accept",    "/action/devices/accept",    Page::Dashboard,     After::Next),
    post("/action/devices/deny",      "/action/devices/deny",      Page::Dashboard,     After::Next),
    post(LEAVE,                       LEAVE,                       Page::SignIn,        After::Away),
    post("/api/auth/oauth2/link",     "/api/auth/oauth2/link",     SECURITY,            After::Away),
    post("/api/auth/unlink-account",  "/api/auth/unlink-account",  SECURITY,            After::Next),
    get("/action/provider/connection", "/action/provider/connection"),
    get("/action/provider/pending",   "/action/provider/pending"),
    post("/link",                     PROVE,                       Page::Link,          After::Next),
    post(PROVE,                       PROVE,                       Page::Link,          After::Next),
    get("/action/tasks/list",         "/action/tasks/list"),
    get("/action/tasks/notice",       "/action/tasks/notice"),
    post("/action/tasks/create",      "/action/tasks/create",      Page::Dashboard,     After::Next).holds(LARGEST_TASK),
    post("/action/tasks/change",      "/action/tasks/change",      Page::Dashboard,     After::Next).holds(LARGEST_TASK),
    post("/action/tasks/complete",    "/action/tasks/complete",    Page::Dashboard,     After::Next),
    post("/action/tasks/delete",      "/action/tasks/delete",      Page::Dashboard,     After::Next),
    post("/action/tasks/restore",     "/action/tasks/restore",     Page::Dashboard,     After::Next),
    get("/action/sign-up/entrance",   "/action/sign-up/entrance"),
    get("/action/admin/people/list",  "/action/admin/people/list"),
    get("/action/admin/people/one",   "/action/admin/people/one"),
    post("/action/admin/people/reset-link",   "/action/admin/people/reset-link",   Page::Person, After::Shown),
    post("/action/admin/people/disable",      "/action/admin/people/disable",      Page::Person, After::Next),
    post("/action/admin/people/enable",       "/action/admin/people/enable",       Page::Person, After::Next),
    post("/action/admin/people/end-sessions", "/action/admin/people/end-sessions", Page::Person, After::Next),
    post("/action/admin/people/reset-second-factor", "/action/admin/people/reset-second-factor", Page::Person, After::Next),
    post("/action/admin/people/role",         "/action/admin/people/role",         Page::Person, After::Next),
    post("/action/admin/people/delete",       "/action/admin/people/delete",       Page::Person, After::Next),
    get("/action/admin/activity",             "/action/admin/activity"),
    get("/action/admin/invitations/list",     "/action/admin/invitations/list"),
    post("/action/admin/invitations/create",  "/action/admin/invitations/create",  INVITATIONS,  After::Shown),
    post("/action/admin/invitations/revoke",  "/action/admin/invitations/revoke",  INVITATIONS,  After::Next),
    get(PASSKEY_TO_ADD,               PASSKEY_TO_ADD),
    post(PASSKEY_ADD,                 PASSKEY_ADD,                 SECURITY,            After::Stay),
    get(PASSKEY_TO_ENTER,             PASSKEY_TO_ENTER),
    post(PASSKEY_ENTER,               PASSKEY_ENTER,               Page::SignIn,        After::Stay),
    get(PASSKEY_LIST,                 PASSKEY_LIST),
    post("/action/passkeys/rename",   PASSKEY_RENAME,              SECURITY,            After::Next),
    post(PASSKEY_RENAME,              PASSKEY_RENAME,              SECURITY,            After::Next),
    post("/action/passkeys/remove",   PASSKEY_REMOVE,              SECURITY,            After::Next),
    post(PASSKEY_REMOVE,              PASSKEY_REMOVE,              SECURITY,            After::Next),
    post(PASSKEY_CONFIRM,             PASSKEY_CONFIRM,             Page::Confirm,       After::Stay),
];

impl Door {
    /// A door that takes more than others.
    const fn holds(self, largest: usize) -> Self {
        Self { largest, ..self }
    }

    /// The method that the function itself is registered with.
    fn method_inside(self) -> Method {
        let reads = DOORS.iter().any(|door| {
            door.function == self.function
                && door.path == self.function
                && door.method == MethodFilter::GET
        });
        if reads { Method::GET } else { Method::POST }
    }
}

/// The most that a body sent to this path may hold.
pub fn largest(path: &str) -> usize {
    let mut large = DOORS.iter().filter(|door| door.largest > LARGEST_BODY);
    large
        .find(|door| door.path == path)
        .map_or(LARGEST_BODY, |door| door.largest)
}

/// The doors with their paths.
pub fn routes(front: &Front) -> Router {
    DOORS
        .iter()
        .fold(Router::new(), |router, &door| {
            router.route(
                door.path,
                on(
                    door.method,
                    move |State(front): State<Front>, request: Request| {
                        through(front, door, request)
                    },
                ),
            )
        })
        .route(VERIFY, axum::routing::get(verify::verify))
        .with_state(front.clone())
}

/// Whoever asks for the head of an answer alone wants nothing to have happened by it.
fn not_by_head(path: &str) -> Response {
    let mut response = Refused::from(Error::MethodNotAllowed).into_response();
    let is_posted = DOORS
        .iter()
        .any(|door| door.path == path && door.method == MethodFilter::POST);
    let allowed = if is_posted { "GET,POST" } else { "GET" };
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(ALLOW, allowed);
    response
}

async fn through(front: Front, door: Door, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method == Method::HEAD && GIVES.contains(&door.function) {
        return not_by_head(door.path);
    }
    let sent = match Sent::read(&parts, body, door, &front.state.config).await {
        Ok(sent) => sent,
        Err(refused) => return refused.into_response(),
    };
    let inside = sent.request_for(&parts, door);
    let state = front.state.clone();
    let answer = leptos_axum::handle_server_fns_with_context(
        move || leptos::context::provide_context(state.clone()),
        inside,
    )
    .await
    .into_response();
    output::answer(&front, door, parts, &sent, answer).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::server_fn::axum::server_fn_paths;
    use std::collections::BTreeSet;

    #[test]
    fn every_server_function_has_its_door_and_every_door_its_function() {
        let functions: BTreeSet<(String, Method)> = server_fn_paths()
            .map(|(path, method)| (path.to_owned(), method))
            .collect();
        let doors: BTreeSet<(String, Method)> = DOORS
            .iter()
            .map(|door| (door.function.to_owned(), door.method_inside()))
            .collect();
        assert_eq!(functions, doors);
    }

    #[test]
    fn t2_whatever_can_be_asked_with_a_get_changes_nothing() {
        let reads = [
            SESSION,
            "/api/auth/get-session",
            TOKEN,
            "/action/settings/activity",
            "/action/tokens/list",
            "/action/confirm/ways",
            "/action/second-factor/pending",
            "/action/second-factor/standing",
            "/action/second-factor/waiting",
            "/api/auth/list-accounts",
            "/api/auth/list-sessions",
            "/action/devices/news",
            "/action/provider/connection",
            "/action/provider/pending",
            "/action/tasks/list",
            "/action/tasks/notice",
            "/action/sign-up/entrance",
            "/action/admin/people/list",
            "/action/admin/people/one",
            "/action/admin/activity",
            "/action/admin/invitations/list",
            PASSKEY_TO_ADD,
            PASSKEY_TO_ENTER,
            PASSKEY_LIST,
        ];
        for door in DOORS.iter().filter(|door| door.method == MethodFilter::GET) {
            assert!(reads.contains(&door.path), "{}", door.path);
        }
    }
}
