//! What each command does.

use std::process::{self, ExitCode, Stdio};

use crate::command::{Command, Tests, USAGE};
use crate::services::Services;
use crate::step::{self, Outcome, Step};
use crate::{Trouble, bench, folder, fuzz, keeper, lines, machine, report};

/// Room a build of the whole workspace takes.
const BUILD_SPACE_MIB: u64 = 2048;

/// The program that measures the reader.
const EVAL: &str = "crates/reader/examples/eval/main.rs";

/// Carries a command out; trouble is printed with its remedy.
pub(crate) fn perform(command: Command) -> ExitCode {
    let done = match command {
        Command::Help => say(USAGE),
        Command::Test(tests) => test(&tests),
        Command::Services { install } => services(install),
        Command::Lines => lines::table(machine::root()).and_then(|table| say(table.trim_end())),
        Command::Eval(words) => eval(&words),
        Command::Fuzz { minutes, targets } => fuzz::run(minutes, &targets),
        Command::BenchRead => bench::read(),
        Command::BenchLedger => bench::ledger(),
        Command::BenchOffice => bench::office(),
        Command::Keep { folder, pg_ctl } => {
            keeper::keep(&folder, &pg_ctl);
            Ok(ExitCode::SUCCESS)
        }
    };
    done.unwrap_or_else(|trouble| {
        eprintln!("{trouble}");
        ExitCode::FAILURE
    })
}

fn say(text: &str) -> Result<ExitCode, Trouble> {
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

fn test(tests: &Tests) -> Result<ExitCode, Trouble> {
    folder::require_space(machine::root(), BUILD_SPACE_MIB)?;
    machine::prepare(!tests.no_install)?;
    if !tests.fast {
        machine::prepare_rust(!tests.no_install)?;
    }
    let mut services = Services::start()?;
    println!("== servers: ready in {}", services.folder().display());
    let outcomes: Result<Vec<Outcome>, Trouble> =
        steps(tests).iter().map(|step| step::run(step, &mut services)).collect();
    drop(services);
    let outcomes = outcomes?;
    println!("{}", report::summary(&outcomes));
    let good = outcomes.iter().all(|outcome| outcome.success);
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The checks in order: the quick ones first, so that a slip shows early.
fn steps(tests: &Tests) -> Vec<Step> {
    let mut steps = Vec::new();
    if !tests.fast {
        steps.push(Step::new("format", &["fmt", "--all", "--check"]));
        steps.push(Step::new("lints", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]));
    }
    let name = if tests.sweep { "sweep" } else { "tests" };
    let mut run = Step { sweep: tests.sweep, ..Step::new(name, &["test", "--workspace", "--no-fail-fast"]) };
    if !tests.arguments.is_empty() {
        run.words.push("--".to_owned());
        run.words.extend_from_slice(&tests.arguments);
    }
    steps.push(run);
    steps
}

fn services(install: bool) -> Result<ExitCode, Trouble> {
    machine::prepare(install)?;
    let services = Services::start()?;
    println!("# Servers run in {} until Ctrl-C.", services.folder().display());
    for (name, value) in services.environment() {
        println!("export {name}={value}");
    }
    loop {
        std::thread::park();
    }
}

fn eval(words: &[String]) -> Result<ExitCode, Trouble> {
    if !machine::root().join(EVAL).is_file() {
        return Err(Trouble::new(format!("there is no {EVAL}"), "Check out the whole repository."));
    }
    let manifest = machine::root().join("Cargo.toml");
    let mut cargo = process::Command::new(machine::cargo());
    cargo.args(["run", "--quiet", "-p", "reader", "--example", "eval", "--manifest-path"]).arg(manifest);
    let status = cargo.arg("--").args(words).stdin(Stdio::null()).status();
    let status = status.map_err(|cause| Trouble::cannot_start("cargo", &cause))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tests: &Tests) -> Vec<&'static str> {
        steps(tests).iter().map(|step| step.name).collect()
    }

    #[test]
    fn everything_is_checked_in_order() {
        assert_eq!(names(&Tests::default()), ["format", "lints", "tests"]);
    }

    #[test]
    fn fast_is_the_tests_alone() {
        assert_eq!(names(&Tests { fast: true, ..Tests::default() }), ["tests"]);
    }

    #[test]
    fn filters_come_after_two_dashes() {
        let tests = Tests { fast: true, arguments: vec!["clock".to_owned()], ..Tests::default() };
        assert_eq!(steps(&tests)[0].words, ["test", "--workspace", "--no-fail-fast", "--", "clock"]);
    }

    #[test]
    fn a_sweep_tells_the_tests_so() {
        let steps = steps(&Tests { sweep: true, fast: true, ..Tests::default() });
        assert!(steps.iter().all(|step| step.sweep) && steps.len() == 1);
    }
}
