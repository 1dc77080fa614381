//! Which names we answer to. A stranger's name that leads here is a trap for a browser behind our own firewall (DNS rebinding).

use super::name::CalledBy;
use crate::{domain::Error, http::reply::Refused, service::Config};
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{header::HOST, uri::Authority};
use url::Url;

/// Who asks for these asks the machine, not the name.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Refuses a request for another name than ours, and one without or with two.
pub async fn check(
    config: &Config,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    if PROBES.contains(&request.uri().path()) {
        return next(request).await;
    }
    match for_us(&request, config) {
        Ok(()) => next(request).await,
        Err(error) => {
            tracing::warn!(
                code = error.code(),
                host = ?request.headers().get(HOST),
                "a request by another name was refused; if people reach this server by it, set PUBLIC_URL to it; \
                 a proxy has to pass the Host header on"
            );
            let mut response = Refused::from(error).into_response();
            if let Some(name) = CalledBy::host(request.headers()) {
                response.extensions_mut().insert(name);
            }
            response
        }
    }
}

fn for_us(request: &Request, config: &Config) -> Result<(), Error> {
    let mut names = request.headers().get_all(HOST).iter();
    let host = match (names.next(), names.next()) {
        (_, Some(_)) => return Err(Error::Malformed),
        (Some(name), None) => {
            Some(Authority::try_from(name.as_bytes()).map_err(|_| Error::Malformed)?)
        }
        (None, None) => None,
    };
    let addressed = request.uri().authority().cloned();
    if host.is_none() && addressed.is_none() {
        return Err(Error::Malformed);
    }
    let all_ours = host
        .iter()
        .chain(&addressed)
        .all(|name| is_ours(name, config));
    if all_ours {
        Ok(())
    } else {
        Err(Error::Misdirected)
    }
}

fn is_ours(name: &Authority, config: &Config) -> bool {
    if name.as_str().contains('@') {
        return false;
    }
    let address = format!("{}://{name}", config.public_url.scheme());
    Url::parse(&address).is_ok_and(|url| config.is_our_origin(&url.origin().ascii_serialization()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::support::{self, answer};
    use axum::{
        Router,
        middleware::{Next, from_fn},
        routing::get,
    };

    async fn status(public_url: &str, path: &str, hosts: &[&str]) -> u16 {
        let config = support::config(&[("PUBLIC_URL", public_url)]);
        let router = Router::new()
            .route("/", get(|| async {}))
            .route("/healthz", get(|| async {}))
            .layer(from_fn(move |request, next: Next| {
                let config = config.clone();
                async move { check(&config, request, |request| next.run(request)).await }
            }));
        let hosts: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
        let (status, _, _) = answer(&router, support::request("GET", path, &hosts)).await;
        status.as_u16()
    }

    #[tokio::test]
    async fn t25_only_our_own_name_is_answered() {
        let ours = "https://tasks.example.org";
        for (hosts, expected) in [
            (["tasks.example.org"].as_slice(), 200),
            (&["TASKS.example.org"], 200),
            (&["tasks.example.org:443"], 200),
            (&["tasks.example.org:80"], 421),
            (&["evil.example"], 421),
            (&["tasks.example.org.evil.example"], 421),
            (&["someone@tasks.example.org"], 421),
            (&["127.0.0.1:3000"], 421),
            (&["tasks.example.org/x"], 400),
            (&[""], 400),
            (&[], 400),
            (&["tasks.example.org", "tasks.example.org"], 400),
            (&["tasks.example.org", "evil.example"], 400),
        ] {
            assert_eq!(status(ours, "/", hosts).await, expected, "{hosts:?}");
        }
    }

    #[tokio::test]
    async fn t25_an_absolute_address_counts_like_the_header() {
        let ours = "https://tasks.example.org";
        let host = ["tasks.example.org"];
        assert_eq!(status(ours, "http://evil.example/", &host).await, 421);
        assert_eq!(status(ours, "https://tasks.example.org/", &host).await, 200);
        assert_eq!(status(ours, "https://tasks.example.org/", &[]).await, 200);
    }

    #[tokio::test]
    async fn at_home_all_names_of_home_are_ours() {
        let home = "http://localhost:3000";
        for (host, expected) in [
            ("localhost:3000", 200),
            ("127.0.0.1:3000", 200),
            ("[::1]:3000", 200),
            ("localhost", 421),
            ("192.168.1.7:3000", 421),
        ] {
            assert_eq!(status(home, "/", &[host]).await, expected, "{host}");
        }
    }

    #[tokio::test]
    async fn a_probe_may_call_us_by_any_name() {
        assert_eq!(
            status("https://tasks.example.org", "/healthz", &["10.0.0.7:3000"]).await,
            200
        );
    }

    #[test]
    fn the_refusal_says_what_to_set() {
        assert!(Error::Misdirected.message().contains("PUBLIC_URL"));
    }
}
