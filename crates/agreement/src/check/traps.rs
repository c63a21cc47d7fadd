//! What a text says and should not: contradictions between clauses far apart, duties on the wrong party, promises
//! with two readings, and words that sound like compliance. The reader notes the places (`trap.*`); here stands
//! what makes each of them a finding.

use super::Report;
use super::description::short;
use crate::file::{AgreementFile, Processing, Subprocessor};
use crate::text;

/// Notes that are findings wherever they stand, with their codes.
const ALWAYS: [(&str, &str); 9] = [
    ("trap.forced_acceptance", "A7-4-employees"),
    ("trap.wrong_actor", "A28-role"),
    ("trap.anchors", "A28-3-anchors"),
    ("trap.identity", "A12-6-identity"),
    ("trap.reason", "A21-reason"),
    ("trap.cookies", "EPRIVACY-5-3"),
    ("trap.shared_login", "A32-shared"),
    ("trap.password_age", "A32-password"),
    ("trap.machine", "A22-machine"),
];

/// Traps of an agreement.
pub(super) fn check(file: &AgreementFile, report: &mut Report<'_>) {
    recipients(file, report);
    addresses(file, report);
    hosting(file, report);
    switching(file, report);
}

/// Traps of any text that speaks of personal data, an agreement or not.
pub(super) fn of_any_text(file: &AgreementFile, report: &mut Report<'_>) {
    let notes = report.notes;
    for (name, code) in ALWAYS {
        let reviewed = code == "A22-machine" && report.says("human");
        for note in notes.named(name).filter(|_| !reviewed) {
            report.add(code, Some(note.span));
        }
    }
    if file.promises_term("requests.assist") || !file.rights.is_empty() {
        for note in notes.named("trap.unreadable") {
            report.add("A15-unreadable", Some(note.span));
        }
    }
    file.processings.iter().for_each(|processing| basis(processing, report));
}

/// No transfer to any third party, and sub-processors accepted.
fn recipients(file: &AgreementFile, report: &mut Report<'_>) {
    let authorisation = file.term("subprocessors.authorisation").filter(|term| term.promised());
    let accepted = authorisation.is_some_and(|term| term.says("general") || term.says("specific"));
    let notes = report.notes;
    for note in notes.named("trap.no_recipient").filter(|_| accepted || !file.subprocessors.is_empty()) {
        report.add("CONFLICT-recipients", Some(note.span));
    }
}

/// Addresses of which only a part is given, in one finding. Nothing at all is another matter: many lists give the
/// country alone, and say so.
fn addresses(file: &AgreementFile, report: &mut Report<'_>) {
    let partial = |one: &&Subprocessor| one.address.as_deref().is_some_and(|address| incomplete(one, address));
    let found: Vec<&Subprocessor> = file.subprocessors.iter().filter(partial).collect();
    let shown = |one: &&Subprocessor| format!("{} ({})", one.name, one.address.as_deref().unwrap_or_default().trim());
    if let Some(first) = found.first() {
        let names = found.iter().map(shown).collect::<Vec<_>>().join(", ");
        report.add_with("A28-2-address", None, first.span, &[("name", &names)]);
    }
}

/// A street or a box, and a postcode, have figures; without any figure, or without a country, an address is a part of one.
fn incomplete(subprocessor: &Subprocessor, address: &str) -> bool {
    let part = !address.contains(|c: char| c.is_ascii_digit()) || subprocessor.country.is_none();
    part && !address.trim().is_empty()
}

/// Purposes that need no contract to be performed, by the stems of their words in English and French.
const BEYOND_CONTRACT: [&str; 12] = [
    "prospect",
    "marketing",
    "advertis",
    "publicit",
    "newsletter",
    "lettre d'information",
    "product improvement",
    "service improvement",
    "improv",
    "amélior",
    "statisti",
    "training of model",
];

/// Art. 6(1)(b): what the contract cannot be performed without.
fn basis(processing: &Processing, report: &mut Report<'_>) {
    let purpose = processing.purpose.to_lowercase();
    let contract = processing.legal_basis.as_deref() == Some("eu-gdpr:A6-1-b");
    if contract && BEYOND_CONTRACT.iter().any(|stem| purpose.contains(stem)) {
        report.add_with("A6-basis", None, processing.span, &[("purpose", &short(&processing.purpose))]);
    }
}

/// A host under French law that deletes everything, with no word of what that law makes it keep.
fn hosting(file: &AgreementFile, report: &mut Report<'_>) {
    let deletes = file.term("end.delete_within").filter(|term| term.promised());
    let law = file.term("governing_law").and_then(|term| term.value.as_ref());
    let french = matches!(law, Some(crate::file::Value::Text(law)) if law == "France");
    if let Some(term) = deletes.filter(|_| french && report.says("hosting") && report.silent_on("kept_by_law")) {
        report.add("HOSTING-FR", term.span);
    }
}

/// Days in which the customer of a cloud service may still retrieve its data (Data Act, Art. 25).
const RETRIEVAL_HOURS: u64 = 31 * 24;

/// A cloud service that deletes before its customer could retrieve the data.
fn switching(file: &AgreementFile, report: &mut Report<'_>) {
    let Some(term) = file.term("end.delete_within").filter(|term| term.promised()) else { return };
    let Some((period, working)) = term.periods().max_by_key(|(period, _)| period.approx_hours()) else { return };
    let kept = file.promises_term("end.return_within") || file.term("end.choice").is_some_and(|t| t.says("controller"));
    if period.approx_hours() <= RETRIEVAL_HOURS && !kept && report.says("cloud") && report.silent_on("switching") {
        let value = text::length(&period, working, report.lang);
        report.add_with("DATA-ACT", None, term.span, &[("value", &value)]);
    }
}
