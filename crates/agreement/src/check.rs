//! Checking an agreement: what Art. 28 demands and the text does not say, what contradicts itself,
//! what has no figure and so cannot be kept to the day.
//!
//! A letter of Art. 28(3) that is absent is an error, one that is hedged a warning; the finer points of
//! a letter are only reported when the letter itself is there, so that one hole makes one finding.

mod description;
mod duties;
mod letters;
mod transfers;

use crate::codes;
use crate::file::AgreementFile;
use crate::reading::{CoverageState, DocumentKind, Finding, Reading, Severity, Span};
use kernel::Lang;
use std::collections::BTreeMap;

/// What is wrong with what a reading found, gravest first, then in the order of the text.
#[must_use]
pub fn check_reading(reading: &Reading, lang: Lang) -> Vec<Finding> {
    check_file(&AgreementFile::from_reading(reading), lang)
}

/// What is wrong with an agreement file, gravest first, then in the order of the document.
#[must_use]
pub fn check_file(file: &AgreementFile, lang: Lang) -> Vec<Finding> {
    let mut report = Report { lang, findings: Vec::new() };
    let file = &file.without_proposals();
    if is_agreement(file) {
        letters::check(file, &mut report);
        description::check(file, &mut report);
        duties::check(file, &mut report);
        transfers::check(file, &mut report);
    } else {
        report.add("NOT-AN-AGREEMENT", None);
    }
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
struct Report {
    lang: Lang,
    findings: Vec<Finding>,
}

impl Report {
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
        self.findings.push(Finding {
            code: entry.code.clone(),
            severity: severity.unwrap_or(entry.severity),
            message: codes::filled(entry.message.get(self.lang), words),
            span,
            remedy: codes::filled(entry.remedy.get(self.lang), words),
        });
    }

    /// Reports a letter that is there, but hedged.
    fn add_weak(&mut self, code: &str, span: Option<Span>) {
        self.add_as(code, Severity::Warning, span);
        let weak = codes::explain(code).and_then(|entry| entry.weak.as_ref());
        if let (Some(finding), Some(weak)) = (self.findings.last_mut(), weak) {
            weak.get(self.lang).clone_into(&mut finding.message);
        }
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
