//! How a command fails: with an exit status, and a sentence that says what to do.

use latchkey::{
    domain::Error,
    service::{config::ConfigError, database::Trouble},
};
use sea_orm::DbErr;
use std::{fmt, io, process::ExitCode};

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// The command or the configuration is wrong.
    Wrong(String),
    /// It failed.
    Failed(String),
    /// Whoever read the output has gone.
    Unread,
}

impl Failure {
    /// The exit status.
    pub fn status(&self) -> ExitCode {
        match self {
            Self::Wrong(_) => ExitCode::from(2),
            Self::Failed(_) | Self::Unread => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(text) | Self::Failed(text) => f.write_str(text),
            Self::Unread => Ok(()),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(faults: ConfigError) -> Self {
        Self::Wrong(faults.to_string())
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Failed(trouble.to_string())
    }
}

impl From<DbErr> for Failure {
    fn from(cause: DbErr) -> Self {
        Trouble::of(&cause).into()
    }
}

/// The cause stands in the log, on standard error.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error.message().to_owned())
    }
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        if cause.kind() == io::ErrorKind::BrokenPipe {
            Self::Unread
        } else {
            Self::Failed(format!("The output cannot be written ({}).", cause.kind()))
        }
    }
}
