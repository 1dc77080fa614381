//! Who calls: read from `Authorization: Bearer` (RFC 6750) and from nothing else, never from a cookie or a query.

use crate::{
    domain::{Error, Event, Result, Scope, UserId},
    http::reply::Refused,
    service::{
        AppState, Source,
        claimant::{self, Claimant},
        limit,
    },
};
use axum::extract::FromRequestParts;
use http::{HeaderMap, header::AUTHORIZATION, request::Parts};

/// Somebody with a JWT that we signed and whose time is not over, or with an access token that lived when the request began. Whether it lives
/// is asked with the work itself, or in [`Caller::admitted`]: always after the whole request has arrived, so that a slow one does not outlive
/// its session. Neither way leads past the question what the token may do.
#[derive(Clone, Debug)]
pub struct Caller {
    claimant: Claimant,
    token: String,
    source: Source,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refused> {
        let source = parts.extensions.get::<Source>().ok_or(Error::Internal)?;
        let token = bearer(&parts.headers)?;
        let claimant = match claimant::claimed(state, token).await {
            Ok(claimant) => claimant,
            Err(error) => return Err(refused(state, source, token, error).await),
        };
        let caller = Self {
            claimant,
            token: token.to_owned(),
            source: source.clone(),
        };
        if let Err(refusal) = state.limits.pace(limit::API, &claimant.counted_as()) {
            let haste = (Event::RateLimited, Error::TooManyRequests);
            claimant::note(state, &caller.source, claimant, haste).await;
            return Err(refusal.into());
        }
        Ok(caller)
    }
}

impl Caller {
    /// The person, if the token lives and may do this.
    pub async fn admitted(&self, state: &AppState, scope: Scope) -> Result<UserId, Refused> {
        let claimant = self.may(state, scope).await?;
        match claimant.admitted(&state.db).await {
            Ok(user) => Ok(user),
            Err(error) => Err(self.refused(state, error).await),
        }
    }

    /// Who is named, if the token may do this; whether it lives is to be asked with the work.
    pub async fn may(&self, state: &AppState, scope: Scope) -> Result<Claimant, Refused> {
        if let Err(refusal) = self.claimant.may(scope) {
            let why = (Event::TokenRefused, refusal.error);
            claimant::note(state, &self.source, self.claimant, why).await;
            return Err(refusal.into());
        }
        Ok(self.claimant)
    }

    /// Refuses the work. Where that is because the token is dead, it is written down, and does not count against the person: a stolen
    /// token that was revoked cannot use up what its owner may ask.
    pub async fn refused(&self, state: &AppState, error: Error) -> Refused {
        if error != Error::InvalidToken {
            return error.into();
        }
        state
            .limits
            .take_back(limit::API, &self.claimant.counted_as());
        refused(state, &self.source, &self.token, error).await
    }
}

async fn refused(state: &AppState, source: &Source, token: &str, error: Error) -> Refused {
    let network = limit::network(source);
    if let Err(refusal) = state.limits.pace(limit::API_FAILURES_FROM, &network) {
        return refusal.into();
    }
    claimant::note_refusal(state, source, token, error).await;
    error.into()
}

/// The one token of the one header. Another scheme is no token at all; two headers, or two words, are a bad one.
fn bearer(headers: &HeaderMap) -> Result<&str> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let (first, second) = (given.next().ok_or(Error::Unauthorized)?, given.next());
    if second.is_some() {
        return Err(Error::InvalidToken);
    }
    let text = first.to_str().map_err(|_| Error::InvalidToken)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    let token = token.trim_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Error::Unauthorized);
    }
    if token.contains([' ', ',', '\t']) {
        return Err(Error::InvalidToken);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn read(values: &[&[u8]]) -> Result<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        bearer(&headers).map(str::to_owned)
    }

    #[test]
    fn b8_one_header_with_one_token_is_read_whatever_the_scheme_is_spelled_like() {
        for good in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c "] {
            assert_eq!(read(&[good.as_bytes()]).as_deref(), Ok("a.b.c"), "{good:?}");
        }
    }

    #[test]
    fn b8_no_token_and_a_bad_one_are_told_apart() {
        for none in [
            "",
            "Bearer",
            "Bearer ",
            "Basic YTpi",
            "Bearera.b.c",
            "a.b.c",
        ] {
            assert_eq!(
                read(&[none.as_bytes()]),
                Err(Error::Unauthorized),
                "{none:?}"
            );
        }
        assert_eq!(read(&[]), Err(Error::Unauthorized));
        for bad in [b"Bearer a b".as_slice(), b"Bearer a,b", b"Bearer \xff\xfe"] {
            assert_eq!(read(&[bad]), Err(Error::InvalidToken), "{bad:?}");
        }
        assert_eq!(
            read(&[b"Bearer a.b.c", b"Bearer a.b.c"]),
            Err(Error::InvalidToken)
        );
    }

    proptest! {
        #[test]
        fn b8_no_header_makes_the_reader_stumble(value in "[ -~]{0,200}") {
            if let Ok(token) = read(&[value.as_bytes()]) {
                prop_assert!(!token.is_empty() && !token.contains(' '));
            }
        }
    }
}
