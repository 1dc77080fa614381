//! The command line: what can be typed after `latchkey`.

mod backup;
mod doctor;
mod failure;
mod migrate;
mod open;
mod run;
mod secret;
mod serve;
mod table;
mod token;
mod user;

pub use run::run;

use clap::{Parser, Subcommand, ValueEnum};
use latchkey::domain::{AccessTokenId, Email, Lasts, Name, Scope, TokenName};
use std::path::PathBuf;

const CONFIGURATION: &str = "Configuration comes from environment variables, and from .env in the working folder for what they leave open. \
    .env.example has every variable with one line each.\n\n\
    Exit status: 0 done, 1 failed, 2 the command or the configuration is wrong.";

/// A self-hosted task list with complete accounts
#[derive(Debug, Parser)]
#[command(name = "latchkey", version, after_help = CONFIGURATION, arg_required_else_help = false)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

impl Arguments {
    /// What to do: nothing typed means [`Command::Serve`].
    pub fn command(self) -> Command {
        self.command.unwrap_or(Command::Serve)
    }
}

/// What the binary can do.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Starts the server; this is what happens without a command
    #[command(
        long_about = "Starts the server; this is what happens without a command.\n\n\
        Brings the database's tables up to date first. SIGTERM or Ctrl-C lets running requests finish, then stops."
    )]
    Serve,
    /// Changes the database's tables, or tells how they stand
    Migrate {
        /// Which way
        #[arg(value_enum, default_value_t = Migration::Up)]
        direction: Migration,
    },
    /// Prints a fresh secret to sign tokens with
    Secret,
    /// Checks configuration, database, tables, clock and mail
    #[command(
        long_about = "Checks configuration, database, tables, clock and mail.\n\n\
        Prints one line for each, with the cure where something is wrong; then the exit status is 1."
    )]
    Doctor,
    /// Looks after accounts
    User {
        /// What to do
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Looks after access tokens, with which programs come in
    Token {
        /// What to do
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Copies a SQLite database, consistently and while the server runs
    #[command(
        long_about = "Copies a SQLite database, consistently and while the server runs.\n\n\
        To restore, stop the server and put the copy in the database's place. PostgreSQL has pg_dump."
    )]
    Backup {
        /// The copy; it must not exist yet
        file: PathBuf,
    },
}

/// Which way the database's tables change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Migration {
    /// Brings the tables up to date
    Up,
    /// Takes the last change back, with the data it holds
    Down,
    /// Lists the changes and whether they are made
    Status,
}

/// What can be done for an account.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum UserCommand {
    /// Makes an account, even where nobody can sign up
    #[command(long_about = "Makes an account, even where nobody can sign up.\n\n\
        Prints a link at which the person chooses a password, unless one is given on standard input.")]
    Create {
        /// The person's address
        #[arg(long)]
        email: Email,
        /// The person's name
        #[arg(long)]
        name: Name,
        /// Reads the password from standard input: one line
        #[arg(long)]
        password_stdin: bool,
    },
    /// Lists all accounts
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Closes an account for now: nobody can sign in, and every session and token ends
    Disable {
        /// The account's address
        email: Email,
    },
    /// Opens a disabled account again
    Enable {
        /// The account's address
        email: Email,
    },
    /// Prints a link at which the person chooses a new password
    ResetLink {
        /// The account's address
        email: Email,
    },
    /// Deletes an account with all its tasks, for good
    Delete {
        /// The account's address
        email: Email,
        /// Says that you mean it; nothing is asked
        #[arg(long, required = true)]
        yes: bool,
    },
}

