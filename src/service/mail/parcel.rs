//! A letter made ready: whom it goes to, and both of its parts. The HTML loads nothing and sets no colour but the button's, so that a mail
//! program that likes it dark may have it so.

use super::letter::{Letter, Words};
use crate::domain::{Email, MailId, Moment};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};
use url::Url;

/// As it lies in its row, under the seal.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Parcel {
    to: String,
    subject: String,
    text: String,
    html: String,
}

impl Parcel {
    pub(super) fn new(to: &Email, letter: &Letter, site: &Url) -> Self {
        Self::made(to.mailbox(), letter, site)
    }

    /// As long as one to somebody.
    pub(super) fn to_nobody(like: &Letter, site: &Url) -> Self {
        Self::made(String::new(), like, site)
    }

    fn made(to: String, letter: &Letter, site: &Url) -> Self {
        let words = letter.words(site);
        let sender = site.origin().ascii_serialization();
        Self {
            to,
            subject: words.subject.to_owned(),
            text: text(&words, &sender),
            html: html(&words, &sender),
        }
    }

    /// The message as it goes out. Its id is the row's: one that is sent twice, because a server died between sending and forgetting, is
    /// known for the same.
    pub(super) fn message(&self, id: MailId, written: Moment, from: &Address) -> Option<Message> {
        let to: Address = self.to.parse().ok()?;
        let at = Duration::from_millis(u64::try_from(written.0).ok()?);
        let mut message = Message::builder()
            .from(Mailbox::new(Some("latchkey".to_owned()), from.clone()))
            .to(Mailbox::new(None, to))
            .subject(self.subject.as_str())
            .message_id(Some(format!("<{id}@{}>", from.domain())))
            .date(SystemTime::UNIX_EPOCH + at)
            .multipart(MultiPart::alternative_plain_html(
                self.text.clone(),
                self.html.clone(),
            ))
            .ok()?;
        // No out-of-office reply, and no bounce to a person (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let value = HeaderValue::new(automatic, "auto-generated".to_owned());
        message.headers_mut().insert_raw(value);
        Some(message)
    }
}

fn text(words: &Words, sender: &str) -> String {
    let link = words
        .link
        .as_ref()
        .map(|(label, link)| format!("{label}:\n{link}\n\n"))
        .unwrap_or_default();
    format!(
        "{}\n\n{link}{}\n\n-- \nlatchkey, {sender}\n",
        words.says, words.adds
    )
}

fn html(words: &Words, sender: &str) -> String {
    let link = words
        .link
        .as_ref()
        .map(|(label, link)| {
            let (label, link) = (escaped(label), escaped(link));
            format!(
                "<p style=\"margin:28px 0\"><a href=\"{link}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;\
                 background-color:#145a5a;color:#ffffff;font-weight:600;text-decoration:none\">{label}</a></p>\n\
                 <p style=\"font-size:14px\">Or copy this address into the browser:<br>\n\
                 <a href=\"{link}\" style=\"color:inherit;word-break:break-all\">{link}</a></p>\n"
            )
        })
        .unwrap_or_default();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title>{subject}</title>\n</head>\n<body style=\"margin:0;padding:0\">\n\
         <div style=\"max-width:560px;margin:0 auto;padding:32px 20px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif\">\n\
         <h1 style=\"font-size:22px;line-height:1.25;margin:0 0 20px\">{subject}</h1>\n<p>{says}</p>\n{link}<p>{adds}</p>\n\
         <p style=\"margin-top:32px;font-size:14px\">latchkey, {sender}</p>\n</div>\n</body>\n</html>\n",
        subject = escaped(words.subject),
        says = escaped(&words.says),
        adds = escaped(&words.adds),
        sender = escaped(sender),
    )
}

/// Text as HTML has it: what somebody typed is never a tag.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            letter => html.push(letter),
        }
    }
    html
}

#[cfg(test)]
mod tests;
