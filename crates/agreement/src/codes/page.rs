//! The list of codes as a page of the documentation: `docs/findings.md` is this text, and a test says when it drifts.

use super::{Explanation, Level, REQUIREMENTS, all};
use crate::reading::Severity;
use kernel::Lang;
use std::fmt::Write as _;

const HEAD: &str = "\
# Findings

What `garant check` can report. A code is stable: it never changes its meaning and is never used again for another.
`garant explain CODE` says all of this in English and French, with a clause to propose; `garant explain --all` says it of
every code. In `--sarif`, each code is a rule.

An error is something that the law requires in the agreement and that is not there. A warning is there, but hedged,
contradictory, or without the figure that would let anyone say when it is late. Advice is good practice.

Findings are no legal advice: they say what a text does not say, or says twice. What rests on facts outside the text, such
as which countries are adequate, is dated and must be verified.

";

/// The whole page, in Markdown.
#[must_use]
pub fn page() -> String {
    let mut out = HEAD.to_owned();
    out.push_str(
        "## What is required, and what reports it missing\n\n| | law | required | codes |\n|---|---|---|---|\n",
    );
    for point in &REQUIREMENTS {
        let codes = point.codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "| {} | {} | {}{} | {codes} |", point.id, point.law, point.what[0], level(point.level));
    }
    out.push_str("\n## The codes\n");
    for entry in all() {
        section(&mut out, entry);
    }
    out
}

fn level(level: Level) -> String {
    match level {
        Level::Required => String::new(),
        Level::If(when, _) => format!(" ({when})"),
        Level::Statutory => " (owed by law in any case)".to_owned(),
        Level::Recommended => " (recommended)".to_owned(),
    }
}

fn section(out: &mut String, entry: &Explanation) {
    let text = |both| Explanation::in_general(both, Lang::En);
    let _ = write!(out, "\n### {}\n\n**{}**", entry.code, word(entry.severity));
    for case in entry.severities() {
        let _ = write!(out, "; {} {}", word(case.severity), case.when.en);
    }
    let _ = writeln!(out, " · {}\n\n{}.\n", entry.law_text(Lang::En), text(&entry.message));
    let _ = writeln!(out, "- The law: {}", text(&entry.asks));
    let _ = writeln!(out, "- The text should say: {}", text(&entry.says));
    let _ = writeln!(out, "- What to do: {}", text(&entry.remedy));
    if let Some(clause) = &entry.clause {
        let _ = writeln!(out, "\n> {}\n>\n> {}", clause.en, clause.fr);
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}
