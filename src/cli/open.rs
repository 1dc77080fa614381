//! What a command stands on: the configuration, the log on standard error, and the database.

use super::failure::Failure;
use latchkey::service::{
    Config, Database,
    log::{self, Stream},
};
use sea_orm::DbErr;
use std::{pin::pin, sync::OnceLock, time::Duration};
use tokio::time::sleep;

/// What this process opened.
static OPENED: OnceLock<Database> = OnceLock::new();

/// Configuration and database of one command.
#[derive(Debug)]
pub struct Open {
    pub config: Config,
    pub db: Database,
}

/// After how long whoever waits is told what for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Opens the database, which [`close`] closes. A SQLite file that another process has for itself is waited for.
pub async fn database(config: &Config) -> Result<Database, DbErr> {
    let mut opening = pin!(Database::open(config));
    let db = tokio::select! {
        db = &mut opening => db?,
        () = sleep(PATIENCE) => {
            tracing::warn!("another process has the database for itself: waiting until it lets go of it");
            opening.await?
        }
    };
    let _ = OPENED.set(db.clone());
    Ok(db)
}

/// Closes what was opened, however the command ended.
pub async fn close() {
    if let Some(db) = OPENED.get() {
        db.close().await;
    }
}

/// Opens the database as it is; one that is not there yet is made.
pub async fn any() -> Result<Open, Failure> {
    with(Config::from_env()?).await
}

/// Opens a database that is there already.
pub async fn existing() -> Result<Open, Failure> {
    let config = Config::inspect()?;
    if is_missing(&config) {
        return Err(Failure::Failed(
            "There is no database where DATABASE_URL says. Run `latchkey migrate` to make it, or run this in the server's folder.".to_owned(),
        ));
    }
    with(config).await
}

/// How the tables stand. Where there is no file yet everything is to be done, and looking makes none.
pub async fn migrations() -> Result<Vec<(String, bool)>, Failure> {
    let config = Config::inspect()?;
    if is_missing(&config) {
        let all = Database::all_migrations().into_iter();
        return Ok(all.map(|name| (name, false)).collect());
    }
    Ok(with(config).await?.db.migrations().await?)
}

fn is_missing(config: &Config) -> bool {
    config.sqlite_path().is_some_and(|path| !path.exists())
}

async fn with(config: Config) -> Result<Open, Failure> {
    start_log(&config, Stream::Stderr)?;
    let db = database(&config).await?;
    Ok(Open { config, db })
}

/// Opens a database whose tables are up to date.
pub async fn migrated() -> Result<Open, Failure> {
    let open = existing().await?;
    must_be_up_to_date(&open.db.migrations().await?)?;
    Ok(open)
}

/// The same, but a database without tables gets them: the first account may come before the first start.
pub async fn migrated_or_new() -> Result<Open, Failure> {
    let open = any().await?;
    let migrations = open.db.migrations().await?;
    if migrations.iter().any(|(_, done)| *done) {
        must_be_up_to_date(&migrations)?;
    } else {
        open.db.migrate().await?;
    }
    Ok(open)
}

fn must_be_up_to_date(migrations: &[(String, bool)]) -> Result<(), Failure> {
    if migrations.iter().all(|(_, done)| *done) {
        Ok(())
    } else {
        Err(Failure::Failed(
            "The database's tables are not up to date. Run `latchkey migrate`.".to_owned(),
        ))
    }
}

/// Starts the log of this process.
pub fn start_log(config: &Config, stream: Stream) -> Result<(), Failure> {
    log::start(config, stream)
        .map_err(|cause| Failure::Failed(format!("The log cannot be started: {cause}.")))
}
