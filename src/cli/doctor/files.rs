//! Files and folders: whether they can be written, and by whom they can be read.

use super::Line;
use latchkey::service::Config;
use std::{
    fs::{self, OpenOptions},
    io,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

/// Everybody but the owner.
const OTHERS: u32 = 0o077;

/// The data folder, and what in it is for the server's eyes alone.
pub(super) fn lines(config: &Config) -> Vec<Line> {
    let mut lines = vec![folder(config)];
    let private = [
        ("secret", Some(config.data.join("secret"))),
        ("database", config.sqlite_path()),
    ];
    for (about, path) in private {
        lines.extend(path.and_then(|path| readable(about, &path)));
    }
    lines
}

fn folder(config: &Config) -> Line {
    const ABOUT: &str = "folder";
    let folder = &config.data;
    let shown = folder.display();
    // With PostgreSQL and a mail server nothing is kept there.
    let is_needed = config.sqlite_path().is_some() || config.mail.is_none();
    match can_be_made(folder) {
        Ok(()) if folder.is_dir() => Line::ok(ABOUT, format!("{shown} can be written.")),
        Err(cause) if folder.is_dir() => Line::fail(
            ABOUT,
            format!(
                "{shown} cannot be written ({}). Make the server's user its owner.",
                cause.kind()
            ),
        ),
        Err(cause) if is_needed => Line::fail(
            ABOUT,
            format!(
                "The server cannot make {shown} ({}). Make it, and make the server's user its owner.",
                cause.kind()
            ),
        ),
        _ => Line::warn(
            ABOUT,
            format!("{shown} does not exist yet. The server makes it when it needs it."),
        ),
    }
}

/// Whether the folder can be written, or else be made: in the nearest one above it that exists.
pub(super) fn can_be_made(folder: &Path) -> io::Result<()> {
    for folder in folder.ancestors() {
        // Above a name alone is the working folder.
        let folder = if folder == Path::new("") {
            Path::new(".")
        } else {
            folder
        };
        match probe(folder) {
            // A link that leads nowhere exists, and is in the way.
            Err(cause)
                if cause.kind() == io::ErrorKind::NotFound
                    && folder.symlink_metadata().is_err() => {}
            done => return done,
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

/// Permissions do not tell: the disk may be full, or read-only.
fn probe(folder: &Path) -> io::Result<()> {
    let name = format!(".doctor-{}", std::process::id());
    let path = folder.join(name);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    fs::remove_file(path)
}

fn readable(about: &'static str, path: &Path) -> Option<Line> {
    let mode = fs::metadata(path).ok()?.permissions().mode();
    (mode & OTHERS != 0).then(|| {
        let shown = path.display();
        Line::warn(
            about,
            format!("Others on this machine may read or write {shown}. Run chmod 600 {shown}."),
        )
    })
}
