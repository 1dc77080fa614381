//! `latchkey token`: access tokens, made and revoked without a browser.

use super::{TokenCommand, failure::Failure, open, table, user::account};
use latchkey::{
    domain::{AccessTokenId, Email, Lasts, Scopes, TokenName},
    service::{
        Source,
        access_token::{self, NewAccessToken, Owner},
        clock, operator,
    },
};
use std::io::{self, Write};

/// Does what was asked.
pub async fn run(command: TokenCommand, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        TokenCommand::Create {
            email,
            name,
            scopes,
            expires,
        } => {
            let scopes = Scopes::of(scopes)?;
            create(&email, (name, scopes, expires), out).await
        }
        TokenCommand::List { email, json } => list(&email, json, out).await,
        TokenCommand::Revoke { id } => revoke(id, out).await,
    }
}

/// The token stands alone in the last line, for programs to take.
async fn create(
    email: &Email,
    (name, scopes, lasts): (TokenName, Scopes, Lasts),
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (open, account) = account(email).await?;
    if account.disabled_at.is_some() {
        return Err(Failure::Failed(format!(
            "{0} is disabled, and a token would open nothing. Run `latchkey user enable {0}` first.",
            account.email
        )));
    }
    let zone = operator::zone(&open.db, account.id).await?;
    let new = NewAccessToken {
        name,
        scopes,
        expires_at: lasts.end(clock::now(), &zone)?,
    };
    let source = Source::operator();
    let owner = Owner {
        user: account.id,
        session: None,
        source: &source,
    };
    let made = access_token::make(&open.db, owner, new).await?;
    writeln!(
        out,
        "Until {} this token opens the tasks of {} ({}). It is not shown again:",
        made.access.expires_at, account.email, made.access.scope
    )?;
    Ok(writeln!(out, "{}", made.token)?)
}

async fn list(email: &Email, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let (open, account) = account(email).await?;
    let tokens = access_token::list(&open.db, account.id).await?;
    if json {
        serde_json::to_writer_pretty(&mut *out, &tokens).map_err(io::Error::from)?;
        return Ok(writeln!(out)?);
    }
    if tokens.is_empty() {
        return Ok(writeln!(out, "{} has no access tokens.", account.email)?);
    }
    let rows = tokens.iter().map(|token| {
        let used = token.last_used_at.map_or("never".to_owned(), table::day);
        [
            token.id.to_string(),
            token.name.clone(),
            token.scope.to_string(),
            table::day(token.created_at),
            used,
            table::day(token.expires_at),
        ]
    });
    let heads = ["ID", "NAME", "SCOPE", "MADE", "USED", "EXPIRES"];
    Ok(out.write_all(table::of(heads, rows).as_bytes())?)
}

async fn revoke(id: AccessTokenId, out: &mut impl Write) -> Result<(), Failure> {
    let open = open::migrated().await?;
    let source = Source::operator();
    let owner = access_token::owner_of(&open.db, id).await?;
    let Some(user) = owner else {
        return Err(Failure::Failed(format!(
            "There is no token with the id {id}. `latchkey token list` shows an account’s."
        )));
    };
    let owner = Owner {
        user,
        session: None,
        source: &source,
    };
    access_token::revoke(&open.db, owner, id).await?;
    Ok(writeln!(out, "Revoked. It opens nothing any more.")?)
}
