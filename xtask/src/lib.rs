//! Prepares a machine and runs the tests; no rule of the product lives here.
//!
//! The tests talk to real servers: a PostgreSQL cluster, a mail server, a browser. This crate installs what a
//! Debian machine lacks, starts a private cluster in a temporary folder, runs every check and leaves nothing
//! behind. It uses the standard library alone, so it is ready seconds after a clone.

pub mod bench;
pub mod command;
pub mod folder;
pub mod fuzz;
pub mod keeper;
pub mod lines;
pub mod machine;
pub mod postgres;
pub mod report;
pub mod services;
pub mod step;
mod trouble;
mod verbs;

use std::process::ExitCode;

pub use trouble::Trouble;

/// Exit code of a command line nobody can understand.
const USAGE: u8 = 2;

/// Runs one `cargo xtask` command line (program name already taken off) and returns its exit code:
/// 0 all went well, 1 something failed, 2 the command line makes no sense.
pub fn run(arguments: impl Iterator<Item = String>) -> ExitCode {
    match command::parse(arguments) {
        Ok(command) => verbs::perform(command),
        Err(misuse) => {
            eprintln!("error: {misuse}\n\n{}", command::USAGE);
            ExitCode::from(USAGE)
        }
    }
}
