//! `latchkey migrate`: the database's tables.

use super::{Migration, failure::Failure, open};
use std::io::Write;

/// Changes the tables, or tells how they stand: one line for each change.
pub async fn run(direction: Migration, out: &mut impl Write) -> Result<(), Failure> {
    match direction {
        Migration::Up => up(out).await,
        Migration::Down => down(out).await,
        Migration::Status => {
            for (name, done) in open::migrations().await? {
                writeln!(out, "{}  {name}", if done { "done   " } else { "pending" })?;
            }
            Ok(())
        }
    }
}

async fn up(out: &mut impl Write) -> Result<(), Failure> {
    let done = open::any().await?.db.migrate().await?;
    for name in &done {
        writeln!(out, "done     {name}")?;
    }
    if done.is_empty() {
        writeln!(out, "The tables are up to date.")?;
    }
    Ok(())
}

async fn down(out: &mut impl Write) -> Result<(), Failure> {
    let db = open::existing().await?.db;
    let last = db.migrations().await?.into_iter().rfind(|(_, done)| *done);
    let Some((name, _)) = last else {
        writeln!(out, "There is nothing to take back.")?;
        return Ok(());
    };
    db.migrate_down().await?;
    writeln!(out, "undone   {name}")?;
    Ok(())
}
