//! The calls of an account: making one, coming in and going out, and what it says of its person.

use super::{
    call::{Call, Door, KINDS, call, with_cookie},
    schema::{
        Schemed, a_path, either, flag, formatted, invitation, name, named, nullable, object,
        password, text, whole,
    },
};
use crate::{
    action::auth::{SecondStep, SessionAnswer, SignedInAnswer, Success, TokenAnswer},
    domain::Error,
};
use serde_json::json;
use utoipa::openapi::{
    path::HttpMethod::{self, Get, Post},
    schema::{ObjectBuilder, SchemaFormat, SchemaType, Type},
};

pub fn calls() -> Vec<Call> {
    vec![
        sign_up(),
        sign_in(),
        sign_out(),
        session(),
        token(Get, "getToken"),
        token(Post, "makeToken"),
        update_user(),
        reset_password(),
    ]
}

/// The shapes that these calls alone speak of.
pub fn schemas() -> Vec<(&'static str, Schemed)> {
    vec![
        ("SignedInAnswer", whole::<SignedInAnswer>(&["url"])),
        ("SecondStep", whole::<SecondStep>(&[])),
        ("SessionAnswer", whole::<SessionAnswer>(&[])),
        ("TokenAnswer", whole::<TokenAnswer>(&[])),
        ("Success", whole::<Success>(&[])),
        ("SignUp", sign_up_body()),
        ("SignIn", sign_in_body()),
        ("UpdateUser", update_user_body()),
        ("ResetPassword", reset_password_body()),
    ]
}

fn sign_up() -> Call {
    with_cookie(Call {
        body: Some((KINDS, "SignUp")),
        errors: &[
            Error::InvalidName,
            Error::InvalidEmail,
            Error::PasswordTooShort,
            Error::PasswordTooLong,
            Error::PasswordInvalid,
            Error::PasswordCompromised,
            Error::SignUpClosed,
            Error::SignUpByInvitation,
            Error::InvalidInvitation,
            Error::EmailTaken,
            Error::InvalidCallbackUrl,
        ],
        ..call(
            (Post, "/api/auth/sign-up"),
            ("signUp", "Make an account and sign in to it"),
            ("Signed up, and in.", named("Entered")),
        )
    })
}

fn sign_in() -> Call {
    with_cookie(Call {
        body: Some((KINDS, "SignIn")),
        errors: &[
            Error::InvalidEmail,
            Error::InvalidCredentials,
            Error::EmailNotVerified,
            Error::InvalidCallbackUrl,
        ],
        ..call(
            (Post, "/api/auth/sign-in"),
            ("signIn", "Sign in"),
            (
                "Signed in; or the second factor comes first.",
                either("SignedInAnswer", "SecondStep"),
            ),
        )
    })
}

fn sign_out() -> Call {
    with_cookie(Call {
        door: Door::Cookie,
        ..call(
            (Post, "/api/auth/sign-out"),
            ("signOut", "Sign out: the session and all its tokens end"),
            ("Signed out.", named("Success")),
        )
    })
}

fn session() -> Call {
    Call {
        door: Door::Cookie,
        ..call(
            (Get, "/api/auth/session"),
            ("getSession", "Who is signed in"),
            (
                "The session and its person; null for a stranger.",
                nullable("SessionAnswer"),
            ),
        )
    }
}

fn token(method: HttpMethod, id: &'static str) -> Call {
    Call {
        door: Door::Cookie,
        errors: &[Error::Unauthorized],
        ..call(
            (method, "/api/auth/token"),
            (id, "Get a token for /api/tasks"),
            ("A token that ends with this session.", named("TokenAnswer")),
        )
    }
}

fn update_user() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "UpdateUser")),
        errors: &[
            Error::InvalidName,
            Error::EmailNotUpdatable,
            Error::Unauthorized,
        ],
        ..call(
            (Post, "/api/auth/update-user"),
            ("updateUser", "Change your name or picture"),
            ("It was changed.", named("Status")),
        )
    }
}

fn reset_password() -> Call {
    Call {
        body: Some((KINDS, "ResetPassword")),
        errors: &[
            Error::InvalidResetToken,
            Error::PasswordTooShort,
            Error::PasswordTooLong,
            Error::PasswordInvalid,
            Error::PasswordCompromised,
        ],
        ..call(
            (Post, "/api/auth/reset-password"),
            (
                "resetPassword",
                "Set a new password with the token of a link",
            ),
            (
                "It was set; every session of the account has ended.",
                named("Status"),
            ),
        )
    }
}

fn sign_up_body() -> Schemed {
    let zone = text().description(Some("An IANA name; decides what “today” is."));
    ObjectBuilder::new()
        .property("name", name())
        .property("email", formatted("email"))
        .property("password", password())
        .property("rememberMe", remember())
        .property("timeZone", zone)
        .property("invitation", invitation())
        .property(
            "callbackURL",
            a_path("A path of this site, for the link of the letter."),
        )
        .required("name")
        .required("email")
        .required("password")
        .into()
}

fn remember() -> ObjectBuilder {
    flag().default(Some(json!(true))).description(Some(
        "False: the session ends with the browser, or after 24 hours.",
    ))
}

fn sign_in_body() -> Schemed {
    let callback = text().description(Some("A path of this site, to be sent on to."));
    ObjectBuilder::new()
        .property("email", formatted("email"))
        .property("password", formatted("password"))
        .property("rememberMe", remember())
        .property("callbackURL", callback)
        .required("email")
        .required("password")
        .into()
}

fn update_user_body() -> Schemed {
    let image = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .format(Some(SchemaFormat::Custom("uri".to_owned())))
        .description(Some("A picture’s address; null takes it away."));
    ObjectBuilder::new()
        .property("name", name())
        .property("image", image)
        .into()
}

fn reset_password_body() -> Schemed {
    object(&[("token", text().into()), ("newPassword", password().into())])
}
