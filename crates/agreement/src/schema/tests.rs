use super::*;
use crate::file::keys;

fn parsed() -> Value {
    serde_json::from_str(&schema()).unwrap()
}

fn keys_of(schema: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn sorted(keys: &[&'static str]) -> Vec<&'static str> {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys
}

#[test]
fn every_term_stands_under_its_group() {
    let schema = parsed();
    for term in names::TERMS {
        let pointer = format!("/properties/{}", term.name.replace('.', "/properties/"));
        let found = schema.pointer(&pointer).and_then(|term| term["description"].as_str());
        assert!(found.is_some_and(|text| text.contains(term.fr)), "{}", term.name);
    }
}

#[test]
fn the_schema_and_the_parser_know_the_same_keys() {
    let schema = parsed();
    let defined = |name: &str| keys_of(&schema["$defs"][name]);
    assert_eq!(defined("Document"), sorted(&keys::DOCUMENT));
    assert_eq!(defined("Party"), sorted(&keys::PARTY));
    assert_eq!(defined("Processing"), sorted(&keys::PROCESSING));
    assert_eq!(defined("Retention"), sorted(&keys::RETENTION));
    assert_eq!(defined("Subprocessor"), sorted(&keys::SUBPROCESSOR));
    assert_eq!(defined("Measure"), sorted(&keys::MEASURE));
    assert_eq!(defined("Contact"), sorted(&keys::CONTACT));
    let long = &schema["$defs"]["DurationTerm"]["anyOf"][1];
    assert_eq!(keys_of(long), sorted(&keys::TERM));
    assert_eq!(keys_of(&long["properties"]["others"]["items"]), sorted(&keys::OTHER));
    for key in keys::ROOT {
        assert!(schema["properties"].get(key).is_some(), "{key}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let text = schema();
    let schema = parsed();
    let targets: Vec<&str> =
        text.split("\"#").skip(1).filter_map(|rest| rest.split_once('"')).map(|(pointer, _)| pointer).collect();
    assert!(targets.len() > names::TERMS.len() / 2);
    for pointer in targets {
        assert!(schema.pointer(pointer).is_some(), "{pointer}");
    }
}

#[test]
fn nothing_unknown_passes_in_any_table() {
    fn walk(schema: &Value) {
        if schema["type"] == "object" {
            assert_eq!(schema["additionalProperties"], false, "{schema:#}");
        }
        match schema {
            Value::Object(fields) => fields.values().for_each(walk),
            Value::Array(items) => items.iter().for_each(walk),
            _ => {}
        }
    }
    walk(&parsed());
}
