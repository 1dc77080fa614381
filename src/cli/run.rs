//! From a command to what it does.

use super::{
    Command, backup, doctor, failure::Failure, import, migrate, open, secret, serve, token, user,
};
use std::io;

/// Does it. Commands answer on standard output; the log of all but the server goes to standard error.
pub fn run(command: Command) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| {
            Failure::Failed(format!("The system gives no threads ({}).", cause.kind()))
        })?;
    let done = runtime.block_on(async {
        let mut out = io::stdout();
        let done = match command {
            Command::Serve => serve::run().await,
            Command::Migrate { direction } => migrate::run(direction, &mut out).await,
            Command::Secret => Ok(secret::run(&mut out)?),
            Command::Doctor => doctor::run(&mut out).await,
            Command::User { command } => user::run(command, &mut out).await,
            Command::Import { command } => import::run(command, &mut out).await,
            Command::Token { command } => token::run(command, &mut out).await,
            Command::Backup { file } => backup::run(&file, &mut out).await,
        };
        open::close().await;
        done
    });
    // A name that is looked up, or a file system that does not answer, would be waited for.
    runtime.shutdown_background();
    done
}
