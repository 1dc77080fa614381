//! The calls of the second factor: the step that asks for it, and turning it on and off.

use super::{
    call::{Call, Door, KINDS, call, with_cookie},
    schema::named,
};
use crate::domain::Error;
use utoipa::openapi::path::HttpMethod::Post;

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

/// A call that asks for the password, or for a sign-in that was a moment ago.
fn confirmed(call: Call, body: &'static str, errors: &'static [Error]) -> Call {
    Call {
        door: Door::Cookie,
        body: Some((KINDS, body)),
        errors,
        ..call
    }
}

fn enable() -> Call {
    confirmed(
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
    Error::SessionNotFresh,
    Error::TwoFactorNotEnabled,
    Error::Unauthorized,
];

fn disable() -> Call {
    with_cookie(confirmed(
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
    confirmed(
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
    confirmed(
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
