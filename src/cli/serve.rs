//! `latchkey serve`: from the configuration to a server that answers, and to its end.

use super::{failure::Failure, open};
use latchkey::{
    http::{
        assets::asset_names,
        metrics,
        router::router,
        serve::{Patience, Signals, serve},
    },
    service::{
        AppState, Config, config::LogFormat, database::Trouble, log::Stream, mail::Post,
        stopping::Stopping, upkeep,
    },
};
use std::{
    convert::Infallible,
    io::{self, Write as _},
    net::SocketAddr,
    path,
    pin::pin,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::oneshot,
    time::sleep,
};

/// How long the first request waits for the tables before it is answered without them.
const HEAD_START: Duration = Duration::from_secs(2);
/// How many connections wait in the kernel to be accepted. Beyond it a client is told nothing, and tries again after a second.
const WAITING: u32 = 1024;

/// Until the post is started again, when it ended unasked.
const BREATH: Duration = Duration::from_secs(1);

/// Serves until it is told to stop. Whoever comes while the tables are brought up to date waits; a database that is away longer is waited
/// for while the server answers what it can.
pub async fn run() -> Result<(), Failure> {
    let mut signals = Signals::heed().map_err(|cause| {
        Failure::Failed(format!("The system gives no signals ({}).", cause.kind()))
    })?;
    let config = Config::from_env()?;
    open::start_log(&config, Stream::Stdout)?;
    raise_limit();
    let db = tokio::select! {
        db = open::database(&config) => db?,
        () = signals.come() => return Ok(()),
    };
    let state = AppState::new(config, db.clone())?;
    let stop = state.stopping.clone();
    tokio::spawn(stop_on_signals(signals, stop.clone()));
    let listener = bind("LEPTOS_SITE_ADDR", state.config.listen)?;
    show_figures(&state)?;
    warn_of(&state.config);

    let (done, migrated) = oneshot::channel();
    let (open, opened) = oneshot::channel();
    let post = tokio::spawn(carry_letters(Post::new(&state), opened, stop.clone()));
    let mut keep = pin!(keep(&state, done, open));
    tokio::select! {
        trouble = &mut keep => return Err(lasting(trouble)),
        () = stop.begun() => return Ok(()),
        _ = migrated => {}
        () = sleep(HEAD_START) => {}
    }
    announce(&state.config, &listener)?;
    tokio::select! {
        trouble = keep => Err(lasting(trouble)),
        () = serve(listener, router(state.clone(), asset_names()), Patience::default(), stop) => {
            // A letter that is on its way comes to its end; the post itself sees that it does not take long.
            let _ = post.await;
            Ok(())
        }
    }
}

/// Sends letters as soon as there is a table to find them in.
async fn carry_letters(post: Post, opened: oneshot::Receiver<()>, stop: Stopping) {
    tokio::select! {
        opened = opened => if opened.is_ok() { keep_at_work(post).await },
        () = stop.begun() => {}
    }
}

/// What it cannot go on from is the letter's affair, not that of all others.
async fn keep_at_work(post: Post) {
    loop {
        let post = post.clone();
        let Err(cause) = tokio::spawn(async move { post.work().await }).await else {
            return;
        };
        tracing::error!(%cause, "the post ended unasked, and is started again");
        sleep(BREATH).await;
    }
}

/// Every connection needs a file of the system's, and the usual limit of 1024 leaves too few of them for the database.
fn raise_limit() {
    if let Err(cause) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%cause, "the limit of open files stays as it is");
    }
}

/// What goes on beside answering. It ends only with what waiting cannot cure.
async fn keep(
    state: &AppState,
    migrated: oneshot::Sender<()>,
    open: oneshot::Sender<()>,
) -> Result<Infallible, Trouble> {
    let is_new = upkeep::migrate(&state.db).await?;
    tell_where(&state.config, is_new);
    let _ = migrated.send(());
    let _ = open.send(());
    Ok(upkeep::sweep_regularly(&state.db).await)
}

fn lasting(ended: Result<Infallible, Trouble>) -> Failure {
    match ended {
        Err(trouble) => trouble.into(),
    }
}

async fn stop_on_signals(mut signals: Signals, stop: Stopping) {
    signals.come().await;
    stop.begin();
}

/// `/metrics`, if it has an address.
fn show_figures(state: &AppState) -> Result<(), Failure> {
    let Some(address) = state.config.metrics else {
        return Ok(());
    };
    let listener = bind("METRICS_ADDR", address)?;
    let handle = metrics::start()
        .map_err(|cause| Failure::Failed(format!("The figures cannot be counted: {cause}.")))?;
    tokio::spawn(metrics::serve_figures(
        listener,
        handle,
        state.stopping.clone(),
    ));
    Ok(())
}

fn bind(variable: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    let refused = |cause: io::Error| {
        let (what, cure) = match cause.kind() {
            io::ErrorKind::AddrInUse => (
                "Another program listens there already",
                "Stop it, or choose another port",
            ),
            io::ErrorKind::PermissionDenied => {
                ("The system does not allow it", "Choose a port above 1023")
            }
            io::ErrorKind::AddrNotAvailable => (
                "That is no address of this machine",
                "Choose one that is, or 0.0.0.0",
            ),
            _ => ("The system refuses", "Choose another address"),
        };
        Failure::Failed(format!(
            "The server cannot listen on {address}. {what}. {cure} in {variable}."
        ))
    };
    listen(address).map_err(refused)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // Another start need not wait until the system has forgotten the connections of the one before.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Whoever started it in another folder than the last time should see it.
fn tell_where(config: &Config, is_new: bool) {
    let data = path::absolute(&config.data).unwrap_or_else(|_| config.data.clone());
    tracing::info!(
        "the database is {}, {}; other files are in {}",
        config.database_place(),
        if is_new {
            "which is new"
        } else {
            "which was there"
        },
        data.display()
    );
}

fn warn_of(config: &Config) {
    if !config.rate_limit {
        tracing::warn!("RATE_LIMIT is off: whoever guesses passwords is not slowed down");
    }
    if config.previous_secret.is_some() {
        tracing::info!("AUTH_SECRET_PREVIOUS still verifies tokens");
    }
}

/// One line for whoever started it: plain for eyes, a log line where programs read.
fn announce(config: &Config, listener: &TcpListener) -> Result<(), Failure> {
    let address = listener.local_addr()?;
    let here = format!("http://{address}");
    let there = if config.is_our_origin(&format!("http://127.0.0.1:{}", address.port())) {
        String::new()
    } else {
        format!(", for people at {}", config.origin())
    };
    if config.log_format == LogFormat::Pretty {
        // Nobody may be there to read it.
        let mut out = io::stdout();
        let _ = writeln!(out, "latchkey listens on {here}{there}");
        let _ = out.flush();
        return Ok(());
    }
    tracing::info!("latchkey listens on {here}{there}");
    Ok(())
}
