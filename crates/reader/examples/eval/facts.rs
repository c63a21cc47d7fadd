//! Known facts of a document against its reading, field by field.

use agreement::{
    names::Shape,
    reading::{CoverageState, DocumentKind, Reading, State},
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Field, expected, found, right.
pub(crate) type Line = (String, String, String, bool);

/// The documents of a folder, each with its facts.
pub(crate) fn pairs(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("{} cannot be read", folder.display());
        return Vec::new();
    };
    let mut documents: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ext| ext != "json"))
        .collect();
    documents.sort();
    documents.into_iter().filter_map(|document| facts_of(&document).map(|facts| (document, facts))).collect()
}

fn facts_of(document: &Path) -> Option<PathBuf> {
    let beside = document.with_extension("json");
    let number = document.file_name()?.to_str()?.get(..3)?.to_owned();
    let seed = document.with_file_name(format!("seed-{number}.json"));
    [beside, seed].into_iter().find(|path| path.exists())
}

/// A document with its facts and its reading.
pub(crate) struct Pair {
    pub(crate) facts: Value,
    pub(crate) reading: Reading,
    /// The text that spans refer to.
    pub(crate) text: String,
}

/// Reads a document and its facts.
pub(crate) fn read_pair(document: &Path, facts: &Path) -> Result<Pair, String> {
    let bytes = std::fs::read(document).map_err(|error| error.to_string())?;
    let json = std::fs::read_to_string(facts).map_err(|error| error.to_string())?;
    let facts: Value = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let name = document.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let reading = reader::read(&bytes, name, kernel::Lang::En).map_err(|error| error.to_string())?;
    Ok(Pair { facts, reading, text: cited_text(&bytes, name) })
}

