//! Who somebody is by the provider's word: the ID token, redeemed and checked.

use super::{
    Provider,
    known::Known,
    ticket::{Part, Ticket},
    wire::Broken,
};
use crate::domain::{Email, Mishap, Name};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, Nonce, PkceCodeVerifier, RequestTokenError,
    SignatureVerificationError, TokenResponse,
    core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier},
};
use serde::Deserialize;
use serde_json::Value;

/// No subject is longer (OpenID Connect Core, 2).
const LONGEST_SUBJECT: usize = 255;
/// So far may the provider's clock and ours differ, in seconds.
const APART: i64 = 300;

/// Somebody, by the provider's word.
#[derive(Debug)]
pub(super) struct Identity {
    /// Who, for all time: issuer and subject, the two that together name one person. The issuer has no `#`.
    pub id: String,
    /// Their address, if it was told and is one.
    pub email: Option<Email>,
    /// Whether the provider knows that it is theirs.
    pub is_verified: bool,
    /// What they are called, as far as it is a name by our rules.
    pub name: Option<Name>,
}

impl Provider {
    /// Redeems the code for an ID token, and believes it as far as it holds.
    pub(super) async fn identity(
        &self,
        known: &Known,
        ticket: &Ticket,
        code: String,
    ) -> Result<Identity, Mishap> {
        let verifier = PkceCodeVerifier::new(ticket.part(&self.key, Part::Verifier));
        let answer = known
            .client(&self.oidc, &self.redirect)
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| Mishap::Failed)?
            .set_pkce_verifier(verifier)
            .request_async(&self.wire)
            .await
            .map_err(|cause| not_redeemed(&cause))?;
        let token = answer
            .id_token()
            .ok_or_else(|| not_believed("there is none"))?;
        let nonce = Nonce::new(ticket.part(&self.key, Part::Nonce));
        match self.checked(token, known, &nonce) {
            // A key that is not known may be a new one.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let anew = self.anew(known).await.map_err(|_| Mishap::Away)?;
                self.checked(token, &anew, &nonce)
            }
            checked => checked,
        }
        .map_err(|cause| not_believed(kind(&cause)))
        .and_then(|claims| self.read(token, claims))
    }

    fn checked<'token>(
        &self,
        token: &'token CoreIdToken,
        known: &Known,
        nonce: &Nonce,
    ) -> Result<&'token CoreIdTokenClaims, ClaimsVerificationError> {
        let verifier: CoreIdTokenVerifier = known.verifier(&self.oidc);
        let verifier = verifier.set_issue_time_verifier_fn(|at| {
            let now = crate::service::clock::now().seconds();
            if (now - at.timestamp()).abs() <= APART {
                Ok(())
            } else {
                Err("issued at another time".to_owned())
            }
        });
        token.claims(&verifier, nonce)
    }

    fn read(&self, token: &CoreIdToken, claims: &CoreIdTokenClaims) -> Result<Identity, Mishap> {
        let is_for_us = claims
            .authorized_party()
            .is_none_or(|party| party.as_str() == self.oidc.client_id);
        let subject = claims.subject().as_str();
        let is_subject = !subject.is_empty()
            && subject.len() <= LONGEST_SUBJECT
            && !subject.chars().any(char::is_control);
        if !is_for_us || !is_subject {
            return Err(not_believed("made for another"));
        }
        let email: Option<Email> = claims.email().and_then(|email| email.parse().ok());
        let names = [
            claims
                .name()
                .and_then(|name| name.get(None))
                .map(|name| name.as_str()),
            claims.preferred_username().map(|name| name.as_str()),
        ];
        Ok(Identity {
            id: format!("{}#{subject}", self.oidc.issuer),
            is_verified: email.is_some() && is_said_to_be_verified(&token.to_string()),
            email,
            name: names
                .into_iter()
                .flatten()
                .find_map(|name| name.parse().ok()),
        })
    }
}

/// Whether the provider says so with a plain `true`. Some write it as a text, and mean who knows what: that is no.
fn is_said_to_be_verified(token: &str) -> bool {
    #[derive(Deserialize)]
    struct Claims {
        #[serde(default)]
        email_verified: Value,
    }
    let claims = token
        .split('.')
        .nth(1)
        .and_then(|payload| BASE64_URL_SAFE_NO_PAD.decode(payload).ok())
        .filter(|payload| payload.first() == Some(&b'{'))
        .and_then(|payload| serde_json::from_slice::<Claims>(&payload).ok());
    claims.is_some_and(|claims| claims.email_verified == Value::Bool(true))
}

fn not_redeemed<E: openidconnect::ErrorResponse>(cause: &RequestTokenError<Broken, E>) -> Mishap {
    let (why, mishap) = match cause {
        RequestTokenError::Request(Broken::Unreachable) => ("no answer", Mishap::Away),
        RequestTokenError::Request(_) => ("an answer that is not taken", Mishap::Failed),
        RequestTokenError::ServerResponse(_) => (
            "it refused; is OIDC_CLIENT_SECRET right, and the redirect address registered?",
            Mishap::Failed,
        ),
        _ => ("an answer that cannot be read", Mishap::Failed),
    };
    tracing::warn!(why, "the identity provider did not redeem a code");
    mishap
}

/// Why, for the operator: never in the provider's words.
fn not_believed(why: &'static str) -> Mishap {
    tracing::warn!(why, "an ID token was not believed");
    Mishap::Failed
}

const fn kind(cause: &ClaimsVerificationError) -> &'static str {
    match cause {
        ClaimsVerificationError::Expired(_) => "it has expired; are both clocks right?",
        ClaimsVerificationError::InvalidAudience(_) => "made for another",
        ClaimsVerificationError::InvalidIssuer(_) => "made by another",
        ClaimsVerificationError::InvalidNonce(_) => "made for another sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "the signature does not hold",
        _ => "it does not hold; are both clocks right?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_verified_when_the_provider_says_a_plain_true() {
        let says = |payload: &str| {
            is_said_to_be_verified(&format!(
                "e30.{}.sig",
                BASE64_URL_SAFE_NO_PAD.encode(payload)
            ))
        };
        assert!(says(r#"{"sub":"1","email_verified":true}"#));
        for payload in [
            "{}",
            r#"{"email_verified":"true"}"#,
            r#"{"email_verified":1}"#,
            r#"{"email_verified":[true]}"#,
            r#"{"email_verified":null}"#,
            r#"{"email_verified":false,"email_verified":true}"#,
            "[true]",
        ] {
            assert!(!says(payload), "{payload}");
        }
        assert!(!is_said_to_be_verified("") && !is_said_to_be_verified("a.%.b"));
    }
}
