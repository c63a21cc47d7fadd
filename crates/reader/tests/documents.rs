//! What is read from documents written for the purpose: each with the facts a careful person finds.

use agreement::reading::{CoverageState, Reading};
use kernel::Lang;
use serde_json::Value;
use std::{collections::BTreeMap, path::PathBuf};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    kind: String,
    language: String,
    controller: Option<String>,
    processor: Option<String>,
    letters: String,
    #[serde(default)]
    weak: String,
    subprocessors: Vec<String>,
    countries: Vec<String>,
    rights: Vec<String>,
    silent: Vec<String>,
    terms: BTreeMap<String, (String, toml::Value, String)>,
    #[serde(default)]
    clauses: BTreeMap<String, String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn documents() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("the fixtures are beside the tests");
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ext| ext != "toml"))
        .collect();
    found.sort();
    found
}

/// A value as the facts write it: the working days of a period are part of it.
fn shown(value: &Value, days: Option<&String>) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if days.is_some() { format!("{text} working") } else { text }
}

fn plain(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn terms(reading: &Reading, facts: &Facts, bytes: &[u8], problems: &mut Vec<String>) {
    for (name, (state, value, words)) in &facts.terms {
        let term = reading.term(name).expect("every name of the vocabulary is in a reading");
        let found = (serde_json::to_value(term.state).unwrap_or_default(), shown(&term.value, term.days.as_ref()));
        if found != (Value::from(state.clone()), plain(value)) {
            problems.push(format!("{name}: expected {state} {value}, found {found:?} in {:?}", term.text));
            continue;
        }
        let span = term.span.unwrap_or_default();
        let quoted = String::from_utf8_lossy(&bytes[span[0]..span[1]]).into_owned();
        if !quoted.contains(words.as_str()) {
            problems.push(format!("{name}: {words:?} is not in {quoted:?}"));
        }
    }
    for name in &facts.silent {
        let term = reading.term(name).expect("every name of the vocabulary is in a reading");
        if term.span.is_some() {
            problems
                .push(format!("{name}: expected silence, found {:?} {} in {:?}", term.state, term.value, term.text));
        }
    }
    for (name, path) in &facts.clauses {
        let found = reading.term(name).and_then(|term| term.clause.clone()).unwrap_or_default();
        if found != *path {
            problems.push(format!("{name}: expected in clause {path}, found in {found}"));
        }
    }
}

fn letters(reading: &Reading, facts: &Facts, problems: &mut Vec<String>) {
    for letter in 'a'..='h' {
        let expected = match (facts.letters.contains(letter), facts.weak.contains(letter)) {
            (true, _) => CoverageState::Full,
            (_, true) => CoverageState::Weak,
            _ => CoverageState::Absent,
        };
        let found = reading.article28.get(&letter.to_string()).map(|coverage| coverage.state).unwrap_or_default();
        if found != expected {
            problems.push(format!("letter {letter}: expected {expected:?}, found {found:?}"));
        }
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T, problems: &mut Vec<String>) {
    if expected != found {
        problems.push(format!("{what}: expected {expected:?}, found {found:?}"));
    }
}

fn problems(path: &PathBuf) -> Vec<String> {
    let bytes = std::fs::read(path).expect("a listed file can be read");
    let facts = std::fs::read_to_string(path.with_extension("toml")).expect("each document has its facts");
    let facts: Facts = toml::from_str(&facts).expect("facts follow their form");
    let reading = reader::read(&bytes, &path.display().to_string(), Lang::En).expect("a fixture can be read");
    let mut problems = Vec::new();
    let party = |role: &str| reading.parties.iter().find(|party| party.role == role).map(|party| party.name.clone());
    let kind = serde_json::to_value(reading.document.kind).unwrap_or_default();
    same("kind", &Value::from(facts.kind.clone()), &kind, &mut problems);
    same("language", &facts.language, &reading.document.language, &mut problems);
    same("controller", &facts.controller, &party("controller"), &mut problems);
    same("processor", &facts.processor, &party("processor"), &mut problems);
    let names: Vec<String> = reading.subprocessors.iter().map(|entry| entry.name.clone()).collect();
    let countries: Vec<String> = reading.subprocessors.iter().filter_map(|entry| entry.country.clone()).collect();
    let rights: Vec<String> = reading.rights.iter().map(|right| right.right.clone()).collect();
    same("sub-processors", &facts.subprocessors, &names, &mut problems);
    same("countries", &facts.countries, &countries, &mut problems);
    same("rights", &facts.rights, &rights, &mut problems);
    letters(&reading, &facts, &mut problems);
    terms(&reading, &facts, &bytes, &mut problems);
    problems
}

#[test]
fn every_document_is_read_as_its_facts_say() {
    let documents = documents();
    assert!(documents.len() >= 36, "{} documents", documents.len());
    let report: Vec<String> = documents
        .iter()
        .flat_map(|path| {
            problems(path)
                .into_iter()
                .map(|problem| format!("{}: {problem}", path.file_name().unwrap().to_string_lossy()))
        })
        .collect();
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

#[test]
fn a_reading_holds_every_term_once_in_order() {
    let reading = reader::read(b"Only a word about processors.", "x.txt", Lang::En).unwrap();
    let names: Vec<&str> = reading.terms.iter().map(|term| term.name.as_str()).collect();
    let expected: Vec<&str> = agreement::names::TERMS.iter().map(|term| term.name).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_table_of_processings_is_read_though_its_cells_are_glued() {
    let text = "Data Processing Agreement\n\n2.1. Processing for which HEATHERLAB acts as Data Processor\n\n\
        PurposeData ProcessedLegal BasisRetention Period\nCustomer helpdesk\n- First name, last name\n- Phone number\n\
        Performance of the contractTerm of the contract plus 2 years\nNewsletter\n- Email address\n\
        Consent12 months after the last contact\n\n3. Security\n\n\
        HEATHERLAB shall process personal data only on documented instructions of the Client.\n";
    let reading = reader::read(text.as_bytes(), "a.txt", Lang::En).unwrap();
    let rows: Vec<_> = reading
        .processings
        .iter()
        .map(|row| {
            let kept = row.retention.clone().unwrap_or_default();
            (
                row.role.as_str(),
                row.purpose.as_str(),
                row.data.join(" "),
                row.legal_basis.clone(),
                kept.after,
                kept.keep,
            )
        })
        .collect();
    let some = |text: &str| Some(text.to_owned());
    let expected = vec![
        (
            "processor",
            "Customer helpdesk",
            "pd:Name pd:TelephoneNumber".to_owned(),
            some("eu-gdpr:A6-1-b"),
            some("end-of-contract"),
            some("P2Y"),
        ),
        (
            "processor",
            "Newsletter",
            "pd:EmailAddress".to_owned(),
            some("eu-gdpr:A6-1-a"),
            some("last-contact"),
            some("P12M"),
        ),
    ];
    assert_eq!(rows, expected);
}
