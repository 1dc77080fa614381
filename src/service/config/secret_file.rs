//! The file of the secret: the operator's, or the one made at the first start.

use super::fresh_secret;
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

const LARGEST_FILE: u64 = 64 * 1024;

/// A file that holds the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretFile {
    /// The operator's: `AUTH_SECRET_FILE`.
    Named(PathBuf),
    /// Ours, beside the database: made when it is missing.
    Kept(PathBuf),
}

impl SecretFile {
    /// What it holds, without the newline at its end.
    pub fn open(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Named(path) => read(path),
            Self::Kept(path) => match read(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => create(path),
                other => other,
            },
        }
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    Ok(bytes)
}

/// Makes the file, or reads what another process made meanwhile.
///
/// The secret is written under another name first and then linked: a file with the right name is always whole, and linking
/// never replaces one.
fn create(path: &Path) -> io::Result<Vec<u8>> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let draft = path.with_extension(format!("{:016x}", rand::random::<u64>()));
    let linked =
        write(&draft, fresh_secret().as_bytes()).and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => {
            removed?;
            File::open(folder)?.sync_all()?;
            read(path)
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashSet, os::unix::fs::PermissionsExt as _, sync::Barrier, thread};

    #[test]
    fn the_first_start_makes_a_secret_for_the_owner_alone_and_the_next_one_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/secret");
        let file = SecretFile::Kept(path.clone());

        let first = file.open().unwrap();

        assert_eq!(first.len(), fresh_secret().len());
        assert_eq!(fs::read(&path).unwrap(), first);
        assert_eq!(file.open().unwrap(), first);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn processes_that_start_together_agree_on_one_secret() {
        let folder = tempfile::tempdir().unwrap();
        let file = SecretFile::Kept(folder.path().join("data/secret"));
        let start = Barrier::new(8);

        let secrets: HashSet<Vec<u8>> = thread::scope(|scope| {
            let racers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        file.open().unwrap()
                    })
                })
                .collect();
            racers
                .into_iter()
                .map(|racer| racer.join().unwrap())
                .collect()
        });

        assert_eq!(secrets.len(), 1);
        assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 1);
    }

    #[test]
    fn a_named_file_loses_one_newline_and_is_never_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("named");
        let file = SecretFile::Named(path.clone());
        assert_eq!(file.open().unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(!path.exists());

        for (written, read) in [
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\n\n", "a\n"),
            (" a ", " a "),
            ("", ""),
        ] {
            fs::write(&path, written).unwrap();
            assert_eq!(file.open().unwrap(), read.as_bytes(), "{written:?}");
        }
        assert!(SecretFile::Named(folder.path().to_owned()).open().is_err());
        assert!(SecretFile::Named("/dev/zero".into()).open().is_err());
    }
}
