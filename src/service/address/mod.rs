//! A person's address: shown to be theirs, used to find back in, and exchanged for another one.

mod change;
mod forgot;
mod verify;

pub use change::{Changed, NewAddress, change};
pub use forgot::forgot;
pub use verify::{Proven, ask, ask_again, prove, remind, tell_owner};

use crate::{
    domain::{Email, Error, Next, Refusal},
    service::{AppState, limit},
};
use url::form_urlencoded::Serializer;

/// Whether one more letter goes to this address. Beyond the limit none does and nobody is told, or whoever asks could learn something by it.
async fn may_write(state: &AppState, to: &Email) -> Result<bool, Refusal> {
    match state.limits.count(&state.db, limit::LETTER, to.key()).await {
        Ok(()) => Ok(true),
        Err(refusal) if refusal.error == Error::TooManyRequests => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

/// A path of ours with a token in its query, and where to go afterwards.
fn with_token(path: &str, token: &str, next: Option<&Next>) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("token", token);
    if let Some(next) = next {
        query.append_pair("next", next.as_str());
    }
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}{}", query.finish())
}
