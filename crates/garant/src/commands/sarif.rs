//! Findings as SARIF 2.1.0 (OASIS): what editors and code hosts show beside the line. One call is one run; each
//! code is a rule. Nothing depends on the clock or the machine, so the same files give the same log.

use super::check::{Checked, Unread, searched_text};
use crate::source::Source;
use agreement::codes::{self, Explanation};
use agreement::reading::{Finding, Place, Severity, Span};
use kernel::Lang;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/// The whole log.
pub(super) fn log(checked: &[Checked], unread: &[Unread], lang: Lang) -> Value {
    let rules: Vec<Value> =
        codes::all().iter().map(|entry| rule(entry, lang)).chain(file_rules(checked, lang)).collect();
    let results: Vec<Value> = checked.iter().flat_map(|checked| results(checked, &rules, lang)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Garant",
                "fullName": lang.pick("Garant, a reader of data processing agreements", "Garant, lecteur d'accords de sous-traitance"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "language": lang.code(),
                "rules": rules,
            }},
            "language": lang.code(),
            "columnKind": "utf16CodeUnits",
            "invocations": [{
                "executionSuccessful": unread.is_empty(),
                "toolExecutionNotifications": unread.iter().map(|unread| notification(unread, lang)).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    })
}

/// A file that was not checked: no result of it may be taken for "nothing found".
fn notification(unread: &Unread, lang: Lang) -> Value {
    let (message, remedy) = (unread.failure.message(lang), unread.failure.remedy(lang));
    json!({
        "level": "error",
        "message": { "text": format!("{message}. {remedy}") },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&unread.name) } } }],
    })
}

fn rule(entry: &Explanation, lang: Lang) -> Value {
    let text = |both| Explanation::in_general(both, lang);
    let (asks, says, message) = (text(&entry.asks), text(&entry.says), text(&entry.message));
    let remedy = text(&entry.remedy);
    let clause = entry.clause.as_ref().map(text).map(|clause| format!("\n\n> {clause}")).unwrap_or_default();
    let head = lang.pick("The text should say", "Le texte devrait dire");
    json!({
        "id": entry.code,
        "shortDescription": { "text": message },
        "fullDescription": { "text": format!("{asks} ({})", entry.law_text(lang)) },
        "help": {
            "text": format!("{says} {remedy}"),
            "markdown": format!("{head}: {says}\n\n{remedy}{clause}"),
        },
        "helpUri": entry.law_uri(),
        "defaultConfiguration": { "level": level(entry.severity) },
        "properties": { "tags": ["gdpr"], "law": entry.law },
    })
}

/// Rules for what is wrong with the form of an agreement file: only those that are used.
fn file_rules(checked: &[Checked], lang: Lang) -> impl Iterator<Item = Value> {
    let used: BTreeMap<String, ()> = checked
        .iter()
        .flat_map(|checked| &checked.findings)
        .filter(|finding| codes::explain(&finding.code).is_none())
        .map(|finding| (finding.code.clone(), ()))
        .collect();
    let text = lang
        .pick("The agreement file cannot be accepted as it is", "Le fichier d'accord ne peut être accepté tel quel");
    used.into_keys().map(move |code| {
        json!({ "id": code, "shortDescription": { "text": text }, "defaultConfiguration": { "level": "error" } })
    })
}

fn results(checked: &Checked, rules: &[Value], lang: Lang) -> Vec<Value> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    checked
        .findings
        .iter()
        .map(|finding| {
            let print = fingerprint(finding, checked, &mut seen);
            result(finding, checked, rules, (print, lang))
        })
        .collect()
}

fn result(finding: &Finding, checked: &Checked, rules: &[Value], (print, lang): (String, Lang)) -> Value {
    let searched = finding.searched.as_ref();
    let read = searched.map(|s| format!(" ({})", searched_text(s, checked, lang))).unwrap_or_default();
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": { "text": format!("{}. {}{read}", finding.message, finding.remedy) },
        "locations": [{ "physicalLocation": physical(finding.span, checked) }],
        "partialFingerprints": { "garantFinding/v1": print },
    });
    if let Some(index) = rules.iter().position(|rule| rule["id"] == finding.code.as_str()) {
        result["ruleIndex"] = json!(index);
    }
    let near: Vec<Value> =
        searched.into_iter().flat_map(|s| &s.near).map(|place| related(place, checked, lang)).collect();
    if !near.is_empty() {
        result["relatedLocations"] = Value::Array(near);
    }
    result
}

fn related(place: &Place, checked: &Checked, lang: Lang) -> Value {
    let text = lang.pick("The matter comes up here", "Il en est question ici");
    json!({ "physicalLocation": physical(Some(place.span), checked), "message": { "text": text } })
}

/// The file, and where in it; without a span, the file alone.
fn physical(span: Option<Span>, checked: &Checked) -> Value {
    let mut location = Map::new();
    let placed = span.zip(checked.source.as_ref());
    let name = placed.map_or(checked.name.as_str(), |(_, (name, _))| name.as_str());
    location.insert("artifactLocation".to_owned(), json!({ "uri": uri(name) }));
    if let Some((span, (_, source))) = placed {
        location.insert("region".to_owned(), region(span, source, checked.of_bytes));
    }
    Value::Object(location)
}

/// Bytes are only given where they are the file's own, and not those of a text taken out of it.
fn region(span: Span, source: &Source, of_bytes: bool) -> Value {
    let ((line, column), (end_line, end_column)) = (source.place_utf16(span[0]), source.place_utf16(span[1]));
    let mut region = json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column });
    if of_bytes {
        region["byteOffset"] = json!(span[0]);
        region["byteLength"] = json!(span[1].saturating_sub(span[0]));
    }
    region
}

/// The code and the words, not their place: an edit elsewhere leaves it as it is. Equal ones are counted.
fn fingerprint(finding: &Finding, checked: &Checked, seen: &mut BTreeMap<String, usize>) -> String {
    let words =
        finding.span.zip(checked.source.as_ref()).map(|(span, (_, source))| source.words(span)).unwrap_or_default();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let key = format!("{}\n{words}", finding.code);
    let count = seen.entry(key.clone()).or_default();
    *count += 1;
    hex::encode(&Sha256::digest(format!("{key}\n{count}").as_bytes())[..16])
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

/// A path as a URI reference (RFC 3986): relative as given, or a `file` URI; standard input has a name of its own.
fn uri(name: &str) -> String {
    if name == "-" {
        return "stdin".to_owned();
    }
    let path = name.strip_prefix("./").unwrap_or(name);
    let encoded: String = path.bytes().map(encoded).collect();
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded }
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_whatever_its_letters() {
        for (path, expected) in [
            ("./contrats/accord signé (v2).txt", "contrats/accord%20sign%C3%A9%20%28v2%29.txt"),
            ("a:b.txt", "a%3Ab.txt"),
            ("/tmp/a b.md", "file:///tmp/a%20b.md"),
            ("-", "stdin"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
