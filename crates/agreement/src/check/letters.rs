//! Letters (a) to (h) of Art. 28(3): absent, hedged or full, and the finer points of each.

use super::Report;
use crate::file::{AgreementFile, LETTERS, Source, Value};
use crate::reading::{CoverageState, Severity, Span, State};

/// The terms that show a letter, the first the surest.
fn terms_of(letter: char) -> &'static [&'static str] {
    match letter {
        'a' => &["instructions.documented"],
        'b' => &["confidentiality.persons"],
        'c' => &["security.article32"],
        'd' => &[
            "subprocessors.authorisation",
            "subprocessors.notice",
            "subprocessors.objection_window",
            "subprocessors.flow_down",
        ],
        'e' => &["requests.assist", "requests.forward"],
        'f' => &["assist.dpia", "assist.prior_consultation", "assist.security", "assist.breach_notification"],
        'g' => &["end.choice", "end.delete_within", "end.return_within"],
        _ => &["audit.information", "audit.allowed"],
    }
}

/// Every letter with how fully it is covered.
pub(super) fn all(file: &AgreementFile) -> impl Iterator<Item = (char, CoverageState)> + '_ {
    LETTERS.into_iter().map(|letter| (letter, coverage(file, letter)))
}

/// What the reader judged; where nobody judged, or a person has since added a term, what the terms show.
fn coverage(file: &AgreementFile, letter: char) -> CoverageState {
    let judged = file.article28.get(&letter).map(|coverage| coverage.state);
    let own_words = |name: &str| file.term(name).is_some_and(|term| term.source == Source::Person);
    let amended = terms_of(letter).iter().any(|name| own_words(name));
    match judged {
        Some(CoverageState::Full) => CoverageState::Full,
        Some(judged) if !amended => judged,
        Some(CoverageState::Weak) if shown(file, letter) == CoverageState::Absent => CoverageState::Weak,
        _ => shown(file, letter),
    }
}

fn shown(file: &AgreementFile, letter: char) -> CoverageState {
    let promised = || terms_of(letter).iter().filter_map(|name| file.term(name)).filter(|term| term.promised());
    let firm = |state: State| matches!(state, State::Stated | State::Staged);
    match promised().next() {
        None => CoverageState::Absent,
        Some(_) if promised().any(|term| firm(term.state)) => CoverageState::Full,
        Some(_) => CoverageState::Weak,
    }
}

fn place(file: &AgreementFile, letter: char) -> Option<Span> {
    let judged = file.article28.get(&letter).and_then(|coverage| coverage.spans.first().copied());
    judged.or_else(|| terms_of(letter).iter().find_map(|name| file.term(name)?.span))
}

pub(super) fn check(file: &AgreementFile, report: &mut Report<'_>) {
    for (letter, state) in all(file) {
        let code = format!("A28-3-{letter}");
        match state {
            CoverageState::Full => {}
            CoverageState::Weak => report.add_weak(&code, place(file, letter)),
            CoverageState::Absent => report.add(&code, None),
        }
        if state != CoverageState::Absent {
            finer(file, letter, report);
        }
    }
}

fn finer(file: &AgreementFile, letter: char, report: &mut Report<'_>) {
    let span = place(file, letter);
    let mut unless = |term: &str, code: &str| {
        if !file.promises_term(term) {
            report.add(code, span);
        }
    };
    match letter {
        'a' => {
            unless("instructions.legal_compulsion_notice", "A28-3-a-compulsion");
            if !report.says("transfer_instructions") && !file.promises_term("transfers.allowed_to") {
                report.add("A28-3-a-transfers", span);
            }
        }
        'c' => security(file, span, report),
        'd' => subprocessors(file, report),
        'f' => {
            unless("assist.security", "A28-3-f-security");
            unless("assist.breach_notification", "A28-3-f-breach");
            unless("assist.dpia", "A28-3-f-dpia");
            unless("assist.prior_consultation", "A28-3-f-consultation");
        }
        'g' => end(file, span, report),
        'h' => {
            unless("audit.information", "A28-3-h-information");
            unless("audit.allowed", "A28-3-h-audit");
            audits_counted(file, report);
        }
        _ => {}
    }
}

/// Art. 32: the measures by name, restored and tested, and weighed against the risks.
fn security(file: &AgreementFile, span: Option<Span>, report: &mut Report<'_>) {
    if file.measures.is_empty() {
        report.add("A28-3-c-measures", span);
    }
    report.unless_said("resilience", "A32-1-d", span);
    report.unless_said("risk", "A32-2", span);
}

