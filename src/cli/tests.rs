//! What can be typed, and what it means.

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
fn b46_moving_in_is_tried_first_and_the_address_is_never_shown() {
    let words = "import better-auth postgres://maya:hush@db/auth";
    let import = |apply, tasks| Command::Import {
        command: ImportCommand::BetterAuth {
            from: Secret::new("postgres://maya:hush@db/auth".to_owned()),
            apply,
            tasks,
        },
    };
    assert_eq!(typed(words).unwrap(), import(false, false));
    let all = typed(&format!("{words} --tasks --apply")).unwrap();
    assert_eq!(all, import(true, true));
    assert!(!format!("{all:?}").contains("hush"));
}

#[test]
fn a_wrong_command_exits_with_2_and_a_version_with_0() {
    assert_eq!(typed("sevre").unwrap_err().exit_code(), 2);
    assert_eq!(typed("backup").unwrap_err().exit_code(), 2);
    let version = typed("--version").unwrap_err();
    assert_eq!(version.exit_code(), 0);
    assert!(version.to_string().contains(env!("CARGO_PKG_VERSION")));
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
