//! The address of another program's database, given to a command.

use super::{ConfigError, Secret, database};
use std::path::PathBuf;

/// Where another program keeps its tables.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// `sqlite:` or `postgres:`.
    pub url: Secret<String>,
    /// The file, if it is one.
    pub file: Option<PathBuf>,
}

impl Elsewhere {
    /// Takes what `DATABASE_URL` takes.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut faults = ConfigError::default();
        match database::database_url(text) {
            Ok(url) => Ok(Self {
                file: database::sqlite_path(&url),
                url: Secret::new(url),
            }),
            Err(wrong) => {
                faults.note("The address of the other database", wrong);
                Err(faults)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b46_an_address_that_is_refused_is_not_repeated() {
        let refused = Elsewhere::parse("mysql://maya:hush@db/auth").unwrap_err();
        let said = refused.to_string();
        assert!(
            said.starts_with("The address of the other database is neither"),
            "{said}"
        );
        assert!(!said.contains("hush") && !format!("{refused:?}").contains("hush"));
        let good = Elsewhere::parse("postgres://maya:hush@db/auth").unwrap();
        assert!(!format!("{good:?}").contains("hush") && good.file.is_none());
    }
}
