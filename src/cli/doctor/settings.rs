//! What the configuration says by itself.

use super::Line;
use latchkey::service::Config;

/// The configuration is well-formed, or nobody would have it; this is about what it means.
pub(super) fn lines(config: &Config) -> Vec<Line> {
    let mut lines = vec![Line::ok("configuration", "Every variable is understood.")];
    lines.push(secret(config));
    lines.push(address(config));
    lines.extend(proxy(config));
    if !config.rate_limit {
        lines.push(Line::warn(
            "limits",
            "RATE_LIMIT is off, and whoever guesses passwords is not slowed down. Remove it outside tests and benchmarks.",
        ));
    }
    lines
}

fn secret(config: &Config) -> Line {
    if config.previous_secret.is_some() {
        Line::warn(
            "secret",
            "AUTH_SECRET_PREVIOUS still verifies tokens. Remove it when those that it signed have ended.",
        )
    } else {
        let bytes = config.secret.expose().len();
        Line::ok("secret", format!("It has {bytes} bytes."))
    }
}

fn address(config: &Config) -> Line {
    let origin = config.origin();
    let port = config
        .public_url
        .port_or_known_default()
        .unwrap_or_default();
    if config.is_https() || config.is_our_origin(&format!("http://localhost:{port}")) {
        Line::ok("address", format!("People come to {origin}."))
    } else {
        Line::warn(
            "address",
            format!(
                "People come to {origin}, and their passwords travel readable for all on the way. Put a proxy with a certificate in front, and write https:// in PUBLIC_URL."
            ),
        )
    }
}

/// We speak no TLS ourselves, so https means that somebody stands in front.
fn proxy(config: &Config) -> Option<Line> {
    (config.is_https() && config.trusted_proxies.is_empty()).then(|| {
        Line::warn(
            "proxy",
            "TRUSTED_PROXIES is not set, so everybody seems to come from the proxy's address, and limits count them as one. Set it to that address.",
        )
    })
}
