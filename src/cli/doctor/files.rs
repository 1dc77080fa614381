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
    let mut lines = vec![folder(&config.data)];
    let private = [
        ("secret", Some(config.data.join("secret"))),
        ("database", config.sqlite_path()),
    ];
    for (about, path) in private {
        lines.extend(path.and_then(|path| readable(about, &path)));
    }
    lines
}

fn folder(folder: &Path) -> Line {
    let shown = folder.display();
    match probe(folder) {
        Ok(()) => Line::ok("folder", format!("{shown} can be written.")),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Line::warn(
            "folder",
            format!("{shown} does not exist yet. The server makes it when it needs it."),
        ),
        Err(cause) => Line::fail(
            "folder",
            format!(
                "{shown} cannot be written ({}). Make the server's user its owner.",
                cause.kind()
            ),
        ),
    }
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
