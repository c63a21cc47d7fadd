//! The verbs: one file each.

mod check;
mod clock;
mod explain;
mod read;
mod read_text;
mod verify;

use crate::cli::Context;
use crate::error::{Exit, Failure};
use clap::Subcommand;

/// What the user asks for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read a document: parties, terms, coverage of Art. 28, with the place of each
    Read(read::Args),
    /// Check a document or an agreement file, and show each finding where it stands
    Check(check::Args),
    /// Explain a finding's code: the law, what the text should say, a clause to propose
    Explain(explain::Args),
    /// Count a period by Reg. (EEC, Euratom) 1182/71: four answers and how they come about
    Clock(clock::Args),
    /// The tamper-evident ledger
    #[command(subcommand)]
    Ledger(Ledger),
}

/// The ledger's verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// Verify an export or a receipt, offline, with nothing but the file and the public key
    Verify(verify::Args),
}

/// Carries out one command.
pub(crate) fn run(command: Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Read(args) => read::run(&args, context),
        Command::Check(args) => check::run(&args, context),
        Command::Explain(args) => explain::run(&args, context),
        Command::Clock(args) => clock::run(&args, context),
        Command::Ledger(Ledger::Verify(args)) => verify::run(&args, context),
    }
}
