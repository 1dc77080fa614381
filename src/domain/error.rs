//! Everything that can go wrong, in one closed table: code, HTTP status, field, and a message for people.
//!
//! An `Error` holds no cause, so it cannot leak one; what really happened is logged where it is turned into an `Error`.

use http::StatusCode;
use serde::{Deserialize, Serialize};

/// What a service answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! table {
    ($( $(#[doc = $doc:literal])? $name:ident $status:ident $code:literal $field:tt $message:literal; )*) => {
        /// One row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Error { $( #[doc = $message] $name, )* }

        impl Error {
            /// Every row, in the table's order.
            pub const ALL: &[Self] = &[$( Self::$name, )*];

            /// The code on the wire, as programs know it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$name => $code, )* }
            }
            /// The HTTP status (RFC 9110) of an answer with this code.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $( Self::$name => StatusCode::$status, )* }
            }
            /// The form field it is about, if it is about one.
            #[must_use]
            pub const fn field(self) -> Option<&'static str> {
                match self { $( Self::$name => table!(@field $field), )* }
            }
            /// What a person can do about it.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $( Self::$name => $message, )* }
            }
        }
    };
    (@field -) => { None };
    (@field $field:literal) => { Some($field) };
}

#[rustfmt::skip]
table! {
    // An account's words
    InvalidName           BAD_REQUEST            "INVALID_NAME"           "name"      "Write your name, in at most 100 characters.";
    InvalidEmail          BAD_REQUEST            "INVALID_EMAIL"          "email"     "Write the whole address, like maya@example.org.";
    PasswordTooShort      BAD_REQUEST            "PASSWORD_TOO_SHORT"     "password"  "Use at least 8 characters.";
    PasswordTooLong       BAD_REQUEST            "PASSWORD_TOO_LONG"      "password"  "Use at most 128 characters.";
    PasswordInvalid       BAD_REQUEST            "PASSWORD_NOT_TYPABLE"   "password"  "Use characters that can be typed: no line breaks or control characters.";
    PasswordCompromised   BAD_REQUEST            "PASSWORD_COMPROMISED"   "password"  "This one is on lists of stolen passwords, or too easy to guess. Choose another.";
    InvalidTimeZone       BAD_REQUEST            "INVALID_TIME_ZONE"      "timeZone"  "Choose a time zone from the list.";
    InvalidTheme          BAD_REQUEST            "INVALID_THEME"          "theme"     "Choose automatic, light or dark.";
    EmailTaken            UNPROCESSABLE_ENTITY   "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL" "email" "There is an account with this e-mail already. Sign in, or use another address.";

    // Signing in
    InvalidCredentials    UNAUTHORIZED           "INVALID_EMAIL_OR_PASSWORD" -        "That e-mail and password don’t belong together. Try the password again.";
    EmailNotVerified      FORBIDDEN              "EMAIL_NOT_VERIFIED"     -           "Open the link we sent to your e-mail first.";
    SignUpClosed          BAD_REQUEST            "EMAIL_PASSWORD_SIGN_UP_DISABLED" -  "New accounts are not open here. Ask whoever runs this server for one.";
    SignUpByInvitation    BAD_REQUEST            "EMAIL_PASSWORD_SIGN_UP_DISABLED" -  "An account here takes an invitation. Ask whoever runs this server for one, and open the link in it.";
    InvalidInvitation     BAD_REQUEST            "INVALID_INVITATION"     -           "This invitation has been used, is too old, or is for another address. Ask for a new one, or use the address it was sent to.";
    Unauthorized          UNAUTHORIZED           "UNAUTHORIZED"           -           "Sign in to continue.";
    InvalidToken          UNAUTHORIZED           "INVALID_TOKEN"          -           "This token is not valid. Get a new one from the settings page or /api/auth/token.";
    TokenExpired          UNAUTHORIZED           "TOKEN_EXPIRED"          -           "This token has expired. Get a new one from the settings page or /api/auth/token.";
    InvalidResetToken     BAD_REQUEST            "INVALID_TOKEN"          -           "This link has been used or is too old. Ask for a new one.";
    InvalidLink           UNAUTHORIZED           "INVALID_TOKEN"          -           "This link has been used or is too old. The newest letter has the one that works.";
    LinkExpired           UNAUTHORIZED           "TOKEN_EXPIRED"          -           "This link is too old. Ask for a new one.";
    InvalidDeletionToken  NOT_FOUND              "INVALID_TOKEN"          -           "No account is deleted by a link here. Send the password instead, or sign in again.";
    SessionNotFresh       FORBIDDEN              "SESSION_NOT_FRESH"      -           "Confirm that it is you, or sign in again, to do this.";
    InvalidOrigin         FORBIDDEN              "INVALID_ORIGIN"         -           "This request came from another site, so nothing was changed. If it came from this one, whoever runs it sets PUBLIC_URL to the address in the browser.";
    MissingOrigin         FORBIDDEN              "MISSING_OR_NULL_ORIGIN" -           "This request does not say where it came from, so nothing was changed. Send an Origin header.";
    PasswordWrong         BAD_REQUEST            "INVALID_PASSWORD"       "password"  "That is not your password. Try it again.";
    NoPassword            BAD_REQUEST            "CREDENTIAL_ACCOUNT_NOT_FOUND" -    "This account has no password yet. Ask whoever runs this server for a link that sets one.";
    EmailNotUpdatable     BAD_REQUEST            "EMAIL_CAN_NOT_BE_UPDATED" "email"  "The address is not changed here.";
    AddressDiffers        BAD_REQUEST            "ADDRESS_DIFFERS"        "email"     "This is not the address of your account. Type the one you sign in with.";
    InvalidCallbackUrl    FORBIDDEN              "INVALID_CALLBACK_URL"   -           "The callback must be a path of this site.";
    InvalidRedirectUrl    FORBIDDEN              "INVALID_REDIRECT_URL"   -           "The place to go to must be a path of this site.";
    EmailMismatch         BAD_REQUEST            "EMAIL_MISMATCH"         "email"     "This is not the address of your account.";
    EmailAlreadyVerified  BAD_REQUEST            "EMAIL_ALREADY_VERIFIED" -           "Your address is confirmed already.";
    EmailSame             BAD_REQUEST            "EMAIL_IS_THE_SAME"      "newEmail"  "This is your address already. Write the new one.";

    // The second factor
    InvalidCode           UNAUTHORIZED           "INVALID_CODE"           "code"      "This code is not right, or was used already. Type the one that your app shows now.";
    InvalidRecoveryCode   UNAUTHORIZED           "INVALID_BACKUP_CODE"    "code"      "This recovery code is not right, or was used already. Try another.";
    InvalidChallenge      UNAUTHORIZED           "INVALID_TWO_FACTOR_COOKIE" -        "This sign-in took too long, or is finished already. Sign in again.";
    TooManyAttempts       BAD_REQUEST            "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE" - "Too many wrong codes. Sign in again.";
    TemporarilyLocked     TOO_MANY_REQUESTS      "ACCOUNT_TEMPORARILY_LOCKED" -       "Too many wrong codes in a row. Nobody can sign in with a code for a while: try again later.";
    TotpNotEnabled        BAD_REQUEST            "TOTP_NOT_ENABLED"       -           "No authenticator app is being set up. Begin again in the settings.";
    TotpAlreadyEnabled    BAD_REQUEST            "TOTP_ALREADY_ENABLED"   -           "The second factor is on already. Turn it off first to set it up anew.";
    TwoFactorNotEnabled   BAD_REQUEST            "TWO_FACTOR_NOT_ENABLED" -           "The second factor is off. Turn it on first.";
    OtpNotConfigured      BAD_REQUEST            "OTP_NOT_CONFIGURED"     -           "No codes are sent by mail or message here. Use your authenticator app.";
    DeviceNotFound        NOT_FOUND              "TRUSTED_DEVICE_NOT_FOUND" -         "There is no such trusted browser.";

    // A task's words
    InvalidTitle          UNPROCESSABLE_ENTITY   "INVALID_TITLE"          "title"       "A task needs a title of 1 to 200 characters.";
    InvalidDescription    UNPROCESSABLE_ENTITY   "INVALID_DESCRIPTION"    "description" "Notes can have at most 10,000 characters.";
    InvalidCompleted      UNPROCESSABLE_ENTITY   "INVALID_COMPLETED"      "completed"   "Say true or false.";
    InvalidPriority       UNPROCESSABLE_ENTITY   "INVALID_PRIORITY"       "priority"    "Choose none, low, medium or high.";
    InvalidDueDate        UNPROCESSABLE_ENTITY   "INVALID_DUE_DATE"       "dueDate"     "Write a date like 2026-11-21, between the years 1900 and 2999.";
    InvalidPosition       UNPROCESSABLE_ENTITY   "INVALID_POSITION"       "position"    "A position is a whole number between -9007199254740991 and 9007199254740991.";
    UnknownMember         UNPROCESSABLE_ENTITY   "UNKNOWN_MEMBER"         -             "There is no such member.";
    RepeatedMember        UNPROCESSABLE_ENTITY   "REPEATED_MEMBER"        -             "This is given twice.";
    InvalidLimit          UNPROCESSABLE_ENTITY   "INVALID_LIMIT"          "limit"       "A limit is a whole number from 1 to 100.";
    InvalidCursor         UNPROCESSABLE_ENTITY   "INVALID_CURSOR"         "cursor"      "This cursor was not made for this list. Start again without it.";
    InvalidSort           UNPROCESSABLE_ENTITY   "INVALID_SORT"           "sort"        "Sort by createdAt, dueDate, completedAt, priority, title or position, with - before it for the other way.";
    InvalidQuery          UNPROCESSABLE_ENTITY   "INVALID_QUERY"          "q"           "Search for 1 to 200 characters.";
    UnknownParameter      UNPROCESSABLE_ENTITY   "UNKNOWN_PARAMETER"      -             "There is no such parameter.";
    InvalidIdempotencyKey UNPROCESSABLE_ENTITY   "INVALID_IDEMPOTENCY_KEY" -            "An idempotency key has 1 to 255 visible ASCII characters.";
    TooManyTasks          UNPROCESSABLE_ENTITY   "TOO_MANY_TASKS"         -             "There are 10,000 tasks here already. Delete some first.";
    TaskNotFound          NOT_FOUND              "TASK_NOT_FOUND"         -             "There is no such task, or no longer.";
    PreconditionFailed    PRECONDITION_FAILED    "PRECONDITION_FAILED"    -             "This task was changed meanwhile. Read it again, then repeat the change.";
    Conflict              CONFLICT               "CONFLICT"               -             "The first request with this key is still running. Try again in a moment.";
    IdempotencyKeyReused  UNPROCESSABLE_ENTITY   "IDEMPOTENCY_KEY_REUSED" -             "This key was used for another request. Take a new key.";

    // Access tokens
    InvalidTokenName      UNPROCESSABLE_ENTITY   "INVALID_TOKEN_NAME"     "name"        "Name the token after what uses it, in at most 100 characters.";
    InvalidScope          UNPROCESSABLE_ENTITY   "INVALID_SCOPE"          "scope"       "Choose what the token may do: read tasks, change them, or both.";
    InvalidExpiry         UNPROCESSABLE_ENTITY   "INVALID_EXPIRY"         "expires"     "Choose 1 to 365 days, or a day within the next year.";
    TooManyAccessTokens   UNPROCESSABLE_ENTITY   "TOO_MANY_ACCESS_TOKENS" -             "There are 50 tokens here already. Revoke some first.";
    AccessTokenMade       CONFLICT               "ACCESS_TOKEN_MADE"      -             "This token was made already, and a token is shown only once. If you do not have it, revoke it and make another.";
    AccessTokenNotFound   NOT_FOUND              "ACCESS_TOKEN_NOT_FOUND" -             "There is no such token.";
    InsufficientScope     FORBIDDEN              "INSUFFICIENT_SCOPE"     -             "This token may not do that. Make one that may on the settings page.";

    // Looking after people
    InvalidRole           BAD_REQUEST            "INVALID_ROLE"           "role"        "Choose member or admin.";
    InvalidNote           BAD_REQUEST            "INVALID_NOTE"           "note"        "A note can have at most 200 characters, in one line.";
    InvalidDays           BAD_REQUEST            "INVALID_DAYS"           "days"        "Choose 1 to 30 days.";
    WrongConfirmation     BAD_REQUEST            "WRONG_CONFIRMATION"     "email"       "This is another address. Write the account’s own to delete it.";
    TooManyInvitations    UNPROCESSABLE_ENTITY   "TOO_MANY_INVITATIONS"   -             "There are 100 open invitations already. Revoke some first.";
    InvitationMade        CONFLICT               "INVITATION_MADE"        -             "This invitation was made already, and its link is shown only once. If you do not have it, revoke it and make another.";
    InvitationNotFound    NOT_FOUND              "INVITATION_NOT_FOUND"   -             "There is no such invitation.";
    LastAdministrator     CONFLICT               "LAST_ADMINISTRATOR"     -             "Nobody else could look after this house then. Make somebody else an administrator first.";
    PersonDisabled        CONFLICT               "PERSON_DISABLED"        -             "This account is disabled, and a new password would not help. Enable it first.";

    // The identity provider
    ProviderNotFound      NOT_FOUND              "PROVIDER_NOT_FOUND"     -             "There is no such provider here.";
    ProviderAway          SERVICE_UNAVAILABLE    "PROVIDER_UNAVAILABLE"   -             "The provider does not answer just now. Sign in with your password, or try again.";
    ProviderErrandOver    BAD_REQUEST            "PROVIDER_LINK_EXPIRED"  -             "That took too long. Start again from the sign-in page.";
    ProviderNotLinked     BAD_REQUEST            "ACCOUNT_NOT_FOUND"      -             "Your account is not connected with it.";
    ProviderTaken         CONFLICT               "SOCIAL_ACCOUNT_ALREADY_LINKED" -      "Another account here is connected with that identity. Disconnect it there first.";
    LastWayIn             BAD_REQUEST            "FAILED_TO_UNLINK_LAST_ACCOUNT" -      "This is your only way in. Set a password or add a passkey first.";

    // Passkeys
    InvalidPasskeyName    BAD_REQUEST            "INVALID_PASSKEY_NAME"   "name"        "Say where it is, in 1 to 100 characters: my laptop, for one.";
    PasskeysImpossible    BAD_REQUEST            "PASSKEYS_NOT_POSSIBLE"  -             "Browsers make passkeys only for a name with https. Whoever runs this server sets PUBLIC_URL to one.";
    ChallengeNotFound     BAD_REQUEST            "CHALLENGE_NOT_FOUND"    -             "That took too long, or another tab asked meanwhile. Try again.";
    PasskeyNotMade        BAD_REQUEST            "FAILED_TO_VERIFY_REGISTRATION" -      "The passkey could not be checked, so it was not added. Try again.";
    PasskeyTaken          CONFLICT               "PASSKEY_ALREADY_REGISTERED" -         "This passkey is here already.";
    TooManyPasskeys       UNPROCESSABLE_ENTITY   "TOO_MANY_PASSKEYS"      -             "There are 10 passkeys here already. Remove one first.";
    PasskeyRefused        UNAUTHORIZED           "AUTHENTICATION_FAILED"  -             "This passkey opens no account here. Try another, or sign in with your password.";
    PasskeyCopied         UNAUTHORIZED           "PASSKEY_COUNTER_WRONG"  -             "This passkey counts as if there were two of it, so it was refused. Sign in with your password, and remove it in the settings.";
    PasskeyNotFound       NOT_FOUND              "PASSKEY_NOT_FOUND"      -             "There is no such passkey.";

    // The request itself
    Malformed             BAD_REQUEST            "BAD_REQUEST"            -             "The request could not be understood.";
    Validation            BAD_REQUEST            "VALIDATION_ERROR"       -             "Something is missing from the request, or has the wrong type.";
    Unprocessable         UNPROCESSABLE_ENTITY   "VALIDATION_ERROR"       -             "Something in the request is not right.";
    NotFound              NOT_FOUND              "NOT_FOUND"              -             "There is nothing at this address.";
    Misdirected           MISDIRECTED_REQUEST    "MISDIRECTED_REQUEST"    -             "This server goes by another name. Whoever runs it sets PUBLIC_URL to the address in the browser, and has a proxy pass the Host header on.";
    MethodNotAllowed      METHOD_NOT_ALLOWED     "METHOD_NOT_ALLOWED"     -             "This address does not take this method.";
    RequestTimeout        REQUEST_TIMEOUT        "REQUEST_TIMEOUT"        -             "The request took too long to arrive. Try again.";
    PayloadTooLarge       PAYLOAD_TOO_LARGE      "PAYLOAD_TOO_LARGE"      -             "The request is too large. It may hold 64 KiB, the form of a task 128.";
    UnsupportedMediaType  UNSUPPORTED_MEDIA_TYPE "UNSUPPORTED_MEDIA_TYPE" -             "Send this as application/json, and not compressed.";
    TooManyRequests       TOO_MANY_REQUESTS      "TOO_MANY_REQUESTS"      -             "Too many tries. Wait a little, then try again.";
    Internal              INTERNAL_SERVER_ERROR  "INTERNAL"               -             "Something went wrong on our side. Try again.";
    Unavailable           SERVICE_UNAVAILABLE    "SERVICE_UNAVAILABLE"    -             "The server is busy or its database is away. Try again in a moment.";
    StorageFull           INSUFFICIENT_STORAGE   "STORAGE_FULL"           -             "The server’s disk is full, so nothing was saved.";
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn every_row_has_a_message_for_people() {
        for &error in Error::ALL {
            let message = error.message();
            assert!(
                message.len() > 10 && message.ends_with('.'),
                "{error:?}: {message}"
            );
            assert!(
                !message.replace("PUBLIC_URL", "").contains(['!', '`', '_']),
                "{error:?} speaks like a program: {message}"
            );
        }
    }

    #[test]
    fn every_code_is_upper_snake_and_every_status_is_an_error() {
        for &error in Error::ALL {
            assert!(
                error
                    .code()
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b == b'_'),
                "{error:?}"
            );
            assert!(
                error.status().is_client_error() || error.status().is_server_error(),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_code_shared_by_two_rows_differs_in_status() {
        let mut seen = HashMap::new();
        // Better Auth has one code for a door that is not open, whatever would open it, and one for a token and for the link of a letter.
        let shared = [
            Error::SignUpByInvitation,
            Error::InvalidLink,
            Error::LinkExpired,
        ];
        let all = Error::ALL.iter().copied();
        for error in all.filter(|error| !shared.contains(error)) {
            assert_eq!(
                seen.insert((error.code(), error.status()), error),
                None,
                "{error:?}"
            );
        }
    }
}
