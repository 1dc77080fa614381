//! The mail server, or what happens without one.

use super::Line;
use latchkey::service::{Config, mail::Smtp};
use std::time::Duration;
use tokio::time::timeout;

const ABOUT: &str = "mail";
const PATIENCE: Duration = Duration::from_secs(15);

/// Whether the mail server lets us in; nothing is sent.
pub(super) async fn line(config: &Config) -> Line {
    let Some(server) = Smtp::of(config) else {
        let outbox = config.data.join("outbox");
        return Line::ok(
            ABOUT,
            format!(
                "There is no mail server. Mails are written to {}, and `latchkey user reset-link` shows links.",
                outbox.display()
            ),
        );
    };
    match timeout(PATIENCE, server.check()).await {
        Ok(Ok(())) => Line::ok(ABOUT, "The mail server lets us in."),
        Ok(Err(cause)) => Line::fail(
            ABOUT,
            format!("The mail server cannot be used ({cause}). Correct SMTP_URL, or start it."),
        ),
        Err(_) => Line::fail(
            ABOUT,
            "The mail server does not answer. Correct host, port and smtp or smtps in SMTP_URL.",
        ),
    }
}