/// What can be done about access tokens.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum TokenCommand {
    /// Makes a token and prints it, this once
    Create {
        /// The address of the account that it opens
        #[arg(long)]
        email: Email,
        /// What it is for
        #[arg(long)]
        name: TokenName,
        /// What it may do: tasks:read or tasks:write; may be given twice
        #[arg(long = "scope", required = true)]
        scopes: Vec<Scope>,
        /// How long it lasts: 1d to 365d, or until the end of a day like 2026-12-24
        #[arg(long, default_value_t)]
        expires: Lasts,
    },
    /// Lists an account's tokens; never the tokens themselves
    List {
        /// The account's address
        #[arg(long)]
        email: Email,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Revokes a token: from now on it opens nothing
    Revoke {
        /// The token's id, as the list has it
        id: AccessTokenId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::error::ErrorKind;

    fn typed(words: &str) -> Result<Command, clap::Error> {
        let words = ["latchkey"].into_iter().chain(words.split_whitespace());
        Arguments::try_parse_from(words).map(Arguments::command)
    }

    #[test]
    fn the_command_line_is_well_formed_and_every_word_of_it_has_its_help() {
        fn check(command: &clap::Command) {
            let name = command.get_name();
            assert!(command.get_about().is_some() || name == "help", "{name}");
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{name} {}",
                    argument.get_id()
                );
            }
            command.get_subcommands().for_each(check);
        }
        let command = <Arguments as clap::CommandFactory>::command();
        command.clone().debug_assert();
        check(&command);
    }

    #[test]
    fn nothing_typed_means_serve() {
        assert_eq!(typed("").unwrap(), Command::Serve);
        assert_eq!(typed("serve").unwrap(), Command::Serve);
    }

    #[test]
    fn migrate_goes_up_unless_told_otherwise() {
        for (words, direction) in [
            ("migrate", Migration::Up),
            ("migrate up", Migration::Up),
            ("migrate down", Migration::Down),
            ("migrate status", Migration::Status),
        ] {
            assert_eq!(typed(words).unwrap(), Command::Migrate { direction });
        }
    }

    #[test]
    fn an_account_is_named_by_an_address_that_is_one() {
        let email: Email = "maya@example.org".parse().unwrap();
        let user = |command| Command::User { command };
        assert_eq!(
            typed("user create --email maya@example.org --name Maya --password-stdin").unwrap(),
            user(UserCommand::Create {
                email: email.clone(),
                name: "Maya".parse().unwrap(),
                password_stdin: true
            })
        );
        assert_eq!(
            typed("user reset-link maya@example.org").unwrap(),
            user(UserCommand::ResetLink { email })
        );
        let refused = typed("user disable maya").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ValueValidation);
        assert!(
            refused.to_string().contains("like maya@example.org"),
            "{refused}"
        );
        assert_eq!(
            typed("user list --json").unwrap(),
            user(UserCommand::List { json: true })
        );
    }

    #[test]
    fn deleting_an_account_must_be_meant() {
        let refused = typed("user delete maya@example.org").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::MissingRequiredArgument);
        assert!(typed("user delete maya@example.org --yes").is_ok());
    }

    #[test]
    fn a_token_has_a_scope_and_an_end() {
        let words = "token create --email maya@example.org --name Backup --scope tasks:read";
        let Command::Token {
            command: TokenCommand::Create {
                scopes, expires, ..
            },
        } = typed(words).unwrap()
        else {
            panic!("another command");
        };
        assert_eq!((scopes, expires), (vec![Scope::TasksRead], Lasts::Days(90)));
        for bad in [
            "token create --email maya@example.org --name Backup",
            "token create --email maya@example.org --name Backup --scope tasks",
            "token create --email maya@example.org --name Backup --scope tasks:read --expires never",
            "token revoke lk_x",
        ] {
            assert_eq!(typed(bad).unwrap_err().exit_code(), 2, "{bad}");
        }
    }

    #[test]
    fn a_wrong_command_exits_with_2_and_a_version_with_0() {
        assert_eq!(typed("sevre").unwrap_err().exit_code(), 2);
        assert_eq!(typed("backup").unwrap_err().exit_code(), 2);
        let version = typed("--version").unwrap_err();
        assert_eq!(version.exit_code(), 0);
        assert!(version.to_string().contains(env!("CARGO_PKG_VERSION")));
    }
}
