//! Who carries a letter away: the mail server, or the outbox while there is none.

use super::{outbox, smtp::Smtp};
use crate::{domain::MailId, service::Config};
use lettre::{Address, Message};
use std::path::PathBuf;
use tokio::task::spawn_blocking;

/// Who carries letters away.
#[derive(Clone, Debug)]
pub(super) enum Carrier {
    /// The mail server.
    Server { smtp: Smtp, from: Address },
    /// Nobody: they are laid down.
    Outbox { folder: PathBuf, from: Address },
}

/// What came of a letter that was taken.
pub(super) enum Outcome {
    Sent,
    /// It may go later: the server is away, busy, does not let us in, or says so.
    Later(String),
    /// It will not: it cannot be read, or the server says that it never takes this one (RFC 5321, 4.2.1: 5yz).
    Never(String),
}

impl Carrier {
    /// As the configuration says.
    pub(super) fn new(config: &Config) -> Self {
        let mail = config.mail.as_ref();
        let from = mail.and_then(|mail| mail.from.parse().ok());
        match (Smtp::of(config), from) {
            (Some(smtp), Some(from)) => Self::Server { smtp, from },
            _ => Self::Outbox {
                folder: config.data.join("outbox"),
                from: nobody(),
            },
        }
    }

    /// Whom letters come from.
    pub(super) const fn from(&self) -> &Address {
        match self {
            Self::Server { from, .. } | Self::Outbox { from, .. } => from,
        }
    }

    /// Hands one over.
    pub(super) async fn carry(&self, id: MailId, message: Message) -> Outcome {
        match self {
            Self::Server { smtp, .. } => smtp.send(&message).await,
            Self::Outbox { folder, .. } => {
                let folder = folder.clone();
                let put = spawn_blocking(move || outbox::put(&folder, id, &message.formatted()));
                match put.await {
                    Ok(Ok(path)) => {
                        tracing::info!(path = %path.display(), "there is no mail server: a letter was laid down");
                        Outcome::Sent
                    }
                    Ok(Err(cause)) => {
                        Outcome::Later(format!("the outbox cannot be written ({})", cause.kind()))
                    }
                    Err(_) => Outcome::Later("the outbox cannot be written".to_owned()),
                }
            }
        }
    }
}

/// Who a letter in the outbox is from: a name that no mail can come from (RFC 2606).
fn nobody() -> Address {
    Address::new_dangerous("latchkey", "localhost.invalid")
}
