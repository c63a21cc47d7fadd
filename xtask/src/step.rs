//! One check: a program that runs in sight of the reader while its test results are counted.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::services::Services;
use crate::{Trouble, machine};

/// A check to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name in headings and in the summary.
    pub name: &'static str,
    /// What cargo is told.
    pub words: Vec<String>,
    /// Whether property tests multiply their cases.
    pub sweep: bool,
}

impl Step {
    /// A check by its name and the words cargo is told.
    pub fn new(name: &'static str, words: &[&str]) -> Self {
        Self { name, words: words.iter().map(|word| (*word).to_owned()).collect(), sweep: false }
    }
}

/// What the test programs reported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Names of the tests that failed.
    pub failures: Vec<String>,
}

impl Tally {
    /// Counts one line of output; lines that report nothing change nothing.
    pub fn read(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += count_before(counts, " passed");
            self.failed += count_before(counts, " failed");
        } else if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED")) {
            self.failures.push(name.to_owned());
        }
    }
}

/// The number that stands right before `label` in `ok. 12 passed; 0 failed; …`, or 0.
fn count_before(counts: &str, label: &str) -> u64 {
    let number = counts.split_once(label).and_then(|(before, _)| before.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its name.
    pub name: &'static str,
    /// Whether the program was content.
    pub success: bool,
    /// Wall time.
    pub elapsed: Duration,
    /// The tests it ran, if any.
    pub tally: Tally,
}

impl Outcome {
    /// Failed tests; a check that fails without naming a test (a lint, a build, a crash) counts as one.
    pub fn failed(&self) -> u64 {
        if self.success { self.tally.failed } else { self.tally.failed.max(1) }
    }
}

/// Runs a check against the servers, its output in sight.
///
/// # Errors
/// Cargo could not be started or waited for.
pub fn run(step: &Step, services: &mut Services) -> Result<Outcome, Trouble> {
    println!("\n== {}: cargo {}", step.name, step.words.join(" "));
    let start = Instant::now();
    let mut child = spawn(step, services)?;
    services.keeper().step_begins(child.id());
    let tally = child.stdout.take().map(|output| stream(output, std::io::stdout())).unwrap_or_default();
    let status = child.wait().map_err(|cause| Trouble::cannot_start("cargo", &cause));
    services.keeper().step_ends();
    Ok(Outcome { name: step.name, success: status?.success(), elapsed: start.elapsed(), tally })
}

/// Starts cargo at the head of its own process group, so that all it started can be stopped with it.
fn spawn(step: &Step, services: &Services) -> Result<Child, Trouble> {
    let mut cargo = Command::new(machine::cargo());
    cargo.args(&step.words).current_dir(machine::root()).envs(services.environment().iter().cloned());
    if step.sweep {
        cargo.env("GARANT_SWEEP", "1");
    }
    cargo.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
    cargo.spawn().map_err(|cause| Trouble::cannot_start("cargo", &cause))
}

/// Copies output line by line, as it comes, and counts what it reports.
fn stream(output: impl Read, mut writer: impl Write) -> Tally {
    let mut reader = BufReader::new(output);
    let (mut tally, mut line) = (Tally::default(), Vec::new());
    while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        tally.read(&String::from_utf8_lossy(&line));
        // Nobody may be reading any more; the result still counts.
        let _ = writer.write_all(&line).and_then(|()| writer.flush());
        line.clear();
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
running 3 tests
test clock::tests::easter ... ok
test clock::tests::leap ... FAILED
test src/lib.rs - Period (line 4) ... ok

test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.00s

test result: ok. 1042 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.30s
";

    fn outcome(success: bool, failed: u64) -> Outcome {
        let tally = Tally { failed, ..Tally::default() };
        Outcome { name: "tests", success, elapsed: Duration::ZERO, tally }
    }

    #[test]
    fn results_of_all_test_programs_add_up() {
        let mut copy = Vec::new();
        let tally = stream(OUTPUT.as_bytes(), &mut copy);
        let failures = vec!["clock::tests::leap".to_owned()];
        assert_eq!(tally, Tally { passed: 1044, failed: 1, failures });
        assert_eq!(copy, OUTPUT.as_bytes());
    }

    #[test]
    fn a_failure_without_a_test_counts_as_one() {
        assert_eq!(outcome(true, 0).failed(), 0);
        assert_eq!(outcome(false, 0).failed(), 1);
        assert_eq!(outcome(false, 3).failed(), 3);
    }
}
