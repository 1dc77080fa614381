//! From where a request came: what rate limits count and the audit log writes.

use std::net::IpAddr;

/// The caller's side of one request.
#[derive(Clone, Debug)]
pub struct Source {
    /// The client's address: the peer, or what a trusted proxy says.
    pub address: Option<IpAddr>,
    /// `User-Agent`, at most 256 characters, control characters removed.
    pub user_agent: String,
    /// The request's id: `X-Request-Id`, a problem's `instance`, and the log's `request.id`.
    pub request_id: String,
}

impl Source {
    /// The operator at the command line.
    #[must_use]
    pub fn operator() -> Self {
        Self {
            address: None,
            user_agent: "latchkey".to_owned(),
            request_id: uuid::Uuid::now_v7().to_string(),
        }
    }

    /// The address as it is stored; empty if unknown.
    #[must_use]
    pub fn address_text(&self) -> String {
        self.address
            .map(|address| address.to_canonical().to_string())
            .unwrap_or_default()
    }
}
