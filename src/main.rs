//! The binary: the command line, and what it starts.

mod cli;

use clap::Parser as _;
use latchkey::service::memory;
use std::{
    io::{self, Write as _},
    process::ExitCode,
};

fn main() -> ExitCode {
    memory::spare();
    match cli::run(cli::Arguments::parse().command()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{failure}");
            failure.status()
        }
    }
}