/// Art. 28(2): who may come in, on what notice, with what right to object.
fn subprocessors(file: &AgreementFile, report: &mut Report<'_>) {
    let Some(authorisation) = file.term("subprocessors.authorisation").filter(|term| term.promised()) else {
        report.add("A28-2", place(file, 'd'));
        return;
    };
    if authorisation.says("none-allowed") {
        return;
    }
    if file.subprocessors.is_empty() && !file.promises_term("subprocessors.list_on_request") {
        report.add("A28-2-list", authorisation.span);
    }
    silence(file, authorisation.says("general") && !authorisation.says("specific"), report);
    if authorisation.says("general") {
        general(file, authorisation.span, report);
    }
}

/// A general authorisation is only lawful with notice and a chance to object.
fn general(file: &AgreementFile, span: Option<Span>, report: &mut Report<'_>) {
    let figure = |name: &str| file.term(name).is_some_and(|term| term.promised() && term.periods().next().is_some());
    let at = |name: &str| file.term(name).and_then(|term| term.span).or(span);
    // A window to object implies a notice of the same length: only the notice's own figure is missing.
    let windowed = figure("subprocessors.objection_window");
    if !figure("subprocessors.notice") {
        let at = at("subprocessors.notice");
        match (windowed, file.promises_term("subprocessors.notice")) {
            (true, _) => report.add_weak_with("A28-2-notice", Severity::Advice, at, &[]),
            (false, true) => report.add_weak("A28-2-notice", at),
            (false, false) => report.add("A28-2-notice", at),
        }
    }
    // The reader calls the letter full when an objection is possible, with or without a time for it.
    let possible = coverage(file, 'd') == CoverageState::Full
        || ["subprocessors.objection_window", "subprocessors.on_objection"].iter().any(|name| file.promises_term(name));
    match (windowed, possible) {
        (true, _) => {}
        (false, true) => report.add_weak("A28-2-objection", at("subprocessors.objection_window")),
        (false, false) => report.add("A28-2-objection", at("subprocessors.objection_window")),
    }
    if !file.promises_term("subprocessors.on_objection") {
        let tacit = file.promises_term("subprocessors.silence_approves");
        let severity = if tacit { Severity::Warning } else { Severity::Advice };
        report.add_as("A28-2-on-objection", severity, at("subprocessors.objection_window"));
    }
}

/// Silence may close a window opened by a general authorisation; it is never a specific one.
fn silence(file: &AgreementFile, general: bool, report: &mut Report<'_>) {
    if !file.promises_term("subprocessors.silence_approves") {
        return;
    }
    let span = file.term("subprocessors.silence_approves").and_then(|term| term.span);
    let severity = if general { Severity::Advice } else { Severity::Warning };
    report.add_as("A28-2-silence", severity, span);
}

fn end(file: &AgreementFile, span: Option<Span>, report: &mut Report<'_>) {
    let choice = file.term("end.choice").filter(|term| term.promised());
    if !choice.is_some_and(|term| term.says("controller")) {
        report.add("A28-3-g-choice", choice.and_then(|term| term.span).or(span));
    }
    let figure = |name: &str| file.term(name).filter(|term| term.promised() && term.periods().next().is_some());
    if figure("end.delete_within").is_none() {
        let at = file.term("end.delete_within").and_then(|term| term.span).or(span);
        if file.promises_term("end.delete_within") {
            report.add_weak("A28-3-g-figure", at);
        } else {
            report.add("A28-3-g-figure", at);
        }
    }
    match (report.silent_on("copies"), report.says("all_data")) {
        (true, true) => report.add_weak("A28-3-g-copies", span),
        (true, false) => report.add("A28-3-g-copies", span),
        (false, _) => {}
    }
    if !file.promises_term("end.certificate") {
        report.add("A28-3-g-certificate", span);
    }
}

/// A yearly cap must not stop an audit after a breach, nor charge the controller for it.
fn audits_counted(file: &AgreementFile, report: &mut Report<'_>) {
    let Some(cap) = file.term("audit.per_year").filter(|term| term.promised()) else { return };
    if report.says("extra_audits") {
        return;
    }
    report.add("A28-3-h-limit", cap.span);
    let costs = file.term("audit.costs").filter(|term| term.promised());
    if let Some(costs) = costs.filter(|term| term.value == Some(Value::Text("controller".to_owned()))) {
        report.add("A28-3-h-costs", costs.span);
    }
}