/// What spans count in: the file itself, or the text taken out of a word processor's file.
fn cited_text(bytes: &[u8], name: &str) -> String {
    match reader::extract(bytes, name) {
        Ok(text) if !text.media().is_text() => text.as_str().to_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Every field of the facts, compared with what is read.
pub(crate) fn lines(facts: &Value, reading: &Reading, text: &str) -> Vec<Line> {
    let mut lines =
        vec![same("language", text_of(facts, "lang"), reading.document.language.clone()), kind(facts, reading)];
    lines.extend(roles(facts, reading));
    lines.extend(durations(facts, reading));
    lines.extend(flags(facts, reading));
    lines.push(names(facts, reading));
    lines.push(rights(facts, reading));
    lines.extend(letters(facts, reading));
    lines.extend(words(facts, reading));
    lines.push(contacts(facts, reading));
    lines.extend(quotes(facts, reading, text));
    lines.extend(terms(facts, reading));
    lines
}

/// Facts may also name terms of the vocabulary: state, value, kind of days.
fn terms(facts: &Value, reading: &Reading) -> Vec<Line> {
    let named = facts["terms"].as_object().into_iter().flatten();
    named
        .filter_map(|(name, wanted)| {
            let term = reading.term(name)?;
            let found = serde_json::json!({"state": term.state, "value": term.value, "days": term.days});
            let free = agreement::names::find(name).is_some_and(|name| name.shape == Shape::Text);
            let keys: &[&str] = if free { &["state"] } else { &["state", "value", "days"] };
            let alike = |wanted: &Value| keys.iter().all(|key| sorted(&wanted[key]) == sorted(&found[key]));
            let state = serde_json::json!(term.state);
            let accepted = facts["accept_terms"][name].as_array().into_iter().flatten().any(alike)
                || list_of(&wanted["accept_state"]).any(|other| *other == state)
                || list_of(&wanted["accept"]).any(|other| *other == term.value || *other == state);
            let shown = |fact: &Value| format!("{} {} {}", fact["state"], fact["value"], fact["days"]);
            let words = format!("{} {:?}", shown(&found), term.text);
            Some((format!("term {name}"), shown(wanted), words, alike(wanted) || accepted))
        })
        .collect()
}

/// The order of a list is nothing; `null` and nothing are the same.
fn sorted(value: &Value) -> Value {
    let mut words: Vec<Value> = value.as_array().cloned().unwrap_or_default();
    words.sort_by_key(ToString::to_string);
    if value.is_array() { Value::Array(words) } else { value.clone() }
}

fn same(field: &str, expected: String, found: String) -> Line {
    let right = expected == found;
    (field.to_owned(), expected, found, right)
}

fn text_of(facts: &Value, field: &str) -> String {
    facts[field].as_str().unwrap_or_default().to_owned()
}

pub(crate) fn kind(facts: &Value, reading: &Reading) -> Line {
    let said = text_of(facts, "doc_type");
    let known = serde_json::from_value(facts["kind"].clone()).ok();
    let expected = if let Some(kind) = known {
        kind
    } else if said.contains("NOT a DPA") {
        DocumentKind::PrivacyNotice
    } else if facts["dual_role"] == true {
        DocumentKind::Mixed
    } else {
        DocumentKind::ProcessorAgreement
    };
    let found = reading.document.kind;
    let accepted = facts["accept_kind"].as_array().into_iter().flatten().any(|kind| *kind == serde_json::json!(found));
    ("kind".to_owned(), format!("{expected:?}"), format!("{found:?}"), expected == found || accepted)
}

fn plain(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

pub(crate) fn roles(facts: &Value, reading: &Reading) -> Vec<Line> {
    ["controller", "processor"]
        .iter()
        .map(|role| {
            let expected = facts["roles"][role].as_str().unwrap_or_default().to_owned();
            let named: Vec<String> =
                reading.parties.iter().filter(|party| party.role == **role).map(|party| party.name.clone()).collect();
            let right = if expected.is_empty() {
                named.is_empty()
            } else {
                let head = plain(expected.split(['(', '/']).next().unwrap_or_default());
                named.iter().any(|name| {
                    plain(&expected).contains(&plain(name))
                        && (head.contains(&plain(name)) || plain(name).contains(&head))
                })
            };
            (format!("role.{role}"), expected, named.join(" | "), right)
        })
        .collect()
}

fn read(reading: &Reading, term: &str) -> String {
    let Some(term) = reading.term(term) else { return "?".to_owned() };
    match (&term.value, term.state) {
        (Value::String(value), _) => format!("{value}{}", if term.days.is_some() { " working" } else { "" }),
        (Value::Null, State::Vague) => "without undue delay".to_owned(),
        (Value::Null, _) => "null".to_owned(),
        (value, _) => value.to_string(),
    }
}

fn shown(value: &Value, working: bool) -> String {
    match value {
        Value::String(text) => format!("{text}{}", if working { " working" } else { "" }),
        other => other.to_string(),
    }
}

const DURATIONS: &[(&str, &str, &str)] = &[
    ("breach_deadline", "breach.notify_controller", ""),
    ("subprocessor_notice", "subprocessors.notice", ""),
    ("objection_window", "subprocessors.objection_window", ""),
    ("deletion_deadline", "end.delete_within", "deletion_business_days"),
    ("return_deadline", "end.return_within", "return_business_days"),
    ("audit_notice", "audit.notice", ""),
    ("audit_per_year", "audit.per_year", ""),
    ("dsr_forward", "requests.forward", ""),
    ("subprocessor_authorisation", "subprocessors.authorisation", ""),
];

fn asked(facts: &Value) -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    DURATIONS.iter().filter(|(field, ..)| {
        facts.get(field).is_some() || facts.get("accept").is_some_and(|accept| accept.get(field).is_some())
    })
}

/// For each duration of [`durations`], whether its span stands at the quote, where the facts give one.
pub(crate) fn cited(facts: &Value, reading: &Reading, text: &str) -> Vec<bool> {
    asked(facts)
        .map(|(field, term, _)| {
            let span = reading.term(term).and_then(|term| term.span);
            let quote = facts["fact_quotes"][field].as_str();
            quote.zip(span).is_none_or(|(quote, span)| quoted(field, quote, &[span], text).3)
        })
        .collect()
}

pub(crate) fn durations(facts: &Value, reading: &Reading) -> Vec<Line> {
    asked(facts)
        .map(|(field, term, working)| {
            let working_days = facts[working] == true
                || facts[format!("{field}_business_days")] == true
                || facts[format!("{}_business_days", field.trim_end_matches("_deadline"))] == true;
            let expected = shown(&facts[field], working_days);
            let mut found = read(reading, term);
            // Only breach facts tell vague from silent; elsewhere a figure is asked for.
            if *field != "breach_deadline" && found == "without undue delay" {
                found = "null".to_owned();
            }
            let accepted =
                facts["accept"][field].as_array().into_iter().flatten().any(|value| shown(value, false) == found);
            let loose = expected.trim_end_matches(" working") == found.trim_end_matches(" working")
                && !expected.contains("working")
                && *field == "dsr_forward";
            let loose = loose
                || (*field == "return_deadline"
                    && facts["deletion_business_days"] == true
                    && found == format!("{expected} working"));
            ((*field).to_owned(), expected.clone(), found.clone(), expected == found || accepted || loose)
        })
        .collect()
}

const FLAGS: &[(&str, &str)] = &[
    ("unlawful_instruction_notice", "instructions.unlawful_alert"),
    ("records_art30_2", "records.article30_2"),
    ("subprocessor_flowdown", "subprocessors.flow_down"),
    ("subprocessor_liability", "subprocessors.liability"),
    ("privacy_by_design", "design.by_default"),
];

fn flags(facts: &Value, reading: &Reading) -> Vec<Line> {
    FLAGS
        .iter()
        .filter_map(|(field, term)| {
            let expected = facts.get(field)?.as_bool()?;
            let term = reading.term(term)?;
            let found = !matches!(term.state, State::Silent | State::Negated);
            Some(((*field).to_owned(), expected.to_string(), format!("{found} {:?}", term.text), expected == found))
        })
        .collect()
}

pub(crate) fn list(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Names of sub-processors by their letters and digits: those of the facts, or others that they accept.
pub(crate) fn expected_names(facts: &Value, reading: &Reading) -> BTreeSet<String> {
    let key = |names: BTreeSet<String>| names.iter().map(|name| plain(name)).collect::<BTreeSet<_>>();
    let found = found_names(reading);
    accepted(facts, "subprocessors")
        .map(key)
        .find(|names| *names == found)
        .unwrap_or_else(|| key(list(&facts["subprocessors"])))
}

/// Whole lists that are right instead of the first one.
pub(crate) fn accepted<'f>(facts: &'f Value, field: &str) -> impl Iterator<Item = BTreeSet<String>> + 'f {
    facts["accept"][field].as_array().into_iter().flatten().filter(|value| value.is_array()).map(list)
}

/// Those of a reading.
pub(crate) fn found_names(reading: &Reading) -> BTreeSet<String> {
    reading.subprocessors.iter().map(|entry| plain(&entry.name)).collect()
}

fn names(facts: &Value, reading: &Reading) -> Line {
    let shown = |names: &BTreeSet<String>| format!("{names:?}");
    let found: BTreeSet<String> = reading.subprocessors.iter().map(|entry| entry.name.clone()).collect();
    let right = expected_names(facts, reading) == found_names(reading);
    ("subprocessors".to_owned(), shown(&list(&facts["subprocessors"])), shown(&found), right)
}

fn rights(facts: &Value, reading: &Reading) -> Line {
    let expected = list(&facts["rights"]);
    let extra = list(&facts["accept_rights_extra"]);
    let found: BTreeSet<String> = reading.rights.iter().map(|right| right.right.clone()).collect();
    let other = accepted(facts, "rights").any(|names| names == found);
    let right =
        other || expected.is_subset(&found) && found.iter().all(|name| expected.contains(name) || extra.contains(name));
    ("rights".to_owned(), format!("{expected:?}"), format!("{found:?}"), right)
}

fn list_of(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn letters(facts: &Value, reading: &Reading) -> Vec<Line> {
    let weak = list(&facts["weak"]);
    ('a'..='h')
        .map(|letter| {
            let letter = letter.to_string();
            let expected = match (facts["art28"][&letter].as_bool(), weak.contains(&letter)) {
                (Some(true), true) => CoverageState::Weak,
                (Some(true), false) => CoverageState::Full,
                _ => CoverageState::Absent,
            };
            let found = reading.article28.get(&letter).map(|coverage| coverage.state).unwrap_or_default();
            let either = expected != CoverageState::Absent
                && found != CoverageState::Absent
                && list(&facts["accept_weak"]).contains(&letter);
            let there = serde_json::json!(found != CoverageState::Absent);
            let either = either || list_of(&facts["accept_art28"][&letter]).any(|answer| *answer == there);
            (format!("art28.{letter}"), format!("{expected:?}"), format!("{found:?}"), expected == found || either)
        })
        .collect()
}

fn words(facts: &Value, reading: &Reading) -> Vec<Line> {
    let mut lines = Vec::new();
    for (field, term) in [
        ("supervisory_authority", "supervisory_authority"),
        ("governing_law", "governing_law"),
        ("update_date", "dated"),
    ] {
        let Some(expected) = facts.get(field) else { continue };
        let expected = expected.as_str().unwrap_or_default().to_owned();
        let found = reading.term(term).and_then(|term| term.value.as_str().map(str::to_owned)).unwrap_or_default();
        let stem = |text: &str| plain(text).chars().take(4).collect::<String>();
        let shared = !found.is_empty()
            && (plain(&expected).contains(&plain(&found))
                || found.split(' ').any(|word| word.len() > 3 && stem(&expected) == stem(word))
                || plain(&found).contains(&plain(&expected)));
        let right = if expected.is_empty() { found.is_empty() } else { shared };
        lines.push((field.to_owned(), expected, found, right));
    }
    lines
}

fn contacts(facts: &Value, reading: &Reading) -> Line {
    let expected = list(&facts["contacts"]);
    let found: Vec<String> = reading.contacts.iter().map(|contact| contact.value.clone()).collect();
    let right = expected.iter().all(|wanted| {
        found.iter().any(|value| plain(wanted).contains(&plain(value)) || plain(value).contains(&plain(wanted)))
    });
    ("contacts".to_owned(), format!("{expected:?}"), format!("{found:?}"), right)
}

/// A span is right when it meets the quote that the facts give.
fn quotes(facts: &Value, reading: &Reading, text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for (field, term, _) in DURATIONS {
        let (Some(quote), Some(term)) = (facts["fact_quotes"][field].as_str(), reading.term(term)) else { continue };
        if let Some(span) = term.span {
            lines.push(quoted(&format!("span {field}"), quote, &[span], text));
        }
    }
    for letter in 'a'..='h' {
        let letter = letter.to_string();
        let (Some(quote), Some(coverage)) = (facts["art28_quotes"][&letter].as_str(), reading.article28.get(&letter))
        else {
            continue;
        };
        if !coverage.spans.is_empty() {
            lines.push(quoted(&format!("span art28.{letter}"), quote, &coverage.spans, text));
        }
    }
    lines
}

fn quoted(field: &str, quote: &str, spans: &[[usize; 2]], text: &str) -> Line {
    let found: Vec<String> =
        spans.iter().map(|span| text.get(span[0]..span[1]).unwrap_or_default().to_owned()).collect();
    let quote_plain = plain(quote);
    let right = found
        .iter()
        .map(|slice| plain(slice))
        .any(|slice| slice.contains(&quote_plain) || quote_plain.contains(&slice) || overlap(&slice, &quote_plain));
    (field.to_owned(), quote.to_owned(), format!("{found:?}"), right)
}

/// A long common run: the span begins or ends inside the quote.
fn overlap(slice: &str, quote: &str) -> bool {
    let letters: Vec<char> = quote.chars().collect();
    letters.windows(16.min(letters.len())).any(|window| slice.contains(&window.iter().collect::<String>()))
}
