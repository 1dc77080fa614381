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
    /// The database does not give it.
    #[error("the database cannot be copied: {0}")]
    Database(#[from] DbErr),
}

impl Database {
    /// Copies the database into a new file that its owner alone may read, and says how many bytes it has. What was written before the start
    /// is in it. A copy that fails leaves no file.
    pub async fn copy_to(&self, path: &Path) -> Result<u64, NotCopied> {
        if self.backend() != DbBackend::Sqlite {
            return Err(NotCopied::NotSqlite);
        }
        let path = std::path::absolute(path)?;
        let Some(name) = path.to_str().map(str::to_owned) else {
            return Err(io::Error::from(io::ErrorKind::InvalidFilename).into());
        };
        // SQLite fills a file that is empty, and refuses another one.
        drop(private_file(&path)?);
        let done = self.fill(name, &path).await;
        if done.is_err() {
            let _ = fs::remove_file(&path);
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
