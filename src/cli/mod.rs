//! The command line: what can be typed after `latchkey`.

mod backup;
mod doctor;
mod failure;
mod import;
mod migrate;
mod open;
mod run;
mod secret;
mod serve;
mod table;
mod token;
mod user;

#[cfg(test)]
mod tests;

pub use run::run;

use clap::{
    Parser, Subcommand, ValueEnum,
    builder::{StringValueParser, TypedValueParser as _},
};
use latchkey::{
    domain::{AccessTokenId, Days, Email, Lasts, Name, Note, Scope, TokenName},
    service::config::Secret,
};
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
    /// Lets people move in from another program
    Import {
        /// From which
        #[command(subcommand)]
        command: ImportCommand,
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
        To restore, stop the server, put the copy in the database's place, and remove the files beside it whose names end in -wal and -shm: \
        they belong to the database that was there. PostgreSQL has pg_dump."
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
    /// Makes somebody an administrator: they look after people, and see nobody's tasks
    Promote {
        /// The account's address
        email: Email,
    },
    /// Makes an administrator a member again
    Demote {
        /// The account's address
        email: Email,
    },
    /// Prints a link at which somebody makes an account, once
    Invite {
        /// The one address that it is for; without it, whoever has the link can use it
        email: Option<Email>,
        /// What it is about, for whoever looks after people
        #[arg(long)]
        note: Option<Note>,
        /// For how many days it is good: 1 to 30
        #[arg(long, default_value_t)]
        days: Days,
    },
    /// Turns off the second factor of an account: for somebody who has lost the phone and the recovery codes
    #[command(
        long_about = "Turns off the second factor of an account: for somebody who has lost the phone and the recovery codes.\n\n\
        Make sure that it is them who ask. Every session of the account ends; the password stays as it is."
    )]
    ResetSecondFactor {
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

/// Where people can move in from.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum ImportCommand {
    /// From a Better Auth database: people with their passwords
    #[command(
        long_about = "From a Better Auth database: people with their passwords.\n\n\
        Says who would come, who would be left out and why, and changes nothing; with --apply all who can come do, or nobody does. \
        The other database is only read. People who came before stay as they are here."
    )]
    BetterAuth {
        /// Its address, as `DATABASE_URL` takes one; a password is better left to `PGPASSWORD`
        #[arg(value_name = "DATABASE_URL", value_parser = StringValueParser::new().map(Secret::new))]
        from: Secret<String>,
        /// Lets them come
        #[arg(long)]
        apply: bool,
        /// With the tasks of a table `task` or `tasks` that says in `user_id` whose they are
        #[arg(long)]
        tasks: bool,
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
