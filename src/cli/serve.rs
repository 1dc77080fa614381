//! `latchkey serve`: from the configuration to a server that answers, and to its end.

use super::{failure::Failure, open};
use latchkey::{
    http::{assets::asset_names, router::router},
    service::{
        AppState, Config, Database, config::LogFormat, database::Trouble, log::Stream, upkeep,
    },
};
use std::{
    convert::Infallible,
    io::{self, Write as _},
    net::SocketAddr,
    pin::{Pin, pin},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time::sleep,
};

/// How long the first request waits for the tables before it is answered without them.
const HEAD_START: Duration = Duration::from_secs(2);
/// How long running requests may take when the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(8);

type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Serves until it is told to stop. Whoever comes while the tables are brought up to date waits; a database that is away longer is waited
/// for while the server answers what it can.
pub async fn run() -> Result<(), Failure> {
    let mut stop = signals()?;
    let config = Config::from_env()?;
    open::start_log(&config, Stream::Stdout)?;
    let listener = bind(config.listen).await?;
    let db = Database::open(&config).await?;
    let state = AppState::new(config, db.clone())?;
    warn_of(&state.config);

    let (done, migrated) = oneshot::channel();
    let mut keep = pin!(keep(&db, done));
    tokio::select! {
        trouble = &mut keep => return Err(lasting(trouble)),
        () = &mut stop => return Ok(()),
        _ = migrated => {}
        () = sleep(HEAD_START) => {}
    }
    announce(&state.config, &listener)?;
    tokio::select! {
        trouble = keep => Err(lasting(trouble)),
        done = answer(listener, state, stop) => done.map_err(|cause| {
            Failure::Failed(format!("The server stopped ({}).", cause.kind()))
        }),
    }
}

/// The front door, until `stop`; then running requests may end.
async fn answer(listener: TcpListener, state: AppState, stop: Stop) -> io::Result<()> {
    let (told, hurry) = oneshot::channel::<()>();
    let stop = async move {
        stop.await;
        drop(told);
    };
    let serve = axum::serve(
        listener,
        router(state, asset_names()).into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(stop);
    tokio::select! {
        done = serve => done,
        () = async { let _ = hurry.await; sleep(PATIENCE).await } => Ok(()),
    }
}

/// What goes on beside answering. It ends only with what waiting cannot cure.
async fn keep(db: &Database, migrated: oneshot::Sender<()>) -> Result<Infallible, Trouble> {
    upkeep::migrate(db).await?;
    let _ = migrated.send(());
    Ok(upkeep::sweep_regularly(db).await)
}

fn lasting(ended: Result<Infallible, Trouble>) -> Failure {
    match ended {
        Err(trouble) => trouble.into(),
    }
}

/// Heard from now on: SIGTERM, as service managers send it, and Ctrl-C.
fn signals() -> Result<Stop, Failure> {
    let unheard = |cause: io::Error| {
        Failure::Failed(format!("The system gives no signals ({}).", cause.kind()))
    };
    let mut terminate = signal(SignalKind::terminate()).map_err(unheard)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unheard)?;
    Ok(Box::pin(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("told to stop: running requests may end");
    }))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|cause| {
        Failure::Failed(match cause.kind() {
            io::ErrorKind::AddrInUse => format!(
                "Another program listens on {address} already. Stop it, or choose another port in LEPTOS_SITE_ADDR."
            ),
            io::ErrorKind::PermissionDenied => format!(
                "The system does not let the server listen on {address}. Choose a port above 1023 in LEPTOS_SITE_ADDR."
            ),
            io::ErrorKind::AddrNotAvailable => format!(
                "{address} is no address of this machine. Choose one that is, or 0.0.0.0, in LEPTOS_SITE_ADDR."
            ),
            kind => format!("The server cannot listen on {address} ({kind}). Choose another LEPTOS_SITE_ADDR."),
        })
    })
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
        let mut out = io::stdout();
        writeln!(out, "latchkey listens on {here}{there}")?;
        return Ok(out.flush()?);
    }
    tracing::info!("latchkey listens on {here}{there}");
    Ok(())
}
