//! From what the reader found to a first agreement file: the same facts, in the shapes a person edits.

use super::{
    AgreementFile, Contact, Coverage, Document, FileTerm, LETTERS, Measure, Other, Parties, Party, PeriodLaw,
    Processing, Retention, Role, Source, Subprocessor, Value,
};
use crate::names::{self, Shape};
use crate::reading::{self, Reading, State};
use kernel::Lang;
use std::collections::BTreeMap;

impl AgreementFile {
    /// A first file from a reading. Values that do not fit their term are dropped and the term becomes
    /// vague; terms that exclude each other become conflicting, so that the file is always accepted.
    #[must_use]
    pub fn from_reading(reading: &Reading) -> Self {
        let mut file = Self {
            document: document(&reading.document),
            parties: parties(reading),
            period_law: PeriodLaw::default(),
            terms: reading.terms.iter().filter_map(term).collect(),
            rights: rights(reading),
            processings: reading.processings.iter().map(processing).collect(),
            subprocessors: reading.subprocessors.iter().map(subprocessor).collect(),
            measures: reading.measures.iter().map(measure).collect(),
            contacts: reading.contacts.iter().map(contact).collect(),
            article28: article28(&reading.article28),
        };
        file.admit_contradictions();
        file
    }
}

fn document(document: &reading::Document) -> Document {
    let hash = document.sha256.to_ascii_lowercase();
    Document {
        file: document.file.clone(),
        sha256: is_sha256(&hash).then_some(hash),
        language: document.language.parse().unwrap_or(Lang::En),
        title: None,
        kind: document.kind,
    }
}

pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn parties(reading: &Reading) -> Parties {
    let named = |role: &str| reading.parties.iter().find(|party| party.role == role);
    let mut parties = Parties { controller: named("controller").map(party), processor: named("processor").map(party) };
    if let Some(processor) = &mut parties.processor {
        processor.contact = contact_address(&reading.contacts);
    }
    parties
}

fn party(party: &reading::Party) -> Party {
    Party {
        name: party.name.clone(),
        called: party.called.clone(),
        address: party.address.clone(),
        contact: None,
        place: None,
        span: Some(party.span),
    }
}

/// The data protection officer's e-mail address, else the first one given.
fn contact_address(contacts: &[reading::Contact]) -> Option<String> {
    let mails = || contacts.iter().filter(|contact| contact.kind == "email");
    mails().find(|mail| mail.purpose == "dpo").or_else(|| mails().next()).map(|mail| mail.value.clone())
}

fn term(term: &reading::Term) -> Option<(String, FileTerm)> {
    let shape = names::find(&term.name)?.shape;
    if term.state == State::Silent {
        return None;
    }
    let value = value_of(shape, &term.value);
    let state = if term.state == State::Stated && value.is_none() { State::Vague } else { term.state };
    let others = term.others.iter().map(|other| occurrence(shape, other)).collect();
    let kept = FileTerm {
        state,
        value,
        working: shape == Shape::Duration && term.days.as_deref() == Some("working"),
        clause: term.clause.clone(),
        span: term.span,
        text: term.text.clone(),
        source: Source::Document,
        others,
    };
    Some((term.name.clone(), kept))
}

fn occurrence(shape: Shape, other: &reading::Occurrence) -> Other {
    Other {
        state: other.state,
        value: value_of(shape, &other.value),
        working: shape == Shape::Duration && other.days.as_deref() == Some("working"),
        text: other.text.clone(),
        span: Some(other.span),
        clause: other.clause.clone(),
    }
}

/// The JSON value as a value of `shape`; `None` when it does not fit.
pub(crate) fn value_of(shape: Shape, value: &serde_json::Value) -> Option<Value> {
    let text = value.as_str();
    match shape {
        Shape::Flag => value.as_bool().map(Value::Flag),
        Shape::Duration | Shape::Word(_) | Shape::Date => Value::from_text(text?, shape),
        Shape::Number => u32::try_from(value.as_u64()?).ok().map(Value::Number),
        Shape::Text => text.map(|text| Value::Text(text.to_owned())),
        Shape::List => list(value).map(Value::List),
    }
}

fn list(value: &serde_json::Value) -> Option<Vec<String>> {
    match value {
        serde_json::Value::String(word) => Some(vec![word.clone()]),
        serde_json::Value::Array(words) => words.iter().map(|word| word.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

fn rights(reading: &Reading) -> Vec<String> {
    let named = |right: &&&str| reading.rights.iter().any(|found| found.right == **right);
    names::RIGHTS.iter().filter(|right| named(right)).map(|right| (*right).to_owned()).collect()
}

fn processing(processing: &reading::Processing) -> Processing {
    Processing {
        role: if processing.role == "controller" { Role::Controller } else { Role::Processor },
        purpose: processing.purpose.clone(),
        data: processing.data.clone(),
        data_text: processing.data_text.clone(),
        subjects: processing.subjects.clone(),
        legal_basis: processing.legal_basis.clone(),
        retention: processing.retention.as_ref().map(retention),
        span: Some(processing.span),
    }
}

fn retention(retention: &reading::Retention) -> Retention {
    let keep = retention.keep.as_ref().and_then(|keep| keep.parse().ok());
    Retention { text: retention.text.clone(), after: retention.after.clone(), keep }
}

fn subprocessor(subprocessor: &reading::Subprocessor) -> Subprocessor {
    Subprocessor {
        name: subprocessor.name.clone(),
        address: subprocessor.address.clone(),
        country: subprocessor.country.as_ref().map(|c| c.to_ascii_uppercase()).filter(|code| is_country(code)),
        task: subprocessor.task.clone(),
        contact: None,
        span: Some(subprocessor.span),
    }
}

pub(super) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

fn measure(measure: &reading::Measure) -> Measure {
    Measure { measure: measure.measure.clone(), text: measure.text.clone(), span: Some(measure.span) }
}

fn contact(contact: &reading::Contact) -> Contact {
    let kind = if super::CONTACT_KINDS.contains(&contact.kind.as_str()) { contact.kind.as_str() } else { "post" };
    Contact {
        kind: kind.to_owned(),
        value: contact.value.clone(),
        purpose: contact.purpose.clone(),
        span: Some(contact.span),
    }
}

fn article28(letters: &BTreeMap<String, reading::Coverage>) -> BTreeMap<char, Coverage> {
    let of = |letter: &char| letters.get(letter.to_string().as_str());
    let coverage = |found: &reading::Coverage| Coverage { state: found.state, spans: found.spans.clone() };
    LETTERS.iter().filter_map(|letter| Some((*letter, coverage(of(letter)?)))).collect()
}
