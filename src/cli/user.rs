//! `latchkey user`: the operator's hand on accounts.

use super::{UserCommand, failure::Failure, open, open::Open, table};
use latchkey::{
    domain::{Email, Name, Password, Person, Role, SignUp},
    service::{
        Source,
        auth::{self, NewAccount},
        invitation::{self, NewInvitation},
        mail::Desk,
        operator::{self, Hand},
        password::Hasher,
    },
};
use std::io::{self, BufRead as _, Read as _, Write};

/// More than any password that is taken.
const LONGEST_LINE: u64 = 4096;

/// Does what was asked for one account, or lists all.
pub async fn run(command: UserCommand, out: &mut impl Write) -> Result<(), Failure> {
    let source = Source::operator();
    let hand = Hand::operator(&source);
    match command {
        UserCommand::Create {
            email,
            name,
            password_stdin,
        } => create(email, name, password_stdin, out).await,
        UserCommand::List { json } => list(json, out).await,
        UserCommand::Disable { email } => {
            let (open, account) = account(&email).await?;
            operator::disable(&open.db, hand, account.id).await?;
            Ok(writeln!(
                out,
                "Disabled {}. Nobody is signed in there any more.",
                account.email
            )?)
        }
        UserCommand::Enable { email } => {
            let (open, account) = account(&email).await?;
            operator::enable(&open.db, hand, account.id).await?;
            Ok(writeln!(out, "Enabled {}.", account.email)?)
        }
        UserCommand::ResetLink { email } => {
            let (open, account) = account(&email).await?;
            if account.disabled_at.is_some() {
                return Err(Failure::Failed(format!(
                    "{0} is disabled, and a new password would not help. Run `latchkey user enable {0}` first.",
                    account.email
                )));
            }
            link(&open, &account, hand, out).await
        }
        UserCommand::Promote { email } => role(&email, Role::Admin, hand, out).await,
        UserCommand::Demote { email } => role(&email, Role::Member, hand, out).await,
        UserCommand::Invite { email, note, days } => {
            let new = NewInvitation {
                email,
                note,
                days,
                form: None,
            };
            invite(new, hand, out).await
        }
        UserCommand::ResetSecondFactor { email } => reset_second_factor(&email, hand, out).await,
        UserCommand::Delete { email, yes: _ } => {
            let (open, account) = account(&email).await?;
            operator::delete(&open.db, hand, account.id).await?;
            Ok(writeln!(
                out,
                "Deleted {} with all its tasks.",
                account.email
            )?)
        }
    }
}

async fn reset_second_factor(
    email: &Email,
    hand: Hand<'_>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (open, account) = account(email).await?;
    let desk = Desk::new(&open.config);
    let was_on = operator::reset_second_factor(&open.db, &desk, hand, account.id).await?;
    let words = if was_on {
        "The second factor is off"
    } else {
        "The second factor was off already"
    };
    Ok(writeln!(out, "{words} for {}.", account.email)?)
}

async fn create(
    email: Email,
    name: Name,
    password_stdin: bool,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let password = if password_stdin {
        Some(typed_password()?)
    } else {
        None
    };
    let has_password = password.is_some();
    let open = open::migrated_or_new().await?;
    let (source, hasher) = (Source::operator(), Hasher::start());
    let new = NewAccount {
        name,
        email: email.clone(),
        password,
        time_zone: None,
    };
    auth::sign_up(&open.db, &hasher, &source, new).await?;
    writeln!(out, "Made an account for {}.", email.as_str())?;
    let found = operator::find(&open.db, &email).await?;
    let account = found.ok_or_else(|| no_account(&email))?;
    if account.role == Role::Admin {
        writeln!(out, "It is the first one, and an administrator's.")?;
    }
    if has_password {
        Ok(())
    } else {
        link(&open, &account, Hand::operator(&source), out).await
    }
}

async fn role(
    email: &Email,
    role: Role,
    hand: Hand<'_>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (open, account) = account(email).await?;
    let changed = operator::give_role(&open.db, hand, account.id, role).await?;
    let is = if changed { "is now" } else { "was already" };
    let what = if role == Role::Admin {
        "an administrator"
    } else {
        "a member"
    };
    Ok(writeln!(out, "{} {is} {what}.", account.email)?)
}

/// The link stands alone in the last line, for programs to take.
async fn invite(new: NewInvitation, hand: Hand<'_>, out: &mut impl Write) -> Result<(), Failure> {
    let open = open::migrated_or_new().await?;
    if open.config.sign_up == SignUp::Closed {
        return Err(Failure::Failed(
            "SIGN_UP is closed, and an invitation would open nothing. Set SIGN_UP=invite, or run `latchkey user create`."
                .to_owned(),
        ));
    }
    let desk = Desk::new(&open.config);
    let made = invitation::make(&open.db, &open.config, &desk, hand, new).await?;
    let whom = made.invitation.email.as_deref().unwrap_or("whoever has it");
    writeln!(
        out,
        "Until {} {whom} can make an account at this address, once:",
        made.invitation.expires_at
    )?;
    Ok(writeln!(out, "{}", made.link)?)
}

/// One line of standard input.
fn typed_password() -> Result<Password, Failure> {
    let mut line = String::new();
    io::stdin()
        .lock()
        .take(LONGEST_LINE)
        .read_line(&mut line)
        .map_err(|cause| {
            Failure::Failed(format!("The password cannot be read ({}).", cause.kind()))
        })?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(Password::chosen(line.strip_suffix('\r').unwrap_or(line))?)
}

/// The link stands alone in the last line, for programs to take.
async fn link(
    open: &Open,
    account: &Person,
    hand: Hand<'_>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let made = operator::reset_link(&open.db, &open.config, hand, account.id).await?;
    writeln!(
        out,
        "At this address {} chooses a password, once and within 30 minutes:",
        account.name
    )?;
    Ok(writeln!(out, "{}", made.link)?)
}

async fn list(json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let accounts = operator::list(&open::migrated().await?.db).await?;
    if json {
        serde_json::to_writer_pretty(&mut *out, &accounts).map_err(io::Error::from)?;
        return Ok(writeln!(out)?);
    }
    if accounts.is_empty() {
        return Ok(writeln!(out, "There are no accounts yet.")?);
    }
    Ok(out.write_all(lines(&accounts).as_bytes())?)
}

/// One line for each account.
fn lines(accounts: &[Person]) -> String {
    let rows = accounts.iter().map(|account| {
        let state = if account.disabled_at.is_some() {
            "disabled"
        } else {
            "enabled"
        };
        [
            account.email.clone(),
            account.name.clone(),
            table::day(account.created_at),
            account.role.as_str().to_owned(),
            state.to_owned(),
        ]
    });
    table::of(["EMAIL", "NAME", "SINCE", "ROLE", "STATE"], rows)
}

/// The database, and in it the account of this address.
pub async fn account(email: &Email) -> Result<(Open, Person), Failure> {
    let open = open::migrated().await?;
    let found = operator::find(&open.db, email).await?;
    let account = found.ok_or_else(|| no_account(email))?;
    Ok((open, account))
}

fn no_account(email: &Email) -> Failure {
    Failure::Failed(format!(
        "There is no account with the address {}. `latchkey user list` shows all.",
        email.as_str()
    ))
}
