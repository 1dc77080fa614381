//! How the provider is asked: over TLS, to no other place than the one named, and neither for long nor for much.

use http::Uri;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::{Client, redirect::Policy};
use std::{fmt, pin::Pin, time::Duration};
use url::Url;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long an answer may take, to its last byte.
const PATIENCE: Duration = Duration::from_secs(6);
/// No document or token is larger.
const LARGEST: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Nobody answers there, or not in time.
    Unreachable,
    /// The answer does not end.
    TooLarge,
    /// The address is one that is not asked: it is not https.
    Unsafe,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "no answer",
            Self::TooLarge => "too large an answer",
            Self::Unsafe => "not https",
        })
    }
}

impl std::error::Error for Broken {}

/// The client. It follows no redirects: whoever could make the provider send one would choose whom this server talks to.
#[derive(Debug)]
pub(super) struct Wire {
    client: Client,
    /// Without TLS the provider is reached on this machine alone, and then so is everything of it.
    is_plain: bool,
}

impl Wire {
    pub fn to(issuer: &str) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .user_agent("latchkey")
            .build()?;
        Ok(Self {
            client,
            is_plain: issuer.starts_with("http:"),
        })
    }

    /// Whether this is an address that is asked, or that a person is sent to.
    pub fn allows(&self, url: &Url) -> bool {
        let is_here = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        url.scheme() == "https" || self.is_plain && url.scheme() == "http" && is_here
    }

    fn may_ask(&self, uri: &Uri) -> Result<(), Broken> {
        Url::parse(&uri.to_string())
            .ok()
            .filter(|url| self.allows(url))
            .map(drop)
            .ok_or(Broken::Unsafe)
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, Broken> {
        self.may_ask(request.uri())?;
        let request = request.try_into().map_err(unreachable)?;
        let mut answer = self.client.execute(request).await.map_err(unreachable)?;
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + part.len() > LARGEST {
                return Err(Broken::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        let mut whole = HttpResponse::new(body);
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(whole)
    }
}

impl<'wire> AsyncHttpClient<'wire> for Wire {
    type Error = Broken;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Broken>> + Send + 'wire>>;

    fn call(&'wire self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// The address is left out of the log: it may hold what is nobody else's.
fn unreachable(cause: reqwest::Error) -> Broken {
    let cause = cause.without_url();
    tracing::warn!(
        is_late = cause.is_timeout(),
        is_refused = cause.is_connect(),
        "the identity provider does not answer"
    );
    Broken::Unreachable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_over_tls_leads_nowhere_without_it_and_one_here_stays_here() {
        let allows = |issuer: &str, url: &str| {
            let url = Url::parse(url).unwrap();
            Wire::to(issuer).unwrap().allows(&url)
        };
        let far = "https://id.example.org";
        assert!(allows(far, "https://login.example.org/authorize"));
        for url in [
            "http://id.example.org/token",
            "http://127.0.0.1:9000/token",
            "http://169.254.169.254/latest",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            assert!(!allows(far, url), "{url}");
        }
        let here = "http://127.0.0.1:9000";
        assert!(allows(here, "http://127.0.0.1:9001/token"));
        assert!(!allows(here, "http://192.168.1.7/token"));
    }
}
