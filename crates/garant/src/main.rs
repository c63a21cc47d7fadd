//! `garant`: the command line, the wiring of the house, and the demo.
//!
//! The only crate that knows every other, and the only one that reads the clock, the environment
//! and the system's randomness (see [`system`]). Data go to standard output, words to standard
//! error, and the exit code tells which kind of end it was (see [`error::Exit`]).

mod cli;
mod commands;
mod demo;
mod door;
mod error;
mod house;
mod input;
mod output;
mod pdf;
mod provider;
mod source;
mod system;

use clap::Parser;
use cli::Cli;
use error::{Exit, Failure};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        tracing::error!(%place, "a mistake of the program's own");
    }));
    if let Some(point) = system::variable("GARANT_FAILPOINT") {
        kernel::failpoint::arm(&point);
    }
    let cli = Cli::parse();
    let context = cli.context();
    let ended =
        catch_unwind(AssertUnwindSafe(|| commands::run(cli.command, &context))).unwrap_or_else(|_| Err(own_mistake()));
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::fail(&failure, context.lang);
            failure.exit.into()
        }
    }
}

/// A panic, told without its insides.
pub(crate) fn own_mistake() -> Failure {
    Failure::words(
        Exit::Failed,
        ["Garant made a mistake of its own and stopped", "Garant a commis une erreur et s'est arrêté"],
        [
            "nothing half done was kept; run the command again, and report it with the input if it happens again",
            "rien d'inachevé n'a été gardé ; relancez la commande, et signalez-la avec son entrée si cela se répète",
        ],
    )
}
