//! The binary itself, as an operator runs it: in the house's folder, on the house's database.

use super::{House, SECRET};
use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
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
        command.args(words);
        self.surround(&mut command);
        command
    }

    /// A server under a limit that this line of a shell sets.
    pub fn limited(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        let line = format!("{line}; exec \"$0\" serve");
        command.args(["-c", &line, env!("CARGO_BIN_EXE_latchkey")]);
        self.surround(&mut command);
        command
    }

    fn surround(&self, command: &mut Command) {
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("DATABASE_URL", self.config.database_url.expose())
            .env("AUTH_SECRET", SECRET)
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .env("PUBLIC_URL", "http://localhost:3000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
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
    pub address: String,
    /// What it wrote before it listened.
    pub greeting: Vec<String>,
    /// What it writes, taken line by line: a server whose output nobody takes would wait for them.
    lines: Receiver<String>,
}

impl Server {
    pub fn start(command: &mut Command) -> Self {
        let child = command.stderr(Stdio::inherit()).spawn();
        let mut child = child.expect("the binary starts");
        let out = child.stdout.take().expect("its output");
        let (take, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _ = take.send(line);
            }
        });
        let mut server = Self {
            child,
            address: String::new(),
            greeting: Vec::new(),
            lines,
        };
        let line = loop {
            let line = server.lines.recv().expect("the server listens");
            if line.contains("latchkey listens on http://") {
                break line;
            }
            server.greeting.push(line);
        };
        let (_, rest) = line.split_once("listens on http://").expect("an address");
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':');
        rest[..end.unwrap_or(rest.len())].clone_into(&mut server.address);
        server
    }

    /// Waits for a line with these words.
    pub fn writes(&self, words: &str) -> String {
        let mut lines = self.lines.iter();
        let found = lines.find(|line| line.contains(words));
        found.unwrap_or_else(|| panic!("the server ended before it wrote \"{words}\""))
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

    /// Waits until it cannot serve.
    pub async fn is_not_ready(&self) {
        while self.status("/readyz") != 503 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Tells it to stop, as a service manager does, and says how it ended.
    pub fn stops(self) -> Option<i32> {
        self.is_told_to_stop();
        self.ends()
    }

    pub fn is_told_to_stop(&self) {
        sh(&format!("kill -TERM {}", self.child.id()));
    }

    /// No file of its grows beyond so many bytes.
    pub fn may_write_up_to(&self, bytes: &str) {
        let limit = format!("prlimit --pid {} --fsize={bytes}:", self.child.id());
        sh(&limit);
    }

    /// What the system says of it: a line of its `status` in proc(5).
    pub fn status_of_process(&self, name: &str) -> Option<String> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        Some(line.trim().to_owned())
    }

    /// How it ended.
    pub fn ends(mut self) -> Option<i32> {
        self.child.wait().expect("its end").code()
    }

    /// Kills it on the spot.
    pub fn dies(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("its end");
    }
}

fn sh(line: &str) {
    let told = Command::new("sh").args(["-c", line]).status();
    assert!(told.expect("a shell").success(), "{line}");
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
