//! The languages of addresses, origins and networks.

use super::fault::Wrong;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use url::Url;

pub(super) fn address(text: &str) -> Result<SocketAddr, Wrong> {
    text.parse().map_err(|_| {
        Wrong::new(
            "is not an address and a port",
            "Write them like 127.0.0.1:3000, 0.0.0.0:3000 or [::1]:3000.",
        )
    })
}

/// Whether nobody could listen on both: an address of all interfaces is each of them.
pub(super) fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let is_everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one == other || (one.port() == other.port() && one.port() != 0 && is_everywhere)
}

pub(super) fn public_url(text: &str) -> Result<Url, Wrong> {
    web_origin(text).ok_or_else(|| {
        Wrong::new(
            "is not the origin of a web site",
            "Write what people type into the browser, like https://tasks.example.org, without a path.",
        )
    })
}

pub(super) fn cors_origins(text: &str) -> Result<Vec<String>, Wrong> {
    const CURE: &str = "List exact origins, like https://app.example.org,https://example.net.";
    if text.contains('*') {
        return Err(Wrong::new(
            "holds a *, which would let every site on the web call the API",
            CURE,
        ));
    }
    list(text, |number, entry| {
        web_origin(entry)
            .map(|url| url.origin().ascii_serialization())
            .ok_or_else(|| Wrong::entry(number, "is not the origin of a web site", CURE))
    })
}

/// Scheme, host and port of a web site, and nothing else.
fn web_origin(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    let is_web = matches!(url.scheme(), "http" | "https") && text.contains("://");
    (is_web && is_bare && !text.contains(['*', '@', ','])).then_some(url)
}

pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, Wrong> {
    list(text, |number, entry| {
        entry
            .parse::<IpNet>()
            .or_else(|_| entry.parse::<IpAddr>().map(IpNet::from))
            .map(|network| network.trunc())
            .map_err(|_| {
                Wrong::entry(
                    number,
                    "is neither a network nor an address",
                    "List them like 10.0.0.0/8,127.0.0.1,fd00::/8.",
                )
            })
    })
}

/// Comma separated; white space around an entry and a comma at the end do not count.
fn list<T>(text: &str, parse: impl Fn(usize, &str) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
    text.split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .enumerate()
        .map(|(index, entry)| parse(index + 1, entry))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_and_nothing_more() {
        for (text, url) in [
            ("https://tasks.example.org", "https://tasks.example.org/"),
            ("https://tasks.example.org/", "https://tasks.example.org/"),
            ("http://192.168.1.5:8080", "http://192.168.1.5:8080/"),
            ("http://[::1]:3000", "http://[::1]:3000/"),
            ("https://Example.ORG:443", "https://example.org/"),
        ] {
            assert_eq!(public_url(text).unwrap().as_str(), url);
        }
        for bad in [
            "tasks.example.org",
            "localhost:3000",
            "http:localhost",
            "ftp://example.org",
            "https://example.org/tasks",
            "https://example.org?a",
            "https://example.org/?",
            "https://example.org/#",
            "https://u@example.org",
            "https://:p@example.org",
            "https://@example.org",
            "https://*.example.org",
            "https://",
        ] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn cors_takes_exact_origins_and_never_all_of_them() {
        assert_eq!(
            cors_origins("https://a.example, http://localhost:5173/,https://b.example:443,")
                .unwrap(),
            [
                "https://a.example",
                "http://localhost:5173",
                "https://b.example"
            ]
        );
        for bad in [
            "*",
            "https://*.a.example",
            "null",
            "https://a.example/app",
            "a.example",
        ] {
            assert!(cors_origins(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn two_addresses_collide_when_one_port_would_be_taken_twice() {
        for (one, other, expected) in [
            ("127.0.0.1:3000", "127.0.0.1:3000", true),
            ("0.0.0.0:3000", "127.0.0.1:3000", true),
            ("127.0.0.1:3000", "[::]:3000", true),
            ("127.0.0.1:3000", "10.0.0.1:3000", false),
            ("127.0.0.1:3000", "127.0.0.1:9464", false),
            ("0.0.0.0:0", "127.0.0.1:0", false),
        ] {
            let found = collide(one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(found, expected, "{one} {other}");
        }
    }

    #[test]
    fn trusted_proxies_are_networks_or_single_addresses() {
        let names = |text| -> Vec<String> {
            networks(text)
                .unwrap()
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        assert_eq!(
            names("10.1.2.3/8, 127.0.0.1,::1 , fd00::/8"),
            ["10.0.0.0/8", "127.0.0.1/32", "::1/128", "fd00::/8"]
        );
        for bad in ["proxy", "10.0.0.0/33", "10.0.0/8", "127.0.0.1:80"] {
            assert!(networks(bad).is_err(), "{bad}");
        }
    }
}
