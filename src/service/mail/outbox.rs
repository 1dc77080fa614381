//! Where letters go while there is no mail server: into files that only the server's own user reads, one each.

use crate::domain::MailId;
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// Writes a letter: whole or not at all. Names sort by time.
pub(super) fn put(folder: &Path, id: MailId, letter: &[u8]) -> io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let (half, whole) = (
        folder.join(format!(".{id}")),
        folder.join(format!("{id}.eml")),
    );
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&half)?;
    file.write_all(letter)?;
    file.sync_all()?;
    fs::rename(&half, &whole)?;
    Ok(whole)
}
