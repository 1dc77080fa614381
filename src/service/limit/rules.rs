//! What is counted, and how much of it is let through.

/// At most `most` in `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is counted: part of the key.
    pub name: &'static str,
    /// How many are let through.
    pub most: i64,
    /// In how long.
    pub seconds: i64,
}

/// Failed sign-ins of one address book entry, existing or not.
pub const SIGN_IN_FAILURES: Rule = Rule {
    name: "sign-in-failure",
    most: 5,
    seconds: 15 * 60,
};
/// Failed sign-ins from one network address.
pub const SIGN_IN_FAILURES_FROM: Rule = Rule {
    name: "sign-in-failure-from",
    most: 50,
    seconds: 15 * 60,
};
/// Sign-ins tried from one network address.
pub const SIGN_IN_FROM: Rule = Rule {
    name: "sign-in-from",
    most: 30,
    seconds: 60,
};
/// Sign-ups tried with one e-mail address.
pub const SIGN_UP: Rule = Rule {
    name: "sign-up",
    most: 3,
    seconds: 60 * 60,
};
/// Sign-ups from one network address.
pub const SIGN_UP_FROM: Rule = Rule {
    name: "sign-up-from",
    most: 10,
    seconds: 60 * 60,
};
/// Letters that are asked for to one address, existing or not; more are dropped without a word.
pub const LETTER: Rule = Rule {
    name: "letter",
    most: 3,
    seconds: 60 * 60,
};
/// Letters that are asked for from one network address.
pub const LETTER_FROM: Rule = Rule {
    name: "letter-from",
    most: 10,
    seconds: 60 * 60,
};
/// New addresses that one person asks for.
pub const NEW_ADDRESS: Rule = Rule {
    name: "new-address",
    most: 5,
    seconds: 60 * 60,
};
/// One-time links tried from one network address.
pub const LINK_FROM: Rule = Rule {
    name: "link-from",
    most: 20,
    seconds: 60 * 60,
};
/// Ways to the identity provider begun from one network address.
pub const PROVIDER_FROM: Rule = Rule {
    name: "provider-from",
    most: 30,
    seconds: 60,
};
/// Ways back from it to one network address.
pub const PROVIDER_BACK_FROM: Rule = Rule {
    name: "provider-back-from",
    most: 30,
    seconds: 60,
};
/// Tokens made in one session.
pub const TOKEN: Rule = Rule {
    name: "token",
    most: 30,
    seconds: 60,
};
/// Access tokens tried to be made by one person.
pub const ACCESS_TOKEN: Rule = Rule {
    name: "access-token",
    most: 60,
    seconds: 60 * 60,
};
/// Wrong second factors from one network address.
pub const SECOND_FACTOR_FAILURES_FROM: Rule = Rule {
    name: "second-factor-failure-from",
    most: 20,
    seconds: 15 * 60,
};
/// Codes tried by one person who is setting up the second factor.
pub const SECOND_FACTOR_SET_UP: Rule = Rule {
    name: "second-factor-set-up",
    most: 30,
    seconds: 15 * 60,
};
/// Passkeys tried to be added by one person.
pub const PASSKEY: Rule = Rule {
    name: "passkey",
    most: 30,
    seconds: 60 * 60,
};
/// Passwords that one person is asked for once more, right or wrong.
pub const CONFIRMATION: Rule = Rule {
    name: "confirmation",
    most: 30,
    seconds: 60,
};
/// Wrong ones among them.
pub const CONFIRMATION_FAILURES: Rule = Rule {
    name: "confirmation-failure",
    most: 5,
    seconds: 15 * 60,
};
/// Copies of all that is theirs that one person takes.
pub const DOWNLOAD: Rule = Rule {
    name: "download",
    most: 20,
    seconds: 60 * 60,
};
/// Requests of one person to `/api/tasks`, in this process.
pub const API: Rule = Rule {
    name: "api",
    most: 300,
    seconds: 60,
};
/// Requests with a token that is none, from one network address, in this process.
pub const API_FAILURES_FROM: Rule = Rule {
    name: "api-failure-from",
    most: 3000,
    seconds: 60,
};
/// Rows of the security log that one cause may leave, in this process.
pub const NOTED: Rule = Rule {
    name: "noted",
    most: 10,
    seconds: 60,
};
