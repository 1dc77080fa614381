//! The calls of the second factor: the step that asks for it, and turning it on and off.

use super::{
    call::{Call, Door, KINDS, call, with_cookie},
    schema::{Schemed, claimed, flag, named, text, whole, words},
};
use crate::{
    action::second_factor::{Passed, RecoveryCodes, SetUpAnswer, TotpUri},
    domain::Error,
};
use serde_json::json;
use utoipa::openapi::{path::HttpMethod::Post, schema::ObjectBuilder};

pub fn calls() -> Vec<Call> {
    vec![
        enable(),
        verify_totp(),
        verify_backup_code(),
        disable(),
        generate_backup_codes(),
        get_totp_uri(),
        send_otp(),
    ]
}

/// The shapes that these calls alone speak of.
pub fn schemas() -> Vec<(&'static str, Schemed)> {
    vec![
        ("SetUpAnswer", whole::<SetUpAnswer>(&[])),
        ("Passed", whole::<Passed>(&[])),
        ("RecoveryCodes", whole::<RecoveryCodes>(&[])),
        ("TotpUri", whole::<TotpUri>(&[])),
        ("Confirmed", confirmed().into()),
        ("EnableTwoFactor", enable_body()),
        ("VerifyTotp", verify_totp_body()),
        ("VerifyBackupCode", verify_backup_code_body()),
    ]
}

/// A call that asks for the password, or for a sign-in that was a moment ago.
fn confirming(call: Call, body: &'static str, errors: &'static [Error]) -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, body)),
        may_be_empty: true,
        errors,
        ..call
    }
}

fn enable() -> Call {
    confirming(
        call(
            (Post, "/api/auth/two-factor/enable"),
            ("enableTwoFactor", "Begin to set up an authenticator app"),
            (
                "What the app needs. Nothing is asked at sign-in until a code of it was verified.",
                named("SetUpAnswer"),
            ),
        ),
        "EnableTwoFactor",
        &[
            Error::PasswordWrong,
            Error::NoPassword,
            Error::SessionNotFresh,
            Error::TotpAlreadyEnabled,
            Error::OtpNotConfigured,
            Error::Unauthorized,
        ],
    )
}

/// What a code can be refused for.
const STEP: &[Error] = &[
    Error::InvalidCode,
    Error::InvalidChallenge,
    Error::TooManyAttempts,
    Error::TemporarilyLocked,
    Error::TotpNotEnabled,
    Error::TotpAlreadyEnabled,
];

fn verify_totp() -> Call {
    with_cookie(Call {
        body: Some((KINDS, "VerifyTotp")),
        errors: STEP,
        ..call(
            (Post, "/api/auth/two-factor/verify-totp"),
            (
                "verifyTotp",
                "Give the app’s code: after signing in with the password, or to finish setting up",
            ),
            ("It was right, and a session has begun.", named("Passed")),
        )
    })
}

fn verify_backup_code() -> Call {
    with_cookie(Call {
        body: Some((KINDS, "VerifyBackupCode")),
        errors: &[
            Error::InvalidRecoveryCode,
            Error::InvalidChallenge,
            Error::TooManyAttempts,
            Error::TemporarilyLocked,
            Error::TwoFactorNotEnabled,
        ],
        ..call(
            (Post, "/api/auth/two-factor/verify-backup-code"),
            (
                "verifyBackupCode",
                "Give a recovery code in place of the app’s; it is used up",
            ),
            ("It was right, and a session has begun.", named("Passed")),
        )
    })
}

const CHANGE: &[Error] = &[
    Error::PasswordWrong,
    Error::NoPassword,
    Error::SessionNotFresh,
    Error::TwoFactorNotEnabled,
    Error::Unauthorized,
];

fn disable() -> Call {
    with_cookie(confirming(
        call(
            (Post, "/api/auth/two-factor/disable"),
            ("disableTwoFactor", "Turn the second factor off"),
            (
                "It is off. Every other session has ended, and this one goes on under a new cookie.",
                named("Status"),
            ),
        ),
        "Confirmed",
        CHANGE,
    ))
}

fn generate_backup_codes() -> Call {
    confirming(
        call(
            (Post, "/api/auth/two-factor/generate-backup-codes"),
            ("generateBackupCodes", "Make new recovery codes"),
            (
                "The new ones, shown this once; the ones before are dead.",
                named("RecoveryCodes"),
            ),
        ),
        "Confirmed",
        CHANGE,
    )
}

fn get_totp_uri() -> Call {
    confirming(
        call(
            (Post, "/api/auth/two-factor/get-totp-uri"),
            (
                "getTotpUri",
                "What the app was set up with, for another app",
            ),
            ("The address that apps read.", named("TotpUri")),
        ),
        "Confirmed",
        &[
            Error::PasswordWrong,
            Error::NoPassword,
            Error::SessionNotFresh,
            Error::TotpNotEnabled,
            Error::Unauthorized,
        ],
    )
}

fn send_otp() -> Call {
    Call {
        errors: &[Error::OtpNotConfigured],
        ..call(
            (Post, "/api/auth/two-factor/send-otp"),
            ("sendOtp", "Codes by mail or message: there are none here"),
            ("Never.", named("Status")),
        )
    }
}

fn confirmed() -> ObjectBuilder {
    let password = claimed().description(Some(
        "Needed unless you signed in, or confirmed that it is you, in the last ten minutes.",
    ));
    ObjectBuilder::new().property("password", password)
}

fn enable_body() -> Schemed {
    let issuer = text().description(Some(
        "What the app calls this place; latchkey if nothing is said.",
    ));
    let method = words(std::iter::once("totp"));
    confirmed()
        .property("issuer", issuer)
        .property("method", method)
        .into()
}

/// With a code, and whether the browser is trusted from then on.
fn with_code(code: ObjectBuilder) -> ObjectBuilder {
    let trust = flag().default(Some(json!(false))).description(Some(
        "True: this browser is not asked again for 30 days from its last sign-in.",
    ));
    ObjectBuilder::new()
        .property("code", code)
        .property("trustDevice", trust)
        .required("code")
}

fn verify_totp_body() -> Schemed {
    with_code(text().pattern(Some("^[0-9]{6}$"))).into()
}

fn verify_backup_code_body() -> Schemed {
    let code = text().description(Some("As in k7m2-x9qd-4tnb-w8fr."));
    let without = flag().default(Some(json!(false))).description(Some(
        "True: no session begins, and there is no token in the answer.",
    ));
    with_code(code).property("disableSession", without).into()
}
