//! HTTP over a socket, as programs and browsers speak it to the binary: one connection a request.

use super::{PASSWORD, app::ORIGIN};
use latchkey::domain::Error;
use serde_json::{Value, json};
use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

/// Nothing takes this long, however busy the machine is: a test that waits so long has found a fault.
const AGES: Duration = Duration::from_mins(2);

/// A request, byte by byte.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    use std::fmt::Write as _;
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost:3000\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    if !body.is_empty() {
        let _ = write!(text, "content-length: {}\r\n", body.len());
    }
    text + "connection: close\r\n\r\n" + body
}

/// A connection that has said this.
pub fn says(address: &str, text: &str) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(AGES))?;
    stream.write_all(text.as_bytes())?;
    Ok(stream)
}

/// What came back, whole.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Reply {
    /// All that comes until the other side closes. An answer that breaks off is none.
    pub fn of(mut stream: TcpStream) -> io::Result<Self> {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self::read(&text)
            .ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, format!("broken: {text}")))
    }

    fn read(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let reply = Self {
            status: head.split(' ').nth(1)?.parse().ok()?,
            head: head.to_owned(),
            body: body.to_owned(),
        };
        let is_whole = match reply.header("content-length") {
            Some(length) => length.parse() == Ok(body.len()),
            None => body.ends_with("0\r\n\r\n"),
        };
        is_whole.then_some(reply)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// A whole problem with this row of the table, which leaves the cookie alone.
    #[track_caller]
    pub fn says(self, error: Error) -> Self {
        let kind = self.header("content-type");
        assert_eq!(kind, Some("application/problem+json"), "{self:?}");
        assert_eq!(self.json()["code"], error.code(), "{self:?}");
        assert_eq!(self.header("set-cookie"), None, "{self:?}");
        self.is(error.status().as_u16())
    }

    /// The same, and says when to come again.
    #[track_caller]
    pub fn says_later(self) -> Self {
        let later = self.header("retry-after").map(str::parse::<u64>);
        assert!(matches!(later, Some(Ok(_))), "{self:?}");
        self.says(Error::Unavailable)
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// Somebody with an account: their browser's cookie, and a token of the same session.
#[derive(Clone, Debug)]
pub struct Caller {
    address: String,
    cookie: String,
    token: String,
}

impl Caller {
    /// Signs up, whose server this is.
    pub fn new(address: &str, name: &str) -> Self {
        let mut caller = Self {
            address: address.to_owned(),
            cookie: String::new(),
            token: String::new(),
        };
        let email = format!("{}@example.org", name.to_lowercase());
        let account = json!({ "name": name, "email": email, "password": PASSWORD });
        let reply = caller
            .calls("/api/auth/sign-up", &account)
            .expect("an answer")
            .is(200);
        let set = reply.header("set-cookie").expect("a cookie");
        let (pair, _) = set.split_once(';').expect("attributes");
        pair.clone_into(&mut caller.cookie);
        let token = reply.json()["token"].as_str().map(str::to_owned);
        caller.token = token.expect("a token");
        caller
    }

    /// The same person at another server.
    pub fn at(&self, address: &str) -> Self {
        Self {
            address: address.to_owned(),
            ..self.clone()
        }
    }

    /// As a script on our page calls a function.
    pub fn calls(&self, path: &str, body: &Value) -> io::Result<Reply> {
        let headers = [
            ("origin", ORIGIN),
            ("content-type", "application/json"),
            ("cookie", &self.cookie),
        ];
        self.sends(&request("POST", path, &headers, &body.to_string()))
    }

    /// As a browser asks for a page, or a script for what it shows.
    pub fn reads(&self, path: &str, accept: &str) -> io::Result<Reply> {
        let headers = [("accept", accept), ("cookie", &self.cookie)];
        self.sends(&request("GET", path, &headers, ""))
    }

    /// The person's tasks, by the token.
    pub fn tasks(&self) -> io::Result<Reply> {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str())];
        self.sends(&request("GET", "/api/tasks", &headers, ""))
    }

    /// Makes a task by the token.
    pub fn makes(&self, title: &str) -> io::Result<Reply> {
        self.sends(&self.making(title, &[]))
    }

    /// The same, byte by byte.
    pub fn making(&self, title: &str, more: &[(&str, &str)]) -> String {
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        let body = json!({ "title": title }).to_string();
        request("POST", "/api/tasks", &[&headers, more].concat(), &body)
    }

    pub fn sends(&self, text: &str) -> io::Result<Reply> {
        Reply::of(says(&self.address, text)?)
    }
}
