//! The calls about the identity provider: coming in with it, connecting and disconnecting it.

use super::{
    call::{Call, Door, KINDS, call},
    schema::{Schemed, invitation, named, object, text, whole},
};
use crate::{action::provider::Departure, domain::Error, service::provider};
use utoipa::openapi::{path::HttpMethod::Post, schema::ObjectBuilder};

pub fn calls() -> Vec<Call> {
    vec![sign_in_with_provider(), link_provider(), unlink_provider()]
}

/// The shapes that these calls alone speak of.
pub fn schemas() -> Vec<(&'static str, Schemed)> {
    vec![
        ("Departure", whole::<Departure>(&[])),
        ("SignInWithProvider", sign_in_with_provider_body()),
        ("ProviderId", object(&[("providerId", provider_id())])),
    ]
}

fn sign_in_with_provider() -> Call {
    Call {
        body: Some((KINDS, "SignInWithProvider")),
        errors: &[
            Error::ProviderNotFound,
            Error::ProviderAway,
            Error::InvalidCallbackUrl,
        ],
        ..call(
            (Post, "/api/auth/sign-in/oauth2"),
            ("signInWithProvider", "Sign in with the identity provider"),
            ("Where to send the browser that asked.", named("Departure")),
        )
    }
}

fn link_provider() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "ProviderId")),
        errors: &[
            Error::ProviderNotFound,
            Error::ProviderAway,
            Error::SessionNotFresh,
            Error::Unauthorized,
        ],
        ..call(
            (Post, "/api/auth/oauth2/link"),
            (
                "linkProvider",
                "Connect your account with the identity provider",
            ),
            ("Where to send the browser that asked.", named("Departure")),
        )
    }
}

fn unlink_provider() -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, "ProviderId")),
        errors: &[
            Error::ProviderNotFound,
            Error::ProviderNotLinked,
            Error::LastWayIn,
            Error::SessionNotFresh,
            Error::Unauthorized,
        ],
        ..call(
            (Post, "/api/auth/unlink-account"),
            (
                "unlinkProvider",
                "Disconnect your account from the identity provider",
            ),
            ("It is disconnected.", named("Status")),
        )
    }
}

fn provider_id() -> Schemed {
    text().enum_values(Some([provider::ID])).into()
}

fn sign_in_with_provider_body() -> Schemed {
    let callback = text().description(Some("A path of this site, to be sent on to."));
    ObjectBuilder::new()
        .property("providerId", provider_id())
        .property("callbackURL", callback)
        .property("invitation", invitation())
        .required("providerId")
        .into()
}
