//! The binary itself, as an operator runs it: in the house's folder, on the house's database.

use super::{House, SECRET};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

/// What a command that has ended leaves behind.
#[derive(Debug)]
pub struct Done {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl House {
    /// The binary with these words, and nothing in its environment but what it needs.
    pub fn binary(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .env("DATABASE_URL", self.config.database_url.expose())
            .env("AUTH_SECRET", SECRET)
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .env("PUBLIC_URL", "http://localhost:3000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub fn runs(&self, words: &[&str]) -> Done {
        ended(&mut self.binary(words))
    }

    /// Starts a server, and comes back when it listens.
    pub fn serves(&self) -> Server {
        Server::start(&mut self.binary(&["serve"]))
    }
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Done {
    let output = command.output().expect("the binary starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Done {
        status: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A server that runs, and is killed if a test forgets it.
pub struct Server {
    child: Child,
    address: String,
    /// Kept open: a server whose output nobody takes must not break on it.
    out: Option<BufReader<ChildStdout>>,
}

impl Server {
    pub fn start(command: &mut Command) -> Self {
        let child = command.stderr(Stdio::inherit()).spawn();
        let mut server = Self {
            child: child.expect("the binary starts"),
            address: String::new(),
            out: None,
        };
        let out = server.child.stdout.take().expect("its output");
        let out = server.out.insert(BufReader::new(out));
        while server.address.is_empty() {
            let mut line = String::new();
            let read = out.read_line(&mut line).expect("a line");
            assert!(read > 0, "the server ended before it listened");
            if let Some((_, rest)) = line.split_once("latchkey listens on http://") {
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':');
                rest[..end.unwrap_or(rest.len())].clone_into(&mut server.address);
            }
        }
        server
    }

    /// The status of the answer at this path.
    pub fn status(&self, path: &str) -> u16 {
        Self::status_at(&self.address, path)
    }

    /// The same at another address of the server.
    pub fn status_at(address: &str, path: &str) -> u16 {
        let mut stream = TcpStream::connect(address).expect("it listens");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\n\r\n"
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split(' ').nth(1).expect("a status line");
        status.parse().expect("a number")
    }

    /// Waits until the database and its tables are there.
    pub async fn is_ready(&self) {
        while self.status("/readyz") != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Tells it to stop, as a service manager does, and says how it ended.
    pub fn stops(mut self) -> Option<i32> {
        let kill = format!("kill -TERM {}", self.child.id());
        let told = Command::new("sh").args(["-c", &kill]).status();
        assert!(told.expect("a shell").success());
        self.child.wait().expect("its end").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
