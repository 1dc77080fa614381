//! A wire between the binary and its database that can go dead or break.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wire {
    #[default]
    Carries,
    /// Says nothing, and breaks nothing.
    IsDead,
    /// Breaks each connection.
    IsCut,
}

#[derive(Default)]
struct State {
    wire: Mutex<(Wire, Vec<TcpStream>)>,
    changed: Condvar,
}

/// A port that leads to another one.
pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<State>,
}

impl Proxy {
    /// Leads to this port.
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let shared = state.clone();
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let _ = shared.join(&near, port);
            }
        });
        Self { address, state }
    }

    pub fn goes_dead(&self) {
        self.state.becomes(Wire::IsDead);
    }

    pub fn is_cut(&self) {
        self.state.becomes(Wire::IsCut);
    }

    pub fn carries(&self) {
        self.state.becomes(Wire::Carries);
    }
}

impl State {
    fn becomes(&self, wire: Wire) {
        let mut state = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = wire;
        if wire == Wire::IsCut {
            for stream in state.1.drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        self.changed.notify_all();
    }

    /// Waits while the wire is dead.
    fn now(&self) -> Wire {
        let state = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
        let state = self
            .changed
            .wait_while(state, |state| state.0 == Wire::IsDead)
            .unwrap_or_else(PoisonError::into_inner);
        state.0
    }

    fn join(self: &Arc<Self>, near: &TcpStream, port: u16) -> io::Result<()> {
        let far = TcpStream::connect(("127.0.0.1", port))?;
        {
            let mut state = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
            if state.0 == Wire::IsCut {
                return near.shutdown(Shutdown::Both);
            }
            state.1.extend([near.try_clone()?, far.try_clone()?]);
        }
        for (from, to) in [
            (near.try_clone()?, far.try_clone()?),
            (far.try_clone()?, near.try_clone()?),
        ] {
            let state = self.clone();
            thread::spawn(move || state.carry(from, to));
        }
        Ok(())
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            if self.now() == Wire::IsCut || to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }
}
