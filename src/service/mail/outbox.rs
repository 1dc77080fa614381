//! Where letters go while there is no mail server: into files that only the server's own user reads, one each.

use crate::domain::MailId;
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How long a letter lies there: long after its link is over.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// Writes a letter: whole or not at all. Names sort by time. What has lain there for long goes, so that nobody fills the disk with letters.
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
    if let Err(cause) = forget_old(folder) {
        tracing::warn!(kind = %cause.kind(), "old letters stay in the outbox");
    }
    Ok(whole)
}

fn forget_old(folder: &Path) -> io::Result<()> {
    let Some(long_ago) = SystemTime::now().checked_sub(KEPT) else {
        return Ok(());
    };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_letter = entry.path().extension().is_some_and(|end| end == "eml");
        if is_letter && entry.metadata()?.modified()? < long_ago {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn letters_lie_a_week_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let put = || put(folder.path(), MailId(Uuid::now_v7()), b"a letter").unwrap();
        let (old, young) = (put(), put());
        let mine = folder.path().join("mine.txt");
        fs::write(&mine, "a note").unwrap();
        let long_ago = SystemTime::now() - KEPT - Duration::from_mins(1);
        for path in [&old, &mine] {
            let file = OpenOptions::new().write(true).open(path).unwrap();
            file.set_modified(long_ago).unwrap();
        }

        let newest = put();

        assert!(!old.exists());
        for path in [young, mine, newest] {
            assert!(path.exists(), "{path:?}");
        }
    }
}
