//! What a letter looks like on the wire, whatever somebody typed.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

const HEADERS: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
    "Content-Transfer-Encoding",
];

fn letters(words: &str) -> Vec<Letter> {
    let words = words.to_owned();
    vec![
        Letter::VerifyEmail {
            link: words.clone(),
        },
        Letter::ResetPassword {
            link: words.clone(),
        },
        Letter::EmailChangeConfirm {
            link: words.clone(),
        },
        Letter::EmailChangeNotice {
            new: words.clone(),
            done: false,
        },
        Letter::EmailChangeNotice {
            new: words.clone(),
            done: true,
        },
        Letter::AlreadyHasAccount,
        Letter::PasswordChanged,
        Letter::NewDevice {
            device: words.clone(),
            address: words.clone(),
        },
        Letter::Invitation {
            link: words.clone(),
        },
        Letter::SecondFactorOn,
        Letter::SecondFactorOff,
        Letter::SecondFactorReset,
        Letter::PasskeyAdded {
            name: words.clone(),
        },
        Letter::ProviderLinked { provider: words },
        Letter::RecoveryCodeUsed { left: 1 },
    ]
}

fn sent(to: &str, letter: &Letter) -> Option<String> {
    let site = Url::parse("https://tasks.example.org").unwrap();
    let parcel = Parcel::new(&to.parse().ok()?, letter, &site);
    let from = "tasks@example.org".parse().unwrap();
    let message = parcel.message(MailId(Uuid::nil()), Moment(1_795_215_662_123), &from)?;
    Some(String::from_utf8(message.formatted()).unwrap())
}

/// The names of all headers before the first empty line, unfolded.
fn headers(message: &str) -> Vec<&str> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    head.split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap())
        .collect()
}

#[test]
fn every_letter_has_two_parts_one_reader_and_the_rows_id() {
    for letter in letters("https://tasks.example.org/verify-email?token=abc") {
        let message = sent("maya@example.org", &letter).unwrap();
        assert!(message.contains("To: maya@example.org\r\n"), "{message}");
        assert!(message.contains("multipart/alternative"), "{message}");
        for part in ["text/plain", "text/html"] {
            assert_eq!(message.matches(part).count(), 1, "{message}");
        }
        assert!(
            message.contains("Message-ID: <00000000-0000-0000-0000-000000000000@example.org>\r\n"),
            "{message}"
        );
        assert!(
            message.contains("Auto-Submitted: auto-generated\r\n"),
            "{message}"
        );
        assert!(
            message.contains("From: latchkey <tasks@example.org>\r\n")
                || message.contains("From: \"latchkey\" <tasks@example.org>\r\n"),
            "{message}"
        );
    }
}

#[test]
fn no_letter_loads_anything_from_anywhere() {
    for letter in letters("https://tasks.example.org/x") {
        let message = sent("maya@example.org", &letter)
            .unwrap()
            .replace("=\r\n", "");
        for bad in ["<img", "<link", "<script", "@import", "url(", "src="] {
            assert!(!message.contains(bad), "{bad} in {message}");
        }
    }
}

#[test]
fn b31_what_somebody_typed_is_text_in_a_letter() {
    let letter = Letter::PasskeyAdded {
        name: "</p><script>alert(1)</script><a href=\"https://evil.example\">".to_owned(),
    };
    let message = sent("maya@example.org", &letter).unwrap();
    let html = message
        .split("text/html")
        .nth(1)
        .unwrap()
        .replace("=\r\n", "");
    assert!(
        !html.contains("<script") && !html.contains("href=\"https://evil"),
        "{html}"
    );
    assert!(html.contains("&lt;script&gt;"), "{html}");
}

#[test]
fn a_letter_never_prints_its_link() {
    for letter in letters("https://hush") {
        assert!(!format!("{letter:?}").contains("hush"));
    }
}

proptest! {
    #[test]
    fn b18_nothing_that_is_typed_becomes_a_header(to in "\\PC{0,40}|[a-z]{1,8}@[a-z]{1,8}\\.org(\r\n|\n|\r)?[A-Za-z: @.]{0,30}", words in "(\\PC|\r|\n|\0){0,60}") {
        for letter in letters(&words) {
            let Some(message) = sent(&to, &letter) else { continue };
            let names = headers(&message);
            for name in &names {
                prop_assert!(HEADERS.contains(name), "{name} in {message}");
            }
            for name in ["To", "From", "Subject"] {
                prop_assert_eq!(names.iter().filter(|known| **known == name).count(), 1);
            }
            let email: Email = to.parse().unwrap();
            let line = format!("To: {}\r\n", email.mailbox());
            prop_assert!(message.contains(&line), "{message}");
        }
    }
}
