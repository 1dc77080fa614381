//! The calls of `/api/auth`: the server functions that programs may use.

use super::{
    address,
    call::{Call, Door, KINDS, call, with_cookie},
    own,
    schema::{either, named, nullable},
};
use crate::domain::Error;
use utoipa::openapi::path::HttpMethod::{self, Get, Post};

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
        sign_in_with_provider(),
        link_provider(),
        unlink_provider(),
    ]
    .into_iter()
    .chain(own::calls())
    .chain(address::calls())
    .collect()
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
            Error::InvalidInvitation,
            Error::EmailTaken,
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
