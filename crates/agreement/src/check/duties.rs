//! Duties beside the letters: the unlawful-instruction alert, breaches, requests, sub-processors'
//! contracts, records, and the limits of the processor's role.

use super::Report;
use crate::file::AgreementFile;
use crate::names;
use crate::reading::{Severity, State};
use crate::{defaults, text};

/// Art. 33(1): what the controller itself has, in hours.
const CONTROLLER_HOURS: u64 = 72;

pub(super) fn check(file: &AgreementFile, report: &mut Report<'_>) {
    figure(file, "instructions.unlawful_alert", "A28-3-alert", report);
    breach(file, report);
    if file.promises_term("requests.assist") || file.promises_term("requests.forward") {
        figure(file, "requests.forward", "A12-forward", report);
    }
    own_purposes(file, report);
    let none_allowed = file.term("subprocessors.authorisation").is_some_and(|term| term.says("none-allowed"));
    if !none_allowed {
        unless(file, "subprocessors.flow_down", "A28-4-flow", report);
        unless(file, "subprocessors.liability", "A28-4-liability", report);
    }
    unless(file, "records.article30_2", "A30-2", report);
    unless(file, "training.persons", "A32-4", report);
    unless(file, "liability.article82", "A82", report);
    if file.rights.is_empty() && !report.notes.unread() {
        report.add("A15-22", file.term("requests.assist").and_then(|term| term.span));
    }
}

fn unless(file: &AgreementFile, term: &str, code: &str, report: &mut Report<'_>) {
    if !file.promises_term(term) {
        report.add(code, file.term(term).and_then(|term| term.span));
    }
}

/// A duty that needs a figure: silent as grave as its code says, without a figure always a warning.
fn figure(file: &AgreementFile, name: &str, code: &str, report: &mut Report<'_>) {
    let default = default_text(name, report);
    let title = names::find(name).map_or(name, |term| report.lang.pick(term.en, term.fr));
    let words = [("default", default.as_str()), ("term", title)];
    match file.term(name).filter(|term| term.promised()) {
        None => report.add_with(code, None, file.term(name).and_then(|term| term.span), &words),
        Some(term) if term.periods().next().is_none() => {
            report.add_weak_with(code, Severity::Warning, term.span, &words);
        }
        Some(_) => {}
    }
}

fn default_text(name: &str, report: &Report<'_>) -> String {
    defaults::default_for(name)
        .map_or_else(String::new, |default| text::length(&default.value, default.working, report.lang))
}

/// Art. 33(2): without undue delay; a figure makes it testable, and the controller's 72 hours bound it.
fn breach(file: &AgreementFile, report: &mut Report<'_>) {
    let default = default_text("breach.notify_controller", report);
    let words = [("default", default.as_str())];
    let Some(term) = file.term("breach.notify_controller").filter(|term| term.promised()) else {
        report.add_with("A33-2", None, None, &words);
        return;
    };
    match term.periods().max_by_key(|(period, _)| period.approx_hours()) {
        None => report.add_with("A33-2-vague", None, term.span, &words),
        Some((period, working)) => {
            let value = text::length(&period, working, report.lang);
            let words = [("value", value.as_str()), words[0]];
            if period.approx_hours() > CONTROLLER_HOURS || working && period.approx_hours() >= CONTROLLER_HOURS {
                report.add_with("A33-2-late", None, term.span, &words);
            } else if period.approx_hours() == CONTROLLER_HOURS && report.silent_on("prompt_breach") {
                report.add_with("A33-2-ceiling", None, term.span, &words);
            }
        }
    }
    if !file.promises_term("breach.content") {
        report.add("A33-3", term.span);
    }
}

/// Art. 28(10): who sets a purpose is controller for it.
fn own_purposes(file: &AgreementFile, report: &mut Report<'_>) {
    let Some(term) = file.term("own_purposes") else {
        report.unless_said("only_this_purpose", "A28-10-limit", None);
        return;
    };
    let open = matches!(term.state, State::Negated | State::Placeholder | State::ByReference);
    if !open && term.says("allowed") {
        report.add("A28-10", term.span);
        if term.state != State::Conflicting && report.says("only_this_purpose") {
            let title = super::description::title("own_purposes", report);
            report.add_with("CONFLICT", None, term.span, &[("term", &title)]);
        }
    }
}
