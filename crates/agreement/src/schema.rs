//! The JSON Schema of the agreement file, so that editors complete and check it as people type.
//!
//! It is generated from the vocabulary ([`names::TERMS`]) and the model, and committed beside the crate.

use crate::file::{
    COVERAGE, Contact, Document, LETTERS, Measure, PERIOD_PATTERN, Parties, PeriodLaw, Processing, STATES, Source,
    Subprocessor, VERSION,
};
use crate::names::{self, RIGHTS, Shape, TermName};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The schema of the agreement file (JSON Schema 2020-12), ending with a line break.
#[must_use]
pub fn schema() -> String {
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let mut properties = frame(&mut generator);
    for term in names::TERMS {
        place(&mut properties, term);
    }
    let root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Garant agreement file",
        "description": "The promises of one data processing agreement (GDPR Art. 28(3)), as confirmed by a person.",
        "type": "object",
        "required": ["garant-agreement"],
        "additionalProperties": false,
        "properties": properties,
        "$defs": definitions(&mut generator),
    });
    format!("{root:#}\n")
}

/// The keys that are no terms.
fn frame(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let words = |pairs: Vec<&str>| json!({ "type": "string", "enum": pairs });
    let coverage = words(COVERAGE.iter().map(|(word, _)| *word).collect());
    let span = span();
    let letter = json!({ "anyOf": [coverage, {
        "type": "object",
        "required": ["state"],
        "additionalProperties": false,
        "properties": { "state": coverage, "spans": { "type": "array", "items": span } },
    }] });
    let letters: Map<String, Value> = LETTERS.iter().map(|name| (name.to_string(), letter.clone())).collect();
    let mut properties = Map::new();
    let mut add = |key: &str, schema: Value| properties.insert(key.to_owned(), schema);
    add("garant-agreement", json!({ "const": VERSION, "description": "The version of the format; comes first." }));
    add("period_law", words(PeriodLaw::WORDS.to_vec()));
    add("rights", json!({ "type": "array", "items": { "enum": RIGHTS } }));
    add("document", part::<Document>(generator));
    add("parties", part::<Parties>(generator));
    add("processing", several::<Processing>(generator));
    add("subprocessor", several::<Subprocessor>(generator));
    add("measure", several::<Measure>(generator));
    add("contact", several::<Contact>(generator));
    add("article28", json!({ "type": "object", "additionalProperties": false, "properties": letters }));
    properties
}

fn part<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn several<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    json!({ "type": "array", "items": part::<T>(generator) })
}

/// Puts a term under its group: `breach.notify_controller` into the properties of `breach`.
fn place(properties: &mut Map<String, Value>, term: &TermName) {
    let Some((group, key)) = term.name.split_once('.') else {
        properties.insert(term.name.to_owned(), either(term));
        return;
    };
    let table = properties
        .entry(group)
        .or_insert_with(|| json!({ "type": "object", "additionalProperties": false, "properties": {} }));
    table["properties"][key] = either(term);
}

/// The short form or the long one.
fn either(term: &TermName) -> Value {
    let description = format!("{} (Art. {}). {}.", term.en, term.law, term.fr);
    match definition(term.shape) {
        Some(name) => json!({ "description": description, "$ref": format!("#/$defs/{name}") }),
        None => json!({ "description": description, "anyOf": [short(term.shape), long(term.shape)] }),
    }
}

/// The shared definition of a shape; closed lists of words differ from term to term.
fn definition(shape: Shape) -> Option<&'static str> {
    match shape {
        Shape::Flag => Some("FlagTerm"),
        Shape::Duration => Some("DurationTerm"),
        Shape::Number => Some("NumberTerm"),
        Shape::Text => Some("TextTerm"),
        Shape::List => Some("ListTerm"),
        Shape::Date => Some("DateTerm"),
        Shape::Word(_) => None,
    }
}

/// Every shared definition, beside those of the model.
fn definitions(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut found = generator.take_definitions(true);
    for shape in [Shape::Flag, Shape::Duration, Shape::Number, Shape::Text, Shape::List, Shape::Date] {
        if let Some(name) = definition(shape) {
            found.insert(name.to_owned(), json!({ "anyOf": [short(shape), long(shape)] }));
        }
    }
    found
}

fn short(shape: Shape) -> Value {
    match shape {
        Shape::Duration => json!({ "anyOf": [period(), { "const": crate::file::VAGUE }] }),
        other => value(other),
    }
}

fn value(shape: Shape) -> Value {
    match shape {
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Duration => period(),
        Shape::Word(words) => json!({ "type": "string", "enum": words }),
        Shape::Number => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Shape::Text => json!({ "type": "string" }),
        Shape::List => json!({ "type": "array", "items": { "type": "string" } }),
        Shape::Date => json!({ "type": "string", "format": "date" }),
    }
}

/// A period, perhaps in working days.
fn period() -> Value {
    let plain = PERIOD_PATTERN.trim_start_matches('^').trim_end_matches('$');
    let pattern = format!("^({plain}|P[0-9]{{1,5}}D{})$", crate::file::WORKING);
    json!({ "type": "string", "pattern": pattern, "examples": ["PT72H", "P30D", "P10D working", "P1M"] })
}

fn span() -> Value {
    let offset = json!({ "type": "integer", "minimum": 0 });
    json!({ "type": "array", "items": offset, "minItems": 2, "maxItems": 2 })
}

fn long(shape: Shape) -> Value {
    let states: Vec<&str> = STATES.iter().map(|(word, _)| *word).collect();
    let cited = |mut more: Map<String, Value>| {
        more.insert("state".to_owned(), json!({ "enum": states }));
        more.insert("value".to_owned(), value(shape));
        more.insert("days".to_owned(), json!({ "const": "working" }));
        more.insert("clause".to_owned(), json!({ "type": "string" }));
        more.insert("span".to_owned(), span());
        more.insert("text".to_owned(), json!({ "type": "string" }));
        json!({ "type": "object", "additionalProperties": false, "properties": more })
    };
    let mut more = Map::new();
    more.insert("source".to_owned(), json!({ "enum": Source::WORDS }));
    more.insert("others".to_owned(), json!({ "type": "array", "items": cited(Map::new()) }));
    cited(more)
}

#[cfg(test)]
mod tests;
