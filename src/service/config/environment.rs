//! The world's side of the configuration: real variables, `.env`, the terminal, and the file of the secret.

use super::{
    Config,
    fault::{ConfigError, Wrong},
    read::{ALIASES, Reader, VARIABLES, Variables},
    secret_file::SecretFile,
    strength::fresh_secret,
};
use std::{
    ffi::OsString,
    fs,
    io::{self, IsTerminal as _},
};

const DOTENV: &str = ".env";

impl Config {
    /// Reads the environment, and `.env` in the working folder for what the environment does not set; makes the secret at
    /// the first start on SQLite.
    pub fn from_env() -> Result<Self, ConfigError> {
        from_world(SecretFile::open)
    }

    /// The same, but makes nothing: where the secret would be made, another one stands in for it.
    pub fn inspect() -> Result<Self, ConfigError> {
        from_world(|file| match file {
            SecretFile::Kept(path) if !path.exists() => Ok(fresh_secret().into_bytes()),
            file => file.open(),
        })
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn from_world(open: impl FnMut(&SecretFile) -> io::Result<Vec<u8>>) -> Result<Config, ConfigError> {
    let mut faults = ConfigError::default();
    let mut variables = real(std::env::var_os, &mut faults);
    match fs::read_to_string(DOTENV) {
        Ok(text) => add(&mut variables, dotenv(&text, &mut faults)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => faults.note(
            DOTENV,
            Wrong::file(
                "cannot be read",
                &error,
                "Let the server read it, as UTF-8 text, or remove it.",
            ),
        ),
    }
    let at_a_terminal = io::stdout().is_terminal();
    let format = variables.entry("LOG_FORMAT".to_owned()).or_default();
    if format.is_empty() && at_a_terminal {
        "pretty".clone_into(format);
    }
    Reader::new(&variables, faults).finish(open)
}
/// What the environment sets, empty values too.
fn real(get: impl Fn(&'static str) -> Option<OsString>, faults: &mut ConfigError) -> Variables {
    let mut variables = Variables::new();
    for &name in VARIABLES {
        match get(name).map(OsString::into_string) {
            Some(Ok(value)) => {
                variables.insert(name.to_owned(), value);
            }
            Some(Err(_)) => {
                faults.note(name, Wrong::new("is not UTF-8", "Write it as UTF-8 text."));
            }
            None => {}
        }
    }
    variables
}

/// What `.env` sets. Of a name that is there twice, the first counts.
fn dotenv(text: &str, faults: &mut ConfigError) -> Variables {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut variables = Variables::new();
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        match line {
            Ok((name, value)) => {
                variables.entry(name).or_insert(value);
            }
            Err(error) => {
                let before = match &error {
                    dotenvy::Error::LineParse(line, _) => text.split(line.trim()).next(),
                    _ => None,
                };
                let number = before.unwrap_or_default().matches('\n').count() + 1;
                faults.note(
                    DOTENV,
                    Wrong::line(
                        number,
                        "cannot be understood",
                        "Write NAME=value, with single quotes around spaces, quotes, #, $ and \\.",
                    ),
                );
            }
        }
    }
    variables
}

/// Adds what `variables` leave open. A variable that is set, even to nothing, stands, and so does an alias of it that says something.
fn add(variables: &mut Variables, more: Variables) {
    let says = |name: &str| variables.get(name).is_some_and(|value| !value.is_empty());
    let settled: Vec<&str> = ALIASES
        .iter()
        .filter(|names| names.iter().any(|name| says(name)))
        .flat_map(|names| names.iter().copied())
        .collect();
    for (name, value) in more {
        if !settled.contains(&name.as_str()) {
            variables.entry(name).or_insert(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt as _;

    fn merged(environment: &[(&str, &str)], text: &str) -> Variables {
        let mut faults = ConfigError::default();
        let get = |name| {
            let found = environment.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let mut variables = real(get, &mut faults);
        add(&mut variables, dotenv(text, &mut faults));
        assert!(faults.is_empty(), "{faults}");
        variables
    }

    #[test]
    fn dotenv_fills_in_and_never_overrides() {
        let variables = merged(
            &[("SIGN_UP", "closed"), ("SMTP_URL", "")],
            "SIGN_UP=open\nSMTP_URL=smtp://mail\nexport RATE_LIMIT=off # for a benchmark\nRATE_LIMIT=on\n",
        );
        assert_eq!(variables["SIGN_UP"], "closed");
        assert_eq!(variables["SMTP_URL"], "");
        assert_eq!(variables["RATE_LIMIT"], "off");
    }

    #[test]
    fn a_real_alias_stands_before_all_names_in_dotenv() {
        let text = "AUTH_SECRET='a'\nAUTH_SECRET_FILE=f\nPUBLIC_URL=http://a\n";
        let variables = merged(
            &[("BETTER_AUTH_SECRET", "b"), ("BETTER_AUTH_URL", "")],
            text,
        );
        assert!(!variables.contains_key("AUTH_SECRET"));
        assert!(!variables.contains_key("AUTH_SECRET_FILE"));
        assert_eq!(variables["BETTER_AUTH_SECRET"], "b");
        assert_eq!(variables["PUBLIC_URL"], "http://a");
    }

    #[test]
    fn single_quotes_keep_a_value_as_it_is() {
        let text = "\u{FEFF}AUTH_SECRET='a b # $HOME \\ \"c\"'\n";
        assert_eq!(merged(&[], text)["AUTH_SECRET"], "a b # $HOME \\ \"c\"");
    }

    #[test]
    fn a_broken_line_is_told_by_its_number_alone() {
        let mut faults = ConfigError::default();
        let text = "# mine\nSIGN_UP=open\n\nAUTH_SECRET=hush hush\nRATE_LIMIT=off\n";
        let variables = dotenv(text, &mut faults);
        assert_eq!(variables["RATE_LIMIT"], "off");
        assert!(
            faults
                .to_string()
                .starts_with(".env has a line, number 4, that"),
            "{faults}"
        );
        assert!(!faults.to_string().contains("hush"));
    }

    #[test]
    fn what_is_not_utf_8_is_a_fault_of_its_variable() {
        let mut faults = ConfigError::default();
        real(
            |name| (name == "PUBLIC_URL").then(|| OsString::from_vec(vec![0xFF])),
            &mut faults,
        );
        assert_eq!(
            faults.to_string(),
            "PUBLIC_URL is not UTF-8. Write it as UTF-8 text."
        );
    }
}
