//! The frame of Art. 28(3): who, what, why, whose data, for how long; and what is left open.

use super::Report;
use crate::file::{AgreementFile, FileTerm, Processing, Retention, Role};
use crate::names::{self, Shape};
use crate::reading::State;
use crate::{defaults, text};

/// Vague durations with a code of their own, reported elsewhere.
const OWN_CODE: [&str; 6] = [
    "instructions.unlawful_alert",
    "subprocessors.notice",
    "subprocessors.objection_window",
    "requests.forward",
    "breach.notify_controller",
    "end.delete_within",
];

pub(super) fn check(file: &AgreementFile, report: &mut Report<'_>) {
    roles(file, report);
    scope(file, report);
    retention(file, report);
    contradictions(file, report);
    for (name, term) in &file.terms {
        open(name, term, report);
    }
}

fn roles(file: &AgreementFile, report: &mut Report<'_>) {
    if file.parties.controller.is_none() || file.parties.processor.is_none() {
        let known = file.parties.controller.as_ref().or(file.parties.processor.as_ref());
        report.add("A28-roles", known.and_then(|party| party.span));
    }
    if file.contacts.is_empty() && file.parties.processor.as_ref().is_none_or(|party| party.contact.is_none()) {
        report.add("A28-contact", None);
    }
    if !file.terms.contains_key("dated") {
        report.add("A28-9", None);
    }
}

fn scope(file: &AgreementFile, report: &mut Report<'_>) {
    let ours: Vec<&Processing> = file.processings.iter().filter(|p| p.role == Role::Processor).collect();
    let first = ours.first().and_then(|processing| processing.span);
    let described = ["subject", "purpose", "data", "subjects"].iter().any(|what| report.says(what));
    if ours.is_empty() && !described {
        report.add("A28-3-scope", None);
    } else {
        let mut unless = |holds: bool, what: &str, code: &str| {
            if !holds && !report.says(what) {
                report.add(code, first);
            }
        };
        unless(ours.iter().any(|p| !p.purpose.trim().is_empty()), "purpose", "A28-3-purpose");
        unless(ours.iter().any(|p| !p.data.is_empty() || !p.data_text.is_empty()), "data", "A28-3-data");
        unless(ours.iter().any(|p| !p.subjects.is_empty()), "subjects", "A28-3-subjects");
        report.unless_said("nature", "A28-3-nature", first);
    }
    report.unless_said("controller", "A28-3-controller", None);
    report.unless_said("special", "A9-special", first);
    duration(file, &ours, report);
}

/// The duration is said by itself, or by each processing's own period or end.
fn duration(file: &AgreementFile, ours: &[&Processing], report: &mut Report<'_>) {
    let duration = file.term("duration");
    let said = duration.is_some_and(|term| {
        matches!(term.state, State::Stated | State::Staged | State::Conditional | State::ByReference)
    });
    let bounded = |p: &&Processing| p.retention.as_ref().is_some_and(|kept| !open_ended(kept));
    if !said && !report.says("duration") && (ours.is_empty() || !ours.iter().all(bounded)) {
        report.add("A28-3-duration", duration.and_then(|term| term.span));
    }
}

/// No period, no event, and nothing but words that anyone may stretch.
fn open_ended(retention: &Retention) -> bool {
    let text = retention.text.to_lowercase();
    let elastic = text.trim().is_empty() || ELASTIC.iter().any(|word| text.contains(word));
    retention.keep.is_none() && retention.after.is_none() && elastic && !text.contains(|c: char| c.is_ascii_digit())
}

/// Words that give a retention no end.
const ELASTIC: [&str; 12] = [
    "necess",
    "nécess",
    "needed",
    "appropriate",
    "appropri",
    "reasonable",
    "raisonnable",
    "useful",
    "utile",
    "short",
    "courte",
    "relevant",
];

/// Art. 5(1)(e): a period or an event, or nobody can delete. A sentence on its own is only quoted where no
/// processing of the description shows the same gap.
fn retention(file: &AgreementFile, report: &mut Report<'_>) {
    let described = file.processings.iter().any(|p| p.retention.as_ref().is_some_and(open_ended));
    let notes = report.notes;
    for note in notes.named("trap.open_retention").filter(|_| !described) {
        report.add_with("A5-1-e", None, Some(note.span), &[("purpose", &short(&note.text))]);
    }
    for processing in &file.processings {
        let Some(retention) = &processing.retention else { continue };
        if open_ended(retention) {
            report.add_with("A5-1-e", None, processing.span, &[("purpose", &short(&processing.purpose))]);
        }
    }
}

pub(super) fn short(purpose: &str) -> String {
    let line = purpose.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 80 { line } else { line.chars().take(79).chain(['…']).collect() }
}

/// A file checked before it was parsed may still hold pairs that exclude each other.
fn contradictions(file: &AgreementFile, report: &mut Report<'_>) {
    for contradiction in file.contradictions() {
        let span = file.term(contradiction.term).and_then(|term| term.span);
        let title = title(contradiction.term, report);
        report.add_with("CONFLICT", None, span, &[("term", &title)]);
    }
}

pub(super) fn title(name: &str, report: &Report<'_>) -> String {
    names::find(name).map_or(name, |term| report.lang.pick(term.en, term.fr)).to_owned()
}

/// Contradictory, blank, elsewhere, or without a figure.
fn open(name: &str, term: &FileTerm, report: &mut Report<'_>) {
    let title = title(name, report);
    let code = match term.state {
        State::Conflicting => "CONFLICT",
        State::Placeholder => "PLACEHOLDER",
        State::ByReference => "BY-REFERENCE",
        State::Vague if term.periods().next().is_none() && is_duration(name) && !OWN_CODE.contains(&name) => {
            let default = defaults::default_for(name)
                .map_or_else(|| "…".to_owned(), |default| text::length(&default.value, default.working, report.lang));
            report.add_with("UNEXECUTABLE", None, term.span, &[("term", &title), ("default", &default)]);
            return;
        }
        _ => return,
    };
    report.add_with(code, None, term.span, &[("term", &title)]);
}

fn is_duration(name: &str) -> bool {
    names::find(name).is_some_and(|term| term.shape == Shape::Duration)
}
