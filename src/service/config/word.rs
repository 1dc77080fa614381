//! Each variable's language: a text becomes a value, or what is wrong with it.

use super::{LogFormat, Secret, SignUp, fault::Wrong};
use crate::domain::Email;
use percent_encoding::percent_decode_str;
use tracing_subscriber::EnvFilter;
use url::Url;

const LONGEST: i64 = 400 * 86_400;

/// A length of time in seconds: `90s`, `30m`, `12h`, `7d`.
pub(super) fn duration(text: &str) -> Result<i64, Wrong> {
    let seconds = || {
        let unit = text.chars().next_back()?;
        let number = text.strip_suffix(unit)?;
        let size = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        let is_whole = number.bytes().all(|digit| digit.is_ascii_digit());
        let number: i64 = is_whole.then(|| number.parse().ok())??;
        number
            .checked_mul(size)
            .filter(|seconds| (1..=LONGEST).contains(seconds))
    };
    seconds().ok_or_else(|| {
        Wrong::new(
            "is not a length of time from 1s to 400d",
            "Write a whole number with s, m, h or d, like 7d.",
        )
    })
}

pub(super) fn switch(text: &str) -> Result<bool, Wrong> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(Wrong::new("is neither on nor off", "Write on or off.")),
    }
}

pub(super) fn sign_up(text: &str) -> Result<SignUp, Wrong> {
    match text {
        "open" => Ok(SignUp::Open),
        "invite" => Ok(SignUp::Invite),
        "closed" => Ok(SignUp::Closed),
        _ => Err(Wrong::new(
            "is none of open, invite and closed",
            "Write open, invite or closed.",
        )),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, Wrong> {
    match text {
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err(Wrong::new(
            "is neither pretty nor json",
            "Write pretty or json.",
        )),
    }
}

pub(super) fn log_filter(text: &str) -> Result<String, Wrong> {
    EnvFilter::builder()
        .parse(text)
        .map(|_| text.to_owned())
        .map_err(|_| {
            Wrong::new(
                "is not a log filter",
                "Write error, warn, info, debug or trace, or one for each target, like info,sqlx=warn.",
            )
        })
}

pub(super) fn smtp_url(text: &str) -> Result<Secret<String>, Wrong> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "smtp" | "smtps"))
        .filter(|url| url.host_str().is_some_and(|host| !host.is_empty()))
        .filter(|url| matches!(url.path(), "" | "/") && url.query().is_none())
        .filter(|url| {
            [url.username(), url.password().unwrap_or_default()]
                .iter()
                .all(|word| percent_decode_str(word).decode_utf8().is_ok())
        })
        .map(|_| Secret::new(text.to_owned()))
        .ok_or_else(|| {
            Wrong::new(
                "is not the address of a mail server",
                "Write smtps://user:password@host, or smtp://…, with %-escapes for unusual characters in user and password.",
            )
        })
}

pub(super) fn mail_from(text: &str) -> Result<String, Wrong> {
    text.parse::<Email>()
        .map(|email| email.mailbox())
        .map_err(|_| {
            Wrong::new(
                "is not an e-mail address",
                "Write the address alone, like tasks@example.org.",
            )
        })
}

pub(super) fn audience(text: &str) -> Result<String, Wrong> {
    if text.chars().any(char::is_control) {
        return Err(Wrong::new(
            "holds a control character",
            "Write one line of plain text, like https://api.example.org.",
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_length_of_time_is_a_number_and_a_unit() {
        for (text, seconds) in [
            ("1s", 1),
            ("30m", 1_800),
            ("24h", 86_400),
            ("7d", 604_800),
            ("400d", 34_560_000),
            ("007d", 604_800),
        ] {
            assert_eq!(duration(text), Ok(seconds), "{text}");
        }
        for bad in [
            "",
            "7",
            "d",
            "0s",
            "-1d",
            "+7d",
            "7 d",
            "1.5h",
            "7D",
            "7w",
            "401d",
            "34560001s",
            "9223372036854775807d",
            "99999999999999999999s",
            "７d",
            "7ｄ",
            "1h30m",
        ] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn mail_needs_a_server_and_a_plain_address() {
        for good in ["smtp://localhost:1025", "smtps://u:p%40@mail.example.org"] {
            assert_eq!(smtp_url(good).unwrap().expose(), good);
        }
        for bad in [
            "mail.example.org",
            "http://mail.example.org",
            "smtp:",
            "smtp://",
            "smtp:mail",
            "smtp://u:%FF@mail.example.org",
            "smtp://mail.example.org/path",
            "smtps://mail.example.org?tls=off",
        ] {
            assert!(smtp_url(bad).is_err(), "{bad}");
        }
        assert!(mail_from("tasks@example.org").is_ok());
        assert!(mail_from("Tasks <tasks@example.org>").is_err());
    }

    proptest! {
        #[test]
        fn a_length_of_time_is_counted_right(number in 1_i64..=400, unit in 0_usize..4) {
            let (letter, size) = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)][unit];
            prop_assert_eq!(duration(&format!("{number}{letter}")), Ok(number * size));
        }

        #[test]
        fn a_length_of_time_is_never_out_of_bounds(text in "[0-9]{0,25}\\PC?") {
            if let Ok(seconds) = duration(&text) {
                prop_assert!((1..=LONGEST).contains(&seconds));
            }
        }
    }
}
