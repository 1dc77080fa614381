//! Log lines: which ones, how they look, and where they go.

use super::config::{Config, LogFormat};
use std::io::{self, IsTerminal as _, Write};
use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter,
    filter::Directive,
    fmt,
    fmt::MakeWriter,
    util::{SubscriberInitExt as _, TryInitError},
};

/// Where log lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// For the server.
    Stdout,
    /// For a command, whose standard output is its answer.
    Stderr,
}

/// Starts logging, for the whole process and once.
pub fn start(config: &Config, stream: Stream) -> Result<(), TryInitError> {
    match stream {
        Stream::Stdout => {
            lines(config, io::stdout().is_terminal(), || Calm(io::stdout())).try_init()
        }
        Stream::Stderr => {
            lines(config, io::stderr().is_terminal(), || Calm(io::stderr())).try_init()
        }
    }
}

/// A log that cannot be written, because the disk is full or its reader has gone, is no reason to leave anybody without an answer: what
/// cannot be said stays unsaid.
struct Calm<W>(W);

impl<W: Write> Write for Calm<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = self.0.write_all(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}

/// What the operator wants to read, but never the driver's line about parameters of `DATABASE_URL` that it does not know: it has their values.
fn filter(config: &Config) -> EnvFilter {
    let filter = EnvFilter::builder().parse_lossy(&config.log_filter);
    // The longer name wins, so the one that the line has is there too.
    let never = [
        "sqlx_postgres::options=off",
        "sqlx_postgres::options::parse=off",
    ];
    let never = never
        .iter()
        .filter_map(|text| text.parse::<Directive>().ok());
    never.fold(filter, EnvFilter::add_directive)
}

/// Times are UTC in RFC 3339, the formatter's own default. Colours are for terminals: in a file they are noise.
fn lines<W>(config: &Config, at_a_terminal: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let lines = fmt()
        .with_env_filter(filter(config))
        // It would be told on standard error, where a write that fails panics.
        .log_internal_errors(false)
        .with_writer(writer)
        .with_ansi(at_a_terminal && config.log_format == LogFormat::Pretty);
    match config.log_format {
        LogFormat::Pretty => Box::new(lines.finish()),
        LogFormat::Json => Box::new(
            lines
                .json()
                .flatten_event(true)
                .with_span_list(false)
                .finish(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::config::Variables;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(format: &str, filter: &str, at_a_terminal: bool) -> String {
        let variables: Variables = [
            ("LOG_FORMAT", format),
            ("RUST_LOG", filter),
            ("AUTH_SECRET", "Zk3v9QxT1mB7nL5rW8yC2hJ6dF4gS0ap"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let config = Config::read(&variables, |_| unreachable!("the secret is given")).unwrap();
        let paper = Paper::default();
        let pages = paper.clone();
        tracing::subscriber::with_default(
            lines(&config, at_a_terminal, move || pages.clone()),
            || {
                let request = tracing::info_span!("request", request.id = "r1");
                request.in_scope(|| {
                    tracing::info!(target: "latchkey::audit", { user.id = "u1" }, "signed in");
                    tracing::debug!("too small to tell");
                    tracing::info!(target: "sqlx::query", "select");
                    tracing::warn!("odd \u{1b}[31m thing");
                });
            },
        );
        let bytes = paper.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_json_line_is_one_object_with_its_fields_and_its_request() {
        let text = written("json", "", true);
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert_eq!(lines[0]["message"], "signed in");
        assert_eq!(lines[0]["target"], "latchkey::audit");
        assert_eq!(lines[0]["user.id"], "u1");
        assert_eq!(lines[0]["span"]["request.id"], "r1");
        let at = lines[0]["timestamp"].as_str().unwrap();
        assert!(
            at.ends_with('Z') && at.parse::<jiff::Timestamp>().is_ok(),
            "{at}"
        );
    }

    #[test]
    fn a_log_that_cannot_be_written_fails_nobody() {
        struct Full;
        impl io::Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let mut log = Calm(Full);
        assert!(log.write_all(b"a line").is_ok() && log.flush().is_ok());
    }

    #[test]
    fn what_the_driver_says_of_parameters_is_never_logged() {
        let variables: Variables = [
            ("RUST_LOG", "trace,sqlx_postgres::options::parse=trace"),
            ("AUTH_SECRET", "Zk3v9QxT1mB7nL5rW8yC2hJ6dF4gS0ap"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let config = Config::read(&variables, |_| unreachable!("the secret is given")).unwrap();
        let paper = Paper::default();
        let pages = paper.clone();
        tracing::subscriber::with_default(lines(&config, false, move || pages.clone()), || {
            tracing::warn!(target: "sqlx_postgres::options::parse", value = "hush", "ignoring");
            tracing::warn!(target: "sqlx_postgres::options", value = "hush", "ignoring");
        });
        assert!(paper.0.lock().unwrap().is_empty());
    }

    #[test]
    fn the_filter_of_the_operator_replaces_the_default() {
        assert_eq!(written("json", "debug", false).lines().count(), 4);
        assert_eq!(
            written("json", "off,latchkey::audit=info", false)
                .lines()
                .count(),
            1
        );
    }

    #[test]
    fn colours_are_for_terminals_and_never_come_from_what_is_logged() {
        let plain = written("pretty", "", false);
        assert!(
            plain.contains("signed in") && !plain.contains('\u{1b}'),
            "{plain}"
        );
        let coloured = written("pretty", "", true);
        assert!(
            coloured.contains('\u{1b}') && !coloured.contains("\u{1b}[31m thing"),
            "{coloured}"
        );
    }
}
