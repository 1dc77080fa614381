//! Where the secret comes from: a variable, a file the operator names, or the file kept beside a SQLite database.

use super::{
    Secret, database, fault::Wrong, read::Reader, secret_file::SecretFile, strength::strong,
};
use std::io;

impl<'a> Reader<'a> {
    pub(super) fn previous_secret(&mut self) -> Option<Secret<Vec<u8>>> {
        let text = self.raw("AUTH_SECRET_PREVIOUS")?;
        self.keep("AUTH_SECRET_PREVIOUS", strong(text.as_bytes()))
            .map(Secret::new)
    }

    pub(super) fn secret(
        &mut self,
        database_url: Option<&str>,
        open: impl FnOnce(&SecretFile) -> io::Result<Vec<u8>>,
    ) -> Option<Secret<Vec<u8>>> {
        let given = self.given_secret();
        let named = self.text("AUTH_SECRET_FILE");
        let secret = match (given, named) {
            (Some((variable, text)), named) => {
                if named.is_some() {
                    self.note(
                        "AUTH_SECRET_FILE",
                        Wrong::new("is set beside the secret itself", "Keep one of the two."),
                    );
                }
                self.keep(variable, strong(text.as_bytes()))
            }
            (None, Some(path)) => {
                let file = SecretFile::Named(path.into());
                let bytes = open(&file).map_err(|error| {
                    Wrong::file(
                        "names a file that cannot be read",
                        &error,
                        "Name a file that the server may read.",
                    )
                });
                self.keep("AUTH_SECRET_FILE", bytes.and_then(|bytes| strong(&bytes)))
            }
            (None, None) => self.kept_secret(database_url?, open),
        };
        secret.map(Secret::new)
    }

    fn given_secret(&mut self) -> Option<(&'static str, &'a str)> {
        let ours = self.raw("AUTH_SECRET").map(|text| ("AUTH_SECRET", text));
        let theirs = self
            .raw("BETTER_AUTH_SECRET")
            .map(|text| ("BETTER_AUTH_SECRET", text));
        if let (Some((_, ours)), Some((alias, theirs))) = (ours, theirs)
            && ours != theirs
        {
            self.note(
                alias,
                Wrong::new("is not the same as AUTH_SECRET", "Keep one of the two."),
            );
        }
        ours.or(theirs)
    }

    fn kept_secret(
        &mut self,
        database_url: &str,
        open: impl FnOnce(&SecretFile) -> io::Result<Vec<u8>>,
    ) -> Option<Vec<u8>> {
        const VARIABLE: &str = "AUTH_SECRET";
        if database::sqlite_path(database_url).is_none() {
            self.note(
                VARIABLE,
                Wrong::new(
                    "is not set, and with PostgreSQL every instance must be given the same one",
                    "Set it to what `latchkey secret` prints.",
                ),
            );
            return None;
        }
        if !self.faults.is_empty() {
            return None;
        }
        let file = SecretFile::Kept(database::data_folder(database_url).join("secret"));
        let bytes = open(&file).map_err(|error| {
            Wrong::file(
                "is not set, and the file `secret` beside the database can be neither read nor made",
                &error,
                "Let the server write there, or set AUTH_SECRET to what `latchkey secret` prints.",
            )
        });
        let weak = Wrong::new(
            "is not set, and the file `secret` beside the database is too short or easily guessed",
            "Restore that file, or remove it: a new one is made, and everybody's tokens end.",
        );
        let strong = bytes.and_then(|bytes| strong(&bytes).map_err(|_| weak));
        self.keep(VARIABLE, strong)
    }
}
