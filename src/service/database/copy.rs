//! A copy of a SQLite database, consistent while others read and write.

use super::{Database, file::private_file};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum NotCopied {
    /// Copying is PostgreSQL's own business.
    #[error("the database is not SQLite")]
    NotSqlite,
    /// The file cannot be made, or is there already.
    #[error("the file cannot be made: {0}")]
    File(#[from] io::Error),
    /// What another copy of this name left, or still writes.
    #[error("{} is there already", .0.display())]
    Unfinished(PathBuf),
    /// The database does not give it.
    #[error("the database cannot be copied: {0}")]
    Database(#[from] DbErr),
}

impl Database {
    /// Copies the database into a new file that its owner alone may read, and says how many bytes it has. What was written before the start
    /// is in it. A copy that fails leaves no file, and one that is ended leaves `FILE.part`.
    pub async fn copy_to(&self, path: &Path) -> Result<u64, NotCopied> {
        if self.backend() != DbBackend::Sqlite {
            return Err(NotCopied::NotSqlite);
        }
        let path = std::path::absolute(path)?;
        if path.symlink_metadata().is_ok() {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        let Some(name) = path.to_str().map(|name| format!("{name}.part")) else {
            return Err(io::Error::from(io::ErrorKind::InvalidFilename).into());
        };
        let part = PathBuf::from(&name);
        // SQLite fills a file that is empty, and refuses another one.
        match private_file(&part) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                return Err(NotCopied::Unfinished(part));
            }
            made => drop(made?),
        }
        let done = match self.fill(name, &part).await {
            Ok(bytes) => settle(&part, &path)
                .map(|()| bytes)
                .map_err(NotCopied::from),
            failed => failed,
        };
        if done.is_err() {
            let _ = fs::remove_file(&part);
        }
        done
    }

    async fn fill(&self, name: String, path: &PathBuf) -> Result<u64, NotCopied> {
        let copy =
            Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
        self.reader.execute_raw(copy).await?;
        let file = File::open(path)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    }
}

/// Gives the finished copy its name. To rename would overwrite a file that came meanwhile; a second name does not, but not every file system
/// has them.
fn settle(part: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(part, path) {
        Ok(()) => fs::remove_file(part)?,
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => return Err(cause),
        Err(_) => fs::rename(part, path)?,
    }
    // The name is kept as safely as what it stands for, where the file system can.
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(())
}
