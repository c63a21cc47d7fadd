//! Checking an agreement: what Art. 28 demands and the text does not say, what contradicts itself,
//! what has no figure and so cannot be kept to the day.
//!
//! What the law requires in the agreement and is missing is an error ([`codes::REQUIREMENTS`]), what is hedged a
//! warning; the finer points of a letter are only reported when the letter itself is there, so that one hole
//! makes one finding. A finding of silence tells where we looked.

mod description;
mod duties;
mod letters;
mod silence;
mod transfers;
mod traps;

use crate::codes;
use crate::file::AgreementFile;
use crate::reading::{CoverageState, DocumentKind, Finding, Notes, Reading, Severity, Span};
use kernel::Lang;
use std::collections::BTreeMap;

/// What is wrong with what a reading found, gravest first, then in the order of the text.
#[must_use]
pub fn check_reading(reading: &Reading, lang: Lang) -> Vec<Finding> {
    check_file_with(&AgreementFile::from_reading(reading), &reading.notes, lang)
}

/// What is wrong with an agreement file by itself, gravest first, then in the order of the document.
///
/// A file holds promises, not a text: what only a text shows is not asked of it; see [`check_file_with`].
#[must_use]
pub fn check_file(file: &AgreementFile, lang: Lang) -> Vec<Finding> {
    check_file_with(file, &Notes::default(), lang)
}

/// What is wrong with an agreement file and the text it was read from, whose notes these are.
#[must_use]
pub fn check_file_with(file: &AgreementFile, notes: &Notes, lang: Lang) -> Vec<Finding> {
    let mut report = Report { lang, notes, findings: Vec::new() };
    let file = &file.without_proposals();
    if is_agreement(file) {
        letters::check(file, &mut report);
        description::check(file, &mut report);
        duties::check(file, &mut report);
        transfers::check(file, &mut report);
        traps::check(file, &mut report);
    } else {
        report.add("NOT-AN-AGREEMENT", None);
    }
    traps::of_any_text(file, &mut report);
    report.sorted()
}

/// How fully each letter of Art. 28(3) is covered: as the reader judged it, and by the terms a person
/// has added since.
#[must_use]
pub fn coverage(file: &AgreementFile) -> BTreeMap<char, CoverageState> {
    letters::all(file).collect()
}

/// A text nobody could name is judged by what it holds.
fn is_agreement(file: &AgreementFile) -> bool {
    let covered = || letters::all(file).filter(|(_, state)| *state != CoverageState::Absent).count();
    match file.document.kind {
        DocumentKind::ProcessorAgreement | DocumentKind::Mixed => true,
        DocumentKind::Other => covered() >= 3,
        DocumentKind::PrivacyNotice | DocumentKind::SubProcessorList | DocumentKind::TransferAddendum => false,
    }
}

/// The findings so far.
struct Report<'n> {
    lang: Lang,
    notes: &'n Notes,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Reports `code` with its usual severity.
    fn add(&mut self, code: &str, span: Option<Span>) {
        self.add_with(code, None, span, &[]);
    }

    /// Reports `code` less or more gravely than usual.
    fn add_as(&mut self, code: &str, severity: Severity, span: Option<Span>) {
        self.add_with(code, Some(severity), span, &[]);
    }

    /// Reports `code` with words put in place of `{name}` in its message and remedy.
    fn add_with(&mut self, code: &str, severity: Option<Severity>, span: Option<Span>, words: &[(&str, &str)]) {
        let Some(entry) = codes::explain(code) else { return };
        let severity = severity.unwrap_or(entry.severity);
        debug_assert!(entry.may_be(severity), "{code} is never {severity:?}: `explain` would say otherwise");
        self.findings.push(Finding {
            code: entry.code.clone(),
            severity,
            message: codes::filled(entry.message.get(self.lang), words),
            span,
            remedy: codes::filled(entry.remedy.get(self.lang), words),
            searched: silence::searched(entry.topic.as_deref(), self.notes),
        });
    }

    /// Reports something that is there, but hedged or without a figure.
    fn add_weak(&mut self, code: &str, span: Option<Span>) {
        self.add_weak_with(code, Severity::Warning, span, &[]);
    }

    /// As [`Self::add_weak`], with a severity and with words put in place of `{name}`.
    fn add_weak_with(&mut self, code: &str, severity: Severity, span: Option<Span>, words: &[(&str, &str)]) {
        self.add_with(code, Some(severity), span, words);
        let weak = codes::explain(code).and_then(|entry| entry.weak.as_ref());
        if let (Some(finding), Some(weak)) = (self.findings.last_mut(), weak) {
            finding.message = codes::filled(weak.get(self.lang), words);
            finding.searched = None;
        }
    }

    /// Reports `code` where the text was read and has no note called `says.{what}`.
    fn unless_said(&mut self, what: &str, code: &str, span: Option<Span>) {
        if self.silent_on(what) {
            self.add(code, span);
        }
    }

    /// Whether the text was read and has no note called `says.{what}`.
    fn silent_on(&self, what: &str) -> bool {
        self.notes.lacks(&format!("says.{what}"))
    }

    /// Whether a note called `says.{what}` stands in the text.
    fn says(&self, what: &str) -> bool {
        self.notes.has(&format!("says.{what}"))
    }

    /// Gravest first, then by place (what stands nowhere comes last), then by code; no double.
    fn sorted(mut self) -> Vec<Finding> {
        let place = |finding: &Finding| finding.span.unwrap_or([usize::MAX, usize::MAX]);
        self.findings.sort_by(|a, b| (a.severity, place(a), &a.code).cmp(&(b.severity, place(b), &b.code)));
        self.findings.dedup();
        self.findings
    }
}

#[cfg(test)]
mod tests;
