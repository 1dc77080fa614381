//! The name that a refused request came by: what `PUBLIC_URL` would have to be for it to pass.

use http::{
    HeaderMap,
    header::{HOST, ORIGIN},
};
use url::Url;

const FORWARDED_PROTO: &str = "x-forwarded-proto";
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// An origin, in a refusal's extensions for whoever writes its answer. It is said to the one who asked, and believed by nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledBy(pub String);

impl CalledBy {
    /// By its `Host`. A proxy may say that it was https for people.
    pub fn host(headers: &HeaderMap) -> Option<Self> {
        let host = text(headers, HOST.as_str())?;
        let was_https = text(headers, FORWARDED_PROTO).is_some_and(|proto| proto == "https");
        let scheme = if was_https { "https" } else { "http" };
        Self::origin_of(&format!("{scheme}://{host}"))
    }

    /// By its `Origin`, if the browser or the `Host` says that this is the site that was meant: another site is no name of ours.
    pub fn origin(headers: &HeaderMap) -> Option<Self> {
        let origin = text(headers, ORIGIN.as_str())?;
        let (_, authority) = origin.split_once("://")?;
        let is_meant = text(headers, SEC_FETCH_SITE) == Some("same-origin")
            || text(headers, HOST.as_str()) == Some(authority);
        Self::origin_of(origin).filter(|_| is_meant)
    }

    fn origin_of(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let origin = url.origin().ascii_serialization();
        let is_bare = url.as_str().strip_suffix('/') == Some(origin.as_str());
        (is_bare && matches!(url.scheme(), "http" | "https")).then_some(Self(origin))
    }
}

/// The value of a header that is there once.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok();
    first.filter(|_| values.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(given: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = given
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        pairs.collect()
    }

    #[test]
    fn the_host_is_the_name_and_a_proxy_may_say_that_it_is_https() {
        let host = ("host", "192.168.1.7:3000");
        let name = |given: &[_]| CalledBy::host(&headers(given)).map(|name| name.0);
        assert_eq!(name(&[host]).as_deref(), Some("http://192.168.1.7:3000"));
        assert_eq!(
            name(&[("host", "Tasks.example.org"), (FORWARDED_PROTO, "https")]).as_deref(),
            Some("https://tasks.example.org")
        );
        for odd in ["", "a b", "a/b", "maya@a", "a?b", "a<b"] {
            assert_eq!(name(&[("host", odd)]), None, "{odd}");
        }
    }

    #[test]
    fn b14_another_sites_origin_is_no_name_of_ours() {
        let name = |given: &[_]| CalledBy::origin(&headers(given)).map(|name| name.0);
        let (host, tls) = (
            ("host", "tasks.example.org"),
            ("origin", "https://tasks.example.org"),
        );
        let expected = Some("https://tasks.example.org".to_owned());
        assert_eq!(name(&[host, tls]), expected);
        let same = (SEC_FETCH_SITE, "same-origin");
        assert_eq!(name(&[("host", "127.0.0.1:3000"), tls, same]), expected);
        for other in [
            [host, ("origin", "https://evil.example")].as_slice(),
            &[
                host,
                ("origin", "https://evil.example"),
                (SEC_FETCH_SITE, "cross-site"),
            ],
            &[host, ("origin", "null"), same],
            &[host, same],
        ] {
            assert_eq!(name(other), None, "{other:?}");
        }
    }
}
