//! The calls about one's address: shown to be one's own, used to find back in, and exchanged.

use super::{
    call::{Answer, Call, Door, KINDS, call, parameter},
    schema::{Schemed, a_path, claimed, formatted, named, object, text, whole},
};
use crate::{
    action::address::{Confirmed, Posted},
    domain::Error,
};
use http::StatusCode;
use utoipa::openapi::{
    path::{
        HttpMethod::{self, Get, Post},
        ParameterIn,
    },
    schema::ObjectBuilder,
};

const VERIFY: &str = "/api/auth/verify-email";

pub fn calls() -> Vec<Call> {
    vec![
        request_password_reset(),
        send_verification_email(),
        verify_email_by_link(),
        Call {
            body: Some((KINDS, "VerifyEmail")),
            ..verify_email(Post, "verifyEmailByForm")
        },
        change_email(),
    ]
}

/// The shapes that these calls alone speak of.
pub fn schemas() -> Vec<(&'static str, Schemed)> {
    vec![
        ("Posted", whole::<Posted>(&[])),
        ("AddressConfirmed", whole::<Confirmed>(&[])),
        ("RequestPasswordReset", request_password_reset_body()),
        ("SendVerificationEmail", send_verification_email_body()),
        ("VerifyEmail", object(&[("token", text().into())])),
        ("ChangeEmail", change_email_body()),
    ]
}

fn request_password_reset() -> Call {
    Call {
        body: Some((KINDS, "RequestPasswordReset")),
        errors: &[Error::InvalidEmail, Error::InvalidRedirectUrl],
        ..call(
            (Post, "/api/auth/request-password-reset"),
            (
                "requestPasswordReset",
                "Have a link sent at which a new password is set",
            ),
            (
                "The same for every address, whether it has an account or not.",
                named("Posted"),
            ),
        )
    }
}

fn send_verification_email() -> Call {
    Call {
        body: Some((KINDS, "SendVerificationEmail")),
        errors: &[
            Error::InvalidEmail,
            Error::EmailMismatch,
            Error::EmailAlreadyVerified,
            Error::InvalidCallbackUrl,
        ],
        ..call(
            (Post, "/api/auth/send-verification-email"),
            (
                "sendVerificationEmail",
                "Have a link sent at which an address is confirmed",
            ),
            (
                "To a stranger the same for every address; three letters an hour go to one.",
                named("Status"),
            ),
        )
    }
}

fn verify_email_by_link() -> Call {
    let query = |name, words| parameter(ParameterIn::Query, name, words, text());
    let mut call = verify_email(Get, "verifyEmail");
    call.parameters = vec![
        query("token", "What the letter’s link holds."),
        query(
            "callbackURL",
            "A path of this site, for whoever follows the link.",
        ),
    ];
    call.answers.push(Answer {
        status: StatusCode::SEE_OTHER,
        words: "Whoever follows the link in a browser is led to a page that asks first.",
        schema: None,
        headers: &[("Location", "The page.")],
    });
    call
}

fn verify_email(method: HttpMethod, id: &'static str) -> Call {
    Call {
        errors: &[Error::InvalidLink, Error::LinkExpired, Error::Validation],
        ..call(
            (method, VERIFY),
            (id, "Confirm an address with the token of a letter"),
            (
                "It is confirmed, or was before. A new address comes with its person.",
                named("AddressConfirmed"),
            ),
        )
    }
}

fn change_email() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "ChangeEmail")),
        errors: &[
            Error::InvalidEmail,
            Error::EmailSame,
            Error::EmailTaken,
            Error::PasswordWrong,
            Error::NoPassword,
            Error::SessionNotFresh,
            Error::InvalidCallbackUrl,
            Error::Unauthorized,
        ],
        ..call(
            (Post, "/api/auth/change-email"),
            ("changeEmail", "Ask for another address"),
            (
                "A letter is on its way to it, and it changes when its link is opened. Where no mail leaves the server it has changed.",
                named("Status"),
            ),
        )
    }
}

fn request_password_reset_body() -> Schemed {
    let there = a_path("A path of this site that takes the token instead of our page.");
    ObjectBuilder::new()
        .property("email", formatted("email"))
        .property("redirectTo", there)
        .required("email")
        .into()
}

fn send_verification_email_body() -> Schemed {
    ObjectBuilder::new()
        .property("email", formatted("email"))
        .property(
            "callbackURL",
            a_path("A path of this site, to be sent on to."),
        )
        .required("email")
        .into()
}

fn change_email_body() -> Schemed {
    let password = claimed().description(Some("Without it the sign-in has to be fresh."));
    ObjectBuilder::new()
        .property("newEmail", formatted("email"))
        .property("currentPassword", password)
        .property(
            "callbackURL",
            a_path("A path of this site, to be sent on to."),
        )
        .required("newEmail")
        .into()
}
