//! The file of a SQLite database: made for its owner alone, and locked while its tables change.

use sea_orm::{DbErr, RuntimeErr};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

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
        let folder = self.folder.clone();
        let locked = tokio::task::spawn_blocking(move || {
            let folder = File::open(folder)?;
            match folder.lock() {
                // A file system without locks: one process at a time is all it can hold anyway.
                Err(cause) if cause.kind() == io::ErrorKind::Unsupported => Ok(None),
                taken => taken.map(|()| Some(folder)),
            }
        });
        let failed = |cause: String| DbErr::Conn(RuntimeErr::Internal(cause));
        locked
            .await
            .map_err(|cause| failed(cause.to_string()))?
            .map_err(|cause| {
                DbErr::Conn(RuntimeErr::SqlxError(
                    sea_orm::sqlx::Error::Io(cause).into(),
                ))
            })
    }
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
