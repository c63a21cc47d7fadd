//! The verbs: one file for each noun, and for each verb that has none.

mod account;
mod account_entry;
mod account_review;
mod agreement;
mod calendar;
mod check;
mod clock;
mod compared;
mod diff;
mod doctor;
mod duty;
mod estate;
mod explain;
mod inbox;
mod ledger;
mod notice;
mod pair;
mod party;
mod read;
mod read_many;
mod read_text;
mod render;
mod request;
mod request_text;
mod sarif;
pub(crate) mod serve;
mod verify;

use crate::cli::Context;
use crate::demo;
use crate::error::{Exit, Failure};
use crate::pdf;
use clap::Subcommand;

/// What the user asks for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read a document: parties, terms, coverage of Art. 28, with the place of each
    Read(read::Args),
    /// Check a document or an agreement file, and show each finding where it stands
    Check(check::Args),
    /// Write an agreement file as a complete agreement with its annexes
    Render(render::Args),
    /// Compare the English and the French version of an agreement: every difference in meaning
    Pair(pair::Args),
    /// Compare two versions of an agreement: term by term and clause by clause
    Diff(diff::Args),
    /// Explain a finding's code: the law, what the text should say, a clause to propose
    Explain(explain::Args),
    /// Count a period by Reg. (EEC, Euratom) 1182/71: four answers and how they come about
    Clock(clock::Args),
    /// A whole house with two agreements and a customer database, to try everything
    Demo(demo::Args),
    /// Run the console, the API and the jobs
    Serve(serve::Args),
    /// Check an installation, and say how to mend what is not right
    Doctor(doctor::Args),
    /// The people who may sign in
    #[command(subcommand)]
    Account(account::Account),
    /// The agreements: import, review, put in force
    #[command(subcommand)]
    Agreement(agreement::Agreement),
    /// The systems that hold personal data, and their maps
    #[command(subcommand)]
    Estate(estate::Estate),
    /// The duties that the agreements in force set in motion
    #[command(subcommand)]
    Duty(duty::Duty),
    /// The holidays of a place, and their correction
    #[command(subcommand)]
    Calendar(calendar::Calendar),
    /// Requests of data subjects, from the first letter to the proof
    #[command(subcommand)]
    Request(request::Request),
    /// The controllers: their addresses and contacts
    #[command(subcommand)]
    Party(party::Party),
    /// The letters: what became of them, and what a person does about it
    #[command(subcommand)]
    Notice(notice::Notice),
    /// The mailbox that requests may arrive in
    #[command(subcommand)]
    Inbox(inbox::Inbox),
    /// The tamper-evident ledger
    #[command(subcommand)]
    Ledger(ledger::Ledger),
    /// Take the text out of the PDF on standard input: the child process of `read`
    #[command(hide = true)]
    PdfText,
}

/// Carries out one command.
pub(crate) fn run(command: Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Read(args) => read::run(&args, context),
        Command::Check(args) => check::run(&args, context),
        Command::Render(args) => render::run(&args, context),
        Command::Pair(args) => pair::run(&args, context),
        Command::Diff(args) => diff::run(&args, context),
        Command::Explain(args) => explain::run(&args, context),
        Command::Clock(args) => clock::run(&args, context),
        Command::Demo(args) => demo::run(&args, context),
        Command::Serve(args) => serve::run(&args, context),
        Command::Doctor(args) => doctor::run(&args, context),
        Command::Account(verb) => account::run(verb, context),
        Command::Agreement(verb) => agreement::run(verb, context),
        Command::Estate(verb) => estate::run(verb, context),
        Command::Duty(verb) => duty::run(verb, context),
        Command::Calendar(verb) => calendar::run(verb, context),
        Command::Request(verb) => request::run(verb, context),
        Command::Party(verb) => party::run(verb, context),
        Command::Notice(verb) => notice::run(verb, context),
        Command::Inbox(verb) => inbox::run(verb, context),
        Command::Ledger(verb) => ledger::run(verb, context),
        Command::PdfText => pdf::answer(),
    }
}
