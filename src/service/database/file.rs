//! The file of a SQLite database: made for its owner alone, and locked while its tables change.

use sea_orm::{DbErr, RuntimeErr};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::sleep;

/// How often a lock that another process holds is asked for.
const BREATH: Duration = Duration::from_millis(50);

/// Where the database is.
#[derive(Clone, Debug)]
pub(super) struct SqliteFile {
    path: PathBuf,
    folder: PathBuf,
    /// The number by which the system knows it.
    number: Option<u64>,
}

impl SqliteFile {
    /// Makes file and folder where they are missing. What fails here fails again, and is told, when SQLite opens the file.
    pub(super) fn make(path: &Path) -> Self {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let _ = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder);
        let _ = private_file(path);
        Self {
            path: path.to_owned(),
            folder,
            number: None,
        }
    }

    /// Remembers which file was opened.
    pub(super) fn remember(&mut self) {
        self.number = number(&self.path);
    }

    pub(super) fn is_in_place(&self) -> bool {
        number(&self.path) == self.number
    }

    /// Waits until no other process changes the tables. The folder is locked and not the file: closing any handle of the file would drop the
    /// locks that SQLite holds on it.
    pub(super) async fn lock(&self) -> Result<Option<File>, DbErr> {
        let folder = File::open(&self.folder).map_err(failed)?;
        loop {
            match folder.try_lock() {
                Ok(()) => return Ok(Some(folder)),
                // Not waited for in the system, where nothing could end the waiting.
                Err(TryLockError::WouldBlock) => sleep(BREATH).await,
                // A file system without locks: one process at a time is all it can hold anyway.
                Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => {
                    return Ok(None);
                }
                Err(TryLockError::Error(cause)) => return Err(failed(cause)),
            }
        }
    }
}

fn failed(cause: io::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(
        sea_orm::sqlx::Error::Io(cause).into(),
    ))
}

fn number(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|file| file.ino())
}

/// Makes an empty file that its owner alone may read; never one that is there already.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}
