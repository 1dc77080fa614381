//! The calls with which people look after their own account.

use super::{
    call::{Call, Door, KINDS, call, with_cookie},
    schema::{
        Schemed, a_path, claimed, flag, formatted, named, object, password, several, text, whole,
    },
};
use crate::{
    action::own::Deleted,
    domain::{Error, ListedSession, WayIn},
};
use utoipa::openapi::{
    path::HttpMethod::{Get, Post},
    schema::ObjectBuilder,
};

pub fn calls() -> Vec<Call> {
    vec![
        list_sessions(),
        revoke_session(),
        revoke(
            "/api/auth/revoke-other-sessions",
            ("revokeOtherSessions", "End every session but this one"),
        ),
        revoke(
            "/api/auth/revoke-sessions",
            ("revokeSessions", "End every session, this one too"),
        ),
        change_password(),
        verify_password(),
        delete_user(),
        list_accounts(),
    ]
}

/// The shapes that these calls alone speak of.
pub fn schemas() -> Vec<(&'static str, Schemed)> {
    vec![
        ("ListedSession", whole::<ListedSession>(&[])),
        ("WayIn", whole::<WayIn>(&[])),
        ("Deleted", whole::<Deleted>(&[])),
        ("RevokeSession", object(&[("token", text().into())])),
        ("ChangePassword", change_password_body()),
        ("VerifyPassword", object(&[("password", claimed().into())])),
        ("DeleteUser", delete_user_body()),
    ]
}

fn list_sessions() -> Call {
    Call {
        door: Door::Cookie,
        errors: &[Error::Unauthorized],
        ..call(
            (Get, "/api/auth/list-sessions"),
            ("listSessions", "Where you are signed in"),
            (
                "Your live sessions, this one first.",
                several("ListedSession"),
            ),
        )
    }
}

fn revoke_session() -> Call {
    Call {
        body: Some((KINDS, "RevokeSession")),
        ..revoke(
            "/api/auth/revoke-session",
            ("revokeSession", "End one session"),
        )
    }
}

fn revoke(path: &'static str, words: (&'static str, &'static str)) -> Call {
    Call {
        door: Door::Cookie,
        errors: &[Error::Unauthorized],
        ..call(
            (Post, path),
            words,
            (
                "What there was has ended; what is not yours is left alone.",
                named("Status"),
            ),
        )
    }
}

fn change_password() -> Call {
    with_cookie(Call {
        door: Door::Cookie,
        body: Some((KINDS, "ChangePassword")),
        errors: &[
            Error::PasswordWrong,
            Error::InvalidCredentials,
            Error::PasswordTooShort,
            Error::PasswordTooLong,
            Error::PasswordInvalid,
            Error::PasswordCompromised,
            Error::NoPassword,
            Error::Unauthorized,
        ],
        ..call(
            (Post, "/api/auth/change-password"),
            ("changePassword", "Set another password"),
            (
                "It is set. Every session has ended, and a new one has begun.",
                named("Entered"),
            ),
        )
    })
}

fn verify_password() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "VerifyPassword")),
        errors: &[Error::PasswordWrong, Error::NoPassword, Error::Unauthorized],
        ..call(
            (Post, "/api/auth/verify-password"),
            ("verifyPassword", "Whether this is your password"),
            ("It is.", named("Status")),
        )
    }
}

fn delete_user() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "DeleteUser")),
        may_be_empty: true,
        errors: &[
            Error::PasswordWrong,
            Error::NoPassword,
            Error::AddressDiffers,
            Error::SessionNotFresh,
            Error::LastAdministrator,
            Error::InvalidDeletionToken,
            Error::InvalidCallbackUrl,
            Error::Unauthorized,
        ],
        ..call(
            (Post, "/api/auth/delete-user"),
            ("deleteUser", "Delete your account and all that is in it"),
            ("It is gone.", named("Deleted")),
        )
    }
}

fn list_accounts() -> Call {
    Call {
        door: Door::Cookie,
        errors: &[Error::Unauthorized],
        ..call(
            (Get, "/api/auth/list-accounts"),
            ("listAccounts", "The ways in that you have"),
            ("One for each.", several("WayIn")),
        )
    }
}

fn change_password_body() -> Schemed {
    let others = flag().description(Some(
        "Taken for the sake of others; every other session ends in any case.",
    ));
    ObjectBuilder::new()
        .property("currentPassword", claimed())
        .property("newPassword", password())
        .property("revokeOtherSessions", others)
        .required("currentPassword")
        .required("newPassword")
        .into()
}

fn delete_user_body() -> Schemed {
    let password = claimed().description(Some(
        "Needed unless you signed in, or confirmed that it is you, within the last ten minutes.",
    ));
    let token = text().max_length(Some(0)).description(Some(
        "Letters that confirm a deletion are not sent here, so every token is refused.",
    ));
    let email = formatted("email").description(Some("If it is given, it must be the account’s."));
    ObjectBuilder::new()
        .property("password", password)
        .property("email", email)
        .property("token", token)
        .property(
            "callbackURL",
            a_path("A path of this site, to be sent on to."),
        )
        .into()
}
