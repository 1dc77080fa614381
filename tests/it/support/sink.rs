//! A mail server of a test's own: it keeps what it is given, or is as awkward as it is told to be.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

/// How it takes letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Gladly.
    Takes,
    /// Not now (451).
    Later,
    /// Never (550).
    Never,
    /// It lets nobody in who shows no password, and no password is right (535).
    Shut,
    /// It accepts the connection, and says nothing.
    Silent,
}

/// A letter that it was given.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
}

impl Received {
    /// A header's value, if it is there once.
    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        let (head, _) = self.data.split_once("\r\n\r\n").expect("a head");
        let unfolded = head.replace("\r\n ", " ");
        let values: Vec<_> = unfolded
            .split("\r\n")
            .filter_map(|line| line.split_once(": "))
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.to_owned())
            .collect();
        assert_eq!(values.len(), 1, "{name} in {head}");
        values.concat()
    }

    /// What people read, decoded as far as our letters need it.
    pub fn text(&self) -> String {
        self.data.replace("=\r\n", "").replace("=3D", "=")
    }

    /// The first address in it.
    #[track_caller]
    pub fn link(&self) -> String {
        let text = self.text();
        let begin = text.find("\r\nhttp").expect("a link") + 2;
        let rest = &text[begin..];
        let end = rest.find("\r\n").expect("the line's end");
        rest[..end].to_owned()
    }

    /// The path of that address, as it is asked for.
    #[track_caller]
    pub fn path(&self) -> String {
        let link: url::Url = self.link().parse().expect("an address");
        link[url::Position::BeforePath..].to_owned()
    }

    /// The token in that address.
    #[track_caller]
    pub fn token(&self) -> String {
        let link: url::Url = self.link().parse().expect("an address");
        let mut pairs = link.query_pairs();
        let found = pairs.find(|(name, _)| name == "token");
        found.expect("a token").1.into_owned()
    }
}

/// A mail server. It is gone with the value.
pub struct Sink {
    address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    open: Arc<Mutex<bool>>,
    letters: Mutex<Receiver<Received>>,
    kept: Mutex<Vec<Received>>,
}

impl Sink {
    pub fn open() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").expect("a port"))
    }

    /// Again where one was before.
    pub fn at(address: SocketAddr) -> Self {
        Self::on(TcpListener::bind(address).expect("the same port"))
    }

    fn on(listener: TcpListener) -> Self {
        let address = listener.local_addr().expect("an address");
        let (manner, open) = (
            Arc::new(Mutex::new(Manner::Takes)),
            Arc::new(Mutex::new(true)),
        );
        let (give, letters) = channel();
        let (how, is_open) = (manner.clone(), open.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if !*is_open.lock().expect("unbroken") {
                    break;
                }
                let (how, give) = (*how.lock().expect("unbroken"), give.clone());
                thread::spawn(move || {
                    // Whoever breaks off gets no answer.
                    let _ = stream.and_then(|stream| talk(stream, how, &give));
                });
            }
        });
        Self {
            address,
            manner,
            open,
            letters: Mutex::new(letters),
            kept: Mutex::default(),
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// As `SMTP_URL` has it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn is(&self, manner: Manner) {
        *self.manner.lock().expect("unbroken") = manner;
    }

    /// All that came so far.
    pub fn letters(&self) -> Vec<Received> {
        let mut kept = self.kept.lock().expect("unbroken");
        kept.extend(self.letters.lock().expect("unbroken").try_iter());
        kept.clone()
    }

    /// Waits until so many have come.
    pub fn waits_for(&self, count: usize) -> Vec<Received> {
        while self.letters().len() < count {
            let next = self.letters.lock().expect("unbroken").recv();
            self.kept
                .lock()
                .expect("unbroken")
                .push(next.expect("a letter"));
        }
        self.letters()
    }

    /// What came to this address, the newest last.
    pub fn to(&self, address: &str) -> Vec<Received> {
        let mut letters = self.letters();
        letters.retain(|letter| letter.to == [address]);
        letters
    }

    /// The one with this subject that came last to this address.
    #[track_caller]
    pub fn last(&self, address: &str, subject: &str) -> Received {
        let mut letters = self.to(address);
        letters.retain(|letter| letter.header("Subject") == subject);
        letters.pop().unwrap_or_else(|| {
            let there: Vec<_> = self
                .letters()
                .iter()
                .map(|letter| (letter.to.clone(), letter.header("Subject")))
                .collect();
            panic!("no \"{subject}\" to {address} among {there:?}")
        })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        *self.open.lock().expect("unbroken") = false;
        // Somebody has to knock for the door to be shut.
        let _ = TcpStream::connect(self.address);
    }
}

/// One conversation (RFC 5321).
fn talk(stream: TcpStream, manner: Manner, give: &Sender<Received>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    if manner == Manner::Silent {
        lines.read_line(&mut String::new())?;
        return Ok(());
    }
    out.write_all(b"220 sink ready\r\n")?;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let word = line.split([' ', '\r']).next().unwrap_or_default();
        let named = || {
            let name = line
                .split_once('<')
                .and_then(|(_, rest)| rest.split_once('>'));
            name.map(|(name, _)| name.to_owned()).unwrap_or_default()
        };
        let answer: &[u8] = match (word.to_ascii_uppercase().as_str(), manner) {
            ("EHLO", Manner::Shut) => b"250-sink\r\n250 AUTH PLAIN\r\n",
            ("EHLO", _) => b"250-sink\r\n250 8BITMIME\r\n",
            ("AUTH", _) => b"535 that is not it\r\n",
            ("MAIL", Manner::Shut) => b"530 who are you\r\n",
            ("MAIL", _) => {
                from = named();
                b"250 yes\r\n"
            }
            ("RCPT", Manner::Later) => b"451 later\r\n",
            ("RCPT", Manner::Never) => b"550 never\r\n",
            ("RCPT", _) => {
                to.push(named());
                b"250 yes\r\n"
            }
            ("DATA", _) => {
                out.write_all(b"354 go on\r\n")?;
                let data = read_data(&mut lines)?;
                let (from, to) = (std::mem::take(&mut from), std::mem::take(&mut to));
                let _ = give.send(Received { from, to, data });
                b"250 kept\r\n"
            }
            ("QUIT", _) => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            ("NOOP" | "RSET", _) => b"250 yes\r\n",
            _ => b"502 what\r\n",
        };
        out.write_all(answer)?;
    }
}

/// Until the line with the dot alone; a dot that was doubled is one.
fn read_data(lines: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
