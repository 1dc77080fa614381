//! The mail server that `SMTP_URL` names, and a conversation with it.

use super::carrier::Outcome;
use crate::service::Config;
use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use percent_encoding::percent_decode_str;
use std::{fmt, net::Ipv4Addr, time::Duration};
use url::{Host, Url};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);

/// How the line is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
    /// From the first byte (RFC 8314).
    Wrapped,
    /// With STARTTLS (RFC 3207) or not at all: a password is to be sent.
    Required,
    /// With STARTTLS where the server offers it.
    Offered,
    /// It does not leave the machine.
    Never,
}

/// A mail server, and how to speak to it.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
}

impl Smtp {
    /// The server of the configuration, if there is one.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        let url = config.mail.as_ref()?.smtp.expose();
        Self::parse(url, &config.public_url)
    }

    /// What an `SMTP_URL` says; `me` is where people find us.
    fn parse(url: &str, me: &Url) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let decoded = |text| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
        let (user, password) = (
            decoded(url.username())?,
            decoded(url.password().unwrap_or_default())?,
        );
        let has_password = !user.is_empty();
        let (tls, port) = match url.scheme() {
            "smtps" => (Tls::Wrapped, 465),
            "smtp" if is_here(&url) => (Tls::Never, 25),
            "smtp" if has_password => (Tls::Required, 587),
            "smtp" => (Tls::Offered, 25),
            _ => return None,
        };
        let hello = match me.host() {
            Some(Host::Domain(name)) => ClientId::Domain(name.to_owned()),
            Some(Host::Ipv4(address)) => ClientId::Ipv4(address),
            Some(Host::Ipv6(address)) => ClientId::Ipv6(address),
            None => ClientId::default(),
        };
        Some(Self {
            host: url.host_str()?.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            tls,
            credentials: has_password.then(|| Credentials::new(user, password)),
            hello,
        })
    }

    /// Whether the server lets us in; nothing is sent. Else why not, as it says.
    pub async fn check(&self) -> Result<(), String> {
        let mut server = self.connect().await.map_err(|cause| said(&cause))?;
        let _ = server.quit().await;
        Ok(())
    }

    /// Hands one letter over. What a server says before it hears of the letter is about us, and never the letter's end.
    pub(super) async fn send(&self, message: &Message) -> Outcome {
        let mut server = match self.connect().await {
            Ok(server) => server,
            Err(cause) => return Outcome::Later(said(&cause)),
        };
        let sent = server.send(message.envelope(), &message.formatted()).await;
        // It has the letter or not: how we part changes nothing.
        let _ = server.quit().await;
        match sent {
            Ok(_) => Outcome::Sent,
            Err(cause) if cause.is_permanent() => Outcome::Never(said(&cause)),
            Err(cause) => Outcome::Later(said(&cause)),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let tls = || TlsParameters::new(self.host.clone());
        let wrapped = (self.tls == Tls::Wrapped).then(tls).transpose()?;
        let place = (self.host.as_str(), self.port);
        let mut server =
            AsyncSmtpConnection::connect_tokio1(place, Some(CONNECT), &self.hello, wrapped, None)
                .await?;
        if self.tls == Tls::Required || self.tls == Tls::Offered && server.can_starttls() {
            server.starttls(tls()?, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            server.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(server)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({}:{}, {:?})", self.host, self.port, self.tls)
    }
}

/// On this machine there is nobody on the line.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            // Outside of the web's own schemes an address in figures is read as a name.
            let is_loopback = |address: Ipv4Addr| address.is_loopback();
            name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_loopback)
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What the server said, in one line and not too long. It never heard of what is in the letter by then, or said nothing about it.
fn said(cause: &Error) -> String {
    let text = cause.to_string();
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(300)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(url: &str) -> Smtp {
        let me = Url::parse("https://tasks.example.org").unwrap();
        Smtp::parse(url, &me).unwrap()
    }

    #[test]
    fn a_password_never_travels_in_the_clear() {
        for (url, tls, port) in [
            ("smtps://u:p@mail.example.org", Tls::Wrapped, 465),
            ("smtps://mail.example.org:4465", Tls::Wrapped, 4465),
            ("smtp://u:p@mail.example.org", Tls::Required, 587),
            ("smtp://mail.example.org", Tls::Offered, 25),
            ("smtp://mail.example.org:587", Tls::Offered, 587),
            ("smtp://u:p@localhost", Tls::Never, 25),
            ("smtp://127.0.0.1:1025", Tls::Never, 1025),
            ("smtp://[::1]:1025", Tls::Never, 1025),
        ] {
            let smtp = smtp(url);
            assert_eq!((smtp.tls, smtp.port), (tls, port), "{url}");
        }
    }

    #[test]
    fn user_and_password_are_decoded_and_never_print() {
        let smtp = smtp("smtps://maya%40example.org:p%2Fq@mail.example.org");
        let expected = Credentials::new("maya@example.org".to_owned(), "p/q".to_owned());
        assert_eq!(smtp.credentials, Some(expected));
        assert!(!format!("{smtp:?}").contains("maya"));
    }

    #[test]
    fn we_greet_by_the_name_that_people_know() {
        let hello = smtp("smtp://mail.example.org").hello;
        assert_eq!(hello, ClientId::Domain("tasks.example.org".to_owned()));
    }
}
