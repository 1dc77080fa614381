//! The mail server, or what happens without one.

use super::Line;
use latchkey::service::{Config, config::Mail};
use std::{io, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use url::Url;

const ABOUT: &str = "mail";
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the mail server greets; nothing is sent.
pub(super) async fn line(config: &Config) -> Line {
    let Some(mail) = &config.mail else {
        let outbox = config.data.join("outbox");
        return Line::ok(
            ABOUT,
            format!(
                "There is no mail server. Mails are written to {}, and `latchkey user reset-link` shows links.",
                outbox.display()
            ),
        );
    };
    match timeout(PATIENCE, greets(mail)).await {
        Ok(Ok(true)) => Line::ok(ABOUT, "The mail server answers."),
        Ok(Ok(false)) => Line::fail(
            ABOUT,
            "What answers at SMTP_URL is no mail server. Correct host, port and smtp or smtps.",
        ),
        Ok(Err(cause)) => Line::fail(
            ABOUT,
            format!(
                "The mail server cannot be reached ({}). Correct SMTP_URL, or start it.",
                cause.kind()
            ),
        ),
        Err(_) => Line::fail(
            ABOUT,
            "The mail server does not answer. Correct host, port and smtp or smtps in SMTP_URL.",
        ),
    }
}

/// In the clear it speaks first, with 220 (RFC 5321, 4.2); with TLS from the start, that it accepts us must do.
async fn greets(mail: &Mail) -> io::Result<bool> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidInput);
    let url = Url::parse(mail.smtp.expose()).map_err(|_| invalid())?;
    let is_tls = url.scheme() == "smtps";
    let host = url.host_str().ok_or_else(invalid)?.trim_matches(['[', ']']);
    let port = url.port().unwrap_or(if is_tls { 465 } else { 25 });
    let server = TcpStream::connect((host, port)).await?;
    if is_tls {
        return Ok(true);
    }
    let mut greeting = Vec::new();
    while greeting.len() < 3 {
        server.readable().await?;
        let mut some = [0; 64];
        match server.try_read(&mut some) {
            Ok(0) => break,
            Ok(read) => greeting.extend_from_slice(&some[..read]),
            Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(greeting.starts_with(b"220"))
}
