//! `latchkey backup`: a copy of the database while the server runs.

use super::{failure::Failure, open};
use latchkey::service::database::NotCopied;
use std::{
    io::{ErrorKind, Write},
    path::Path,
};
use url::Url;

/// Copies a SQLite database into a new file. PostgreSQL has a better tool of its own, and this says how to call it.
pub async fn run(file: &Path, out: &mut impl Write) -> Result<(), Failure> {
    let open = open::existing().await?;
    match open.db.copy_to(file).await {
        Ok(bytes) => Ok(writeln!(
            out,
            "Copied the database to {} ({bytes} bytes).",
            file.display()
        )?),
        Err(NotCopied::NotSqlite) => Err(Failure::Wrong(format!(
            "The database is PostgreSQL, which makes its own backups. Run:\n  {}",
            pg_dump(open.config.database_url.expose(), file)
        ))),
        Err(NotCopied::File(cause)) => Err(Failure::Failed(not_made(cause.kind()))),
        Err(NotCopied::Unfinished(part)) => Err(Failure::Failed(format!(
            "There is {} already, a copy that another one has not finished. Remove it, unless that one runs still.",
            part.display()
        ))),
        Err(NotCopied::Database(cause)) => Err(cause.into()),
    }
}

fn not_made(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::AlreadyExists => {
            "There is a file of this name already. Name another one; nothing is overwritten."
                .to_owned()
        }
        ErrorKind::NotFound => "The folder of the copy does not exist. Make it first.".to_owned(),
        kind => format!(
            "The copy cannot be written ({kind}). Name a file in a folder you may write to."
        ),
    }
}

/// The line to run, without the password: `pg_dump` asks for it.
fn pg_dump(url: &str, file: &Path) -> String {
    let shown = Url::parse(url).ok().and_then(without_password);
    format!(
        "pg_dump --format=custom --file={} {}",
        quoted(&file.display().to_string()),
        quoted(shown.as_deref().unwrap_or("postgres://user@host/database"))
    )
}

/// It stands before the host, or among the parameters.
fn without_password(mut url: Url) -> Option<String> {
    if url.password().is_some() {
        url.set_password(None).ok()?;
    }
    if url.query().is_some() {
        let all: Vec<_> = url.query_pairs().into_owned().collect();
        let kept = all.iter().filter(|(name, _)| name != "password");
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    Some(url.to_string())
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c14_the_line_for_postgresql_is_whole_and_holds_no_password() {
        assert_eq!(
            pg_dump(
                "postgres://maya:hush@db:5433/latchkey?sslmode=require",
                Path::new("it's.dump")
            ),
            r"pg_dump --format=custom --file='it'\''s.dump' 'postgres://maya@db:5433/latchkey?sslmode=require'"
        );
        let at_a_socket = "postgres:///latchkey?host=%2Frun%2Fpostgresql&password=hush";
        assert_eq!(
            pg_dump(at_a_socket, Path::new("a")),
            "pg_dump --format=custom --file='a' 'postgres:///latchkey?host=%2Frun%2Fpostgresql'"
        );
    }
}
