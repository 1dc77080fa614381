//! The calls of passkeys: adding one, coming in with one, and looking after those that are there.

use super::{
    call::{Call, Door, KINDS, call, with_cookie},
    schema::{Schemed, flag, named, object, several, text, whole},
};
use crate::{
    action::passkeys::{EnteredWithPasskey, Renamed},
    domain::{Error, Passkey, PasskeyName},
};
use utoipa::openapi::{
    path::HttpMethod::{Get, Post},
    schema::{ObjectBuilder, Type},
};

pub fn calls() -> Vec<Call> {
    vec![
        register_options(),
        verify_registration(),
        authenticate_options(),
        verify_authentication(),
        list(),
        update(),
        delete(),
    ]
}

/// The shapes that these calls alone speak of.
pub fn schemas() -> Vec<(&'static str, Schemed)> {
    vec![
        ("Passkey", whole::<Passkey>(&[])),
        ("EnteredWithPasskey", whole::<EnteredWithPasskey>(&["url"])),
        ("Renamed", whole::<Renamed>(&[])),
        ("PasskeyOptions", anything().into()),
        ("AddPasskey", add_passkey().into()),
        ("SignInWithPasskey", sign_in_with_passkey().into()),
        (
            "UpdatePasskey",
            object(&[("id", text().into()), ("name", label())]),
        ),
        ("DeletePasskey", object(&[("id", text().into())])),
    ]
}

/// An object that `WebAuthn` defines.
fn anything() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "As WebAuthn Level 3 writes it in JSON (sections 5.1.8 and 5.1.9).",
        ))
}

fn label() -> Schemed {
    text()
        .min_length(Some(1))
        .max_length(Some(PasskeyName::MOST))
        .into()
}

fn add_passkey() -> ObjectBuilder {
    ObjectBuilder::new()
        .property("response", anything())
        .required("response")
        .property("name", label())
}

fn sign_in_with_passkey() -> ObjectBuilder {
    ObjectBuilder::new()
        .property("response", anything())
        .required("response")
        .property("rememberMe", flag())
        .property("callbackURL", text())
}

fn register_options() -> Call {
    Call {
        door: Door::Cookie,
        errors: &[
            Error::Unauthorized,
            Error::SessionNotFresh,
            Error::TooManyPasskeys,
            Error::PasskeysImpossible,
        ],
        ..call(
            (Get, "/api/auth/passkey/generate-register-options"),
            (
                "generatePasskeyRegisterOptions",
                "What a browser needs to make a passkey",
            ),
            (
                "For `navigator.credentials.create`; good for five minutes, in this browser.",
                named("PasskeyOptions"),
            ),
        )
    }
}

fn verify_registration() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "AddPasskey")),
        errors: &[
            Error::Unauthorized,
            Error::SessionNotFresh,
            Error::InvalidPasskeyName,
            Error::ChallengeNotFound,
            Error::PasskeyNotMade,
            Error::PasskeyTaken,
            Error::TooManyPasskeys,
            Error::PasskeysImpossible,
        ],
        ..call(
            (Post, "/api/auth/passkey/verify-registration"),
            ("verifyPasskeyRegistration", "Add the passkey that was made"),
            ("It is added.", named("Passkey")),
        )
    }
}

fn authenticate_options() -> Call {
    Call {
        errors: &[Error::PasskeysImpossible],
        ..call(
            (Get, "/api/auth/passkey/generate-authenticate-options"),
            (
                "passkeyGenerateAuthenticateOptions",
                "What a browser needs to sign in with a passkey",
            ),
            (
                "For `navigator.credentials.get`, the same for everybody; good for five minutes, in this browser.",
                named("PasskeyOptions"),
            ),
        )
    }
}

fn verify_authentication() -> Call {
    with_cookie(Call {
        body: Some((KINDS, "SignInWithPasskey")),
        errors: &[
            Error::ChallengeNotFound,
            Error::PasskeyRefused,
            Error::PasskeyCopied,
            Error::PasskeysImpossible,
            Error::EmailNotVerified,
            Error::InvalidCallbackUrl,
        ],
        ..call(
            (Post, "/api/auth/passkey/verify-authentication"),
            (
                "passkeyVerifyAuthentication",
                "Sign in with a passkey, which stands for both factors",
            ),
            ("Signed in.", named("EnteredWithPasskey")),
        )
    })
}

fn list() -> Call {
    Call {
        door: Door::Cookie,
        errors: &[Error::Unauthorized],
        ..call(
            (Get, "/api/auth/passkey/list-user-passkeys"),
            ("listPasskeys", "Your passkeys"),
            ("All of them.", several("Passkey")),
        )
    }
}

fn update() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "UpdatePasskey")),
        errors: &[
            Error::Unauthorized,
            Error::InvalidPasskeyName,
            Error::PasskeyNotFound,
        ],
        ..call(
            (Post, "/api/auth/passkey/update-passkey"),
            ("updatePasskey", "Give a passkey another name"),
            ("As it is now.", named("Renamed")),
        )
    }
}

fn delete() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "DeletePasskey")),
        errors: &[
            Error::Unauthorized,
            Error::SessionNotFresh,
            Error::PasskeyNotFound,
            Error::LastWayIn,
        ],
        ..call(
            (Post, "/api/auth/passkey/delete-passkey"),
            ("deletePasskey", "Remove a passkey"),
            ("Nothing comes in with it any more.", named("Status")),
        )
    }
}
