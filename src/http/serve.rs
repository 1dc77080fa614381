//! The accept loop: how many connections, how long each may dawdle, and how they end.

use crate::service::stopping::Stopping;
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{Signal, SignalKind, signal},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

/// The most that a request's head may hold.
const LARGEST_HEAD: usize = 32 * 1024;
/// How long to wait when the machine has no connection to give.
const BREATH: Duration = Duration::from_millis(250);

/// How long a connection may take for what, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until the first byte.
    pub first_byte: Duration,
    /// Until a request's head is whole, counted from the answer before it.
    pub head: Duration,
    /// Until the other side takes a byte of what is sent.
    pub silence: Duration,
    /// Between the word to stop and the last accepted connection, so that whoever balances load can look elsewhere.
    pub farewell: Duration,
    /// After that, until the last connection is cut.
    pub drain: Duration,
    /// How many connections there may be at once; more wait in the kernel.
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            farewell: Duration::from_secs(1),
            drain: Duration::from_secs(8),
            connections: 4096,
        }
    }
}

/// Serves until it is time to stop, then lets the connections come to their end, and cuts those that do not.
pub async fn serve(listener: TcpListener, router: Router, patience: Patience, stop: Stopping) {
    let room = Arc::new(Semaphore::new(patience.connections));
    let graceful = GracefulShutdown::new();
    // What is in it ends with it: nothing outlives this function.
    let mut connections = JoinSet::new();
    let closed = Stopping::default();
    let end = last_call(stop, patience.farewell);
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            (stream, peer, permit) = accept(&listener, &room) => {
                let watcher = graceful.watcher();
                let (router, closed) = (router.clone(), closed.clone());
                connections.spawn(async move {
                    let _permit = permit;
                    let speaks = tokio::select! {
                        speaks = has_spoken(&stream, patience.first_byte) => speaks,
                        () = closed.begun() => false,
                    };
                    if speaks {
                        let connection = connection(stream, peer, router, patience);
                        // A connection that breaks is the other side's affair.
                        let _ = watcher.watch(connection).await;
                    }
                });
            }
        }
    }
    drop(listener);
    // The silent are let go only when the others know: an answer under way says that it is the last.
    let goodbye = async { tokio::join!(biased; graceful.shutdown(), async { closed.begin() }) };
    if timeout(patience.drain, goodbye).await.is_err() {
        tracing::warn!(connections = connections.len(), "connections were cut");
    }
}

/// The words to stop: from the system (SIGTERM), or from the person at the terminal (SIGINT).
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From now on they end nothing by themselves, and none that comes is missed.
    pub fn heed() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for one.
    pub async fn come(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        tracing::info!("stopping");
    }
}

async fn last_call(stop: Stopping, farewell: Duration) {
    stop.begun().await;
    sleep(farewell).await;
}

/// The next connection, when there is room for one. An error is one connection's, or passes when others end.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else {
            return std::future::pending().await;
        };
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            Err(cause) => {
                tracing::warn!(%cause, "a connection could not be accepted");
                sleep(BREATH).await;
            }
        }
    }
}

async fn has_spoken(stream: &TcpStream, soon: Duration) -> bool {
    timeout(soon, stream.peek(&mut [0]))
        .await
        .is_ok_and(|peeked| peeked.is_ok_and(|length| length > 0))
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    patience: Patience,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    if let Err(cause) = stream.set_nodelay(true) {
        tracing::debug!(%cause, "small answers may wait a little");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.silence));
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let request: Request = request.map(Body::new);
        router.clone().oneshot(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_header_size(LARGEST_HEAD)
        .max_buf_size(2 * LARGEST_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

#[cfg(test)]
mod tests;
