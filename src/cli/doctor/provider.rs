//! The identity provider, where one is named.

use super::Line;
use latchkey::service::{Config, config::Oidc, provider::Provider};

const ABOUT: &str = "provider";

/// Whether it describes itself so that people can come in with it; nothing is said where there is none.
pub(super) async fn line(config: &Config) -> Option<Line> {
    let Oidc { name, .. } = config.oidc.as_ref()?;
    let Ok(Some(provider)) = Provider::of(config) else {
        return Some(Line::fail(
            ABOUT,
            "This machine cannot speak TLS. Install its certificates (ca-certificates).",
        ));
    };
    Some(match provider.check().await {
        Ok(()) => Line::ok(
            ABOUT,
            format!(
                "{name} answers. It must know {} as the redirect address.",
                config.link(latchkey::service::provider::CALLBACK)
            ),
        ),
        Err(unknown) => Line::fail(ABOUT, format!("{name} {unknown}.")),
    })
}
