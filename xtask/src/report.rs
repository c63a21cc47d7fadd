//! The summary at the end: one row per check, the failures by name, the totals.

use std::fmt::Write;
use std::time::Duration;

use crate::step::Outcome;

/// The whole summary; its last line reads `N passed, M failed`.
pub fn summary(outcomes: &[Outcome]) -> String {
    let mut text = format!("\n{:<10} {:<8} {:>12} {:>8} {:>8}\n", "check", "result", "time", "passed", "failed");
    for outcome in outcomes {
        text += &row(outcome);
    }
    let failures: Vec<&String> = outcomes.iter().flat_map(|outcome| &outcome.tally.failures).collect();
    if !failures.is_empty() {
        text += "\nfailed tests:\n";
    }
    for name in failures {
        let _ = writeln!(text, "  {name}");
    }
    let passed: u64 = outcomes.iter().map(|outcome| outcome.tally.passed).sum();
    let failed: u64 = outcomes.iter().map(Outcome::failed).sum();
    let _ = write!(text, "\n{passed} passed, {failed} failed");
    text
}

fn row(outcome: &Outcome) -> String {
    let result = if outcome.success { "ok" } else { "FAILED" };
    let (passed, failed) = (outcome.tally.passed, outcome.failed());
    format!("{:<10} {result:<8} {:>12} {passed:>8} {failed:>8}\n", outcome.name, wall_time(outcome.elapsed))
}

/// A duration as people say it: `0.4 s`, `3 min 07 s`.
fn wall_time(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", elapsed.as_secs_f64());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Tally;

    fn outcome(name: &'static str, success: bool, seconds: u64, passed: u64, failures: &[&str]) -> Outcome {
        let failures: Vec<String> = failures.iter().map(|name| (*name).to_owned()).collect();
        let tally = Tally { passed, failed: failures.len() as u64, failures };
        Outcome { name, success, elapsed: Duration::from_secs(seconds), tally }
    }

    #[test]
    fn a_good_run_ends_with_its_totals() {
        let text = summary(&[outcome("format", true, 1, 0, &[]), outcome("tests", true, 187, 412, &[])]);
        let expected = "
check      result           time   passed   failed
format     ok              1.0 s        0        0
tests      ok         3 min 07 s      412        0

412 passed, 0 failed";
        assert_eq!(text, expected);
    }

    #[test]
    fn failures_are_named_and_a_failed_lint_is_counted() {
        let text = summary(&[outcome("lints", false, 59, 0, &[]), outcome("tests", false, 60, 5, &["a::b", "c"])]);
        assert!(text.contains("lints      FAILED"), "{text}");
        assert!(text.contains("failed tests:\n  a::b\n  c\n"), "{text}");
        assert!(text.ends_with("\n5 passed, 3 failed"), "{text}");
    }
}
