//! A PostgreSQL server of a test's own, that can go away and come back.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// A server behind a socket in a folder, so that it needs no port.
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    /// Who runs it: PostgreSQL refuses to be root.
    user: Option<&'static str>,
}

impl Cluster {
    /// Made, and not started yet.
    pub fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let user = (said("id -u") == "0").then(|| {
            let is_there = !said("id -u postgres 2>/dev/null || true").is_empty();
            if is_there { "postgres" } else { "nobody" }
        });
        if let Some(user) = user {
            said(&format!("chown {user} {}", folder.path().display()));
        }
        let cluster = Self {
            folder,
            programs: said("source bin/env.sh && find_postgres").into(),
            user,
        };
        cluster.does("initdb", "-U latchkey -E UTF8 --auth=trust --no-sync");
        cluster
    }

    pub fn starts(&self) {
        let socket = self.folder.path().display();
        let options = format!(
            "-w -t 60 -l {socket}/log -o \"-c listen_addresses='' -c unix_socket_directories={socket} -c fsync=off\" start"
        );
        self.does("pg_ctl", &options);
    }

    /// As if it had been killed: connections break, and what was not committed is gone.
    pub fn stops(&self) {
        self.does("pg_ctl", "-m immediate stop");
    }

    pub fn url(&self) -> String {
        let socket = self.folder.path().display();
        format!("postgres://latchkey@localhost/postgres?host={socket}")
    }

    fn does(&self, program: &str, words: &str) {
        assert!(self.tries(program, words), "{program} {words}");
    }

    fn tries(&self, program: &str, words: &str) -> bool {
        let (program, data) = (self.programs.join(program), self.folder.path().join("data"));
        let line = format!("{} -D {} {words}", program.display(), data.display());
        let mut command = Command::new("sh");
        if let Some(user) = self.user {
            command = Command::new("runuser");
            command.args(["-u", user, "--", "sh"]);
        }
        command
            .args(["-c", &line])
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().expect("a shell").success()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.tries("pg_ctl", "-m immediate stop");
    }
}

/// What this line of a shell prints, in the project's folder.
fn said(line: &str) -> String {
    let mut shell = Command::new("bash");
    let shell = shell
        .args(["-c", line])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = shell.output().expect("a shell");
    assert!(output.status.success(), "{line}: {output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    text.trim().to_owned()
}
