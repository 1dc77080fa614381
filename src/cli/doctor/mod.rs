//! `latchkey doctor`: one line for everything that can be wrong, with the cure.

mod database;
mod files;
mod mail;
mod provider;
mod settings;

use super::failure::Failure;
use latchkey::service::{
    Config,
    log::{self, Stream},
};
use std::io::Write;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    Ok,
    Warn,
    Fail,
}

impl Grade {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok  ",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    grade: Grade,
    about: &'static str,
    text: String,
}

impl Line {
    fn ok(about: &'static str, text: impl Into<String>) -> Self {
        Self::new(Grade::Ok, about, text)
    }

    fn warn(about: &'static str, text: impl Into<String>) -> Self {
        Self::new(Grade::Warn, about, text)
    }

    fn fail(about: &'static str, text: impl Into<String>) -> Self {
        Self::new(Grade::Fail, about, text)
    }

    fn new(grade: Grade, about: &'static str, text: impl Into<String>) -> Self {
        Self {
            grade,
            about,
            text: text.into(),
        }
    }
}

/// Looks at everything and changes nothing.
pub async fn run(out: &mut impl Write) -> Result<(), Failure> {
    let lines = match Config::inspect() {
        Ok(config) => {
            // Without a log the lines still say it all.
            let _ = log::start(&config, Stream::Stderr);
            all(&config).await
        }
        Err(faults) => {
            let lines = faults.faults().iter();
            lines
                .map(|fault| Line::fail("configuration", fault.to_string()))
                .collect()
        }
    };
    for line in &lines {
        writeln!(
            out,
            "{}  {:14} {}",
            line.grade.word(),
            line.about,
            line.text
        )?;
    }
    match lines
        .iter()
        .filter(|line| line.grade == Grade::Fail)
        .count()
    {
        0 => Ok(()),
        1 => Err(Failure::Failed("One thing is wrong.".to_owned())),
        many => Err(Failure::Failed(format!("{many} things are wrong."))),
    }
}

async fn all(config: &Config) -> Vec<Line> {
    let mut lines = settings::lines(config);
    lines.extend(files::lines(config));
    lines.extend(database::lines(config).await);
    lines.push(mail::line(config).await);
    lines.extend(provider::line(config).await);
    lines
}
