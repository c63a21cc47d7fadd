//! `garant doctor`: looks at an installation as `garant serve` would run it, and says how to mend what is not right. It
//! writes no entry and sends nothing.

mod checks;

use crate::cli::Context;
use crate::commands::serve;
use crate::error::{Exit, Failure};
use crate::house::{House, block_on};
use crate::output::{self, styled};
use kernel::Lang;
use serde::Serialize;
use std::io::Write;

#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(after_help = "Examples:\n  \
    garant doctor\n  \
    garant doctor --thorough --json\n\n\
    Give it the options (or the environment) that `garant serve` runs with. It writes no entry and sends nothing.\n\
    Exit code 3 when something is to be mended.")]
pub(crate) struct Args {
    /// Also rebuild every table from the ledger and compare: takes about half a minute for a million entries
    #[arg(long)]
    thorough: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    serve: serve::Args,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// As it should be.
    Good,
    /// Works, but somebody should look.
    Look,
    /// Does not work, or is not safe.
    Mend,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Check {
    /// A short name, the same in every language.
    name: &'static str,
    /// How it ended.
    state: State,
    /// What was found.
    found: [String; 2],
    /// What to do about it; empty when nothing is.
    remedy: [String; 2],
}

impl Check {
    fn good(name: &'static str, found: [&str; 2]) -> Self {
        Self { name, state: State::Good, found: found.map(str::to_owned), remedy: Default::default() }
    }

    fn new(name: &'static str, state: State, found: [&str; 2], remedy: [&str; 2]) -> Self {
        Self { name, state, found: found.map(str::to_owned), remedy: remedy.map(str::to_owned) }
    }
}

/// A check as programs read it.
#[derive(Serialize)]
struct Shown<'a> {
    check: &'a str,
    state: State,
    found: &'a str,
    remedy: &'a str,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    block_on(async {
        let house = House::as_served(&args.serve).await?;
        let checks = checks::all(&house, &args.serve, args.thorough).await?;
        house.store().close().await;
        told(&checks, args.json, context.lang)?;
        let well = checks.iter().all(|check| check.state != State::Mend);
        Ok(if well { Exit::Ok } else { Exit::Findings })
    })
}

fn told(checks: &[Check], json: bool, lang: Lang) -> Result<(), Failure> {
    let which = lang as usize;
    if json {
        let shown = |check: &'_ Check| -> serde_json::Value {
            serde_json::json!(Shown {
                check: check.name,
                state: check.state,
                found: &check.found[which],
                remedy: &check.remedy[which],
            })
        };
        return output::json(&checks.iter().map(shown).collect::<Vec<_>>());
    }
    let mut out = output::stdout();
    for check in checks {
        let (style, word) = match check.state {
            State::Good => (output::OK, lang.pick("good", "bon  ")),
            State::Look => (output::WARN, lang.pick("look", "voir ")),
            State::Mend => (output::BAD, lang.pick("mend", "agir ")),
        };
        writeln!(out, "{} {:<10} {}", styled(style, word), check.name, check.found[which])?;
        if !check.remedy[which].is_empty() {
            writeln!(out, "     {:<10} {}", "", styled(output::DIM, &check.remedy[which]))?;
        }
    }
    let wrong = checks.iter().filter(|check| check.state == State::Mend).count();
    let looks = checks.iter().filter(|check| check.state == State::Look).count();
    output::say(&match lang {
        Lang::En => format!("{} checks: {wrong} to mend, {looks} to look at", checks.len()),
        Lang::Fr => format!("{} points vérifiés : {wrong} à corriger, {looks} à regarder", checks.len()),
    });
    Ok(())
}
